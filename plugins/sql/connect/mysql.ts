import type { JsonObject } from 'flowgate/plugin'
import mysql, { type FieldPacket, type PoolConnection, type PoolOptions, type ResultSetHeader } from 'mysql2'
import type { Connecting, Manners } from './connecting.ts'
import type { Bound, Database, Outcome, Work } from './database.ts'
import { mysqlClash, mysqlTrouble } from './mysql-trouble.ts'
import { fromMysql, toMysql } from './mysql-values.ts'
import { Rows, TooManyRows } from './rows.ts'
import { type Lent, transact } from './transaction.ts'
import { brokenConnection, type Trouble } from './trouble.ts'

/** Limits on the server, each in a comment that only servers execute which know it: MariaDB's, then MySQL's. */
const limits = ({ statementMs }: Manners) => `set session innodb_lock_wait_timeout = ${Math.ceil(statementMs / 1_000)} \
/*M!100101 , max_statement_time = ${statementMs / 1_000} */ \
/*!50708 , max_execution_time = ${statementMs} */`

const STRICT = "set session sql_mode = concat(@@session.sql_mode, ',STRICT_ALL_TABLES'), time_zone = '+00:00'"

/** What the driver says in words of its own. */
const KNOWN: Partial<Record<string, Trouble['kind']>> = {
  HANDSHAKE_NO_SSL_SUPPORT: 'tls',
  HANDSHAKE_SSL_ERROR: 'tls',
  AUTH_SWITCH_PLUGIN_ERROR: 'login',
}

/** MySQL and MariaDB. Connects when first asked. */
export class Mysql implements Database {
  readonly #options: PoolOptions
  readonly #readers: mysql.Pool
  readonly #writers: mysql.Pool
  #closed: Promise<void> | undefined

  constructor({ server, connections, connectWithinMs, tls, program, ...manners }: Connecting) {
    this.#options = {
      host: server.host,
      port: server.port,
      user: server.account,
      password: server.password,
      database: server.database,
      connectAttributes: { program_name: program },
      connectTimeout: connectWithinMs,
      dateStrings: true,
      supportBigNumbers: true,
      rowsAsArray: true,
      // FOUND_ROWS: an update that finds its row as it should be counts it, so that a repeated reservation is held.
      flags: ['-LOCAL_FILES', 'FOUND_ROWS'],
      ...(tls === undefined
        ? {}
        : {
            ssl: {
              rejectUnauthorized: tls.verify,
              verifyIdentity: tls.verify,
              ...(tls.ca === undefined ? {} : { ca: tls.ca }),
            },
          }),
    }
    const pool = () => {
      const made = mysql.createPool({
        ...this.#options,
        connectionLimit: connections,
        maxIdle: Math.max(1, connections - 1),
        idleTimeout: 30_000,
      })
      made.on('connection', (connection: PoolConnection) => {
        // Without a listener a connection that breaks would end the process; whoever borrowed it listens as well.
        connection.on('error', () => {})
        connection.query(limits(manners), () => {})
        if (!manners.strict) return
        connection.query(STRICT, (error) => {
          if (error) connection.destroy()
        })
      })
      return made
    }
    this.#readers = pool()
    this.#writers = pool()
  }

  async account(signal: AbortSignal): Promise<string> {
    const text = 'select current_user() as account, database() as name'
    const { rows } = await this.read((run) => run({ text, values: [] }), signal)
    const account = String(rows[0]?.['account']).replace(/@.*$/, '')
    return `${account}@${rows[0]?.['name']} on ${this.#options.host}:${this.#options.port}`
  }

  read<Result>(work: Work<Result>, signal: AbortSignal): Promise<Result> {
    return this.#run(this.#readers, 'start transaction read only', work, signal, false)
  }

  write<Result>(work: Work<Result>, signal: AbortSignal): Promise<Result> {
    return this.#run(this.#writers, 'start transaction', work, signal, true)
  }

  clash(error: unknown): string | undefined {
    return mysqlClash(error)
  }

  close(): Promise<void> {
    this.#closed ??= Promise.all([ended(this.#readers), ended(this.#writers)]).then(() => {})
    return this.#closed
  }

  async #run<Result>(pool: mysql.Pool, begin: string, work: Work<Result>, signal: AbortSignal, kept: boolean) {
    const lending = new Promise<Lent>((resolve, reject) => {
      pool.getConnection((error, connection) => {
        if (error) reject(told(error))
        else resolve(new LentConnection(connection, begin, (thread) => this.#kill(thread)))
      })
    })
    return transact(lending, work, signal, kept)
  }

  /** Ends what still runs for a connection that was given up. Best effort: the server ends it by itself a little later. */
  #kill(thread: number): void {
    const connection = mysql.createConnection(this.#options)
    connection.on('error', () => connection.destroy())
    connection.query(`kill ${thread}`, () => connection.destroy())
  }
}

class LentConnection implements Lent {
  readonly #connection: PoolConnection
  readonly #begin: string
  readonly #kill: (thread: number) => void

  constructor(connection: PoolConnection, begin: string, kill: (thread: number) => void) {
    this.#connection = connection
    this.#begin = begin
    this.#kill = kill
  }

  begin(): Promise<void> {
    return this.#say(this.#begin)
  }

  /** Rows are taken one by one, to stop in time. */
  run({ text, values }: Bound): Promise<Outcome> {
    const connection = this.#connection
    return new Promise<Outcome>((resolve, reject) => {
      const rows = new Rows()
      let columns: readonly FieldPacket[] | undefined
      let affected = 0
      // A connection that breaks tells itself only, not the statement that was on it.
      const broken = (error: unknown) => reject(told(error))
      connection.once('error', broken)
      const running = connection.execute(text, values.map(toMysql))
      running.on('fields', (fields: unknown) => {
        columns = Array.isArray(fields) ? fields : undefined
      })
      running.on('result', (result: unknown) => {
        if (columns === undefined) affected = (result as ResultSetHeader).affectedRows
        else if (!rows.take(rowOf(columns, result))) reject(new TooManyRows())
      })
      running.on('error', broken)
      running.on('end', () => {
        connection.removeListener('error', broken)
        resolve({ rows: rows.taken, affected: columns === undefined ? affected : rows.taken.length })
      })
    })
  }

  commit(): Promise<void> {
    return this.#say('commit')
  }

  rollback(): Promise<void> {
    return this.#say('rollback')
  }

  release(): void {
    this.#connection.release()
  }

  drop(running: boolean): void {
    const { threadId } = this.#connection
    this.#connection.destroy()
    // mysql2 closes its half alone: a server that hangs would keep the socket for minutes.
    const { stream } = this.#connection as { readonly stream?: { destroy?(): void } }
    stream?.destroy?.()
    if (running) this.#kill(threadId)
  }

  #say(statement: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#connection.query(statement, (error) => (error ? reject(told(error)) : resolve()))
    })
  }
}

/** What the server said as it is, and everything else as the end of a connection. */
function told(error: unknown): unknown {
  return mysqlTrouble(error) === undefined ? brokenConnection(error, KNOWN) : error
}

function rowOf(columns: readonly FieldPacket[], values: unknown): JsonObject {
  const row = values as readonly unknown[]
  return Object.fromEntries(columns.map((column, index) => [column.name, fromMysql(row[index], column)]))
}

function ended(pool: mysql.Pool): Promise<void> {
  return new Promise((resolve) => {
    pool.end(() => resolve())
  })
}
