import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createLog } from '../../src/log.ts'
import { createPool, inTransaction } from '../../src/store/pool.ts'
import { testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'

describe('pool', () => {
  it('reads int8 and count(*) as numbers, and says in the server who it is', async () => {
    await using database = await testDatabase()
    const pool = createPool({ url: database.url, max: 1, name: 'web' })
    const { rows } = await pool.query(
      `select count(*) as count, 9007199254740991::int8 as big, current_setting('application_name') as name`,
    )
    assert.deepEqual(rows, [{ count: 1, big: 9007199254740991, name: 'flowgate-web' }])
    await pool.end()
  })

  it('outlives the loss of an idle connection, tells of it and opens another', async () => {
    await using database = await testDatabase()
    const lines: string[] = []
    const log = createLog({ level: 'warn', destination: { write: (line) => lines.push(line) } })
    const pool = createPool({ url: database.url, max: 1, name: 'web', log })
    const other = createPool({ url: database.url, max: 1, name: 'operator' })
    const { rows } = await pool.query('select pg_backend_pid() as pid')
    await other.query('select pg_terminate_backend($1)', [rows[0].pid])
    await eventually(() => lines.some((line) => line.includes('connection.broken')))
    const again = await pool.query('select pg_backend_pid() as pid')
    assert.notEqual(again.rows[0].pid, rows[0].pid)
    await Promise.all([pool.end(), other.end()])
  })

  it('ends a statement that takes longer than it may', async () => {
    await using database = await testDatabase()
    const pool = createPool({ url: database.url, max: 1, name: 'web', statementTimeoutMs: 1_000 })
    await assert.rejects(pool.query('select pg_sleep(30)'), { code: '57014' })
    assert.equal((await pool.query('select 1 as one')).rows[0].one, 1)
    await pool.end()
  })

  it('says within seconds that a server cannot be reached', async () => {
    const pool = createPool({ url: 'postgres://nobody:none@127.0.0.1:1/none', max: 1, name: 'web' })
    await assert.rejects(pool.query('select 1'), { code: 'ECONNREFUSED' })
    await pool.end()
  })
})

describe('inTransaction', () => {
  it('commits what the work did, and rolls all of it back when the work rejects', async () => {
    await using database = await testDatabase()
    const pool = createPool({ url: database.url, max: 1, name: 'web' })
    await pool.query('create table noted (what text primary key)')
    const result = await inTransaction(pool, async (sql) => {
      await sql.query('insert into noted values ($1)', ['kept'])
      return 'done'
    })
    assert.equal(result, 'done')
    const failing = inTransaction(pool, async (sql) => {
      await sql.query('insert into noted values ($1)', ['dropped'])
      throw new Error('changed my mind')
    })
    await assert.rejects(failing, /changed my mind/)
    assert.deepEqual((await pool.query('select what from noted')).rows, [{ what: 'kept' }])
    await pool.end()
  })

  it('gives the connection back after any error, also one that killed the connection', async () => {
    await using database = await testDatabase()
    const pool = createPool({ url: database.url, max: 1, name: 'web' })
    await assert.rejects(
      inTransaction(pool, (sql) => sql.query('select from nowhere')),
      { code: '42P01' },
    )
    await assert.rejects(inTransaction(pool, (sql) => sql.query('select pg_terminate_backend(pg_backend_pid())')))
    assert.equal(await inTransaction(pool, async (sql) => (await sql.query('select 7 as seven')).rows[0]?.['seven']), 7)
    await pool.end()
  })

  it('asks nothing of a session behind a pooler: no settings at its start, no statement kept under a name', async () => {
    await using database = await testDatabase()
    for (const pooled of [true, false]) {
      const pool = createPool({ url: database.url, max: 1, name: 'test', pooled })
      const statement = { name: 'kept', text: 'select $1::int as n', values: [7] }
      assert.deepEqual((await pool.query(statement)).rows, [{ n: 7 }])
      await inTransaction(pool, async (sql) => assert.deepEqual((await sql.query(statement)).rows, [{ n: 7 }]))
      const { rows } = await pool.query(
        `select current_setting('statement_timeout') as statement, current_setting('idle_in_transaction_session_timeout') as idle,
           (select count(*) from pg_prepared_statements) as kept`,
      )
      assert.deepEqual(rows, [
        pooled ? { statement: '0', idle: '0', kept: 0 } : { statement: '10s', idle: '30s', kept: 1 },
      ])
      await pool.end()
    }
  })
})
