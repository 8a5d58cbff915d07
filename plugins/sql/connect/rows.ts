import type { JsonObject } from 'flowgate/plugin'

/** Rows one statement may bring; a list on a screen shows 200 at most. */
export const MOST_ROWS = 1_000

/** A statement found more rows than it may. */
export class TooManyRows extends Error {
  override readonly name = 'TooManyRows'
}

/** The rows of one statement while they come in. */
export class Rows {
  readonly taken: JsonObject[] = []

  /** Whether there was room for one more. */
  take(row: JsonObject): boolean {
    if (this.taken.length >= MOST_ROWS) return false
    this.taken.push(row)
    return true
  }
}
