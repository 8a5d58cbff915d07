import { type Failure, FailureError } from 'flowgate/plugin'
import { TooManyRows } from '../connect/rows.ts'
import { OutOfTime } from '../connect/transaction.ts'
import type { Trouble } from '../connect/trouble.ts'
import { troubleOf } from '../connect/trouble-of.ts'
import type { Table } from './table.ts'

/** What was written or looked up when an error came. */
export interface Written {
  /** As the mapping names it. */
  readonly object: string
  readonly table: Table | undefined
  /** Whether the table was read again since, and is as it was: what the server misses then is missed elsewhere. */
  readonly asItWas?: boolean
}

/** SQLSTATEs of PostgreSQL and numbers of MySQL's, as `Trouble` has them. */
const CODES = {
  /** A table, schema or column is not there. */
  missing: ['42P01', '42703', '3F000', '1146', '1054'],
  /** No unique index holds the columns of the key: https://www.postgresql.org/docs/current/errcodes-appendix.html */
  notUnique: ['42P10'],
  clash: ['23505', '23P01', '1062', '1586'],
  reference: ['23503', '1216', '1452'],
}

/** Whatever says that a table is not as it was read. */
const CONTRADICTIONS = [...CODES.missing, ...CODES.notUnique]

const LONGEST_WORDS = 300

const PREPARE = ' Run `flowgate destinations prepare`, then resume the destination.'

/** This record cannot pass as it is; the others go on. */
export function refused(code: string, message: string, fields: readonly string[] = []): FailureError {
  return new FailureError({
    kind: 'permanent',
    scope: 'record',
    code,
    message,
    ...(fields.length === 0 ? {} : { fields }),
  })
}

/** A table is not as exactly-once needs it. */
export function notPrepared(message: string): FailureError {
  return new FailureError({
    kind: 'permanent',
    scope: 'destination',
    code: 'FG_SQL_NOT_PREPARED',
    message: `${message}${PREPARE}`,
  })
}

/**
 * What an error means for one record that somebody chose to be a record of its own, while the mapping has none created:
 * `prepare` knows of no such table, and the others need it not. So only this record is refused. Other errors stay as they are.
 */
export function ofChosenAlone(error: unknown): unknown {
  if (!(error instanceof FailureError) || error.failure.code !== 'FG_SQL_NOT_PREPARED') return error
  const says = error.failure.message.replace(PREPARE, '')
  const message = `${says} A record of its own was chosen: add what is missing (the submission column is a text of 64 characters with a unique index), then replay, or choose one of the records that were found.`
  return refused('FG_SQL_NOT_PREPARED', message)
}

/** Whether an error says that a table is not as it was read. */
export function contradicts(error: unknown): boolean {
  return CONTRADICTIONS.includes(troubleOf(error)?.code ?? '')
}

/** Says what an error of a database or its driver means; `undefined` for every other error. */
export function failureOf(error: unknown, written?: Written): Failure | undefined {
  if (error instanceof FailureError) return error.failure
  if (error instanceof OutOfTime) {
    return retryable('FG_SQL_TIMEOUT', 'The database did not answer in time, and the statement was ended.')
  }
  if (error instanceof TooManyRows)
    return retryable('FG_SQL_UNAVAILABLE', 'The server sent more rows than were asked for.')
  const trouble = troubleOf(error)
  return trouble && failureFrom(trouble, written)
}

function failureFrom(trouble: Trouble, written: Written | undefined): Failure {
  const { code } = trouble
  const where = written === undefined ? 'A statement' : `The table ${written.object}`
  switch (trouble.kind) {
    case 'login':
      return halted(
        'FG_SQL_LOGIN',
        `The server refused the login, or has no such database (${code}). Check \`url\` and the account.`,
      )
    case 'tls':
      return halted(
        'FG_SQL_TLS',
        `No encrypted connection came about (${code}). Check \`tls\`, \`tls_ca\` and the server's certificate.`,
      )
    case 'rights':
      return halted('FG_SQL_RIGHTS', `${where} needs a right that the account lacks${why(trouble)}`)
    case 'statement':
      return ofStatement(trouble, where, written?.asItWas === true)
    case 'value':
      return ofValue(trouble, where, written?.table)
    case 'busy':
      return retryable('FG_SQL_BUSY', `${where} was being written by another that was first (${code}).`)
    case 'timeout':
      return retryable('FG_SQL_TIMEOUT', `The server ended the statement because it took too long (${code}).`)
    case 'read-only':
      // A primary that became a standby: another takes over soon.
      return retryable('FG_SQL_UNAVAILABLE', `The server takes no writes now (${code}).`)
    case 'unavailable':
      return retryable('FG_SQL_UNAVAILABLE', `The server has trouble of its own (${code}).`)
    case 'crowded':
      return retryable(
        'FG_SQL_CROWDED',
        'All connections were in use. Raise `connections`, at least to `at_once` of the destination.',
      )
    case 'unreachable':
      return retryable('FG_SQL_UNREACHABLE', `The database could not be reached, or the connection broke (${code}).`)
  }
}

function ofStatement(trouble: Trouble, where: string, asItWas: boolean): Failure {
  const { code } = trouble
  if (asItWas && CONTRADICTIONS.includes(code)) {
    const message = `${where} is as it was, and something that belongs to it, such as a trigger, misses a table, a column or an index${why(trouble)}`
    return refused('FG_SQL_STATEMENT', message).failure
  }
  if (CODES.missing.includes(code)) {
    return retryable('FG_SQL_SCHEMA_CHANGED', `${where} is not as it was a moment ago (${code}); it is read anew.`)
  }
  if (CODES.notUnique.includes(code))
    return notPrepared(`${where} has lost the unique index of its key (${code}).`).failure
  return refused('FG_SQL_STATEMENT', `${where} cannot be written or asked in this way${why(trouble)}`).failure
}

function ofValue(trouble: Trouble, where: string, table: Table | undefined): Failure {
  const { code } = trouble
  const fields = namedIn(trouble, table)
  if (CODES.clash.includes(code)) {
    const message = `${where} has another row with a value that must be unique (${code}). Correct that row, or match by that column, then replay.`
    return refused('FG_SQL_TAKEN', message, fields).failure
  }
  if (CODES.reference.includes(code)) {
    const message = `${where} refers to a row that is not there, or no longer (${code}). Replay the record it belongs to, then this one.`
    return refused('FG_SQL_REFERENCE', message, fields).failure
  }
  const message = `${where} refuses a value: its type, its length or a rule forbids it (${code}${inside(trouble)}). Correct the mapping or the table, then replay.`
  return refused('FG_SQL_VALUE', message, fields).failure
}

/** The columns an error names, where they are columns of the table: a server's words may quote what people typed. */
function namedIn({ column, constraint }: Trouble, table: Table | undefined): readonly string[] {
  if (table === undefined) return []
  if (column !== undefined && table.columns.has(column)) return [column]
  return table.keys.find(({ name }) => name === constraint)?.columns ?? []
}

function inside({ inside: place }: Trouble): string {
  return place === undefined ? '' : ` in ${place}`
}

function why(trouble: Trouble): string {
  const { words, code } = { ...trouble, code: `${trouble.code}${inside(trouble)}` }
  if (words === undefined) return ` (${code}).`
  const line = words.replaceAll(/\s+/g, ' ').trim()
  return ` (${code}): ${line.length > LONGEST_WORDS ? `${line.slice(0, LONGEST_WORDS)}…` : line}.`
}

function retryable(code: string, message: string): Failure {
  return { kind: 'retryable', code, message }
}

function halted(code: string, message: string): Failure {
  return { kind: 'permanent', scope: 'destination', code, message }
}
