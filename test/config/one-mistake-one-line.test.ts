import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatIssue } from '../../src/config/format-issue.ts'
import { load } from './configuration-folder.ts'
import { changed, SMALL } from './small-configuration.ts'

const FLOW = 'flows/ask/flow.yaml'
const MAPPING = 'flows/ask/mapping.yaml'
const TESTS = 'flows/ask/tests.yaml'

const mapping = `records:
  - id: person
    to: main
    object: contacts
    operation: create
    fields: { name: { from: form.name } }
  - id: deal
    to: main
    object: deals
    operation: create
    links: [person]
    fields: { title: { from: form.goal } }
  - id: task
    to: main
    object: tasks
    operation: create
    links: [person, deal]
    fields: { title: { from: form.goal } }
notifications:
  - id: tell
    to: team
    title: "{records.deal.outcome}"
    link: { label: Open, url: "{records.deal.url}" }
`

/** The small configuration with three records that are linked to one another; one piece of the mapping is replaced. */
function linked(piece: string, replacement: string): Record<string, string> {
  assert.equal(mapping.split(piece).length, 2, piece)
  const tests = SMALL[TESTS].replace('person: { name: Ana }', 'deal: { title: more }')
  return { ...SMALL, [MAPPING]: mapping.replace(piece, replacement), [TESTS]: tests }
}

/** Every `DONE` of flow.yaml renamed. */
const renamed = (name: string) => ({ ...SMALL, [FLOW]: SMALL[FLOW].replaceAll('DONE', name) })

/** One mistake → the configuration with it, and the one line that is said about it. */
const cases: Readonly<Record<string, readonly [Record<string, string>, string?]>> = {
  nothing: [linked('id: person', 'id: person')],
  'an unknown destination of a linked record': [
    linked('- id: deal\n    to: main', '- id: deal\n    to: mian'),
    `${MAPPING}:8:9 error FG_CONFIG_DESTINATION_UNKNOWN there is no destination \`mian\`: did you mean \`main\`?`,
  ],
  'a linked record that goes to a chat': [
    linked('- id: deal\n    to: main', '- id: deal\n    to: team'),
    `${MAPPING}:8:9 error FG_CONFIG_DESTINATION_KIND destination \`team\` takes notifications: a record needs a CRM`,
  ],
  'an id that is taken, and missed in links, values and tests': [
    linked('- id: deal', '- id: person'),
    `${MAPPING}:7:9 error FG_CONFIG_DUPLICATE_ID the id \`person\` is taken: every record and notification of a mapping has its own`,
  ],
  'an after that closes two circles': [
    linked('    fields: { name:', '    after: [task]\n    fields: { name:'),
    `${MAPPING}:6:13 error FG_CONFIG_CIRCLE records wait for one another in a circle: \`person\` → \`task\` → \`person\``,
  ],
  'a mistyped screen': [
    changed(FLOW, '  DONE:\n', '  DUNE:\n'),
    `${FLOW}:16:3 error FG_CONFIG_SCREEN_MISSING screen \`DUNE\` is not in the Flow JSON: did you mean \`DONE\`?`,
  ],
  'a first screen that is mistyped where it is opened and where it is described': [
    { ...SMALL, [FLOW]: SMALL[FLOW].replaceAll('ASK', 'AKS') },
    `${FLOW}:6:3 error FG_CONFIG_SCREEN_MISSING screen \`AKS\` is not in the Flow JSON: did you mean \`ASK\`?`,
  ],
  'a screen that the Flow JSON knows by quite another name': [
    { ...renamed('FINISHED'), [TESTS]: SMALL[TESTS].replaceAll('DONE', 'FINISHED') },
    `${FLOW}:16:3 error FG_CONFIG_SCREEN_MISSING screen \`FINISHED\` is not in the Flow JSON`,
  ],
}

for (const [name, [files, ...expected]] of Object.entries(cases)) {
  test(`one line is said about ${name}`, async () => {
    const result = await load(files)
    assert.deepEqual(result.issues.map(formatIssue), expected)
  })
}

test('records of two CRMs are not linked, also where one plugin is not found', async () => {
  const twoCrms = SMALL['destinations.yaml'].replace(
    'destinations:\n',
    'destinations:\n  other: { plugin: crm, config: { token: x } }\n',
  )
  const files = linked('- id: deal\n    to: main', '- id: deal\n    to: other')
  const result = await load({ ...files, 'destinations.yaml': twoCrms })
  assert.deepEqual(result.issues.map(formatIssue), [
    `${MAPPING}:11:13 error FG_CONFIG_LINK \`deal\` goes to \`other\` and \`person\` to \`main\`: records are linked within one destination`,
    `${MAPPING}:17:21 error FG_CONFIG_LINK \`task\` goes to \`main\` and \`deal\` to \`other\`: records are linked within one destination`,
  ])
  const unknown = await load({ ...files, 'destinations.yaml': twoCrms.replace('plugin: crm, ', 'plugin: crn, ') })
  assert.equal(unknown.issues.filter(({ code }) => code === 'FG_CONFIG_LINK').length, 2)
})
