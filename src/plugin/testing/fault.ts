import type { StandInAnswer, StandInRequest } from './request.ts'

/**
 * Trouble a stand-in can make.
 *
 * `status`: answers that and applies nothing. `hang`: applies nothing and never answers. `hang-after`: applies the
 * request and never answers. `lose-before`: destroys the socket and applies nothing. `lose-after`: applies the request,
 * then destroys the socket, so the reply is lost. `delay`: applies and answers once `until` resolves. `answer`: applies
 * the request and sends what the function makes of the real answer.
 */
export type Fault =
  | {
      readonly kind: 'status'
      readonly status: number
      readonly body?: unknown
      readonly headers?: Readonly<Record<string, string>>
    }
  | { readonly kind: 'hang' }
  | { readonly kind: 'hang-after' }
  | { readonly kind: 'lose-before' }
  | { readonly kind: 'lose-after' }
  | { readonly kind: 'delay'; readonly until: Promise<unknown> }
  | { readonly kind: 'answer'; readonly answer: (real: StandInAnswer, request: StandInRequest) => StandInAnswer }

/** Where and how often a stand-in misbehaves. */
export interface Misbehaviour {
  /** `METHOD /path`, as in a route: `*` for any method, `:name` for one segment, a last `*` for the rest. */
  readonly route: string
  readonly fault: Fault
  /** How many matching requests it strikes; every one when left out. */
  readonly times?: number
  /** Strikes only requests for which this is true. */
  readonly when?: (request: StandInRequest) => boolean
}

/** A fault in force. */
export interface ActiveFault {
  /** How many requests it has struck. */
  readonly struck: number
  /** Ends it; harmless when it has run out. */
  clear(): void
}
