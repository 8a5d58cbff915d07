import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import pg from 'pg'
import type { MappingFile } from '../../src/config/schema/mapping.ts'
import type { RecordFile } from '../../src/config/schema/record.ts'
import { type SalesforceStandIn, startSalesforceStandIn } from '../stand-ins/salesforce.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { enquirer } from '../support/enquiry-configuration.ts'
import { type EnquiryStage, enquiryStage } from '../support/enquiry-stage.ts'
import { eventually } from '../support/eventually.ts'
import type { GatewayProcess } from '../support/gateway-process.ts'

/** An external id that somebody typed, and what stands in the CRM afterwards. `refused`: the code, by flow, and nothing does. */
interface Typed {
  readonly name: string
  readonly id: string
  readonly stored?: string
  readonly refused?: Readonly<Record<'salesforce' | 'sql', string>>
}

const TYPED: readonly Typed[] = [
  { name: 'Upwards', id: '../../x' },
  { name: 'Parent', id: '..' },
  { name: 'Encoded', id: '%2e%2e%2f%2E%2E%2Fx' },
  { name: 'Address', id: 'a/b?c#d' },
  { name: 'Format', id: 'x.json' },
  { name: 'Quotes', id: `x' or ''='` },
  { name: 'Backslash', id: `x\\' or Name != '` },
  { name: 'Statement', id: `x"; drop table secrets; --` },
  // WhatsApp sends no such letter, and no database of ours keeps one: it is left out where the request comes in.
  { name: 'Nul', id: 'n\0ul', stored: 'nul' },
  { name: 'Empty', id: '', refused: { salesforce: 'FG_MAP_MATCH_ABSENT', sql: 'FG_MAP_MATCH_ABSENT' } },
  { name: 'Long', id: 'l'.repeat(300), refused: { salesforce: 'FG_SALESFORCE_MATCH_UNFIT', sql: 'FG_SQL_VALUE' } },
]

const CLIENT = { clientId: '3MVG9-consumer-key', clientSecret: 'consumer-secret' }

/** What is found by `x` belongs to somebody else, and is never written to. */
const OTHERS = 'x'

function mapping(record: Pick<RecordFile, 'to' | 'object' | 'match' | 'fields'>): MappingFile {
  return { personal: ['full_name', 'email', 'code'], records: [{ id: 'contact', operation: 'upsert', ...record }] }
}

let salesforce: SalesforceStandIn
let database: TestDatabase
let company: pg.Client
let stage: EnquiryStage
let gateway: GatewayProcess

before(async () => {
  salesforce = await startSalesforceStandIn(CLIENT)
  salesforce.org.insert('Lead', { WhatsApp_Id__c: OTHERS, LastName: 'Other', Company: 'Acme' }, true)
  database = await testDatabase()
  company = new pg.Client({ connectionString: database.url })
  await company.connect()
  await company.query(
    `create table people (id integer generated always as identity primary key, code varchar(40) unique, name text);
     create table secrets (code varchar(40) unique, name text);
     insert into people (code, name) values ('${OTHERS}', 'Other'); insert into secrets values ('${OTHERS}', 'Other')`,
  )
  stage = await enquiryStage({
    destinations: {
      salesforce: {
        plugin: 'salesforce',
        config: { login_url: salesforce.url, client_id: CLIENT.clientId, client_secret: `\${TYPED_CLIENT_SECRET}` },
      },
      sql: { plugin: 'sql', config: { url: `\${TYPED_DATABASE_URL}` } },
    },
    env: { TYPED_CLIENT_SECRET: CLIENT.clientSecret, TYPED_DATABASE_URL: database.url },
    mappings: {
      salesforce: mapping({
        to: 'salesforce',
        object: 'Lead',
        match: 'WhatsApp_Id__c',
        fields: { WhatsApp_Id__c: { from: 'form.code' }, LastName: { from: 'form.full_name' }, Company: 'Acme' },
      }),
      sql: mapping({
        to: 'sql',
        object: 'people',
        match: 'code',
        fields: { code: { from: 'form.code' }, name: { from: 'form.full_name' } },
      }),
    },
  })
  gateway = await stage.start('all')
  for (const flow of ['salesforce', 'sql']) {
    for (const { name, id } of TYPED) {
      const { status, answer } = await gateway.deviceFor(flow).exchange(enquirer(name, { code: id }).request)
      assert.deepEqual([status, answer?.['screen']], [200, 'SUCCESS'])
    }
  }
  const open = `select count(*)::int as n from deliveries where state not in ('delivered', 'failed')`
  await eventually(async () => (await stage.query<{ n: number }>(open))[0]?.n === 0, { withinMs: 60_000 })
})

after(async () => {
  await stage[Symbol.asyncDispose]()
  await company.end()
  await database[Symbol.asyncDispose]()
  await salesforce.close()
})

const written = TYPED.filter(({ refused }) => refused === undefined)
const wanted = [['Other', OTHERS], ...written.map(({ name, id, stored = id }) => [name, stored])].sort()

/** State and code of each delivery of a flow, by the person's name. */
async function outcomes(flow: string): Promise<Readonly<Record<string, string>>> {
  const rows = await stage.query<{ name: string; outcome: string }>(
    `select s.form->>'full_name' as name, coalesce(d.failure->>'code', d.state) as outcome
     from deliveries d join submissions s on s.id = d.submission_id where s.flow = $1`,
    [flow],
  )
  return Object.fromEntries(rows.map(({ name, outcome }) => [name, outcome]))
}

describe('external ids that people typed, through a real gateway,', () => {
  for (const flow of ['salesforce', 'sql'] as const) {
    test(`are written to ${flow} as they are, or refused with a code that says why`, async () => {
      const expected = TYPED.map(({ name, refused }) => [name, refused?.[flow] ?? 'delivered'])
      assert.deepEqual(await outcomes(flow), Object.fromEntries(expected))
    })
  }

  test('reach no other path at Salesforce, and no other record', () => {
    const found = salesforce.org.records('Lead').map(({ values }) => [values['LastName'], values['WhatsApp_Id__c']])
    assert.deepEqual(found.sort(), wanted)
    const root = '/services/data/v62.0/sobjects/Lead/'
    const known = ['/services/oauth2/token', '/services/data/v62.0/query', `${root}describe`]
    const paths = salesforce.requests.map(({ path }) => path).filter((path) => !known.includes(path))
    assert.ok(paths.length >= written.length, 'the leads were written by other paths than was thought')
    const stored = written.map(({ id, stored: kept = id }) => kept)
    for (const path of paths) {
      const [field, value = '', ...more] = path.replace(root, '').split('/')
      assert.deepEqual(more, [], path)
      if (field === 'Flowgate_Submission__c') assert.match(value, /^[\w.-]+$/u)
      else assert.deepEqual([field, stored.includes(decodeURIComponent(value))], ['WhatsApp_Id__c', true], path)
    }
  })

  test('reach no other table of the database, and no other row', async () => {
    const { rows } = await company.query<{ name: string; code: string }>('select name, code from people')
    assert.deepEqual(rows.map(({ name, code }) => [name, code]).sort(), wanted)
    const { rows: secrets } = await company.query('select code, name from secrets')
    assert.deepEqual(secrets, [{ code: OTHERS, name: 'Other' }])
  })

  test('stand in no log line and in no failure that an operator reads', async () => {
    const told = await stage.query<{ failure: string }>(
      'select failure::text as failure from deliveries where failure is not null',
    )
    assert.equal(told.length, 2 * TYPED.filter(({ refused }) => refused !== undefined).length)
    const logged = gateway.lines.join('\n')
    assert.match(logged, /"event":"delivery.attempted"/u)
    for (const text of [...told.map(({ failure }) => failure), logged]) {
      assert.doesNotMatch(text, /l{40}|drop table|\.\.\/|b\?c#d|@acme\.com/u)
    }
  })
})
