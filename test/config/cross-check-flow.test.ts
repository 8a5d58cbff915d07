import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatIssue } from '../../src/config/format-issue.ts'
import { load } from './configuration-folder.ts'
import { changed, flowJson, SMALL, screen, text } from './small-configuration.ts'

const FLOW = 'flows/ask/flow.yaml'

/** The small configuration with another Flow JSON; `change` gives its screens. */
function withFlowJson(flow: string): Record<string, string> {
  return { ...SMALL, 'flows/ask/flow.json': flow }
}

const ask = screen('ASK', { sends: ['name', 'size'], data: { hello: text() } })
const done = screen('DONE', { sends: ['goal'], terminal: true })

/** What is wrong → the configuration with that mistake, and every line that is said about it. */
const cases: Readonly<Record<string, readonly [Record<string, string>, ...string[]]>> = {
  'a rule shows a screen that does not exist': [
    changed(FLOW, '        show: DONE\n', '        show: DUNE\n'),
    `${FLOW}:14:15 error FG_CONFIG_SCREEN_UNKNOWN screen \`DUNE\` does not exist: did you mean \`DONE\`?`,
  ],
  'a rule shows a screen to which no route leads': [
    withFlowJson(flowJson({ ASK: [], DONE: [] }, { ...ask, terminal: true }, done)),
    `${FLOW}:14:15 error FG_CONFIG_NO_ROUTE routing_model has no edge from \`ASK\` to \`DONE\`: WhatsApp would refuse this answer`,
    `${FLOW}:15:15 error FG_CONFIG_NO_ROUTE routing_model has no edge from \`ASK\` to \`DONE\`: WhatsApp would refuse this answer`,
  ],
  'a rule stands behind the last resort': [
    changed(FLOW, '      - submit: true\n', '      - submit: true\n      - show: ASK\n'),
    `${FLOW}:21:9 error FG_CONFIG_RULE_UNREACHABLE this rule is never reached: rule 1 before it has no when, so it always matches`,
  ],
  'a rule both hands over and submits': [
    changed(FLOW, '      - submit: true\n', '      - submit: true\n        escalate: DONE\n'),
    `${FLOW}:20:9 error FG_CONFIG_RULE a rule has one of show: SCREEN, submit: true, escalate: SCREEN, resume: true`,
  ],
  'a screen that asks the endpoint has no next': [
    changed(FLOW, '    next:\n      - submit: true\n', ''),
    `${FLOW}:16:3 error FG_CONFIG_NO_NEXT screen \`DONE\` asks the endpoint (data_exchange) but has no next: nothing says what follows`,
  ],
  'a screen that asks the endpoint is not in flow.yaml': [
    changed(FLOW, '  DONE:\n    fields:\n      goal: { type: text }\n    next:\n      - submit: true\n', ''),
    'flows/ask/flow.json:48:13 advice FG_CONFIG_ANSWER_DROPPED screen `DONE` sends goal, but no field in flow.yaml takes it: what is sent there is dropped',
    `${FLOW}:5:1 error FG_CONFIG_NO_NEXT screen \`DONE\` asks the endpoint (data_exchange) but has no next: nothing says what follows`,
  ],
  'a screen that never asks the endpoint has a next and fields': [
    withFlowJson(flowJson({ ASK: ['DONE'], DONE: [] }, ask, screen('DONE', { terminal: true }))),
    `${FLOW}:18:7 error FG_CONFIG_FIELD_NOT_SENT field \`goal\` of screen \`DONE\` never arrives: the screen has no data_exchange action`,
    `${FLOW}:19:5 advice FG_CONFIG_NEXT_UNUSED next of screen \`DONE\` is never used: no action of the screen asks the endpoint (data_exchange)`,
  ],
  'the first screen does not exist': [
    changed(FLOW, 'first_screen: ASK', 'first_screen: ASKS'),
    `${FLOW}:4:15 error FG_CONFIG_SCREEN_UNKNOWN screen \`ASKS\` is not in the Flow JSON: did you mean \`ASK\`?`,
  ],
  'the first screen is no entry screen': [
    changed(FLOW, 'first_screen: ASK', 'first_screen: DONE\nalso_opens_at: [ASK]'),
    `${FLOW}:4:15 error FG_CONFIG_NOT_ENTRY_SCREEN a flow cannot open at \`DONE\`: other screens lead there. It opens at ASK`,
  ],
  'some people open at a screen that is no entry screen': [
    changed(FLOW, 'first_screen: ASK', 'first_screen: ASK\nopens_at: [{ when: { asked.who.tier: gold }, show: DONE }]'),
    `${FLOW}:5:22 error FG_CONFIG_ASK_UNKNOWN \`asked.who.tier\` names an ask that the flow does not have`,
    `${FLOW}:5:52 error FG_CONFIG_NOT_ENTRY_SCREEN a flow cannot open at \`DONE\`: other screens lead there. It opens at ASK`,
  ],
  'a field is in no payload of its screen': [
    changed(FLOW, '      goal: { type: text }', '      gaol: { type: text }'),
    `${FLOW}:16:3 advice FG_CONFIG_ANSWER_DROPPED screen \`DONE\` sends goal, but no field in flow.yaml takes it: what is sent there is dropped`,
    `${FLOW}:18:7 error FG_CONFIG_FIELD_NOT_SENT field \`gaol\` of screen \`DONE\` never arrives: no data_exchange payload of the screen carries it: did you mean \`goal\`?`,
  ],
  'a condition, data and the answer name fields that no screen has': [
    {
      ...SMALL,
      [FLOW]: SMALL[FLOW]
        .replace('form.size:', 'form.sise:')
        .replace('hello: Hello', 'hello: { first_of: [form.name, form.nick] }')
        .replace('screens:', 'answer: { aim: "{ as it stands }", of: { template: "{form.gaol}" } }\nscreens:'),
    },
    `${FLOW}:5:52 error FG_CONFIG_FIELD_UNKNOWN \`form.gaol\` names a field that no screen has: did you mean \`goal\`?`,
    `${FLOW}:12:38 error FG_CONFIG_FIELD_UNKNOWN \`form.nick\` names a field that no screen has`,
    `${FLOW}:14:17 error FG_CONFIG_FIELD_UNKNOWN \`form.sise\` names a field that no screen has: did you mean \`size\`?`,
  ],
  'a screen that is shown lacks a declared data key': [
    changed(FLOW, '    data:\n      hello: Hello\n', ''),
    `${FLOW}:6:3 error FG_CONFIG_DATA_MISSING screen \`ASK\` declares hello in the Flow JSON, but its data gives no value for it`,
  ],
  'a data key is not declared': [
    changed(FLOW, '      hello: Hello\n', '      hello: Hello\n      helo: Hello\n'),
    `${FLOW}:12:7 error FG_CONFIG_DATA_UNDECLARED screen \`ASK\` declares no data key \`helo\`: did you mean \`hello\`?`,
  ],
  'a constant is of another type than declared': [
    changed(FLOW, 'hello: Hello', 'hello: [1]'),
    `${FLOW}:11:14 error FG_CONFIG_DATA_MISFIT \`hello\` of screen \`ASK\` must be text, not a list`,
  ],
  'a constant cannot be worked out': [
    changed(FLOW, 'hello: Hello', 'hello: { value: x, apply: [number] }'),
    `${FLOW}:11:14 error FG_CONFIG_DATA_MISFIT \`hello\` of screen \`ASK\` cannot be worked out: number: not a number in the expected form`,
  ],
}

for (const [name, [files, ...expected]] of Object.entries(cases)) {
  test(`it is named when ${name}`, async () => {
    const result = await load(files)
    assert.deepEqual(result.issues.map(formatIssue), expected)
    assert.equal(result.ok, !expected.some((line) => line.includes(' error ')))
  })
}
