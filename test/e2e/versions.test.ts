import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { JsonObject } from '../../src/plugin/json.ts'
import { createTokenMint } from '../../src/receive/mint-token.ts'
import { testClock } from '../support/clock.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { flowJsonOf, flowOf, leadFlowFile, leadFlowJson } from '../support/flow.ts'
import { type GatewayCore, SECRET, startGatewayCore } from '../support/gateway-core.ts'

const clock = testClock()
const { CONTACT, NEEDS } = leadFlowFile.screens
const text = { type: 'string', __example__: '' }

/** Version 1 asks on a screen that version 2 no longer has. */
const one = flowOf(
  {
    ...leadFlowFile,
    version: '1',
    screens: {
      CONTACT: { ...CONTACT, next: [{ show: 'PHONE' }] },
      PHONE: { data: { hint: 'Old' }, next: [{ submit: true }] },
    },
  },
  flowJsonOf(
    {
      CONTACT: {
        sends: ['full_name', 'email', 'company_size'],
        data: {
          greeting: text,
          problems: { type: 'object', __example__: {} },
          before: { type: 'object', __example__: {} },
        },
        errorMessages: 'problems',
        initValues: 'before',
      },
      PHONE: { sends: ['phone'], data: { hint: text }, terminal: true },
    },
    { CONTACT: ['PHONE'], PHONE: [] },
  ),
)
const two = flowOf(
  { ...leadFlowFile, version: '2', screens: { ...leadFlowFile.screens, NEEDS: NEEDS ?? {} } },
  leadFlowJson,
)

let database: TestDatabase
let core: GatewayCore

before(async () => {
  database = await testDatabase()
  core = await startGatewayCore({ url: database.url, clock, flow: two, older: [{ flow: one, mapping: undefined }] })
})

after(async () => {
  await core[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
})

const ask = (person: string, action: string, screen = '', data: JsonObject = {}) =>
  core.ask({ version: '4.0', action, screen, data, flow_token: person })
const contact = { full_name: 'Ana', email: 'ana@acme.com' }

describe('two versions of one flow', () => {
  test('run side by side, each person on the one their phone names first', async () => {
    for (const [person, version, next] of [
      ['old', '1', 'PHONE'],
      ['new', '2', 'NEEDS'],
    ] as const) {
      assert.equal((await ask(person, 'INIT')).plaintext['screen'], 'CONTACT')
      const { plaintext } = await ask(person, 'data_exchange', 'CONTACT', { ...contact, flow_version: version })
      assert.equal(plaintext['screen'], next)
      const { rows } = await core.pool.query('select version from sessions where token = $1', [person])
      assert.deepEqual(rows, [{ version }])
    }
    assert.equal((await ask('old', 'data_exchange', 'PHONE', { phone: '1' })).plaintext['screen'], 'SUCCESS')
    assert.equal((await ask('new', 'data_exchange', 'NEEDS', { interests: ['crm'] })).plaintext['screen'], 'SUCCESS')
    const { rows } = await core.pool.query(
      'select version from submissions where session_id is not null order by version',
    )
    assert.deepEqual(rows, [{ version: '1' }, { version: '2' }])
  })

  test('stay with a session whatever a later payload says, and with a token minted for one', async () => {
    await ask('stays', 'data_exchange', 'CONTACT', { ...contact, flow_version: '1' })
    const { plaintext } = await ask('stays', 'data_exchange', 'PHONE', { phone: '1', flow_version: '2' })
    assert.equal(plaintext['screen'], 'SUCCESS')
    const mint = createTokenMint({ pool: core.pool, clock, secret: SECRET, knowsFlow: () => true })
    const { token } = await mint.mint({ flow: 'lead', version: '1', person: {}, source: {}, prefill: {} })
    await ask(token, 'INIT')
    assert.equal((await ask(token, 'data_exchange', 'CONTACT', contact)).plaintext['screen'], 'PHONE')
  })
})

describe('a version that is not configured', () => {
  test('is answered safely, moves nothing, and is told each time by its name', async () => {
    const before = core.events.length
    for (let index = 0; index < 100; index += 1) {
      const { status, plaintext } = await ask(`lost-${index}`, 'data_exchange', 'CONTACT', {
        ...contact,
        flow_version: '99',
      })
      assert.deepEqual([status, plaintext['screen']], [200, 'CONTACT'])
      const data = plaintext['data'] as JsonObject
      assert.match(String(data['error_message']), /try again/u)
      assert.deepEqual(two.flowJson.screens.get('CONTACT')?.check(data), [])
    }
    const told = core.events.slice(before)
    assert.equal(told.length, 100)
    for (const { name, event } of told) assert.deepEqual([name, event['version']], ['unknownVersion', '99'])
    const { rows } = await core.pool.query("select 1 from sessions where token like 'lost-%'")
    assert.deepEqual(rows, [])
  })
})
