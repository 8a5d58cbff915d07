import pg from 'pg'
import type { Trouble } from './trouble.ts'

/** SQLSTATEs (https://www.postgresql.org/docs/current/errcodes-appendix.html), the longest beginning first. */
const STATES: readonly (readonly [beginning: string, kind: Trouble['kind']])[] = [
  ['42501', 'rights'],
  ['25006', 'read-only'],
  ['57014', 'timeout'],
  ['55P03', 'busy'],
  ['55006', 'busy'],
  ['3D000', 'login'],
  ['3F000', 'statement'],
  ['P0001', 'value'],
  ['28', 'login'],
  ['40', 'busy'],
  ['42', 'statement'],
  ['0A', 'statement'],
  ['21', 'statement'],
  ['26', 'statement'],
  ['P0', 'statement'],
  ['22', 'value'],
  ['23', 'value'],
  ['54', 'value'],
  ['44', 'value'],
  ['25P04', 'timeout'],
  ['09', 'statement'],
  ['0Z', 'statement'],
  ['20', 'statement'],
  ['27', 'statement'],
  ['2D', 'statement'],
  ['2F', 'statement'],
  ['38', 'statement'],
  ['39', 'statement'],
  ['3B', 'statement'],
]

/** Beginnings of states that speak of the server itself, its connections or the state of a transaction. */
const OF_THE_SERVER = ['08', '25', '53', '55', '57', '58', '72', 'F0', 'HV', 'XX']

/** What the server calls the place it says these from, in whatever language its messages are. */
const ROUTINES: Readonly<Record<string, Trouble['kind']>> = {
  // A policy of row level security, which forbids this row and allows others.
  '42501 ExecWithCheckOptions': 'value',
  // A transaction that may write, on a server that follows another.
  '0A000 call_bool_check_hook': 'read-only',
}

/** As PL/pgSQL tells where it was: `PL/pgSQL function tidy() line 3 at RAISE`. It names no value. */
const INSIDE = /^PL\/pgSQL function ([\w".]+)\([^()]*\) line (\d+) /m

const LACKING = /^permission denied for (?:table|view|materialized view|schema|function|sequence) \S+$/

/** A parameter whose type cannot be told: nothing but its number is said. */
const UNTYPED = /^(?:could not determine data type of|inconsistent types deduced for) parameter \$\d+$/

/** What an error that PostgreSQL sent means; `undefined` for every other error. */
export function postgresTrouble(error: unknown): Trouble | undefined {
  if (!(error instanceof pg.DatabaseError)) return undefined
  const code = error.code ?? 'unknown'
  const [, listed = otherwise(code)] = STATES.find(([beginning]) => code.startsWith(beginning)) ?? []
  const kind = ROUTINES[`${code} ${error.routine}`] ?? listed
  const [, inside, line] = INSIDE.exec(error.where ?? '') ?? []
  // A function that builds SQL of its own may have put a value into it.
  const ofOurs = error.internalQuery === undefined && error.where === undefined
  const position = ofOurs && error.position !== undefined ? Number(error.position) : undefined
  // Found while the statement was read, before a value was looked at; or a right to something the statement names.
  const read = position !== undefined || UNTYPED.test(error.message)
  const harmless = kind === 'statement' ? read : ofOurs && LACKING.test(error.message)
  return {
    kind,
    code,
    ...(harmless ? { words: error.message } : {}),
    ...(position === undefined ? {} : { position }),
    ...(error.column === undefined ? {} : { column: error.column }),
    ...(error.constraint === undefined ? {} : { constraint: error.constraint }),
    ...(inside === undefined ? {} : { inside: `${inside}, line ${line}` }),
  }
}

/** A trigger may raise whatever state its author chose: what is none of the server's own is a rule of the table. */
function otherwise(code: string): Trouble['kind'] {
  return code === 'unknown' || OF_THE_SERVER.some((beginning) => code.startsWith(beginning)) ? 'unavailable' : 'value'
}

/**
 * What PostgreSQL says of two rows that cannot both be there (a unique index or an exclusion constraint), with the values
 * that clash where the account may see them; `undefined` for every other error. To be looked through and forgotten.
 */
export function postgresClash(error: unknown): string | undefined {
  const clashes = error instanceof pg.DatabaseError && (error.code === '23505' || error.code === '23P01')
  return clashes ? (error.detail ?? '') : undefined
}
