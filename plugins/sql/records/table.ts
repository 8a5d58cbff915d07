/** What can stand in a column, as far as it decides what is written there. */
export type ColumnKind =
  | 'text'
  | 'integer'
  | 'number'
  | 'boolean'
  | 'date'
  /** With a zone of its own. */
  | 'instant'
  | 'datetime'
  | 'json'
  | 'list'
  | 'choice'
  | 'choices'
  | 'uuid'
  | 'bits'
  /** Bytes that are given as base64, as they are read; a mapping gives text. */
  | 'base64'
  | 'other'

/** A column as it is in the database now. */
export interface Column {
  readonly name: string
  /** What its owner wrote about it, else its name. */
  readonly label: string
  readonly kind: ColumnKind
  readonly nullable: boolean
  /** The database puts something there by itself where nothing is given. */
  readonly filled: boolean
  /** The database alone decides what stands there. */
  readonly fixed: boolean
  /** In characters. */
  readonly maxLength?: number
  readonly options?: readonly string[]
  /** Of whole numbers. */
  readonly bits?: number
  readonly unsigned?: boolean
  /** Whether it holds bytes, which are read as base64. */
  readonly bytes?: boolean
  /** What the account may do with it. */
  readonly rights: readonly Right[]
  /** The column whose values these are. */
  readonly refersTo?: { readonly schema: string; readonly table: string; readonly column: string }
}

/** What an account can be allowed to do with a column. */
export type Right = 'select' | 'insert' | 'update'

/** Columns that no two rows have the same values in, where none of them is NULL. */
export interface UniqueKey {
  readonly name: string
  readonly columns: readonly string[]
  readonly primary: boolean
}

/** A table as it is in the database now. Its names are the database's own, never those that somebody asked for. */
export interface Table {
  readonly schema: string
  readonly name: string
  readonly label: string
  readonly columns: ReadonlyMap<string, Column>
  readonly keys: readonly UniqueKey[]
}

/** Whether a table that was read twice was the same both times. */
export function isSame(one: Table, other: Table): boolean {
  const written = (table: Table) => JSON.stringify({ ...table, columns: [...table.columns] })
  return written(one) === written(other)
}

/** Whether a unique index holds these columns and no others, in whatever order. */
export function isUnique(table: Table, columns: readonly string[]): boolean {
  const wanted = new Set(columns)
  return table.keys.some(({ columns: held }) => held.length === wanted.size && held.every((name) => wanted.has(name)))
}

/** The one column of the primary key; `undefined` where it has several, or there is none. */
export function primaryColumn(table: Table): string | undefined {
  const [only, ...others] = table.keys.find(({ primary }) => primary)?.columns ?? []
  return others.length === 0 ? only : undefined
}
