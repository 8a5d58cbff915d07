import type { ObjectUse, Preparation } from 'flowgate/plugin'
import type { Database } from '../connect/database.ts'
import type { Dialect } from '../connect/dialect.ts'
import { troubleOf } from '../connect/trouble-of.ts'
import { failureOf } from './failure.ts'
import { quotedTable } from './quoted.ts'
import type { TableSettings } from './settings.ts'
import type { Statements } from './statements.ts'
import { isUnique, primaryColumn, type Right, type Table } from './table.ts'

/** Longest key of a delivery, in characters: `Call.idempotencyKey`. */
const KEY_LENGTH = 64

export interface Preparing {
  readonly database: Database
  readonly dialect: Dialect
  readonly statements: Statements
  /** The table as it is now. */
  readonly read: (object: string) => Promise<Table | undefined>
}

/** What one table needs, and the statement that brings it; `undefined` where only its owner can say how. */
interface Need {
  readonly description: string
  readonly met: (table: Table) => boolean
  readonly statement?: string
  readonly byHand?: string
}

/**
 * Says whether a table has what exactly-once needs: its columns, a unique index for each key, the submission column, rights.
 * With `apply` it runs the statements that add what is missing, one by one; what the account may not or the server will not
 * do is left to a person, with the statement.
 */
export async function prepareTable(
  preparing: Preparing,
  use: ObjectUse,
  settings: TableSettings,
  apply: boolean,
  signal: AbortSignal,
): Promise<readonly Preparation[]> {
  const table = await preparing.read(use.object)
  if (table === undefined) {
    const byHand = 'Create the table, let the account see it, or correct `object` of the mapping.'
    return [{ description: `the table ${use.object}`, done: false, byHand }]
  }
  const preparations: Preparation[] = []
  for (const need of needsOf(preparing, table, use, settings)) {
    preparations.push(await prepareOne(preparing, use.object, table, need, apply, signal))
  }
  return preparations
}

async function prepareOne(
  { database, read }: Preparing,
  object: string,
  table: Table,
  { description, met, statement, byHand }: Need,
  apply: boolean,
  signal: AbortSignal,
): Promise<Preparation> {
  if (met(table)) return { description, done: true }
  if (statement === undefined) return { description, done: false, ...(byHand === undefined ? {} : { byHand }) }
  if (!apply) return { description, done: false, byHand: `${statement};` }
  try {
    await database.write((run) => run({ text: statement, values: [] }), signal)
  } catch (error) {
    const trouble = troubleOf(error)
    if (trouble === undefined || trouble.kind === 'login' || trouble.kind === 'unreachable') throw error
    return { description, done: false, byHand: `${statement}; -- ${whyNot(database, error)}` }
  }
  const after = await read(object)
  return { description, done: after !== undefined && met(after) }
}

function whyNot(database: Database, error: unknown): string {
  if (database.clash(error) !== undefined) return 'rows of the table have the same value there: merge them first'
  const kind = troubleOf(error)?.kind
  if (kind === 'rights') return 'the account of the destination may not: run it as the owner of the table'
  if (kind === 'timeout' || kind === 'busy')
    return 'it takes longer than a statement of the destination may: run it by hand'
  return `the server refused it: ${failureOf(error)?.message ?? 'it did not say why'}`
}

function needsOf(
  { dialect, statements }: Preparing,
  table: Table,
  use: ObjectUse,
  settings: TableSettings,
): readonly Need[] {
  const { object, creates, matches, fields } = use
  const { submissionColumn, key } = settings
  const id = settings.id ?? primaryColumn(table)
  const keys = [...new Set(matches.map((match) => (key ?? [match]).join('\0')))].map((names) => names.split('\0'))
  const used = [...new Set([...fields, ...keys.flat()])].filter((name) => name !== submissionColumn || !creates)
  const missing = used.filter((name) => !table.columns.has(name))
  return [
    ...missing.map(
      (name): Need => ({
        description: `the column ${name} of ${object}`,
        met: (now) => now.columns.has(name),
        byHand: 'Add the column, or correct the mapping.',
      }),
    ),
    {
      description: `a column of ${object} that names its rows`,
      met: (now) => id !== undefined && isUnique(now, [id]),
      byHand: 'Give the table a primary key of one column, or name a unique column in `id` of `tables`.',
    },
    ...keys
      .filter((names) => names.every((name) => table.columns.has(name)))
      .map(
        (names): Need => ({
          description: `a unique index on ${object} (${names.join(', ')})`,
          met: (now) => isUnique(now, names),
          statement: statements.addUniqueIndex(table, names),
        }),
      ),
    ...(creates ? [submissionNeed(statements, table, object, submissionColumn)] : []),
    rightsNeed(dialect, table, object, {
      used,
      id,
      creates: creates ? submissionColumn : undefined,
      keys: keys.flat(),
    }),
  ]
}

function submissionNeed(statements: Statements, table: Table, object: string, column: string): Need {
  const description = `the unique column ${column} of ${object}`
  const met = (now: Table) => {
    const { maxLength = KEY_LENGTH } = now.columns.get(column) ?? {}
    return isUnique(now, [column]) && maxLength >= KEY_LENGTH
  }
  const there = table.columns.get(column)
  if (there === undefined) return { description, met, statement: statements.addUniqueColumn(table, column, KEY_LENGTH) }
  const short = there.kind !== 'text' || (there.maxLength ?? KEY_LENGTH) < KEY_LENGTH
  if (!short) return { description, met, statement: statements.addUniqueIndex(table, [column]) }
  const byHand = `The column holds no texts of ${KEY_LENGTH} characters: change its type, or set another name in \`submission_column\`.`
  return { description, met, byHand }
}

interface Used {
  readonly used: readonly string[]
  readonly id: string | undefined
  readonly creates: string | undefined
  readonly keys: readonly string[]
}

/** An account needs to see what rows are found by, to add every column, and to change those of upserts. */
function rightsNeed(dialect: Dialect, table: Table, object: string, { used, id, creates, keys }: Used): Need {
  const needed: Readonly<Record<Right, readonly string[]>> = {
    select: [...keys, ...(id === undefined ? [] : [id]), ...(creates === undefined ? [] : [creates])],
    insert: [...used, ...(creates === undefined ? [] : [creates])],
    update: keys.length > 0 ? used.filter((name) => !keys.includes(name)) : [],
  }
  const rights = Object.entries(needed) as [Right, readonly string[]][]
  const met = (now: Table) =>
    rights.every(([right, names]) => names.every((name) => now.columns.get(name)?.rights.includes(right) !== false))
  const byHand = `grant select, insert, update on ${quotedTable(dialect, table)} to …; -- the account that \`url\` names`
  return { description: `the right to select, insert and update in ${object}`, met, byHand }
}
