import pg from 'pg'
import type { Log } from '../log.ts'

/** A statement with its values. */
export interface Statement {
  readonly text: string
  readonly values?: unknown[]
  /** The server parses it once per connection under this name; left out behind a pooler, where the next one may be another's. */
  readonly name?: string
  /** Milliseconds until the client gives up, in place of the pool's. */
  readonly query_timeout?: number
}

/** What every function of the store asks for: a pool where a statement stands alone, a client inside a transaction. */
export interface Sql {
  query<Row extends pg.QueryResultRow>(statement: string | Statement, values?: unknown[]): Promise<pg.QueryResult<Row>>
}

export interface PoolOptions {
  readonly url: string
  /** Connections at most. */
  readonly max: number
  /** Seen by the operator in `pg_stat_activity`, after `flowgate-`. */
  readonly name: string
  /** A statement that takes longer is ended. Default 10,000. */
  readonly statementTimeoutMs?: number
  /**
   * `url` leads to a pooler in transaction mode, such as PgBouncer: it refuses settings at the start of a connection, so
   * only the client watches the time, and statements have no names.
   */
  readonly pooled?: boolean
  /** Hears of connections that broke while idle. */
  readonly log?: Log
}

const { builtins } = pg.types

/** Connections to PostgreSQL. `int8` (and so `count(*)`) is read as a number, exact up to 2⁵³. A broken idle connection is replaced, never fatal. */
export function createPool(options: PoolOptions): pg.Pool {
  const { url, max, name, statementTimeoutMs = 10_000, pooled = false, log } = options
  const pool = new pg.Pool({
    connectionString: url,
    max,
    application_name: `flowgate-${name}`,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    ...(pooled ? {} : { statement_timeout: statementTimeoutMs, idle_in_transaction_session_timeout: 30_000 }),
    // The client gives up a little later than the server: only a connection that died silently gets here.
    query_timeout: statementTimeoutMs === 0 ? 0 : statementTimeoutMs + 2_000,
    types: { getTypeParser },
  })
  // Without listeners a connection that breaks would end the process: one that is lent out tells only its borrower …
  pool.on('connect', (client) => client.on('error', () => {}))
  if (pooled) pool.on('connect', leaveNamesOut)
  // … whose statement rejects, and one that is idle tells the pool.
  pool.on('error', (error) => log?.warn({ error, pool: name }, 'connection.broken'))
  return pool
}

/** Lets a connection's statements go out without their names. */
function leaveNamesOut(client: pg.PoolClient): void {
  const { query } = client
  const unnamed = (statement: unknown, ...more: unknown[]): unknown =>
    Reflect.apply(query, client, [isNamed(statement) ? { ...statement, name: undefined } : statement, ...more])
  Object.assign(client, { query: unnamed })
}

function isNamed(statement: unknown): statement is Statement {
  if (typeof statement !== 'object' || statement === null) return false
  return Object.hasOwn(statement, 'name') && Object.getPrototypeOf(statement) === Object.prototype
}

function getTypeParser(type: number, format?: 'text' | 'binary') {
  if (type === builtins.INT8 && format !== 'binary') return Number
  return format === 'binary' ? pg.types.getTypeParser(type, 'binary') : pg.types.getTypeParser(type, 'text')
}

/**
 * Runs `work` in one READ COMMITTED transaction: committed when it resolves, rolled back when it rejects.
 * Rejects with the error of `work`, or with that of the commit, after which nobody can say whether it took place.
 */
export async function inTransaction<Result>(
  pool: pg.Pool,
  work: (sql: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect()
  let broken = false
  try {
    await client.query('begin')
    const result = await work(client)
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback').catch(() => {
      broken = true
    })
    throw error
  } finally {
    client.release(broken)
  }
}
