import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatIssue } from '../../src/config/format-issue.ts'
import { createPluginCatalogue } from '../../src/registry/catalogue.ts'
import { load } from './configuration-folder.ts'
import { SMALL } from './small-configuration.ts'

const DESTINATIONS = `destinations:
  events:
    plugin: webhook
    config: { url: https://hooks.acme.example, secrets: ["\${EVENTS_SECRET}"] }
  list:
    plugin: http
    config:
      base_url: "\${LIST_URL}"
      objects:
        people:
          find: { path: /people, query: { "{field}": "{value}" } }
          create: { path: /people, body: "{fields}" }
          update: { path: "/people/{id}", body: "{fields}" }
          owner: { path: "/people/{id}/owner", id: id }
        notes:
          create: { path: /notes, body: "{fields}" }
        tags:
          upsert: { path: "/tags/{match.value}", body: "{fields}" }
        rows:
          find: { path: /rows, query: { "{field}": "{value}" } }
          upsert: { path: "/rows/{match.value}", body: "{fields}" }
  hubspot:
    plugin: hubspot
    config: { access_token: "\${HUBSPOT_ACCESS_TOKEN}" }
  org:
    plugin: salesforce
    config: { login_url: "https://acme.my.salesforce.com", client_id: a, client_secret: "\${SECRET}" }
  tables:
    plugin: sql
    config: { url: "\${DATABASE}", tables: { owned: { owner: { column: seller } } } }
  chat:
    plugin: slack
    config: { bot_token: "\${SLACK}", channel: C0123ABCD }
`

/** What is said of the small configuration with this mapping, without any secret. */
async function said(
  mapping: string,
  destinations = DESTINATIONS,
  plugins = createPluginCatalogue('.'),
): Promise<readonly string[]> {
  const { 'flows/ask/tests.yaml': _tests, ...small } = SMALL
  const files = {
    ...small,
    'flowgate.yaml': '{}\n',
    'destinations.yaml': destinations,
    'flows/ask/mapping.yaml': mapping,
  }
  const { issues } = await load(files, {}, { plugins, secrets: 'placeholder' })
  return issues.filter(({ code }) => code !== 'FG_CONFIG_ANSWER_DROPPED').map(formatIssue)
}

/** A mapping with one record, whose lines after its id stand below one another from line 3. */
const record = (...lines: readonly string[]) =>
  `records:\n  - id: one\n${lines.map((line) => `    ${line}\n`).join('')}`

const upsert = (to: string, object: string, field: string, ...more: readonly string[]) =>
  record(
    `to: ${to}`,
    `object: ${object}`,
    'operation: upsert',
    'match: name',
    'fields:',
    '  name: { from: form.name }',
    `  ${field}`,
    ...more,
  )

const create = (to: string, object: string, ...more: readonly string[]) =>
  record(
    `to: ${to}`,
    `object: ${object}`,
    'operation: create',
    'fields: { name: { from: form.name, write: if_empty } }',
    ...more,
  )

const REFUSED: readonly (readonly [why: string, mapping: string, place: string, message: RegExp])[] = [
  ...['if_empty', 'create_only', 'append'].map(
    (policy) =>
      [
        `\`write: ${policy}\` for a plugin that finds nothing`,
        upsert('events', 'lead', `goal: { from: form.goal, write: ${policy} }`),
        '9:39',
        /^how `goal` is written depends on what stands in the record, and destination `events` cannot look up records of `lead`: take `write` out/,
      ] as const,
  ),
  [
    '`forward_only` for a plugin that finds nothing',
    upsert('events', 'lead', 'goal: { value: a, write: forward_only, order: [a, b] }'),
    '9:32',
    /^how `goal` is written depends .* cannot look up records of `lead`/,
  ],
  [
    '`keep_before` for a plugin that finds nothing',
    upsert('events', 'lead', 'goal: { from: form.goal }', 'keep_before: true'),
    '10:18',
    /^what `keep_before` keeps depends on what stands in the record/,
  ],
  [
    'a policy for an object whose settings find nothing',
    upsert('list', 'tags', 'goal: { from: form.goal, write: if_empty }'),
    '9:39',
    /destination `list` cannot look up records of `tags`: take `write` out, or add what it needs to the settings/,
  ],
  [
    'a policy for an object whose settings cannot write what was found',
    upsert('list', 'rows', 'goal: { from: form.goal, write: if_empty }'),
    '9:39',
    /destination `list` cannot change records of `rows`/,
  ],
  [
    'an object without settings',
    create('list', 'peopel'),
    '4:13',
    /^destination `list` has no `peopel`: correct `object`/,
  ],
  ['a name no object can have', create('hubspot', 'a/b'), '4:13', /^destination `hubspot` has no `a\/b`/],
  [
    'a name no object of Salesforce can have',
    create('org', 'my-leads'),
    '4:13',
    /^destination `org` has no `my-leads`/,
  ],
  ['a name no table can have', create('tables', 'a.b.c'), '4:13', /^destination `tables` has no `a\.b\.c`/],
  [
    'a create that the settings cannot make',
    create('list', 'tags'),
    '5:16',
    /^destination `list` cannot create records of `tags`/,
  ],
  [
    'an upsert that the settings cannot make',
    upsert('list', 'notes', 'goal: { from: form.goal }'),
    '5:16',
    /^destination `list` cannot upsert records of `notes`: write another `operation`, or add what it needs/,
  ],
  ...['events', 'list', 'tables'].map(
    (to) =>
      [
        `files for ${to}`,
        create(to, to === 'list' ? 'notes' : 'lead', 'files: [{ from: form.goal }]'),
        '7:5',
        /^destination `\w+` takes no files with `\w+`: take `files` out$/,
      ] as const,
  ),
]

for (const [why, mapping, place, message] of REFUSED) {
  test(`${why} is refused where it stands, and told once`, async () => {
    const [issue = '', ...others] = await said(mapping)
    assert.deepEqual(others, [])
    const start = `flows/ask/mapping.yaml:${place} error FG_CONFIG_UNABLE `
    assert.equal(issue.slice(0, start.length), start, issue)
    assert.match(issue.slice(start.length), message)
  })
}

const TAKEN: readonly (readonly [what: string, mapping: string])[] = [
  [
    'a policy where records are found and written by id',
    upsert('list', 'people', 'goal: { from: form.goal, write: if_empty }'),
  ],
  [
    'a policy and files for a CRM that has all of it',
    upsert(
      'hubspot',
      'contacts',
      'goal: { from: form.goal, write: if_empty }',
      'keep_before: true',
      'files: [{ from: form.goal }]',
    ),
  ],
  ['a policy for tables', upsert('tables', 'crm.leads', 'goal: { from: form.goal, write: append }')],
  ['a policy of what is always new', create('list', 'notes')],
  [
    'a policy of the field that finds the record',
    record(
      'to: list',
      'object: tags',
      'operation: upsert',
      'match: name',
      'fields: { name: { from: form.name, write: if_empty }, goal: { from: form.goal, write: never } }',
    ),
  ],
]

for (const [what, mapping] of TAKEN) {
  test(`${what} passes`, async () => {
    assert.deepEqual(await said(mapping), [])
  })
}

test('a message for the owner of a record that never tells one is advised against', async () => {
  const told = (to: string, object: string) =>
    said(
      `${create(to, object)}notifications:\n  - id: tell\n    to: chat\n    title: New\n    recipient: { owner_of: one }\n`,
    )
  const [issue, ...others] = await told('list', 'notes')
  assert.deepEqual(others, [])
  assert.match(
    issue ?? '',
    /^flows\/ask\/mapping\.yaml:11:28 advice FG_CONFIG_OWNER_UNTOLD destination `list` cannot tell who owns its `notes`/,
  )
  assert.deepEqual(await told('list', 'people'), [])
  assert.deepEqual(await told('tables', 'owned'), [])
  assert.equal((await told('tables', 'others')).length, 1)
})

test('a source that looks records up where nothing is found is refused', async () => {
  const sources = (destination: string, object: string) => `${DESTINATIONS}sources:
  known:
    plugin: crm-source
    config:
      destination: ${destination}
      queries:
        person: { object: ${object}, by: email, fields: [name] }
`
  const refused = await said('{}\n', sources('list', 'tags'))
  assert.deepEqual(
    refused.map((line) => line.slice(0, 'destinations.yaml:40:27 error FG_CONFIG_UNABLE'.length)),
    ['destinations.yaml:40:27 error FG_CONFIG_UNABLE'],
  )
  assert.match(
    refused[0] ?? '',
    /destination `list` cannot look up records of `tags`, so the source never has an answer/,
  )
  assert.equal((await said('{}\n', sources('events', 'lead'))).length, 1)
  assert.deepEqual(await said('{}\n', sources('list', 'people')), [])
})

test('of a source that names several destinations nobody can tell which of them has an object, so none is accused', async () => {
  const built = createPluginCatalogue('.')
  const text = (format: string) => ({ type: 'string', format })
  const properties = {
    ...{ people_in: text('crm-destination'), person: text('crm-object') },
    ...{ leads_in: text('crm-destination'), lead: text('crm-object') },
  }
  const both = { kind: 'source', configSchema: { type: 'object', properties } } as const
  const plugins = {
    ...built,
    describe: async (plugin: string) => (plugin === './both' ? both : await built.describe(plugin)),
  }
  const sources = (leads: string) => `${DESTINATIONS}sources:
  known:
    plugin: ./both
    config: { people_in: list, person: people, leads_in: ${leads}, lead: Lead }
`
  assert.deepEqual(await said('{}\n', sources('org'), plugins), [])
  assert.match((await said('{}\n', sources('orgs'), plugins)).join(), /FG_CONFIG_\w+ .*`orgs`/)
})
