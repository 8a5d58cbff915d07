import { FailureError, type JsonObject } from 'flowgate/plugin'

/** Rows one query may bring; a list on a screen shows 200 at most. */
const MOST_ROWS = 1_000

/** A query found more rows than it may. */
export class TooManyRows extends FailureError {
  constructor() {
    super({
      kind: 'permanent',
      scope: 'record',
      code: 'FG_SQL_SOURCE_TOO_MANY_ROWS',
      message: `The query found more than ${MOST_ROWS} rows: write a \`limit\` or narrow its \`where\`.`,
    })
  }
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
