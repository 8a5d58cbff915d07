import pg from 'pg'
import { testDatabase } from '../../../support/database.ts'
import { type Ground, TABLES, type Words } from './ground.ts'

/** What tests write in PostgreSQL's dialect. */
export const POSTGRES_WORDS: Words = {
  sleep: 'pg_sleep(30)',
  writingFunction: `create function take_all() returns int language sql as $$ update slots set held_by = 'all' returning 1 $$;`,
  series: 'select n from generate_series(1, :many::int) as n',
  typed: ':typed::text',
  returning: ' returning id, code',
  slot4: { id: 4, code: 'slot-4' },
}

/** A database of one's own on PostgreSQL. */
export async function postgresGround(): Promise<Ground> {
  const database = await testDatabase()
  const admin = new pg.Client({ connectionString: database.url })
  await admin.connect()
  await admin.query(TABLES)
  const reader = `${new URL(database.url).pathname.slice(1)}_reader`
  await admin.query(`create role ${reader} login password 'only-reading'; grant select on slots to ${reader}`)
  const readerUrl = new URL(database.url)
  readerUrl.username = reader
  readerUrl.password = 'only-reading'
  const others = 'from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()'
  return {
    url: database.url,
    readerUrl: readerUrl.href,
    run: async (statements) => {
      const results: unknown = await admin.query(statements)
      return ((Array.isArray(results) ? results.at(-1) : results) as pg.QueryResult).rows
    },
    async running(words) {
      const text = `select count(*)::int as many ${others} and state = 'active' and position($1 in query) > 0`
      const { rows } = await admin.query<{ many: number }>(text, [words])
      return rows[0]?.many ?? Number.NaN
    },
    async killConnections() {
      await admin.query(`select pg_terminate_backend(pid) ${others}`)
    },
    async lockSlot(id) {
      const locking = new pg.Client({ connectionString: database.url })
      await locking.connect()
      await locking.query('begin')
      await locking.query('select from slots where id = $1 for update', [id])
      return () => locking.end()
    },
    async [Symbol.asyncDispose]() {
      await admin.query(`drop owned by ${reader}; drop role ${reader}`)
      await admin.end()
      await database[Symbol.asyncDispose]()
    },
  }
}
