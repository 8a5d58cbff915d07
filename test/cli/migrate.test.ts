import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPool } from '../../src/store/pool.ts'
import { testDatabase } from '../support/database.ts'
import { run } from './terminal.ts'

test('migrate makes every table of an empty database, and a second time changes nothing', async () => {
  await using database = await testDatabase()
  const pool = createPool({ url: database.url, max: 1, name: 'test' })
  try {
    await pool.query('drop schema public cascade; drop schema pgboss cascade; create schema public')
    const env = { DATABASE_URL: database.url }
    const first = await run(['migrate', '--json'], env)
    assert.equal(first.code, 0, first.err)
    assert.ok(JSON.parse(first.out).applied >= 1)
    const { rows } = await pool.query(`select to_regclass('deliveries') as ours, to_regclass('pgboss.job') as queue`)
    assert.deepEqual(rows, [{ ours: 'deliveries', queue: 'pgboss.job' }])
    const second = await run(['migrate'], env)
    assert.deepEqual([second.code, second.out], [0, 'The tables are up to date.\n'])
  } finally {
    await pool.end()
  }
})
