import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPool } from '../../src/store/pool.ts'
import { createPurge } from '../../src/store/purge.ts'
import { testClock } from '../support/clock.ts'
import { testDatabase } from '../support/database.ts'

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
