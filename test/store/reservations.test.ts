import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import type { Pool } from 'pg'
import { NO_PROGRESS, type Session } from '../../src/flow/session.ts'
import { createPool } from '../../src/store/pool.ts'
import {
  dropReservation,
  forgetReservation,
  holdReservation,
  keepReservation,
  orphanedReservations,
  type ReservationRow,
} from '../../src/store/reservations.ts'
import { saveSessions } from '../../src/store/sessions.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { aSession } from './stored-session.ts'

let database: TestDatabase
let pool: Pool

before(async () => {
  database = await testDatabase()
  pool = createPool({ url: database.url, max: 4, name: 'test' })
})

after(async () => {
  await pool.end()
  await database[Symbol.asyncDispose]()
})

beforeEach(() => pool.query('truncate sessions, reservations, submissions cascade'))

const START = new Date('2026-02-01T09:00:00Z')
const at = (seconds: number) => new Date(START.getTime() + seconds * 1_000)

const slot = (key: string, different: Partial<ReservationRow> = {}): ReservationRow => ({
  key,
  flow: 'lead',
  token: 'token',
  sessionId: 'ses_token',
  source: 'calendar',
  release: 'give',
  parameters: { slot: 9 },
  reservedAt: START,
  ...different,
})

function holding(keys: readonly string[], different: Partial<Session> = {}): Session {
  const of = (key: string) => ({ key, source: 'calendar', reserve: 'take', release: 'give', parameters: { slot: 9 } })
  const reservations = Object.fromEntries(keys.map((key, n) => [`slot_${n}`, of(key)]))
  return aSession('token', { expiresAt: at(3_600), progress: { ...NO_PROGRESS, reservations }, ...different })
}

async function store(session: Session, expectedRevision = 0): Promise<void> {
  assert.deepEqual(await saveSessions(pool, [{ session, expectedRevision }]), [true])
}

/** As acceptance stores it; `keys` are what `session.reservations` names. */
async function submit(sessionId: string, keys: readonly string[], occasion = 'submitted'): Promise<void> {
  const reservations = Object.fromEntries(keys.map((key, n) => [`slot_${n}`, { key }]))
  await pool.query(
    `insert into submissions (id, flow, version, session_id, key, form, person, session, answer, request_id, accepted_at, occasion)
     values ('sub_' || gen_random_uuid(), 'lead', '1', null, 'k', '{}', '{}', $1, '{}', 'req', $2, $3)`,
    [{ id: sessionId, ...(keys.length === 0 ? {} : { reservations }) }, START, occasion],
  )
}

const claim = (now: Date, atMost = 10) => orphanedReservations(pool, now, atMost)
const keysAt = async (now: Date) => (await claim(now)).map(({ key }) => key)
const kept = async () => (await pool.query('select key from reservations order by key')).rows.map(({ key }) => key)

test('what is held for a session that never came to be is an orphan after a minute, with all that giving it back needs', async () => {
  await holdReservation(pool, slot('lost'))
  assert.deepEqual(await claim(at(59)), [])
  const orphans = await claim(at(60))
  assert.deepEqual(orphans, [{ ...slot('lost'), tries: 1, claimedUntil: at(90) }])
  assert.deepEqual(await kept(), ['lost'])
})

test('what an open session holds stays, and is looked at again every minute', async () => {
  await holdReservation(pool, slot('mine'))
  await store(holding(['mine']))
  for (const seconds of [60, 119, 120, 1_800]) assert.deepEqual(await claim(at(seconds)), [])
  await store({ ...holding([]), revision: 1 }, 1)
  assert.deepEqual(await keysAt(at(1_859)), [])
  assert.deepEqual(await keysAt(at(1_860)), ['mine'])
})

test('of a choice that changed only the earlier one is an orphan', async () => {
  await holdReservation(pool, slot('first'))
  await store(holding(['first']))
  await holdReservation(pool, slot('second', { reservedAt: at(30) }))
  await store({ ...holding(['second']), revision: 1 }, 1)
  assert.deepEqual(await keysAt(at(90)), ['first'])
  assert.deepEqual(await keysAt(at(119)), [])
})

test('a session that ran out leaves orphans once no exchange of it can be under way', async () => {
  await holdReservation(pool, slot('mine'))
  await store(holding(['mine']))
  assert.deepEqual(await claim(at(3_600)), [])
  assert.deepEqual(await keysAt(at(3_660)), ['mine'])
})

test('a session that was purged, or replaced by another run of the token, leaves orphans', async () => {
  await holdReservation(pool, slot('mine'))
  await holdReservation(pool, slot('purged', { token: 'gone', sessionId: 'ses_gone' }))
  await store(holding(['mine'], { id: 'ses_another' }))
  assert.deepEqual((await keysAt(at(60))).toSorted(), ['mine', 'purged'])
})

test('a submission keeps what it was given, stored session or not; what it does not name is an orphan', async () => {
  await holdReservation(pool, slot('kept'))
  await holdReservation(pool, slot('given-up'))
  await holdReservation(pool, slot('stateless', { token: '', sessionId: 'ses_unstored' }))
  await store(holding(['kept'], { submissionId: 'sub_1' }))
  await submit('ses_token', ['kept'])
  await submit('ses_unstored', ['stateless'])
  assert.deepEqual(await keysAt(at(60)), ['given-up'])
  assert.deepEqual(await kept(), ['given-up'])
})

test('a finished session whose form repeated an earlier one keeps nothing, and neither does a form opened after its end', async () => {
  await holdReservation(pool, slot('repeat'))
  await store(holding(['repeat'], { submissionId: 'sub_of_another' }))
  await holdReservation(pool, slot('late', { token: 'late', sessionId: 'ses_late' }))
  await submit('ses_late', ['late'], 'expired')
  await holdReservation(pool, slot('escalated', { token: 'person', sessionId: 'ses_person' }))
  await submit('ses_person', ['escalated'], 'handed_over')
  assert.deepEqual((await keysAt(at(60))).toSorted(), ['late', 'repeat'])
  assert.deepEqual(await kept(), ['late', 'repeat'])
})

test('holding the same again begins its minute anew', async () => {
  await holdReservation(pool, slot('twice'))
  assert.equal(await holdReservation(pool, slot('twice', { reservedAt: at(50), parameters: { slot: 10 } })), true)
  assert.deepEqual(await claim(at(60)), [])
  assert.deepEqual(
    (await claim(at(110))).map(({ parameters, reservedAt }) => ({ parameters, reservedAt })),
    [{ parameters: { slot: 10 }, reservedAt: at(50) }],
  )
})

test('what is being given back cannot be held again until that has ended, for then the source might forget it', async () => {
  await holdReservation(pool, slot('mine'))
  const [orphan] = await claim(at(60))
  assert.ok(orphan)
  assert.equal(await holdReservation(pool, slot('mine', { reservedAt: at(61) })), false)
  await keepReservation(pool, orphan, at(600))
  assert.equal(await holdReservation(pool, slot('mine', { reservedAt: at(62) })), true)
  // Whoever had claimed it comes too late to forget it.
  await forgetReservation(pool, orphan)
  assert.deepEqual(await kept(), ['mine'])
  const [again] = await claim(at(122))
  assert.equal(again?.tries, 1)
})

test('a process that dies while it gives something back leaves it to the next after half a minute', async () => {
  await holdReservation(pool, slot('mine'))
  assert.equal((await claim(at(60))).length, 1)
  assert.deepEqual(await claim(at(89)), [])
  assert.equal(await holdReservation(pool, slot('other', { reservedAt: at(90) })), true)
  const [again] = await claim(at(90))
  assert.deepEqual([again?.key, again?.tries], ['mine', 2])
})

test('an orphan that was given back is forgotten, one that was not waits for its next try', async () => {
  await holdReservation(pool, slot('a'))
  await holdReservation(pool, slot('b'))
  const [first, second] = (await claim(at(60))).toSorted((one, other) => one.key.localeCompare(other.key))
  assert.ok(first && second)
  await forgetReservation(pool, first)
  await keepReservation(pool, second, at(75))
  assert.deepEqual(await kept(), ['b'])
  assert.deepEqual(await claim(at(74)), [])
  const [again] = await claim(at(75))
  assert.deepEqual([again?.key, again?.tries], ['b', 2])
})

test('what was never had is dropped', async () => {
  await holdReservation(pool, slot('taken'))
  await dropReservation(pool, 'taken')
  await dropReservation(pool, 'taken')
  assert.deepEqual(await kept(), [])
})

test('several processes share orphans: each goes to one, and none gets more than it asked for', async () => {
  await pool.query(
    `insert into reservations (key, flow, token, session_id, source, release, parameters, reserved_at, due_at)
     select 'key-' || n, 'lead', 'token-' || n, 'ses-' || n, 'calendar', 'give', '{}', $1, $1 from generate_series(1, 500) as n`,
    [START],
  )
  const claimed: string[] = []
  while (claimed.length < 500) {
    const rounds = await Promise.all(Array.from({ length: 4 }, () => claim(at(1), 16)))
    for (const round of rounds) assert.ok(round.length <= 16)
    const keys = rounds.flat().map(({ key }) => key)
    assert.ok(keys.length > 0)
    claimed.push(...keys)
  }
  assert.equal(new Set(claimed).size, 500)
})

test('odd letters of an answer do not keep a reservation from being written down', async () => {
  assert.equal(await holdReservation(pool, slot('odd', { parameters: { name: 'A\0na \ud83d' } })), true)
  assert.deepEqual((await claim(at(60)))[0]?.parameters, { name: 'Ana \ufffd' })
})
