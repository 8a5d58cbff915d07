import type { Json } from 'flowgate/plugin'
import type { Dialect } from '../connect/dialect.ts'
import { columnValue } from './column-value.ts'
import { notPrepared, refused } from './failure.ts'
import type { TableSettings } from './settings.ts'
import type { Values } from './statements.ts'
import { type Column, isUnique, primaryColumn, type Table } from './table.ts'

/** A table with what the operator says of it, as mappings address it. Throws FailureErrors for what does not fit. */
export class DestinationTable {
  /** As mappings name it. */
  readonly object: string
  readonly table: Table
  readonly settings: TableSettings
  readonly #dialect: Dialect

  constructor(object: string, table: Table, settings: TableSettings, dialect: Dialect) {
    this.object = object
    this.table = table
    this.settings = settings
    this.#dialect = dialect
  }

  /** The column that names a row. */
  get id(): Column {
    const name = this.settings.id ?? primaryColumn(this.table)
    if (name === undefined) {
      throw notPrepared(
        `The table ${this.object} has no primary key of one column, and \`id\` of \`tables\` names none.`,
      )
    }
    const column = this.#held(name, '`id`')
    if (!isUnique(this.table, [name])) throw notPrepared(`The column ${name} of ${this.object} has no unique index.`)
    return column
  }

  /** The column that holds what a create is found again by. */
  get submission(): Column {
    const name = this.settings.submissionColumn
    const column = this.table.columns.get(name)
    if (column !== undefined && isUnique(this.table, [name])) return column
    throw notPrepared(
      `The table ${this.object} has no unique column ${name}, without which a create could happen twice.`,
    )
  }

  /** The columns that an upsert with this `match` finds its row by. */
  key(match: string | undefined): readonly Column[] {
    const names = this.settings.key ?? (match === undefined ? [] : [match])
    if (match === undefined || !names.includes(match)) {
      const message = `The mapping of ${this.object} matches by ${match ?? 'nothing'}, and its rows are found by ${names.join(', ')}. Correct one of them.`
      throw refused('FG_SQL_KEY', message, match === undefined ? [] : [match])
    }
    this.known(names)
    if (!isUnique(this.table, names)) {
      throw notPrepared(`The table ${this.object} has no unique index of exactly ${names.join(', ')}.`)
    }
    return names.map((name) => this.#held(name, 'the mapping'))
  }

  /** Throws where one of these is no column of the table. */
  known(names: readonly string[]): void {
    const unknown = names.filter((name) => !this.table.columns.has(name))
    if (unknown.length === 0) return
    const message = `The table ${this.object} has no column ${unknown.map(cut).join(', ')}. Correct the mapping or the table, then replay.`
    throw refused('FG_SQL_COLUMN', message, unknown)
  }

  /** Columns by the names that a look-up wants. */
  columns(names: readonly string[]): readonly Column[] {
    this.known(names)
    return names.map((name) => this.#held(name, 'the mapping'))
  }

  /** What is bound for these fields, and for ids of linked rows by the columns that refer to them. */
  values(given: Readonly<Record<string, Json>>, links: Readonly<Record<string, Json>> = {}): Values {
    const fields = { ...given, ...links }
    const names = Object.keys(fields)
    this.known(names)
    const fixed = names.filter((name) => this.table.columns.get(name)?.fixed)
    if (fixed.length > 0) {
      const message = `${fixed.join(', ')} of ${this.object} is made by the database itself: take it out of the mapping.`
      throw refused('FG_SQL_COLUMN', message, fixed)
    }
    const values = new Map<Column, Json>()
    const faults: { readonly name: string; readonly why: string }[] = []
    for (const column of this.columns(names)) {
      const made = columnValue(fields[column.name] ?? null, column, this.#dialect)
      if ('bound' in made) values.set(Object.hasOwn(links, column.name) ? asRead(column) : column, made.bound)
      else faults.push({ name: column.name, why: made.refused })
    }
    if (faults.length > 0) throw refusedValues(this.object, faults)
    return values
  }

  /** What is bound for a value that rows are found by; `undefined` where no row can have it. */
  wanted(column: Column, value: Json): Values | undefined {
    if (isBlank(value)) return undefined
    if (typeof value === 'string' && !value.isWellFormed()) return undefined
    const made = columnValue(value, column, this.#dialect)
    return 'bound' in made && made.bound !== null ? new Map([[asRead(column), made.bound]]) : undefined
  }

  /** The values of the key, each of which must be there: NULL equals nothing, so a blank one would add a row every time. */
  keyValues(key: readonly Column[], fields: Readonly<Record<string, Json>>): Values {
    const blank = key.filter(({ name }) => !Object.hasOwn(fields, name) || isBlank(fields[name] ?? null))
    if (blank.length > 0) {
      const names = blank.map(({ name }) => name)
      const message = `Rows of ${this.object} are found by ${names.join(', ')}, and there is no value for it. Make the field required, or match by another, then replay.`
      throw refused('FG_SQL_KEY', message, names)
    }
    const broken = key.filter(({ name }) => !isWhole(fields[name] ?? null))
    if (broken.length > 0) {
      throw refusedValues(
        this.object,
        broken.map(({ name }) => ({ name, why: 'is no text that rows can be found by' })),
      )
    }
    return this.values(Object.fromEntries(key.map(({ name }) => [name, fields[name] ?? null])))
  }

  /** The column that refers to a linked record: the one that is set, else the only foreign key to its table. */
  linkColumn(to: string, target: DestinationTable | undefined): string {
    const set = this.settings.links.get(to)
    if (set !== undefined) return set
    const columns = [...this.table.columns.values()].filter(
      ({ refersTo }) => refersTo?.table === target?.table.name && refersTo?.schema === target?.table.schema,
    )
    const [only, ...others] = target === undefined ? [] : columns
    if (only !== undefined && others.length === 0) {
      const id = target?.id.name
      if (only.refersTo?.column === id) return only.name
      // What it refers to may be a number as well: that of another row.
      const message = `${only.name} of ${this.object} refers to ${only.refersTo?.column} of ${cut(to)}, whose rows are named by ${id}: name a column that holds ${id} in \`links\` of \`tables\`, or name its rows by ${only.refersTo?.column} with \`id\`, then replay.`
      throw refused('FG_SQL_LINK', message)
    }
    const found = only === undefined ? 'no foreign key' : 'several foreign keys'
    const message = `The table ${this.object} has ${found} to ${cut(to)}: name its column in \`links\` of \`tables\`, then replay.`
    throw refused('FG_SQL_LINK', message)
  }

  /** Where people open a row. */
  link(id: string): string | undefined {
    return this.settings.link?.replace('{id}', encodeURIComponent(id))
  }

  #held(name: string, said: string): Column {
    const column = this.table.columns.get(name)
    if (column === undefined) throw notPrepared(`The table ${this.object} has no column ${name}, which ${said} names.`)
    return column
  }
}

function refusedValues(object: string, faults: readonly { readonly name: string; readonly why: string }[]) {
  const each = faults.map(({ name, why }) => `${name} ${why}`).join('; ')
  const message = `The table ${object} refuses what the mapping made: ${each}. Correct the mapping or the table, then replay.`
  return refused(
    'FG_SQL_VALUE',
    message,
    faults.map(({ name }) => name),
  )
}

/** The column for a value that was read from it, or from the one that it refers to. */
function asRead(column: Column): Column {
  return column.bytes === true ? { ...column, kind: 'base64' } : column
}

function isBlank(value: Json): boolean {
  return value === null || (typeof value === 'string' && value.trim() === '')
}

/** Whether it is one value, with nothing that is lost on the way to the server. */
function isWhole(value: Json): boolean {
  return typeof value === 'string' ? value.isWellFormed() : typeof value !== 'object'
}

function cut(name: string): string {
  return name.length > 64 ? `${name.slice(0, 64)}…` : name
}
