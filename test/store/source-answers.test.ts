import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPool } from '../../src/store/pool.ts'
import {
  keepSourceAnswer,
  outdateSourceAnswers,
  purgeSourceAnswers,
  readSourceAnswer,
  type SourceAnswer,
} from '../../src/store/source-answers.ts'
import { testDatabase } from '../support/database.ts'

const now = new Date('2026-03-02T09:00:00.000Z')
const later = (seconds: number) => new Date(now.getTime() + seconds * 1_000)

function answer(different: Partial<SourceAnswer> = {}): SourceAnswer {
  const times = { answeredAt: now, freshUntil: later(10), keptUntil: later(70) }
  return { source: 'calendar', key: 'monday', answer: [{ id: 'a' }], ...times, ...different }
}

test('An answer is found until it may not stand in any more, and the last one given stays', async () => {
  await using database = await testDatabase()
  const pool = createPool({ url: database.url, max: 4, name: 'test' })
  const read = (at = now, source = 'calendar', key = 'monday') =>
    readSourceAnswer(pool, { source, key, now: at }, 5_000)
  try {
    assert.equal(await read(), undefined)
    await keepSourceAnswer(pool, answer())
    assert.deepEqual(await read(later(69)), answer())
    assert.equal(await read(later(70)), undefined)
    assert.equal(await read(now, 'members'), undefined)
    assert.equal(await read(now, 'calendar', 'tuesday'), undefined)
    await keepSourceAnswer(pool, answer({ answeredAt: later(5), answer: null }))
    await keepSourceAnswer(pool, answer({ answeredAt: later(4), answer: 'late' }))
    assert.equal((await read())?.answer, null)
    await Promise.all(
      Array.from({ length: 20 }, (_, second) =>
        keepSourceAnswer(pool, answer({ answeredAt: later(second), answer: second })),
      ),
    )
    assert.equal((await read())?.answer, 19)
  } finally {
    await pool.end()
  }
})

test('Outdated answers of one source are kept and are not fresh, also when two processes outdate them while others write', async () => {
  await using database = await testDatabase()
  const pool = createPool({ url: database.url, max: 6, name: 'test' })
  const fresh = async (source: string) =>
    (await pool.query('select from source_answers where source = $1 and fresh_until > $2', [source, now])).rowCount
  try {
    for (let key = 0; key < 50; key += 1) await keepSourceAnswer(pool, answer({ key: `${key}` }))
    await keepSourceAnswer(pool, answer({ source: 'members' }))
    const rewriting = Array.from({ length: 50 }, (_, key) => keepSourceAnswer(pool, answer({ key: `${49 - key}` })))
    await Promise.all([outdateSourceAnswers(pool, 'calendar'), outdateSourceAnswers(pool, 'calendar'), ...rewriting])
    await outdateSourceAnswers(pool, 'calendar')
    assert.equal(await fresh('calendar'), 0)
    assert.equal(await fresh('members'), 1)
    const kept = await readSourceAnswer(pool, { source: 'calendar', key: '7', now }, 5_000)
    assert.deepEqual(kept, answer({ key: '7', freshUntil: new Date(0) }))
  } finally {
    await pool.end()
  }
})

test('Answers past their time are purged in rounds', async () => {
  await using database = await testDatabase()
  const pool = createPool({ url: database.url, max: 2, name: 'test' })
  try {
    await pool.query(
      `insert into source_answers (source, key, answer, answered_at, fresh_until, kept_until)
       select 'calendar', place::text, '1', $1, $1, $1 from generate_series(1, 1500) as place`,
      [now],
    )
    await keepSourceAnswer(pool, answer())
    assert.equal(await purgeSourceAnswers(pool, later(1)), true)
    assert.equal(await purgeSourceAnswers(pool, later(1)), false)
    assert.equal((await pool.query('select from source_answers')).rowCount, 1)
  } finally {
    await pool.end()
  }
})

test('A database that is held up is not waited for', async () => {
  await using database = await testDatabase()
  const pool = createPool({ url: database.url, max: 2, name: 'test' })
  const blocking = await pool.connect()
  try {
    await blocking.query('begin')
    await blocking.query('lock table source_answers in access exclusive mode')
    await assert.rejects(readSourceAnswer(pool, { source: 'calendar', key: 'monday', now }, 100), /timeout/i)
  } finally {
    await blocking.query('rollback')
    blocking.release()
    await pool.end()
  }
})
