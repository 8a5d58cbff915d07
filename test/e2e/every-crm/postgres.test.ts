import pg from 'pg'
import { testDatabase } from '../../support/database.ts'
import { databaseLine } from '../../support/database-line.ts'
import { onceTests } from './once.ts'
import { type SqlWorld, sqlCrm, tables } from './sql-crm.ts'

/** Sequences keep their numbers when a transaction is undone, so the trigger strikes once. */
const TRIGGER = `
  create sequence deadlocked;
  create sequence terminated;
  create function strike() returns trigger language plpgsql as $$
  begin
    if new.name = 'Deadlocked' and nextval('deadlocked') = 1 then
      raise exception 'deadlock detected' using errcode = '40P01';
    end if;
    if new.name = 'Terminated' and nextval('terminated') = 1 then
      perform pg_terminate_backend(pg_backend_pid());
    end if;
    return new;
  end $$;
  create trigger strike before insert on contacts for each row execute function strike();
`

async function start(): Promise<SqlWorld> {
  const database = await testDatabase()
  const admin = new pg.Client({ connectionString: database.url })
  await admin.connect()
  for (const statement of tables('integer generated always as identity')) await admin.query(statement)
  await admin.query(TRIGGER)
  const line = await databaseLine(database.url)
  const others: pg.Client[] = []
  const strikes = async (sequence: string) => {
    const { rows } = await admin.query<{ tries: number }>(
      `select last_value::int as tries from ${sequence} where is_called`,
    )
    return (rows[0]?.tries ?? 0) - 1
  }
  return {
    line,
    run: async (statement) => (await admin.query(statement)).rows,
    async other() {
      const client = new pg.Client({ connectionString: database.url })
      others.push(client)
      await client.connect()
      await client.query('begin')
      return {
        run: async (statement) => {
          await client.query(statement)
        },
        commit: async () => {
          await client.query('commit')
        },
      }
    },
    async waiting() {
      const { rows } = await admin.query<{ waiting: number }>(
        `select count(*)::int as waiting from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      )
      return rows[0]?.waiting ?? 0
    },
    deadlocks: () => strikes('deadlocked'),
    async [Symbol.asyncDispose]() {
      await Promise.all([...others, admin].map((client) => client.end()))
      await line[Symbol.asyncDispose]()
      await database[Symbol.asyncDispose]()
    },
  }
}

onceTests(
  sqlCrm({
    name: 'SQL on PostgreSQL',
    start,
    troubles: [
      {
        name: 'Terminated',
        what: 'the server ends the connection in the middle',
        arrange: (world) => async () => {
          const [row] = await world.run('select last_value::int as tries from terminated where is_called')
          return Number(row?.['tries']) - 1
        },
      },
    ],
  }),
)
