import type { PluginLog } from 'flowgate/plugin'
import pg from 'pg'
import type { Connecting, Manners } from './connecting.ts'
import type { Bound, Database, Outcome, Work } from './database.ts'
import { postgresClash } from './postgres-trouble.ts'
import { getTypeParser, toPostgres } from './postgres-values.ts'
import { Rows, TooManyRows } from './rows.ts'
import { type Lent, transact } from './transaction.ts'
import { brokenConnection, type Trouble } from './trouble.ts'

/**
 * Everything a statement needs is said in its own transaction, so that nothing of one call is left for the next, and a
 * pooler in between changes nothing. The process's number on the server is asked for to end it by.
 */
const begin = ({ statementMs, strict }: Manners, mode: 'read only' | 'read write') =>
  [
    `begin isolation level read committed ${mode}`,
    `set local statement_timeout = '${statementMs}ms'`,
    `set local idle_in_transaction_session_timeout = '${2 * statementMs}ms'`,
    "set local datestyle = 'ISO'",
    "set local bytea_output = 'hex'",
    'set local standard_conforming_strings = on',
    ...(strict ? ["set local timezone = 'UTC'"] : []),
    'select pg_backend_pid() as process',
  ].join('; ')

/** What the driver says in words of its own. */
const KNOWN: Partial<Record<string, Trouble['kind']>> = {
  'does not support SSL': 'tls',
  'establishing an SSL connection': 'tls',
  'SASL:': 'login',
  'timeout exceeded when trying to connect': 'crowded',
}

/** PostgreSQL, and what speaks its protocol. Connects when first asked. */
export class Postgres implements Database {
  readonly #options: pg.PoolConfig
  readonly #manners: Manners
  readonly #readers: pg.Pool
  readonly #writers: pg.Pool
  #closed: Promise<void> | undefined

  constructor({ server, connections, connectWithinMs, tls, program, ...manners }: Connecting, log: PluginLog) {
    this.#manners = manners
    this.#options = {
      host: server.host,
      port: server.port,
      user: server.account,
      password: server.password,
      database: server.database,
      application_name: program,
      connectionTimeoutMillis: connectWithinMs,
      idleTimeoutMillis: 30_000,
      keepAlive: true,
      types: { getTypeParser },
      ssl: tls === undefined ? false : { rejectUnauthorized: tls.verify, ca: tls.ca, host: server.host },
    }
    const pool = () => {
      const made = new pg.Pool({ ...this.#options, max: connections })
      // Without listeners a connection that breaks would end the process: one that is lent out tells its borrower as well.
      made.on('connect', (client) => client.on('error', () => {}))
      made.on('error', (error) => log.warn({ code: brokenConnection(error, KNOWN).trouble.code }, 'connection.broken'))
      return made
    }
    this.#readers = pool()
    this.#writers = pool()
  }

  async account(signal: AbortSignal): Promise<string> {
    const text = 'select current_user as account, current_database() as name'
    const { rows } = await this.read((run) => run({ text, values: [] }), signal)
    return `${rows[0]?.['account']}@${rows[0]?.['name']} on ${this.#options.host}:${this.#options.port}`
  }

  read<Result>(work: Work<Result>, signal: AbortSignal): Promise<Result> {
    return this.#run(this.#readers, begin(this.#manners, 'read only'), work, signal, false)
  }

  write<Result>(work: Work<Result>, signal: AbortSignal): Promise<Result> {
    return this.#run(this.#writers, begin(this.#manners, 'read write'), work, signal, true)
  }

  clash(error: unknown): string | undefined {
    return postgresClash(error)
  }

  close(): Promise<void> {
    this.#closed ??= Promise.all([this.#readers.end(), this.#writers.end()]).then(() => {})
    return this.#closed
  }

  async #run<Result>(pool: pg.Pool, begin: string, work: Work<Result>, signal: AbortSignal, kept: boolean) {
    const lending = pool
      .connect()
      .then((client) => new LentClient(client, begin, (process) => this.#cancel(process)), fail)
    return transact(lending, work, signal, kept)
  }

  /** Ends what still runs for a connection that was given up. Best effort: the server ends it by itself a little later. */
  async #cancel(process: number): Promise<void> {
    const client = new pg.Client(this.#options)
    client.on('error', () => {})
    try {
      await client.connect()
      await client.query('select pg_cancel_backend($1)', [process])
    } catch {
      // There is nobody to tell, and nothing else to try.
    } finally {
      await client.end().catch(() => {})
    }
  }
}

class LentClient implements Lent {
  readonly #client: pg.PoolClient
  readonly #begin: string
  readonly #cancel: (process: number) => Promise<void>
  #process: number | undefined

  constructor(client: pg.PoolClient, begin: string, cancel: (process: number) => Promise<void>) {
    this.#client = client
    this.#begin = begin
    this.#cancel = cancel
  }

  async begin(): Promise<void> {
    this.#process = processIn(await this.#client.query(this.#begin).catch(fail))
  }

  run({ text, values }: Bound): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const rows = new Rows()
      // Prepared always, also without values: the server then takes one statement and no more.
      const config = { text, values: values.map(toPostgres), queryMode: 'extended' }
      const query = this.#client.query(new pg.Query(config))
      query.on('row', (row) => {
        if (!rows.take(row)) reject(new TooManyRows())
      })
      query.on('error', (error) => reject(told(error)))
      query.on('end', ({ rowCount }) => resolve({ rows: rows.taken, affected: rowCount ?? 0 }))
    })
  }

  async commit(): Promise<void> {
    await this.#client.query('commit').catch(fail)
  }

  async rollback(): Promise<void> {
    await this.#client.query('rollback').catch(fail)
  }

  release(): void {
    this.#client.release()
  }

  drop(running: boolean): void {
    this.#client.release(true)
    if (running && this.#process !== undefined) void this.#cancel(this.#process)
  }
}

/** What the server said as it is, and everything else as the end of a connection. */
function told(error: unknown): unknown {
  return error instanceof pg.DatabaseError ? error : brokenConnection(error, KNOWN)
}

function fail(error: unknown): never {
  throw told(error)
}

/** Of the last answer to several statements. */
function processIn(results: unknown): number | undefined {
  const last: pg.QueryResult<{ process: number }> | undefined = Array.isArray(results) ? results.at(-1) : undefined
  return last?.rows[0]?.process
}
