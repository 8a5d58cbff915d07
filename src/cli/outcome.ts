import type { JsonObject } from '../plugin/json.ts'

/** What a command came to: exit code 0 where `ok`, else 1. Printed as `text`, or with `--json` as one object. */
export interface Outcome {
  readonly ok: boolean
  readonly text: string
  readonly json: JsonObject
  /** Said beside the text, on standard error, so that the text alone can be piped on. */
  readonly note?: string
}

/** Thrown where a command could not run at all: exit code 2. The message says what is wrong and what to do. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  readonly code: string

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
