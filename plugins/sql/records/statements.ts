import type { Json } from 'flowgate/plugin'
import type { Bound } from '../connect/database.ts'
import type { Dialect } from '../connect/dialect.ts'
import { quoted, quotedTable } from './quoted.ts'
import type { Column, Table } from './table.ts'

/** Columns of a table with what is bound for each; the names are the database's own. */
export type Values = ReadonlyMap<Column, Json>

/** The few statements this plugin makes, in one dialect: identifiers quoted, every value bound. */
export class Statements {
  readonly #dialect: Dialect

  constructor(dialect: Dialect) {
    this.#dialect = dialect
  }

  /** At most so many rows that have all these values. */
  select(table: Table, columns: readonly Column[], where: Values, limit: number): Bound {
    const places = new Places(this.#dialect)
    const wanted = columns.map(({ name }) => this.#name(name)).join(', ')
    const text = `select ${wanted} from ${this.#table(table)} where ${this.#all(where, ' and ', places)} limit ${limit}`
    return { text, values: places.values }
  }

  /** Sets columns of the rows that have these values. */
  update(table: Table, set: Values, where: Values): Bound {
    const places = new Places(this.#dialect)
    const changes = this.#all(set, ', ', places)
    const text = `update ${this.#table(table)} set ${changes} where ${this.#all(where, ' and ', places)}`
    return { text, values: places.values }
  }

  /** Adds a row. PostgreSQL adds none where the key is there; MySQL then says that two clash. */
  insert(table: Table, row: Values, key: readonly Column[]): Bound {
    const places = new Places(this.#dialect)
    const names = [...row.keys()].map(({ name }) => this.#name(name)).join(', ')
    const values = [...row].map(([column, value]) => places.next(column, value)).join(', ')
    const text = `insert into ${this.#table(table)} (${names}) values (${values})`
    if (this.#dialect === 'mysql') return { text, values: places.values }
    const unique = key.map(({ name }) => this.#name(name)).join(', ')
    return { text: `${text} on conflict (${unique}) do nothing`, values: places.values }
  }

  /** Adds a unique column for texts of at most so many characters. */
  addUniqueColumn(table: Table, column: string, length: number): string {
    return `alter table ${this.#table(table)} add column ${this.#name(column)} varchar(${length}) unique`
  }

  addUniqueIndex(table: Table, columns: readonly string[]): string {
    const name = this.#name(`${table.name}_${columns.join('_')}`.slice(0, 58).concat('_key'))
    const held = columns.map((column) => this.#name(column)).join(', ')
    return `create unique index ${name} on ${this.#table(table)} (${held})`
  }

  #all(values: Values, between: string, places: Places): string {
    return [...values]
      .map(([column, value]) => `${this.#name(column.name)} = ${places.next(column, value)}`)
      .join(between)
  }

  #name(name: string): string {
    return quoted(this.#dialect, name)
  }

  #table(table: Table): string {
    return quotedTable(this.#dialect, table)
  }
}

/** The places of one statement, and what is bound at each. */
class Places {
  readonly values: Json[] = []
  readonly #dialect: Dialect

  constructor(dialect: Dialect) {
    this.#dialect = dialect
  }

  /** MySQL takes a text for a number with fifteen digits, and for the bits of its letters: it is told what it is. */
  next({ kind, unsigned }: Column, value: Json): string {
    this.values.push(value)
    const place = this.#dialect === 'postgres' ? `$${this.values.length}` : '?'
    if (kind === 'base64') return this.#dialect === 'postgres' ? `decode(${place}, 'base64')` : `from_base64(${place})`
    if (this.#dialect === 'postgres') return place
    if (kind === 'bits') return 'cast(? as unsigned)'
    return kind === 'integer' ? `cast(? as ${unsigned === true ? 'unsigned' : 'signed'})` : '?'
  }
}
