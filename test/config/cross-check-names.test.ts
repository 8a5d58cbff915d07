import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatIssue } from '../../src/config/format-issue.ts'
import { load } from './configuration-folder.ts'
import { changed, flowJson, SMALL, screen, text } from './small-configuration.ts'

const FLOW = 'flows/ask/flow.yaml'
const MAPPING = 'flows/ask/mapping.yaml'
const TESTS = 'flows/ask/tests.yaml'
const DESTINATIONS = 'destinations.yaml'

/** What is wrong → the configuration with that mistake, and every line that is said about it. */
const cases: Readonly<Record<string, readonly [Record<string, string>, ...string[]]>> = {
  'a record goes to a chat and a notification to a CRM': [
    {
      ...SMALL,
      [MAPPING]: SMALL[MAPPING]
        .replace('to: main', 'to: crm')
        .replace('to: team', 'to: main')
        .replace('to: crm', 'to: team'),
    },
    `${MAPPING}:5:9 error FG_CONFIG_DESTINATION_KIND destination \`team\` takes notifications: a record needs a CRM`,
    `${MAPPING}:13:9 error FG_CONFIG_DESTINATION_KIND destination \`main\` takes records: this needs a notification destination`,
  ],
  'alerts go to a CRM': [
    { ...SMALL, 'flowgate.yaml': 'alerts:\n  to: main\n' },
    'flowgate.yaml:2:7 error FG_CONFIG_DESTINATION_KIND destination `main` takes records: this needs a notification destination',
  ],
  'alerts go nowhere': [
    { ...SMALL, 'flowgate.yaml': 'alerts: { to: teem }\n' },
    'flowgate.yaml:1:15 error FG_CONFIG_DESTINATION_UNKNOWN there is no destination `teem`: did you mean `team`?',
  ],
  'there are no destinations at all': [
    { ...SMALL, [DESTINATIONS]: '# none yet\n' },
    'flowgate.yaml:1:15 error FG_CONFIG_DESTINATION_UNKNOWN there is no destination `team`: destinations.yaml names none',
    `${MAPPING}:5:9 error FG_CONFIG_DESTINATION_UNKNOWN there is no destination \`main\`: destinations.yaml names none`,
    `${MAPPING}:13:9 error FG_CONFIG_DESTINATION_UNKNOWN there is no destination \`team\`: destinations.yaml names none`,
  ],
  'a plugin does not exist': [
    changed(DESTINATIONS, 'plugin: crm', 'plugin: crn'),
    'destinations.yaml:3:13 error FG_CONFIG_PLUGIN_UNKNOWN there is no plugin `crn`: did you mean `crm`?',
  ],
  'a plugin cannot be loaded': [
    changed(DESTINATIONS, 'plugin: crm', 'plugin: broken'),
    'destinations.yaml:3:13 error FG_CONFIG_PLUGIN_BROKEN plugin `broken` cannot be loaded: its module throws',
  ],
  "a plugin's settings do not fit its schema": [
    {
      ...SMALL,
      [DESTINATIONS]:
        'destinations:\n  main: { plugin: crm }\n  team:\n    plugin: chat\n    config: { token: hush, chanel: x }\n',
    },
    'destinations.yaml:2:3 error FG_CONFIG_KEY_MISSING the key `token` is missing in `config`',
    'destinations.yaml:5:22 error FG_CONFIG_FORM `token` must be of the form ^xoxb-',
    'destinations.yaml:5:28 error FG_CONFIG_KEY_UNKNOWN unknown key `chanel`: did you mean `channel`?',
  ],
  'a template and a fact name a field that no screen has': [
    changed(MAPPING, 'title: "New: {form.name}"', 'title: "New: {form.nam}"\n    facts: { Aim: { from: form.aim } }'),
    `${MAPPING}:14:12 error FG_CONFIG_FIELD_UNKNOWN \`form.nam\` names a field that no screen has: did you mean \`name\`?`,
    `${MAPPING}:15:27 error FG_CONFIG_FIELD_UNKNOWN \`form.aim\` names a field that no screen has`,
  ],
  'a path has an unknown root': [
    changed(MAPPING, 'from: form.name', 'from: persn.name'),
    `${MAPPING}:10:21 error FG_CONFIG_PATH unknown root \`persn\` in \`persn.name\`: did you mean \`person\`?`,
  ],
  'personal names no field': [
    changed(MAPPING, 'personal: [name]', 'personal: [name, nmae]'),
    `${MAPPING}:2:18 error FG_CONFIG_PERSONAL_UNKNOWN \`nmae\` is no field of any screen: did you mean \`name\`?`,
  ],
  'identity names neither a field nor an attribute': [
    changed(MAPPING, 'identity: [email, name]', 'identity: [e_mail, name]\ndedupe: { ignore: [nam, client_time] }'),
    `${MAPPING}:1:12 advice FG_CONFIG_IDENTITY_UNKNOWN \`e_mail\` is no field of any screen and no usual attribute of a person: did you mean \`email\`?`,
    `${MAPPING}:2:20 advice FG_CONFIG_IGNORE_UNKNOWN \`nam\` is no field of any screen: did you mean \`name\`?`,
  ],
  'a test names a screen, a field and a record that do not exist': [
    {
      ...SMALL,
      [TESTS]:
        'tests:\n  - name: n\n    steps:\n      - { screen: AKS, fill: { nam: x }, then: submited }\n    expect: { persn: {} }\n',
    },
    `${TESTS}:4:19 error FG_CONFIG_TEST there is no screen \`AKS\`: did you mean \`ASK\`?`,
    `${TESTS}:4:32 error FG_CONFIG_TEST there is no field \`nam\`: did you mean \`name\`?`,
    `${TESTS}:4:48 error FG_CONFIG_TEST there is no screen \`submited\`: did you mean \`submitted\`?`,
    `${TESTS}:5:15 error FG_CONFIG_TEST there is no record or notification \`persn\`: did you mean \`person\`?`,
  ],
  'a test fills in what stays on the phone': [
    {
      ...SMALL,
      'flows/ask/flow.json': flowJson(
        { ASK: ['DONE'], DONE: ['END'], END: [] },
        screen('ASK', { sends: ['name', 'size'], data: { hello: text() } }),
        screen('DONE', { sends: ['goal'] }),
        screen('END', { terminal: true, children: [{ type: 'OptIn', name: 'news', label: 'x' }] }),
      ),
      [FLOW]: SMALL[FLOW].replace('      - submit: true', '      - submit: true\n        show: END\n  END: {}'),
      [TESTS]: 'tests:\n  - name: n\n    steps:\n      - { screen: END, fill: { news: true }, then: submitted }\n',
    },
    `${TESTS}:4:32 error FG_CONFIG_TEST there is no field of \`END\`, which does not ask the gateway, by the name \`news\``,
  ],
  'the flow is not named as its folder': [
    changed(FLOW, 'flow: ask', 'flow: asks'),
    `${FLOW}:1:7 error FG_CONFIG_FLOW_NAME the flow is named \`asks\` but its folder \`ask\`: name both alike`,
  ],
  'two flows have one name': [
    { ...SMALL, 'flows/bask/flow.json': SMALL['flows/ask/flow.json'], 'flows/bask/flow.yaml': SMALL[FLOW] },
    'flows/bask/flow.yaml:1:7 error FG_CONFIG_FLOW_NAME the flow is named `ask` but its folder `bask`: name both alike',
    'flows/bask/flow.yaml:1:7 error FG_CONFIG_FLOW_TWICE two flows are named `ask`: the other is in flows/ask/flow.yaml',
  ],
}

for (const [name, [files, ...expected]] of Object.entries(cases)) {
  test(`it is named when ${name}`, async () => {
    const result = await load(files)
    assert.deepEqual(result.issues.map(formatIssue), expected)
    assert.equal(result.ok, !expected.some((line) => line.includes(' error ')))
  })
}

test('long screens, long ways and many exchanges are advised against, and the configuration still loads', async () => {
  const ids = 'ABCDEFGHIJK'.split('').map((letter) => `S_${letter}`)
  const many = Array.from({ length: 11 }, (_, index) => `field${index}`)
  const screens = ids.map((id, index) =>
    screen(id, {
      sends: index === 0 ? many : ['x'],
      terminal: index === ids.length - 1,
      data: index === 0 ? { hello: text() } : {},
    }),
  )
  const routing = Object.fromEntries(ids.map((id, index) => [id, ids.slice(index + 1, index + 2)]))
  const rules = ids.map((id, index) => {
    const fields = (index === 0 ? many : ['x']).map((name) => `${name}: { type: text }`).join(', ')
    const next = index === ids.length - 1 ? 'submit: true' : `show: ${ids[index + 1]}`
    return `  ${id}: { fields: { ${fields} }, ${index === 0 ? 'data: { hello: x }, ' : ''}next: [{ ${next} }] }\n`
  })
  const result = await load({
    'flows/ask/flow.json': flowJson(routing, ...screens),
    'flows/ask/flow.yaml': `flow: ask\ntitle: Ask\nversion: "1"\nfirst_screen: S_A\nscreens:\n${rules.join('')}`,
  })
  assert.ok(result.ok)
  assert.deepEqual(result.configuration.advice.map(formatIssue), [
    `${FLOW}:5:1 advice FG_CONFIG_MANY_SCREENS the longest way through the flow has 11 screens: above 10 people tend to leave`,
    `${FLOW}:5:1 advice FG_CONFIG_MANY_EXCHANGES the longest way through the flow asks the endpoint on 11 screens: people wait at each one`,
    `${FLOW}:6:10 advice FG_CONFIG_MANY_FIELDS screen \`S_A\` has 11 fields: above 10 people tend to leave`,
  ])
})
