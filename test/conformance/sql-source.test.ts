import { type SourceStage, sourceConformance } from 'flowgate/plugin/testing'
import pg from 'pg'
import type { SqlSourceConfig } from '../../plugins/sql/queries/settings.ts'
import plugin from '../../plugins/sql/source.ts'
import { testDatabase } from '../support/database.ts'
import { postgresLine } from './postgres-line.ts'

// PostgreSQL has no limit that says how long to wait.
sourceConformance({ name: 'sql-source', plugin, stage: sqlStage, without: ['rate limits'] })

const REFUSED_PASSWORD = 'refused-0815'

const QUERIES = `
-- name: member
select number, name from members where number = :number

-- name: hold (reserve)
update slots set holder = :key where slot = :slot and (holder is null or holder = :key) returning slot

-- name: free (release)
update slots set holder = null where slot = :slot and holder = :key
`

/** Ten members and five slots in a database of one's own, reached by a line that can be cut. */
async function sqlStage(): Promise<SourceStage<SqlSourceConfig>> {
  const database = await testDatabase()
  const admin = new pg.Client({ connectionString: database.url })
  const blocker = new pg.Client({ connectionString: database.url })
  await Promise.all([admin.connect(), blocker.connect()])
  await admin.query(`
    create table members as
      select 'M-' || n as number, 'Member ' || n as name from generate_series(0, 9) as n;
    create table slots as select 'slot-' || n as slot, null::text as holder from generate_series(0, 4) as n;
  `)
  const line = await postgresLine(database.url)
  const { password } = new URL(line.url)
  const settings = (url: string): SqlSourceConfig => ({ url, queries: 'queries.sql', writes: true })
  const refused = new URL(line.url)
  refused.password = REFUSED_PASSWORD

  /** Statements of the plugin that wait for the lock of `hang`. */
  const waiting = async () => {
    const { rows } = await admin.query<{ waiting: number }>(
      `select count(*)::int as waiting from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock' and query like '%members%'`,
    )
    return rows[0]?.waiting ?? 0
  }
  let hanging = false

  return {
    config: settings(line.url),
    refusedConfig: settings(refused.href),
    secrets: [decodeURIComponent(password), REFUSED_PASSWORD, 'M-0', 'M-1', 'M-2'],
    context: { readFile: async () => QUERIES },
    known: (index) => ({
      query: 'member',
      parameters: { number: `M-${index}` },
      answer: [{ number: `M-${index}`, name: `Member ${index}` }],
    }),
    nothing: { query: 'member', parameters: { number: 'M-10' } },
    trouble: {
      asked: async () => (hanging ? waiting() : line.connections()),
      unavailable: () => line.cut(),
      async hang() {
        hanging = true
        await blocker.query('begin; lock table members in access exclusive mode')
      },
      aborted: async () => (await waiting()) === 0,
    },
    reservations: {
      reserve: 'hold',
      release: 'free',
      parameters: (index) => ({ slot: `slot-${index}` }),
      async held(index) {
        const held = 'select 1 from slots where slot = $1 and holder is not null'
        return (await admin.query(held, [`slot-${index}`])).rows.length
      },
      loseReply: () => line.loseCommit(),
    },
    async [Symbol.asyncDispose]() {
      await line.close()
      await Promise.all([admin.end(), blocker.end()])
      await database[Symbol.asyncDispose]()
    },
  }
}
