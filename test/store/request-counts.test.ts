import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPool } from '../../src/store/pool.ts'
import { settleRequestCounts } from '../../src/store/request-counts.ts'
import { testDatabase } from '../support/database.ts'

const windowStart = new Date('2026-03-02T09:00:00.000Z')
const clearBefore = new Date('2026-03-02T08:59:00.000Z')

test('Each process hears the sum of the others, whole counts replace earlier ones, and old windows go', async () => {
  await using database = await testDatabase()
  const pool = createPool({ url: database.url, max: 4, name: 'test' })
  const settle = (process: string, counts: Record<string, number>, start = windowStart) =>
    settleRequestCounts(pool, { process, windowStart: start, counts: new Map(Object.entries(counts)), clearBefore })
  try {
    assert.deepEqual(await settle('one', { a: 3 }), new Map())
    assert.deepEqual(await settle('two', { a: 4, b: 1 }), new Map([['a', 3]]))
    assert.deepEqual(
      await settle('one', { a: 5 }),
      new Map([
        ['a', 4],
        ['b', 1],
      ]),
    )
    assert.deepEqual(
      await settle('three', {}),
      new Map([
        ['a', 9],
        ['b', 1],
      ]),
    )
    await settle('one', { a: 9 }, new Date('2026-03-02T08:00:00.000Z'))
    const processes = Array.from({ length: 8 }, (_, index) => `p${index}`)
    await Promise.all(processes.map((process) => settle(process, { a: 1 })))
    assert.deepEqual(
      await settle('three', {}),
      new Map([
        ['a', 17],
        ['b', 1],
      ]),
    )
    const { rows } = await pool.query('select count(*) from request_counts where window_start < $1', [clearBefore])
    assert.deepEqual(rows, [{ count: 0 }])
  } finally {
    await pool.end()
  }
})
