import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import pg from 'pg'
import { createGiveBack } from '../../src/ask/give-back.ts'
import type { FlowFile } from '../../src/config/schema/flow.ts'
import type { Json } from '../../src/plugin/json.ts'
import type { ExchangeReply } from '../../src/receive/ports.ts'
import { dropReservation } from '../../src/store/reservations.ts'
import { testClock } from '../support/clock.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { flowJsonOf, flowOf } from '../support/flow.ts'
import { type GatewayCore, startGatewayCore } from '../support/gateway-core.ts'
import { keptLog } from '../support/log.ts'
import { type SourceStage, sourceSettings, sourceStage } from '../support/source-stage.ts'

const item = { type: 'object', properties: { id: { type: 'string' }, title: { type: 'string' } } }
const flowJson = flowJsonOf(
  {
    SLOT: {
      sends: ['slot'],
      data: { slots: { type: 'array', items: item, __example__: [] }, problems: { type: 'object', __example__: {} } },
      errorMessages: 'problems',
      children: [{ type: 'Dropdown', name: 'list', label: 'Time', 'data-source': `\${data.slots}` }],
    },
    DONE: { sends: ['note'], terminal: true, refreshOnBack: true },
  },
  { SLOT: ['DONE'], DONE: [] },
)
const file: FlowFile = {
  flow: 'book',
  title: 'Book',
  version: '1',
  first_screen: 'SLOT',
  sessions: { idle_expiry: '1h' },
  asks: { slots: { source: 'calendar', query: 'free_slots' } },
  screens: {
    SLOT: {
      fields: { slot: { type: 'choice', required: true } },
      data: { slots: { from: 'asked.slots' } },
      reserves: {
        slot: {
          source: 'calendar',
          reserve: 'hold_slot',
          release: 'give_slot_back',
          with: { slot: { from: 'form.slot' } },
          field: 'slot',
          taken: 'Just taken.',
        },
      },
      next: [{ show: 'DONE' }],
    },
    DONE: { next: [{ submit: true }] },
  },
}
const QUERIES = `
-- name: free_slots
select id, title from slots where held_by is null order by id;
-- name: hold_slot (reserve)
update slots set held_by = :key where id = :slot and (held_by is null or held_by = :key) returning id;
-- name: give_slot_back (release)
update slots set held_by = null where held_by = :key;
`

const clock = testClock()
let database: TestDatabase
let stage: SourceStage
let core: GatewayCore
let calendar: pg.Pool

before(async () => {
  database = await testDatabase()
  calendar = new pg.Pool({ connectionString: database.url, max: 2 })
  await calendar.query('create table slots (id text primary key, title text not null, held_by text)')
  const flow = flowOf(file, flowJson)
  core = await startGatewayCore({
    url: database.url,
    clock,
    flow,
    asking: () => stage.asker.forExchange(),
    giveBack: async (reservation) => {
      if (await stage.asker.giveBack(reservation)) await dropReservation(core.pool, reservation.key)
    },
  })
  const config = { url: database.url, queries: 'calendar.sql', writes: true, connections: 8 }
  const cache = { ttlMs: 60_000, staleMs: 0, nothingFoundMs: 60_000, entries: 100, shared: false }
  stage = await sourceStage({
    pool: core.pool,
    clock,
    files: { 'calendar.sql': QUERIES },
    sources: [sourceSettings('calendar', 'sql-source', config, { cache, atOnce: 8 })],
  })
})

after(async () => {
  await stage[Symbol.asyncDispose]()
  await core[Symbol.asyncDispose]()
  await calendar.end()
  await database[Symbol.asyncDispose]()
})

async function setSlots(...ids: string[]): Promise<void> {
  await calendar.query('truncate slots')
  await calendar.query('insert into slots select id, id from unnest($1::text[]) as id', [ids])
  // What was kept of the list before is no longer so.
  clock.advance(120_000)
}

async function held(): Promise<readonly string[]> {
  const { rows } = await calendar.query('select id from slots where held_by is not null order by id')
  return rows.map(({ id }) => id)
}

const ask = (person: string, action: string, screen = '', data = {}) =>
  core.ask({ version: '4.0', action, screen, data, flow_token: person })
const choose = (person: string, slot: string) => ask(person, 'data_exchange', 'SLOT', { slot })
const shown = ({ plaintext }: ExchangeReply): [Json | undefined, Record<string, Json>] => [
  plaintext['screen'],
  plaintext['data'] as Record<string, Json>,
]

function giveBackRound(): () => Promise<void> {
  return createGiveBack({
    pool: core.pool,
    clock,
    log: keptLog().log,
    giveBack: (reservation) => stage.asker.giveBack(reservation),
  })
}

describe('fifty people and one slot', () => {
  test('leave one winner; the others are told on the same screen, with the slots that are left', async () => {
    await setSlots('nine', 'ten')
    const people = Array.from({ length: 50 }, (_, index) => `racer-${index}`)
    await Promise.all(people.map((person) => ask(person, 'INIT')))
    const answers = (await Promise.all(people.map((person) => choose(person, 'nine')))).map(shown)
    assert.equal(answers.filter(([screen]) => screen === 'DONE').length, 1)
    const told = answers.filter(([screen]) => screen === 'SLOT')
    assert.equal(told.length, 49)
    for (const [, data] of told) {
      assert.deepEqual(data, { slots: [{ id: 'ten', title: 'ten' }], problems: { slot: 'Just taken.' } })
    }
    assert.deepEqual(await held(), ['nine'])
  })
})

describe('a slot', () => {
  test('is given back when the session expires unfinished, and not before', async () => {
    await setSlots('a', 'b')
    await ask('leaver', 'INIT')
    await choose('leaver', 'a')
    const round = giveBackRound()
    clock.advance(30 * 60_000)
    await round()
    assert.deepEqual(await held(), ['a'])
    clock.advance(32 * 60_000)
    await round()
    assert.deepEqual(await held(), [])
    const { rows } = await core.pool.query('select 1 from reservations')
    assert.equal(rows.length, 0)
  })

  test('is given back at once when its person goes back and chooses another one', async () => {
    await setSlots('a', 'b')
    await ask('changer', 'INIT')
    await choose('changer', 'a')
    await ask('changer', 'BACK', 'DONE')
    assert.equal(shown(await choose('changer', 'b'))[0], 'DONE')
    await eventually(async () => (await held()).join() === 'b')
  })

  test('of a finished form is kept for good', async () => {
    await setSlots('a')
    await ask('finisher', 'INIT')
    await choose('finisher', 'a')
    assert.equal(shown(await ask('finisher', 'data_exchange', 'DONE', { note: 'x' }))[0], 'SUCCESS')
    clock.advance(72 * 3_600_000)
    await giveBackRound()()
    assert.deepEqual(await held(), ['a'])
  })

  test('that was taken by an exchange that died is given back', async () => {
    await setSlots('a')
    const asking = stage.asker.forExchange()
    const reservation = {
      key: 'k'.repeat(43),
      source: 'calendar',
      reserve: 'hold_slot',
      release: 'give_slot_back',
      parameters: { slot: 'a' },
    }
    assert.equal((await asking.reserve(reservation, { flow: 'book', token: 'gone', id: 'ses_gone' })).kind, 'held')
    assert.deepEqual(await held(), ['a'])
    clock.advance(61_000)
    await giveBackRound()()
    assert.deepEqual(await held(), [])
  })

  test('chosen by twenty requests that open the form at once is its person’s own', async () => {
    await setSlots('a')
    const same = await Promise.all(Array.from({ length: 20 }, () => choose('opener', 'a')))
    assert.deepEqual(new Set(same.map((reply) => shown(reply)[0])), new Set(['DONE']))
    assert.deepEqual(await held(), ['a'])
  })

  test('chosen by twenty requests of one person at once is held once, and twenty different choices leave one', async () => {
    await setSlots('a', 'b', 'c')
    await ask('presser', 'INIT')
    const same = await Promise.all(Array.from({ length: 20 }, () => choose('presser', 'a')))
    assert.deepEqual(new Set(same.map((reply) => shown(reply)[0])), new Set(['DONE']))
    assert.deepEqual(await held(), ['a'])
    await ask('presser', 'BACK', 'DONE')
    await Promise.all(Array.from({ length: 20 }, (_, index) => choose('presser', index % 2 === 0 ? 'b' : 'c')))
    clock.advance(61_000)
    const round = giveBackRound()
    await eventually(async () => {
      await round()
      return (await held()).length === 1
    })
    const { rows } = await core.pool.query("select progress from sessions where token = 'presser'")
    assert.deepEqual(await held(), [rows[0]?.progress.reservations.slot.parameters.slot])
  })
})
