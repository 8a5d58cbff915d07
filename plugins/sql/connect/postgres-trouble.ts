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
]

const LACKING = /^permission denied for (?:table|view|materialized view|schema|function|sequence) \S+$/

/** A transaction that may write, on a server that follows another. */
const IN_RECOVERY = /^cannot set transaction read-write mode during recovery$/

/** A parameter whose type cannot be told: nothing but its number is said. */
const UNTYPED = /^(?:could not determine data type of|inconsistent types deduced for) parameter \$\d+$/

/** What an error that PostgreSQL sent means; `undefined` for every other error. */
export function postgresTrouble(error: unknown): Trouble | undefined {
  if (!(error instanceof pg.DatabaseError)) return undefined
  const code = error.code ?? 'unknown'
  const [, listed = 'unavailable'] = STATES.find(([beginning]) => code.startsWith(beginning)) ?? []
  const kind = code === '0A000' && IN_RECOVERY.test(error.message) ? 'read-only' : listed
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
  }
}

/**
 * What PostgreSQL says of two rows that cannot both be there (a unique index or an exclusion constraint), with the values
 * that clash where the account may see them; `undefined` for every other error. To be looked through and forgotten.
 */
export function postgresClash(error: unknown): string | undefined {
  const clashes = error instanceof pg.DatabaseError && (error.code === '23505' || error.code === '23P01')
  return clashes ? (error.detail ?? '') : undefined
}
