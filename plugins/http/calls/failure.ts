import { FailureError } from 'flowgate/plugin'

const DEFAULT_WAIT_SECONDS = 10
const LONGEST_WAIT_SECONDS = 24 * 3_600

/** The codes that one plugin of this family tells its failures by. */
export interface Codes {
  readonly settings: string
  readonly credentials: string
  readonly redirect: string
  readonly busy: string
  readonly unavailable: string
  readonly unreachable: string
  readonly reply: string
}

/** It may answer later. */
export function unavailable(code: string, message: string, cause?: unknown): FailureError {
  return new FailureError({ kind: 'retryable', code, message }, { cause })
}

/** It may answer later, and made nothing of the request. */
function turnedAway(code: string, message: string): FailureError {
  return new FailureError({ kind: 'retryable', code, message, nothingWritten: true })
}

/** It answers nothing until someone repairs the settings or the account. */
export function stops(code: string, message: string, cause?: unknown): FailureError {
  return new FailureError({ kind: 'permanent', scope: 'destination', code, message }, { cause })
}

/** The API wants no more of it, and that its health is good says nothing of that. */
export function stopsForGood(code: string, message: string): FailureError {
  return new FailureError({ kind: 'permanent', scope: 'destination', code, message, byHand: true })
}

/** This record, message or question never passes. */
export function refused(code: string, message: string, fields?: readonly string[]): FailureError {
  return new FailureError({ kind: 'permanent', scope: 'record', code, message, ...(fields ? { fields } : {}) })
}

/** It passes after the time that the reply names. */
export function busy(code: string, message: string, headers: Headers, now: Date): FailureError {
  const retryAfterSeconds = secondsUntil(headers, now) ?? DEFAULT_WAIT_SECONDS
  return new FailureError({ kind: 'rate-limited', code, message, retryAfterSeconds })
}

/**
 * `Retry-After` in seconds, written as such or as a date (RFC 9110, 10.2.3), at most a day. `undefined` where it names no time
 * to come: an API that answers 503 with 0 for days must not pass for one that knows when it will be back.
 */
export function secondsUntil(headers: Headers, now: Date): number | undefined {
  const text = headers.get('retry-after') ?? ''
  // A date has its month and its weekday in letters; `Date.parse` reads "-1" as a day of 2001.
  const date = /^[A-Za-z]/u.test(text) ? Date.parse(text) : Number.NaN
  const seconds = /^\d+$/u.test(text) ? Number(text) : Math.ceil((date - now.getTime()) / 1000)
  return seconds > 0 ? Math.min(seconds, LONGEST_WAIT_SECONDS) : undefined
}

/** What statuses mean that mean the same to every plugin of this family; `undefined` for others. No words of path or parameters. */
export function commonFailure(
  status: number,
  headers: Headers,
  { codes, host, now }: { readonly codes: Codes; readonly host: string; readonly now: Date },
): FailureError | undefined {
  if (status === 429) return busy(codes.busy, `${host} limits how often it is asked (429).`, headers, now)
  if (status === 503) return turnedAway(codes.unavailable, `${host} answered 503.`)
  if (status >= 500 || status === 408 || status === 425)
    return unavailable(codes.unavailable, `${host} answered ${status}.`)
  if (status === 401 || status === 403) {
    return stops(codes.credentials, `${host} answered ${status}: correct \`auth\`, or what it may do there.`)
  }
  if (status >= 300 && status < 400) {
    const message = `${host} answered ${status}, a redirect, and none is followed: write its target into the settings.`
    return stops(codes.redirect, message)
  }
  return undefined
}
