import type { Database } from '../connect/database.ts'
import type { Dialect } from '../connect/dialect.ts'
import { readMysqlTable } from './mysql-schema.ts'
import { readObjectName } from './object-name.ts'
import { readPostgresTable } from './postgres-schema.ts'
import type { Table } from './table.ts'

/** So long a table is believed to be as it was read. */
const BELIEVED_MS = 60_000

/** The tables of a database, as they are or were a moment ago. */
export class LiveSchema {
  readonly #database: Database
  readonly #dialect: Dialect
  readonly #now: () => Date
  readonly #known = new Map<string, { readonly table: Table; readonly untilMs: number }>()

  constructor(database: Database, dialect: Dialect, now: () => Date) {
    this.#database = database
    this.#dialect = dialect
    this.#now = now
  }

  /** A table as mappings name it, read now unless it was read within the last minute; `undefined` where there is none. */
  async table(object: string, signal: AbortSignal): Promise<Table | undefined> {
    const known = this.#known.get(object)
    if (known !== undefined && known.untilMs > this.#now().getTime()) return known.table
    return this.read(object, signal)
  }

  /** A table as it is now. */
  async read(object: string, signal: AbortSignal): Promise<Table | undefined> {
    this.forget(object)
    const name = readObjectName(object)
    if (name === undefined) return undefined
    const reader = this.#dialect === 'postgres' ? readPostgresTable : readMysqlTable
    const table = await this.#database.read((run) => reader(run, name), signal)
    if (table !== undefined) this.#known.set(object, { table, untilMs: this.#now().getTime() + BELIEVED_MS })
    return table
  }

  /** The next look reads it again: it turned out to be otherwise. */
  forget(object: string): void {
    this.#known.delete(object)
  }
}
