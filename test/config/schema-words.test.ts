import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatIssue } from '../../src/config/format-issue.ts'
import { load } from './configuration-folder.ts'
import { changed, SMALL } from './small-configuration.ts'

const FLOW = 'flows/ask/flow.yaml'
const MAPPING = 'flows/ask/mapping.yaml'

/** What is wrong → the configuration with that mistake, and every line that is said about it. */
const cases: Readonly<Record<string, readonly [Record<string, string>, ...string[]]>> = {
  'a mistyped key is taken for the key it means, so its content causes no further lines': [
    changed(FLOW, '    fields:\n      name:', '    feilds:\n      name:'),
    `${FLOW}:7:5 error FG_CONFIG_KEY_UNKNOWN unknown key \`feilds\`: did you mean \`fields\`?`,
  ],
  'mistakes inside a mistyped key are told as well': [
    changed(FLOW, '    fields:\n      name: { type: text,', '    feilds:\n      name: { typ: text,'),
    `${FLOW}:7:5 error FG_CONFIG_KEY_UNKNOWN unknown key \`feilds\`: did you mean \`fields\`?`,
    `${FLOW}:8:15 error FG_CONFIG_KEY_UNKNOWN unknown key \`typ\`: did you mean \`type\`?`,
  ],
  'a key that resembles nothing is told what there is': [
    changed(MAPPING, '    match: name\n', '    match: name\n    zzz: 1\n'),
    `${MAPPING}:9:5 error FG_CONFIG_KEY_UNKNOWN unknown key \`zzz\`: there is id, to, object, operation, match, when, after, links, fields, keep_before, files`,
  ],
  'a missing key is placed at the key above it': [
    changed(FLOW, '{ type: integer }', '{ required: true }'),
    `${FLOW}:9:7 error FG_CONFIG_KEY_MISSING the key \`type\` is missing in \`size\``,
  ],
  'a missing key of a list item is placed at the item': [
    changed(MAPPING, '    to: main\n', ''),
    `${MAPPING}:4:5 error FG_CONFIG_KEY_MISSING the key \`to\` is missing in item 1 of \`records\``,
  ],
  'a number in place of text is told to go in quotes': [
    changed(FLOW, 'version: "1"', 'version: 1'),
    `${FLOW}:3:10 error FG_CONFIG_TYPE \`version\` must be text, not a number: put it in quotes`,
  ],
  'an empty key is told to be empty': [
    changed(FLOW, 'title: Ask', 'title:'),
    `${FLOW}:2:7 error FG_CONFIG_TYPE \`title\` must be text, but is empty`,
  ],
  'a choice names its choices': [
    changed(FLOW, '{ type: integer }', '{ type: intger }'),
    `${FLOW}:9:21 error FG_CONFIG_CHOICE \`type\` must be one of text, email, phone, integer, number, boolean, date, choice, choices, json: did you mean \`integer\`?`,
  ],
  'limits are told in numbers': [
    {
      ...SMALL,
      'destinations.yaml': SMALL['destinations.yaml'].replace(
        'plugin: crm',
        'plugin: crm\n    at_once: 0\n    answer_within_ms: 600000',
      ),
    },
    'destinations.yaml:4:14 error FG_CONFIG_FORM `at_once` must be at least 1',
    'destinations.yaml:5:23 error FG_CONFIG_FORM `answer_within_ms` must be at most 60000',
  ],
  'a value of several types names them': [
    changed(FLOW, '{ type: integer }', '{ type: integer, min: [1] }'),
    `${FLOW}:9:35 error FG_CONFIG_TYPE \`min\` must be a number or text`,
  ],
  'a name of the wrong form is told which form is right': [
    {
      ...SMALL,
      'destinations.yaml': SMALL['destinations.yaml'].replace(
        'destinations:\n',
        'destinations:\n  HubSpot: { plugin: crm, config: { token: x } }\n',
      ),
    },
    'destinations.yaml:2:3 error FG_CONFIG_FORM `HubSpot` cannot be a name here: it must be lower-case letters, digits and hyphens, 64 characters at most',
  ],
  'submit is true or nothing': [
    changed(FLOW, '- submit: true', '- submit: false'),
    `${FLOW}:20:17 error FG_CONFIG_CHOICE \`submit\` must be true`,
  ],
  'an empty list of rules is told not to be empty': [
    changed(FLOW, 'next:\n      - submit: true\n', 'next: []\n'),
    `${FLOW}:19:11 error FG_CONFIG_FORM \`next\` must not be empty`,
  ],
  'a file that is no map is told so': [
    { ...SMALL, [FLOW]: '- a\n' },
    `${FLOW}:1:1 error FG_CONFIG_TYPE the file must be a map of keys, not a list`,
  ],
  'a duration is told how to be written': [
    changed(FLOW, 'screens:', 'sessions: { idle_expiry: 2 days, purge_after: 1w }\nscreens:'),
    `${FLOW}:5:26 error FG_CONFIG_DURATION "2 days" is not a duration: write a whole number and s, m, h or d, for example 30m or 48h`,
    `${FLOW}:5:47 error FG_CONFIG_DURATION "1w" is not a duration: write a whole number and s, m, h or d, for example 30m or 48h`,
  ],
  'a reserved parameter of the final answer is refused': [
    changed(FLOW, 'screens:', 'answer: { flow_token: x }\nscreens:'),
    `${FLOW}:5:11 error FG_CONFIG_RESERVED flow_token is always part of the final answer: leave it out here`,
  ],
}

for (const [name, [files, ...expected]] of Object.entries(cases)) {
  test(name, async () => {
    const result = await load(files)
    assert.deepEqual(result.issues.map(formatIssue), expected)
    assert.equal(result.ok, false)
  })
}

test('mistakes of all files are told in one pass, by file and line', async () => {
  const result = await load({
    'destinations.yaml':
      'destinations: { a: { plugin: crm, config: { token: x } }, a: { plugin: crm, config: { token: x } } }\n',
    'flowgate.yaml': 'alert: { to: a }\n',
    'flows/ask/flow.json': '{ "version": "7.3", }',
    'flows/ask/flow.yaml': 'flow: ask\n  title: x\n',
    'flows/ask/mapping.yaml': 'records: 1\n',
    'flows/ask/tests.yaml': 'tests: []\n',
  })
  assert.deepEqual(
    result.issues.map(({ file, line, column, code }) => `${file}:${line}:${column} ${code}`),
    [
      'destinations.yaml:1:59 FG_CONFIG_DUPLICATE_KEY',
      'flowgate.yaml:1:1 FG_CONFIG_KEY_UNKNOWN',
      'flowgate.yaml:1:14 FG_CONFIG_DESTINATION_KIND',
      'flows/ask/flow.json:1:21 FG_CONFIG_JSON',
      'flows/ask/flow.yaml:1:7 FG_CONFIG_YAML',
      'flows/ask/mapping.yaml:1:10 FG_CONFIG_TYPE',
      'flows/ask/tests.yaml:1:8 FG_CONFIG_FORM',
    ],
  )
})
