import type { Json, JsonObject } from 'flowgate/plugin'

/** What a statement brought. */
export interface Outcome {
  readonly rows: readonly JsonObject[]
  /** Rows written or, in PostgreSQL, found. A row that was already as it should be counts as written. */
  readonly affected: number
}

/** A statement in the dialect's own words, with one value for each of its places, which are never part of the text. */
export interface Bound {
  readonly text: string
  readonly values: readonly Json[]
}

/** Runs one statement of a transaction. */
export type Run = (bound: Bound) => Promise<Outcome>

/** What is done in one transaction, statement after statement; undone where it rejects. */
export type Work<Result> = (run: Run) => Promise<Result>

/**
 * A server and the connections to it. Rejects with the driver's own error where the server spoke, else with a
 * ConnectionError; with OutOfTime once `signal` aborts, at once, while the statement is ended aside; with what the work
 * threw.
 */
export interface Database {
  /** In a transaction that cannot write and is always undone. */
  read<Result>(work: Work<Result>, signal: AbortSignal): Promise<Result>
  /** In a transaction that is kept, at `read committed` in PostgreSQL and as the server has it elsewhere. */
  write<Result>(work: Work<Result>, signal: AbortSignal): Promise<Result>
  /** Who is connected to what, without a password. */
  account(signal: AbortSignal): Promise<string>
  /** What the server says of two rows that cannot both be there; `undefined` for every other error. */
  clash(error: unknown): string | undefined
  /** Harmless when called twice. */
  close(): Promise<void>
}
