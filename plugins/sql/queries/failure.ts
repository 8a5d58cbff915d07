import { type Failure, FailureError } from 'flowgate/plugin'
import { MOST_ROWS, TooManyRows } from '../connect/rows.ts'
import { OutOfTime } from '../connect/transaction.ts'
import type { Trouble } from '../connect/trouble.ts'
import { troubleOf } from '../connect/trouble-of.ts'
import type { NamedQuery } from './query-file.ts'

/** The query that was asked, and the file it stands in. */
export interface Asked {
  readonly query: NamedQuery
  readonly file: string
}

const LONGEST_WORDS = 300

/** The call was told to end before the database had answered. */
const OUT_OF_TIME: Failure = {
  kind: 'retryable',
  code: 'FG_SQL_SOURCE_TIMEOUT',
  message: 'The database did not answer in time, and the statement was ended.',
}

const TOO_MANY_ROWS: Failure = {
  kind: 'permanent',
  scope: 'record',
  code: 'FG_SQL_SOURCE_TOO_MANY_ROWS',
  message: `The query found more than ${MOST_ROWS} rows: write a \`limit\` or narrow its \`where\`.`,
}

/** Says what an error of a database or its driver means; `undefined` for every other error. */
export function failureOf(error: unknown, asked?: Asked): Failure | undefined {
  if (error instanceof FailureError) return error.failure
  if (error instanceof OutOfTime) return OUT_OF_TIME
  if (error instanceof TooManyRows) return TOO_MANY_ROWS
  const trouble = troubleOf(error)
  return trouble && failureFrom(trouble, asked)
}

function failureFrom(trouble: Trouble, asked: Asked | undefined): Failure {
  const { code } = trouble
  switch (trouble.kind) {
    case 'login':
      return ofTheSource(
        'FG_SQL_SOURCE_LOGIN',
        `The server refused the login, or has no such database (${code}). Check \`url\` and the account.`,
      )
    case 'tls':
      return ofTheSource(
        'FG_SQL_SOURCE_TLS',
        `No encrypted connection came about (${code}). Check \`tls\`, \`tls_ca\` and the server's certificate.`,
      )
    case 'rights':
      return ofTheQuery(
        'FG_SQL_SOURCE_RIGHTS',
        `${place(trouble, asked)} needs a right the account lacks${why(trouble, asked)}`,
      )
    case 'statement':
      return ofTheQuery(
        'FG_SQL_SOURCE_STATEMENT',
        `${place(trouble, asked)} is not SQL the server can run${why(trouble, asked)}`,
      )
    case 'read-only':
      return readOnly(trouble, asked)
    case 'value':
      return ofTheQuery(
        'FG_SQL_SOURCE_VALUE',
        `${place(trouble, asked)} was given a value that the database refuses (${code}). Check the ask's \`with\`.`,
      )
    case 'busy':
      return retryable(
        'FG_SQL_SOURCE_BUSY',
        `${place(trouble, asked)} was in the way of another that was first (${code}).`,
      )
    case 'timeout':
      return { ...OUT_OF_TIME, message: `The server ended the statement because it took too long (${code}).` }
    case 'unavailable':
      return retryable('FG_SQL_SOURCE_UNAVAILABLE', `The server has trouble of its own (${code}).`)
    case 'crowded':
      return retryable(
        'FG_SQL_SOURCE_CROWDED',
        'All connections of this source were in use. Raise `connections`, at least to `at_once`.',
      )
    case 'unreachable':
      return retryable(
        'FG_SQL_SOURCE_UNREACHABLE',
        `The database could not be reached, or the connection broke (${code}).`,
      )
  }
}

function readOnly(trouble: Trouble, asked: Asked | undefined): Failure {
  if (asked?.query.purpose === 'read') {
    return ofTheQuery(
      'FG_SQL_SOURCE_READ_ONLY',
      `${place(trouble, asked)} writes (${trouble.code}). Mark it (reserve) or (release), or take the write out.`,
    )
  }
  // A primary that became a standby: another takes over soon.
  return retryable('FG_SQL_SOURCE_UNAVAILABLE', `The server takes no writes now (${trouble.code}).`)
}

/** `The query free_slots (queries/calendar.sql:14)`. */
function place(trouble: Trouble, asked: Asked | undefined): string {
  if (asked === undefined) return 'A statement'
  const { name, line, text } = asked.query
  const before = trouble.position === undefined ? '' : [...text].slice(0, trouble.position - 1).join('')
  const lines = trouble.line === undefined ? before.split('\n').length : trouble.line
  return `The query ${name} (${asked.file}:${line + lines - 1})`
}

function why({ code, words }: Trouble, asked: Asked | undefined): string {
  if (words === undefined) return ` (${code}).`
  const named = words.replace(/\$(\d+)/g, (place, number) => {
    const name = asked?.query.places[Number(number) - 1]
    return name === undefined ? place : `:${name}`
  })
  const line = named.replaceAll(/\s+/g, ' ').trim()
  return ` (${code}): ${line.length > LONGEST_WORDS ? `${line.slice(0, LONGEST_WORDS)}…` : line}.`
}

function retryable(code: string, message: string): Failure {
  return { kind: 'retryable', code, message }
}

function ofTheQuery(code: string, message: string): Failure {
  return { kind: 'permanent', scope: 'record', code, message }
}

/** Only what every query would meet: the others go on. */
function ofTheSource(code: string, message: string): Failure {
  return { kind: 'permanent', scope: 'destination', code, message }
}
