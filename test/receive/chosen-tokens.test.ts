import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import type { JsonObject } from '../../src/plugin/json.ts'
import { createTokenMint } from '../../src/receive/mint-token.ts'
import { createPurge } from '../../src/store/purge.ts'
import { testClock } from '../support/clock.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { flowOf, leadFlowFile, leadFlowJson, leadMappingFile, mappingOf } from '../support/flow.ts'
import { type GatewayCore, SECRET, startGatewayCore } from '../support/gateway-core.ts'

const clock = testClock()
let database: TestDatabase
let core: GatewayCore

before(async () => {
  database = await testDatabase()
  const [flow, mapping] = [flowOf(leadFlowFile, leadFlowJson), mappingOf(leadMappingFile)]
  core = await startGatewayCore({ url: database.url, clock, flow, mapping })
})

after(async () => {
  await core[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
})

const contact = { full_name: 'Ana', email: 'long@acme.com', company_size: '3' }
const ask = (token: string, action: string, screen = '', data: JsonObject = {}) =>
  core.ask({ version: '4.0', action, screen, data, flow_token: token })

test('a token far longer than any real one opens a session like any other, and gets itself back', async () => {
  const token = randomBytes(20_000).toString('base64')
  await ask(token, 'INIT')
  const other = `${token.slice(0, -4)}diff`
  const [moved, elsewhere] = await Promise.all([ask(token, 'data_exchange', 'CONTACT', contact), ask(other, 'INIT')])
  assert.deepEqual([moved.plaintext['screen'], elsewhere.plaintext['screen']], ['NEEDS', 'CONTACT'])
  const done = await ask(token, 'data_exchange', 'NEEDS', { interests: ['crm'] })
  const answer = { extension_message_response: { params: { flow_token: token, outcome: 'received' } } }
  assert.deepEqual(done.plaintext['data'], answer)
  assert.deepEqual((await ask(token, 'data_exchange', 'NEEDS', { interests: ['crm'] })).plaintext['data'], answer)
  assert.deepEqual(
    core.events.map(({ name }) => name),
    ['submitted'],
  )
})

test('a session that the database refuses does no harm to those stored with it', async () => {
  core.events.length = 0
  await core.pool.query(`alter table sessions add constraint refused check (token <> 'bad')`)
  // The first two take both lanes, so that the others go together.
  const tokens = ['first', 'second', 'good-1', 'bad', 'good-2']
  const replies = await Promise.all(tokens.map((token) => ask(token, 'INIT')))
  const said = replies.map(({ plaintext }) => (plaintext['data'] as JsonObject)['error_message'] !== undefined)
  assert.deepEqual(said, [false, false, false, true, false])
  assert.deepEqual(
    core.events.map(({ name }) => name),
    ['failed'],
  )
})

test('a token of ours that has expired stays so when nothing is known of it any more', async () => {
  const mint = createTokenMint({ pool: core.pool, clock, secret: SECRET, knowsFlow: () => true })
  const { token } = await mint.mint({ flow: 'lead', person: {}, source: {}, prefill: {}, expiresInSeconds: 60 })
  clock.advance(40 * 24 * 3_600_000)
  assert.equal((await ask(token, 'INIT')).status, 427)
  await createPurge(core.pool, clock)()
  assert.equal((await core.pool.query('select from tokens where token = $1', [token])).rowCount, 0)
  assert.equal((await ask(token, 'INIT')).status, 427)
})
