import type { Json, JsonObject } from 'flowgate/plugin'
import type { Statement } from './statement.ts'

/** What a statement brought. */
export interface Outcome {
  readonly rows: readonly JsonObject[]
  /** Rows written or, in PostgreSQL, found. A row that was already as it should be counts as written. */
  readonly affected: number
}

/** A statement and what is bound to it. */
export interface Bound {
  readonly statement: Statement
  /** One value for each place of the statement. */
  readonly values: readonly Json[]
}

/** Looks at what a statement brought before it counts; throws to undo it. */
export type Accept = (outcome: Outcome) => void

/**
 * A server and the connections to it. Rejects with the driver's own error where the server spoke, else with a
 * ConnectionError; with a FailureError once `signal` aborts, at once, while the statement is ended aside.
 */
export interface Database {
  /** Runs a statement in a transaction that cannot write. */
  read(bound: Bound, signal: AbortSignal): Promise<Outcome>
  /** Runs a statement in a transaction of its own, undone where `accept` throws. */
  write(bound: Bound, signal: AbortSignal, accept: Accept): Promise<Outcome>
  /** Who is connected to what, without a password. */
  account(signal: AbortSignal): Promise<string>
  /** What the server says of two rows that cannot both be there; `undefined` for every other error. */
  clash(error: unknown): string | undefined
  /** Harmless when called twice. */
  close(): Promise<void>
}

/** A statement is ended by the server itself after so long, where no word of ours reaches it any more. */
export const LONGEST_STATEMENT_SECONDS = 5
