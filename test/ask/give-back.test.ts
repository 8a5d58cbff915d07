import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import type { Pool } from 'pg'
import { createGiveBack } from '../../src/ask/give-back.ts'
import { createPool } from '../../src/store/pool.ts'
import { holdReservation, type ReservationRow } from '../../src/store/reservations.ts'
import { type TestClock, testClock } from '../support/clock.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { keptLog } from '../support/log.ts'

let database: TestDatabase
let pool: Pool
let clock: TestClock

before(async () => {
  database = await testDatabase()
  pool = createPool({ url: database.url, max: 4, name: 'test' })
})

after(async () => {
  await pool.end()
  await database[Symbol.asyncDispose]()
})

beforeEach(async () => {
  await pool.query('truncate reservations')
  clock = testClock()
})

/** A source that remembers what it holds and can be out of reach. */
class Calendar {
  readonly held = new Set<string>()
  readonly asked: ReservationRow[] = []
  trouble: 'none' | 'silent' | 'broken' = 'none'

  readonly giveBack = async (reservation: ReservationRow): Promise<boolean> => {
    this.asked.push(reservation)
    if (this.trouble === 'broken') throw new Error('no route to the calendar')
    if (this.trouble === 'silent') return false
    this.held.delete(reservation.key)
    return true
  }
}

/** Held at the calendar for a session that never came to be. */
async function lose(calendar: Calendar, key: string): Promise<void> {
  const run = { flow: 'lead', token: 'token', sessionId: 'ses_1', source: 'calendar', release: 'give' }
  await holdReservation(pool, { key, ...run, parameters: { name: 'Ana Souza' }, reservedAt: clock.now() })
  calendar.held.add(key)
}

const left = async () => (await pool.query('select from reservations')).rowCount

test('what no session holds is given back to its source, once, and the log says so without a word of the person', async () => {
  const calendar = new Calendar()
  const { log, lines } = keptLog()
  const round = createGiveBack({ pool, clock, giveBack: calendar.giveBack, log })
  await lose(calendar, 'secret-key-1')
  await round()
  assert.equal(calendar.asked.length, 0)
  clock.advance(60_000)
  await round()
  await round()
  assert.deepEqual(
    calendar.asked.map(({ key, source, release, parameters }) => ({ key, source, release, parameters })),
    [{ key: 'secret-key-1', source: 'calendar', release: 'give', parameters: { name: 'Ana Souza' } }],
  )
  assert.deepEqual([calendar.held.size, await left()], [0, 0])
  const [line] = lines.map((text) => JSON.parse(text))
  const { event, flow, source, sessionId, tries } = line
  assert.deepEqual(
    { event, flow, source, sessionId, tries },
    { event: 'reservation.given_back', flow: 'lead', source: 'calendar', sessionId: 'ses_1', tries: 1 },
  )
  assert.doesNotMatch(lines.join(), /secret-key|Souza/)
})

test('while a source does not take something back it is tried again, ever more rarely, and never lost', async () => {
  const calendar = new Calendar()
  const { log, lines } = keptLog()
  const round = createGiveBack({ pool, clock, giveBack: calendar.giveBack, log })
  await lose(calendar, 'key')
  clock.advance(60_000)
  const pauses = [10, 30, 120, 600, 1_800, 3_600, 3_600, 3_600]
  for (const [index, seconds] of pauses.entries()) {
    calendar.trouble = index % 2 === 0 ? 'silent' : 'broken'
    await round()
    assert.equal(calendar.asked.length, index + 1)
    clock.advance(seconds * 1_000 - 1)
    await round()
    assert.equal(calendar.asked.length, index + 1, `before ${seconds} s`)
    clock.advance(1)
  }
  assert.deepEqual([calendar.held.size, await left()], [1, 1])
  const events = lines.map((text) => JSON.parse(text))
  assert.deepEqual(
    events.map(({ event, level, tries }) => [event, level, tries]),
    pauses.map((_, index) => ['reservation.held_on', 'warn', index + 1]),
  )
  assert.match(events[1].error.message, /no route/)
  calendar.trouble = 'none'
  await round()
  assert.deepEqual([calendar.held.size, await left()], [0, 0])
})

test('one source in trouble holds up no other reservation', async () => {
  const calendar = new Calendar()
  const { log } = keptLog()
  const giveBack = async (reservation: ReservationRow) => {
    if (reservation.key === 'bad') throw new Error('no')
    return calendar.giveBack(reservation)
  }
  for (const key of ['one', 'bad', 'two']) await lose(calendar, key)
  clock.advance(60_000)
  await createGiveBack({ pool, clock, giveBack, log })()
  assert.deepEqual([[...calendar.held], await left()], [['bad'], 1])
})

test('what was given back and could not be forgotten, as by a process that dies, is asked for once more, which is harmless', async () => {
  const calendar = new Calendar()
  const { log, lines } = keptLog()
  await lose(calendar, 'key')
  clock.advance(60_000)
  await pool.query(`
    create function refuse() returns trigger language plpgsql as $$ begin raise exception 'cut off'; end $$;
    create trigger refusing before delete on reservations for each row execute function refuse()`)
  const round = createGiveBack({ pool, clock, giveBack: calendar.giveBack, log })
  await assert.rejects(round(), /cut off/)
  await pool.query('drop trigger refusing on reservations')
  assert.deepEqual([calendar.held.size, await left(), lines.length], [0, 1, 0])
  clock.advance(29_000)
  await round()
  assert.equal(calendar.asked.length, 1)
  clock.advance(1_000)
  await round()
  assert.deepEqual([calendar.asked.length, await left()], [2, 0])
})

test('many orphans are given back a batch a round, by two workers at once without asking twice', async () => {
  const calendar = new Calendar()
  const { log } = keptLog()
  for (let n = 0; n < 50; n += 1) await lose(calendar, `key-${n}`)
  clock.advance(60_000)
  const rounds = [1, 2].map(() => createGiveBack({ pool, clock, giveBack: calendar.giveBack, log }))
  await Promise.all(rounds.map((round) => round()))
  assert.ok(calendar.asked.length <= 32, `${calendar.asked.length} at once`)
  while (calendar.held.size > 0) await Promise.all(rounds.map((round) => round()))
  assert.equal(calendar.asked.length, 50)
  assert.equal(await left(), 0)
})
