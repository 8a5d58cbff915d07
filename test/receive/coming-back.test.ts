import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { JsonObject } from '../../src/plugin/json.ts'
import { testClock } from '../support/clock.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { flowJsonOf, flowOf } from '../support/flow.ts'
import { type GatewayCore, startGatewayCore } from '../support/gateway-core.ts'

const clock = testClock()
const flow = flowOf(
  {
    flow: 'steps',
    title: 'Steps',
    version: '1',
    first_screen: 'ONE',
    sessions: { idle_expiry: '48h' },
    screens: {
      ONE: { fields: { name: { type: 'text', required: true } }, next: [{ show: 'TWO' }] },
      TWO: { fields: { town: { type: 'text', required: true } }, next: [{ show: 'THREE' }] },
      THREE: { next: [{ submit: true }] },
    },
  },
  flowJsonOf(
    {
      ONE: { sends: ['name'] },
      TWO: { sends: ['town'], refreshOnBack: true },
      THREE: { sends: ['wish'], terminal: true, refreshOnBack: true },
    },
    { ONE: ['TWO'], TWO: ['THREE'], THREE: [] },
  ),
)
let database: TestDatabase
let core: GatewayCore

before(async () => {
  database = await testDatabase()
  core = await startGatewayCore({ url: database.url, clock, flow })
})

after(async () => {
  await core[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
})

const ask = async (token: string, action: string, screen = '', data: JsonObject = {}) =>
  (await core.ask({ version: '4.0', action, screen, data, flow_token: token })).plaintext['screen']
const resumed = () => core.events.filter(({ name }) => name === 'resumed').map(({ event }) => event['seconds'])

describe('a person who comes back after a pause', () => {
  test('is counted once, when something of them is kept again', async () => {
    await ask('returner', 'INIT')
    await ask('returner', 'data_exchange', 'ONE', { name: 'Ana' })
    clock.advance(3_600_000)
    assert.equal(await ask('returner', 'data_exchange', 'TWO', { town: '' }), 'TWO')
    assert.equal(await ask('returner', 'data_exchange', 'TWO', { town: '' }), 'TWO')
    assert.deepEqual(resumed(), [])
    assert.equal(await ask('returner', 'data_exchange', 'TWO', { town: 'Bonn' }), 'THREE')
    assert.deepEqual(resumed(), [3600])
    clock.advance(7_200_000)
    await ask('returner', 'INIT')
    await ask('returner', 'data_exchange', 'ONE', { name: 'Ana' })
    assert.deepEqual(resumed(), [3600, 7200])
  })

  test('is not counted where nothing was left to go on with', async () => {
    const before = resumed().length
    await ask('late', 'INIT')
    clock.advance(72 * 3_600_000)
    assert.equal(await ask('late', 'INIT'), 'ONE')
    assert.equal(resumed().length, before)
  })
})

test('going back without a token leads to a screen that an edge joins', async () => {
  assert.equal(await ask('unused', 'BACK', 'THREE'), 'TWO')
  assert.equal(await ask('unused', 'BACK', 'TWO'), 'ONE')
})
