import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatIssue } from '../../src/config/format-issue.ts'
import { load } from './configuration-folder.ts'
import { altered } from './dynamic-configuration.ts'

const FLOW = 'flows/book/flow.yaml'

/** What is wrong with triggers, checks and rules name what there is → the dynamic configuration with that mistake, and the one line that is said about it. */
const cases: Readonly<Record<string, readonly [Record<string, string>, string]>> = {
  'a trigger looks at a key that is never sent': [
    altered(FLOW, 'sent.trigger: day', 'sent.triger: day'),
    `${FLOW}:42:17 error FG_CONFIG_SENT_UNKNOWN \`sent.triger\` is never sent: no data_exchange payload of screen \`PICK\` carries it: did you mean \`trigger\`?`,
  ],
  'a trigger waits for something that is never sent': [
    altered(FLOW, 'sent.trigger: day', 'sent.trigger: dya'),
    `${FLOW}:42:31 error FG_CONFIG_SENT_NEVER \`sent.trigger\` is never \`dya\`: the Flow JSON sends day, verify: did you mean \`day\`?`,
  ],
  'one of several is never sent': [
    altered(FLOW, 'in: [verify]', 'in: [verify, verfy]'),
    `${FLOW}:44:46 error FG_CONFIG_SENT_NEVER \`sent.trigger\` is never \`verfy\`: the Flow JSON sends day, verify: did you mean \`verify\`?`,
  ],
  'a trigger runs a check that does not exist': [
    altered(FLOW, 'checks: [coupon]', 'checks: [cupon]'),
    `${FLOW}:45:18 error FG_CONFIG_CHECK_UNKNOWN screen \`PICK\` has no check \`cupon\`: did you mean \`coupon\`?`,
  ],
  'a trigger clears a field that no screen has': [
    altered(FLOW, 'clear: [slot]', 'clear: [slto]'),
    `${FLOW}:43:17 error FG_CONFIG_FIELD_UNKNOWN \`slto\` is no field of any screen: did you mean \`slot\`?`,
  ],
  'a trigger shows a screen to which no edge leads': [
    altered(FLOW, '        clear: [slot]\n', '        clear: [slot]\n        show: THANKS\n'),
    `${FLOW}:44:15 error FG_CONFIG_NO_ROUTE routing_model has no edge from \`PICK\` to \`THANKS\`: WhatsApp would refuse this answer`,
  ],
  'a value is kept under the name of a field': [
    altered(FLOW, '    triggers:\n', '    keep: { coupon: one, price: 1 }\n    triggers:\n'),
    `${FLOW}:41:13 error FG_CONFIG_KEEP \`form.coupon\` is a field, which phones fill: keep the value under another name`,
  ],
  'a check stands at a field of no screen': [
    altered(FLOW, 'field: coupon', 'field: coupn'),
    `${FLOW}:50:16 error FG_CONFIG_FIELD_UNKNOWN screen \`PICK\` has no field \`coupn\`: did you mean \`coupon\`?`,
  ],
  'a reservation stands at a field of no screen': [
    altered(FLOW, 'field: slot', 'field: slut'),
    `${FLOW}:61:16 error FG_CONFIG_FIELD_UNKNOWN screen \`PICK\` has no field \`slut\`: did you mean \`slot\`?`,
  ],
  'a check never runs': [
    altered(FLOW, '        checks: [coupon]\n', '        clear: [coupon]\n'),
    `${FLOW}:47:9 advice FG_CONFIG_CHECK_UNUSED check \`coupon\` never runs: \`on_submit\` is false and no trigger of screen \`PICK\` names it`,
  ],
  'two checks have one name': [
    altered(
      FLOW,
      '  WHO:\n',
      '  WHO:\n    checks: [{ id: coupon, that: { form.name: a }, message: { en: x, pt_BR: y } }]\n',
    ),
    `${FLOW}:68:20 error FG_CONFIG_NAME_TWICE check \`coupon\` is on screen \`PICK\` already: every check of a flow has its own name`,
  ],
  'a value refers to a check that does not exist': [
    altered(FLOW, 'first_of: [checks.coupon.message', 'first_of: [checks.cupon.message'),
    `${FLOW}:40:26 error FG_CONFIG_CHECK_UNKNOWN \`checks.cupon.message\` names a check that no screen has: did you mean \`coupon\`?`,
  ],
  'a value refers to a part that no check has': [
    altered(FLOW, 'first_of: [checks.coupon.message', 'first_of: [checks.coupon.mesage'),
    `${FLOW}:40:26 error FG_CONFIG_PATH_UNKNOWN \`checks.coupon.mesage\` leads nowhere: a check has ok, message and value: did you mean \`message\`?`,
  ],
  'a way out leads nowhere': [
    altered(FLOW, 'way_out: { after: 3, show: HELP }', 'way_out: { after: 3 }'),
    `${FLOW}:63:14 error FG_CONFIG_RULE a way out has either show: SCREEN or escalate: SCREEN`,
  ],
  'a way out names a queue and nobody takes over': [
    altered(FLOW, 'way_out: { after: 3, show: HELP }', 'way_out: { after: 3, show: HELP, queue: x }'),
    `${FLOW}:63:38 error FG_CONFIG_RULE \`queue\` belongs to \`escalate\`: nobody takes over here`,
  ],
  'a way out leads where no edge leads': [
    altered(FLOW, 'way_out: { after: 3, show: HELP }', 'way_out: { after: 3, escalate: TALK }'),
    `${FLOW}:63:36 error FG_CONFIG_NO_ROUTE routing_model has no edge from \`PICK\` to \`TALK\`: WhatsApp would refuse this answer`,
  ],
  'people take over on a screen that is not the last': [
    altered(FLOW, 'show: HELP }\n    next', 'escalate: HELP }\n    next'),
    `${FLOW}:63:36 error FG_CONFIG_NOT_TERMINAL people take over there, so screen \`HELP\` must be the last one: give it "terminal": true in the Flow JSON`,
  ],
  'the screen that thanks does not exist': [
    altered(FLOW, 'show: THANKS', 'show: THANK'),
    `${FLOW}:76:15 error FG_CONFIG_SCREEN_UNKNOWN screen \`THANK\` does not exist: did you mean \`THANKS\`?`,
  ],
  'a rule both resumes and shows': [
    altered(FLOW, '      - resume: true\n', '      - resume: true\n        show: WHO\n'),
    `${FLOW}:65:9 error FG_CONFIG_RULE a rule has one of show: SCREEN, submit: true, escalate: SCREEN, resume: true`,
  ],
  'a rule resumes what is not offered': [
    altered(FLOW, 'resume: [offer, person]', 'resume: person'),
    `${FLOW}:65:9 error FG_CONFIG_RESUME \`resume: true\` leads nowhere: it needs \`sessions: { resume: offer }\``,
  ],
  'what is offered is resumed by no rule': [
    altered(FLOW, '      - resume: true\n', ''),
    `${FLOW}:8:21 advice FG_CONFIG_RESUME \`offer\` comes to nothing: no rule has \`resume: true\`, so nobody can go on where they left`,
  ],
  'a repeated screen collects where an answer is': [
    altered(FLOW, 'into: people', 'into: slot'),
    `${FLOW}:70:21 error FG_CONFIG_REPEAT \`form.slot\` is a field of type choice on screen \`PICK\`: collect the list under another name`,
  ],
}

for (const [name, [files, ...expected]] of Object.entries(cases)) {
  test(`one line is said where ${name}`, async () => {
    const result = await load(files)
    assert.deepEqual(result.issues.map(formatIssue), expected)
    assert.equal(
      result.ok,
      expected.every((line) => line.includes(' advice ')),
    )
  })
}
