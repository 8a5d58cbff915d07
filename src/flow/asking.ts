import type { Json, JsonObject } from '../plugin/json.ts'
import type { Words } from './words.ts'

/** One question to a source. */
export interface Question {
  readonly source: string
  readonly query: string
  readonly parameters: JsonObject
  /** Whether an answer kept from before may stand in where the source cannot answer now; `undefined` leaves it to the source. */
  readonly staleIfUnavailable: boolean | undefined
  /** Whether nothing kept may be used: what was shown has just turned out to be out of date. */
  readonly fresh: boolean
}

/** What a source said, or that it could not in time. `fallback` is what its own settings declare for that. */
export type Reply =
  | { readonly kind: 'answered'; readonly value: Json }
  | { readonly kind: 'unavailable'; readonly fallback: SourceFallback | undefined }

/** What a source's settings declare for when it cannot answer and nothing kept may stand in. */
export type SourceFallback = 'accept_and_flag' | { readonly message: Words }

/** Something of which only one person can have each, held for a session under `key`. */
export interface Reservation {
  /** Unpredictable to others, the same for the same session and choice: what the source holds it under. */
  readonly key: string
  readonly source: string
  /** The query that took it and the one that gives it back. */
  readonly reserve: string
  readonly release: string
  readonly parameters: JsonObject
  /** What the source said of it when it was held, such as a number; absent where that was nothing, or long. */
  readonly value?: Json
}

/** What became of a try to reserve. `taken`: somebody else has it. */
export type Reserved =
  | { readonly kind: 'held'; readonly value: Json }
  | { readonly kind: 'taken' }
  | { readonly kind: 'unavailable'; readonly fallback: SourceFallback | undefined }

/**
 * How an exchange asks the world, within one budget for all its questions. Never rejects. The server's answers come from
 * sources, those of `flowgate test` from the test itself.
 */
export interface Asking {
  ask(question: Question): Promise<Reply>
  /** Holds something for a session; what a process that dies leaves held is given back later. */
  reserve(
    reservation: Reservation,
    session: { readonly flow: string; readonly token: string; readonly id: string },
  ): Promise<Reserved>
}
