import { FailureError, type Json, type JsonObject, type LookUp, type Owner } from 'flowgate/plugin'
import type { Database, Outcome } from '../connect/database.ts'
import { troubleOf } from '../connect/trouble-of.ts'
import type { DestinationTable } from './destination-table.ts'
import { refused } from './failure.ts'
import type { Statements } from './statements.ts'
import type { Column } from './table.ts'

/** So many rows that fit alike are told to choose from. */
const MOST_CANDIDATES = 20

/** Reads rows for the gateway. */
export class RowFinder {
  readonly #database: Database
  readonly #statements: Statements

  constructor(database: Database, statements: Statements) {
    this.#database = database
    this.#statements = statements
  }

  /** The one row with that value, its id as `id`; `null` where there is none. */
  async find(on: DestinationTable, look: Omit<LookUp, 'object'>, signal: AbortSignal): Promise<JsonObject | null> {
    const by = look.field === 'id' ? on.id : on.columns([look.field])[0]
    const columns = on.columns(look.fields.filter((field) => field !== 'id'))
    const where = by && on.wanted(by, look.value)
    if (where === undefined) return null
    const wanted = [...new Set([on.id, ...columns])]
    const question = this.#statements.select(on.table, wanted, where, MOST_CANDIDATES)
    const { rows } = await this.#database.read((run) => run(question), signal).catch(nothingIfValue)
    const [row, ...others] = rows
    if (row === undefined) return null
    if (others.length > 0) throw ambiguous(on, look.field, rows)
    const held = columns.map((column): [string, Json] => [column.name, told(row[column.name] ?? null, column)])
    return {
      ...Object.fromEntries(held.filter(([, value]) => value !== null && value !== '')),
      id: String(row[on.id.name]),
    }
  }

  /** Who owns a row, by what its table and the table of owners say; `null` where nobody does. */
  async owner(on: DestinationTable, id: string, owners: DestinationTable | undefined, signal: AbortSignal) {
    const { owner } = on.settings
    if (owner === undefined) {
      const message = `Nothing says who owns a record of ${on.object}: set \`owner\` of its table in \`tables\`, then replay.`
      throw refused('FG_SQL_OWNER', message)
    }
    const about = [owner.email_column, owner.name_column].filter((name) => name !== undefined)
    const inRow = await this.find(
      on,
      { field: 'id', value: id, fields: [owner.column, ...(owners === undefined ? about : [])] },
      signal,
    )
    const named = inRow?.[owner.column]
    if (named === undefined || inRow === null) return null
    const said =
      owners === undefined
        ? inRow
        : await this.find(owners, { field: 'id', value: String(named), fields: about }, signal)
    return ownerFrom(String(named), textIn(said, owner.email_column), textIn(said, owner.name_column))
  }
}

/** A value that the server cannot make the column's type of is one that no row has. */
function nothingIfValue(error: unknown): Pick<Outcome, 'rows'> {
  if (troubleOf(error)?.kind === 'value') return { rows: [] }
  throw error
}

function ownerFrom(id: string, email: string | undefined, name: string | undefined): Owner {
  return { id, ...(email === undefined ? {} : { email }), ...(name === undefined ? {} : { name }) }
}

function textIn(row: JsonObject | null, column: string | undefined): string | undefined {
  const value = column === undefined ? undefined : row?.[column]
  return value === undefined ? undefined : String(value)
}

/** MySQL's booleans are numbers that mean true and false. */
function told(value: Json, { kind }: Column): Json {
  return kind === 'boolean' && (value === 0 || value === 1) ? value === 1 : value
}

function ambiguous(on: DestinationTable, field: string, rows: readonly JsonObject[]): FailureError {
  return new FailureError({
    kind: 'permanent',
    scope: 'record',
    code: 'FG_SQL_AMBIGUOUS',
    message: `Several rows of ${on.object} have the ${field} looked for, so none is chosen. Choose one, or look up by a unique column.`,
    candidates: rows.map((row) => String(row[on.id.name])),
  })
}
