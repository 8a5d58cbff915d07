import { FailureError } from 'flowgate/plugin'

const DEFAULT_WAIT_SECONDS = 10
const LONGEST_WAIT_SECONDS = 24 * 3_600

/** What a status other than 2xx means. `who` names the receiver, without path and query, which may be secret. */
export function failureOf(status: number, headers: Headers, who: string, now: Date): FailureError {
  const wait = secondsUntil(headers.get('retry-after'), now)
  const passing = status === 408 || status === 425 || status === 429 || status >= 500
  // The id makes a repeat harmless, whatever became of the request.
  if (status === 429 || (passing && wait !== undefined)) {
    const retryAfterSeconds = wait ?? DEFAULT_WAIT_SECONDS
    const message = `${who} asks for time (${status}).`
    return new FailureError({ kind: 'rate-limited', code: 'FG_WEBHOOK_BUSY', message, retryAfterSeconds })
  }
  if (passing) return unavailable(`${who} answered ${status}.`)
  if (status === 410) {
    // Not even a health check that passes would say that it wants them again.
    const message = `${who} says that it wants no more events (410): ask whoever runs it.`
    return new FailureError({
      kind: 'permanent',
      scope: 'destination',
      code: 'FG_WEBHOOK_GONE',
      message,
      byHand: true,
    })
  }
  if (status === 401 || status === 403) {
    return stops(
      'FG_WEBHOOK_CREDENTIALS',
      `${who} answered ${status}: compare \`secrets\` and \`headers\` with what it has.`,
    )
  }
  if (status >= 300 && status < 400) {
    return stops(
      'FG_WEBHOOK_REDIRECT',
      `${who} answered ${status}, a redirect, and none is followed: write its target into \`url\`.`,
    )
  }
  if (status === 404) return stops('FG_WEBHOOK_ADDRESS', `${who} has nothing at this URL (404): correct \`url\`.`)
  return refused(
    'FG_WEBHOOK_REFUSED',
    `${who} refused this event (${status}): compare what the mapping makes with what it takes.`,
  )
}

/** It may take it later. */
export function unavailable(message: string, cause?: unknown): FailureError {
  return new FailureError({ kind: 'retryable', code: 'FG_WEBHOOK_UNAVAILABLE', message }, { cause })
}

/** It takes nothing until someone repairs it. */
export function stops(code: string, message: string): FailureError {
  return new FailureError({ kind: 'permanent', scope: 'destination', code, message })
}

/** It never takes this one. */
export function refused(code: string, message: string): FailureError {
  return new FailureError({ kind: 'permanent', scope: 'record', code, message })
}

/**
 * `Retry-After`: seconds or a date (RFC 9110, 10.2.3), at most a day. `undefined` where it names no time to come: a receiver
 * that answers 500 with 0 for days must not pass for one that knows when it will be back.
 */
function secondsUntil(header: string | null, now: Date): number | undefined {
  const text = header ?? ''
  // A date has its month and its weekday in letters; `Date.parse` reads "-1" as a day of 2001.
  const date = /^[A-Za-z]/u.test(text) ? Date.parse(text) : Number.NaN
  const seconds = /^\d+$/u.test(text) ? Number(text) : Math.ceil((date - now.getTime()) / 1000)
  return seconds > 0 ? Math.min(seconds, LONGEST_WAIT_SECONDS) : undefined
}
