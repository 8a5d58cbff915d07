import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPool } from '../../src/store/pool.ts'
import { createPurge } from '../../src/store/purge.ts'
import { holdReservation } from '../../src/store/reservations.ts'
import { saveSessions } from '../../src/store/sessions.ts'
import { keepSourceAnswer } from '../../src/store/source-answers.ts'
import { testClock } from '../support/clock.ts'
import { testDatabase } from '../support/database.ts'
import { aSession } from './stored-session.ts'

test('what has expired is cleared away once a minute, and at once while more is left', async () => {
  await using database = await testDatabase()
  const pool = createPool({ url: database.url, max: 2, name: 'test' })
  const clock = testClock(new Date())
  const expire = (howMany: number) =>
    pool.query(
      `insert into marks (flow, key, submission_id, until)
       select 'lead', gen_random_uuid(), 'sub_1', $1::timestamptz - interval '1 second' from generate_series(1, $2)`,
      [clock.now(), howMany],
    )
  const left = async () => (await pool.query<{ n: number }>('select count(*) as n from marks')).rows[0]?.n
  const purge = createPurge(pool, clock)
  await expire(1_500)
  await purge()
  assert.equal(await left(), 500)
  await purge()
  assert.equal(await left(), 0)
  await expire(1)
  clock.advance(59_000)
  await purge()
  assert.equal(await left(), 1)
  clock.advance(1_000)
  await purge()
  assert.equal(await left(), 0)
  await pool.end()
})

test('sessions and answers of sources go at their time; what is reserved for a session outlives it', async () => {
  await using database = await testDatabase()
  const pool = createPool({ url: database.url, max: 2, name: 'test' })
  const clock = testClock()
  const now = clock.now()
  const soon = new Date(now.getTime() + 30_000)
  const purgeAt = { old: new Date(now.getTime() - 1), young: soon }
  const writes = Object.entries(purgeAt).map(([token, at]) => aSession(token, { purgeAt: at }))
  await saveSessions(
    pool,
    writes.map((session) => ({ session, expectedRevision: 0 })),
  )
  const kept = { source: 'calendar', answer: [1], answeredAt: now, freshUntil: now }
  await keepSourceAnswer(pool, { ...kept, key: 'old', keptUntil: purgeAt.old })
  await keepSourceAnswer(pool, { ...kept, key: 'young', keptUntil: soon })
  const run = { flow: 'lead', token: 'old', sessionId: 'ses_old', source: 'calendar', release: 'give', parameters: {} }
  await holdReservation(pool, { key: 'held', ...run, reservedAt: now })
  const left = async () => {
    const { rows } = await pool.query(
      `select 'session ' || token as it from sessions union all select 'answer ' || key from source_answers
       union all select 'reservation ' || key from reservations order by it`,
    )
    return rows.map(({ it }) => it)
  }
  const purge = createPurge(pool, clock)
  await purge()
  assert.deepEqual(await left(), ['answer young', 'reservation held', 'session young'])
  clock.advance(60_000)
  await purge()
  assert.deepEqual(await left(), ['reservation held'])
  await pool.end()
})
