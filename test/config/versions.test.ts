import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatIssue } from '../../src/config/format-issue.ts'
import type { JsonObject } from '../../src/plugin/json.ts'
import { load } from './configuration-folder.ts'
import { flowJson, screen, text } from './small-configuration.ts'

/** What tests vary of one version. */
interface Parts {
  readonly version?: string
  readonly sends?: string
  readonly first?: string
  readonly data?: JsonObject
  readonly tests?: string
}

const hello: JsonObject = { hello: text() }

/** The files of one version in their folder; its Flow JSON says which version it is. */
function version(folder: string, parts: Parts = {}): Record<string, string> {
  const { version: named = folder.split('@')[1] ?? '9', first = 'ASK', data = hello } = parts
  const asking = screen(first, { sends: ['name'], data, children: [] })
  const json = flowJson({ [first]: ['DONE'], DONE: [] }, asking, screen('DONE', { sends: ['goal'], terminal: true }))
  const told = json.replace(
    `"name": "\${form.name}"`,
    `"name": "\${form.name}", "flow_version": "${parts.sends ?? named}"`,
  )
  const values = Object.keys(data).map((key) => `${key}: { from: form.name }`)
  return {
    [`flows/${folder}/flow.json`]: parts.sends === '' ? json : told,
    [`flows/${folder}/flow.yaml`]: `flow: ask
title: Ask
version: "${named}"
first_screen: ${first}
screens:
  ${first}:
    fields: { name: { type: text } }
    data: { ${values.join(', ')} }
    next: [{ show: DONE }]
  DONE: { fields: { goal: { type: text } }, next: [{ submit: true }] }
`,
    ...(parts.tests === undefined ? {} : { [`flows/${folder}/tests.yaml`]: parts.tests }),
  }
}

test('versions live beside the newest one and are found by their names', async () => {
  const result = await load({ ...version('ask'), ...version('ask@10'), ...version('ask@2') })
  assert.deepEqual(result.issues.map(formatIssue), [])
  assert.ok(result.ok)
  assert.deepEqual([...result.configuration.flows.keys()], ['ask'])
  const ask = result.configuration.flows.get('ask')
  assert.equal(ask?.flow.version, '9')
  assert.deepEqual(
    [...(ask?.versions ?? [])].map(([name, { flow }]) => [name, flow.version]),
    [
      ['2', '2'],
      ['10', '10'],
      ['9', '9'],
    ],
  )
})

test('without a folder of its own the last version in natural order is the newest', async () => {
  const result = await load({ ...version('ask@10'), ...version('ask@9') })
  assert.deepEqual(result.issues.map(formatIssue), [
    'flows/ask@10/flow.yaml:3:10 advice FG_CONFIG_NEWEST_VERSION there is no folder flows/ask: version `10` is taken for the newest of the flow',
  ])
  assert.ok(result.ok)
  assert.equal(result.configuration.flows.get('ask')?.flow.version, '10')
})

/** A version that opens elsewhere for some people, at a screen with this data. */
function opening(files: Record<string, string>, gift: JsonObject): Record<string, string> {
  const changed = Object.entries(files).map(([file, content]) => {
    if (file.endsWith('flow.json')) {
      const json = JSON.parse(content) as { routing_model: JsonObject; screens: JsonObject[] }
      const screens = [...json.screens, screen('VIP', { terminal: true, data: { gift } })]
      const whole = { ...json, routing_model: { ...json.routing_model, VIP: [] }, screens }
      return [file, JSON.stringify(whole, null, 2)]
    }
    if (!file.endsWith('flow.yaml')) return [file, content]
    const opens =
      'opens_at: [{ when: { person.tier: gold }, show: VIP }]\nscreens:\n  VIP: { data: { gift: { from: person.gift } } }\n'
    return [file, content.replace('screens:\n', opens)]
  })
  return Object.fromEntries(changed)
}

const slots: JsonObject = {
  type: 'array',
  items: { type: 'object', properties: { id: text(), n: text() } },
  __example__: [],
}
const others: JsonObject = { type: 'array', items: { type: 'object', properties: { id: text() } }, __example__: [] }
const tests = (name: string) => `tests: [{ name: n, version: "${name}", steps: [{ screen: ASK, then: DONE }] }]\n`

const WHY = 'a flow is opened before it is known which version the phone has, so one answer must fit both'

/** What is wrong → the folders, and the lines that are said about it. */
const cases: Readonly<Record<string, readonly [Record<string, string>, ...string[]]>> = {
  'a folder names another version than its file': [
    version('ask@1', { version: '2' }),
    'flows/ask@1/flow.yaml:3:10 error FG_CONFIG_FLOW_NAME the version is named `2` but its folder `ask@1`: name both alike',
    'flows/ask@1/flow.yaml:3:10 advice FG_CONFIG_NEWEST_VERSION there is no folder flows/ask: version `2` is taken for the newest of the flow',
  ],
  'a version is there twice': [
    { ...version('ask', { version: '1' }), ...version('ask@1') },
    'flows/ask/flow.yaml:3:10 error FG_CONFIG_VERSION_TWICE version `1` of the flow `ask` is in flows/ask@1/flow.yaml as well: name one of them differently',
  ],
  'versions open at different screens': [
    { ...version('ask'), ...version('ask@1', { first: 'START' }) },
    `flows/ask@1/flow.yaml:4:15 error FG_CONFIG_VERSIONS_DIFFER version \`1\` opens at \`START\`, but version \`9\` at \`ASK\` (flows/ask/flow.yaml:4:15): ${WHY}`,
  ],
  'their first screens declare different data': [
    {
      ...version('ask', { data: { hello: text(), slots } }),
      ...version('ask@1', { data: { hello: text(), more: text(), slots: others } }),
    },
    `flows/ask@1/flow.json:19:9 error FG_CONFIG_VERSIONS_DIFFER data key \`more\` of screen \`ASK\` is declared here and not in flows/ask/flow.json: ${WHY}`,
    `flows/ask@1/flow.json:23:9 error FG_CONFIG_VERSIONS_DIFFER data key \`slots\` of screen \`ASK\` is declared as array of { id: string } here and as array of { id: string, n: string } in flows/ask/flow.json: ${WHY}`,
  ],
  'the newest may open at a screen that an older one has not, or with other data': [
    {
      ...opening(version('ask'), text()),
      ...version('ask@1'),
      ...opening(version('ask@2'), { type: 'number', __example__: 1 }),
    },
    `flows/ask@1/flow.json:10:3 error FG_CONFIG_VERSIONS_DIFFER there is no screen \`VIP\` here, and version \`9\` may open at it: ${WHY}`,
    `flows/ask@2/flow.json:72:9 error FG_CONFIG_VERSIONS_DIFFER data key \`gift\` of screen \`VIP\` is declared as number here and as string in flows/ask/flow.json: ${WHY}`,
  ],
  'an older first screen lacks data': [
    { ...version('ask', { data: { hello: text(), more: text() } }), ...version('ask@1') },
    `flows/ask@1/flow.json:14:7 error FG_CONFIG_VERSIONS_DIFFER data key \`more\` of screen \`ASK\` is declared in flows/ask/flow.json and not here: ${WHY}`,
  ],
  'a Flow JSON says that it is another version': [
    version('ask', { sends: '8' }),
    'flows/ask/flow.json:34:57 error FG_CONFIG_VERSION_SENT `flow_version` says version `8`, but this is the Flow JSON of version `9`',
  ],
  'one of several does not say which version it is': [
    { ...version('ask'), ...version('ask@1', { sends: '' }) },
    'flows/ask@1/flow.json:33:15 advice FG_CONFIG_VERSION_UNSENT this payload does not say which version the phone has: add "flow_version": "1", or name the version when the token is minted',
  ],
  'the only version does not say so': [version('ask', { sends: '' })],
  'a test is of an older version': [{ ...version('ask', { tests: tests('1') }), ...version('ask@1') }],
  'a test is of a version that is not there': [
    { ...version('ask', { tests: tests('3') }), ...version('ask@1') },
    'flows/ask/tests.yaml:1:29 error FG_CONFIG_TEST there is no version `3`: there is 1, 9',
  ],
  'another flow has the name of one with versions': [
    {
      ...version('ask'),
      ...version('ask@1'),
      'flows/bask/flow.json': version('ask')['flows/ask/flow.json'] ?? '',
      'flows/bask/flow.yaml': version('ask')['flows/ask/flow.yaml'] ?? '',
    },
    'flows/bask/flow.yaml:1:7 error FG_CONFIG_FLOW_NAME the flow is named `ask` but its folder `bask`: name both alike',
    'flows/bask/flow.yaml:1:7 error FG_CONFIG_FLOW_TWICE two flows are named `ask`: the other is in flows/ask/flow.yaml',
  ],
}

for (const [name, [files, ...expected]] of Object.entries(cases)) {
  test(`where ${name}, ${expected.length === 0 ? 'nothing' : 'that'} is said`, async () => {
    const result = await load(files)
    assert.deepEqual(result.issues.map(formatIssue), expected)
    assert.equal(result.ok, !expected.some((line) => line.includes(' error ')))
  })
}

test('versions are only compared once each of them can be read', async () => {
  const files = { ...version('ask'), ...version('ask@1', { first: 'START' }) }
  const result = await load({ ...files, 'flows/ask/flow.json': '{' })
  assert.deepEqual(
    result.issues.map(({ code }) => code),
    ['FG_CONFIG_JSON'],
  )
})
