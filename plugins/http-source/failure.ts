import { FailureError } from 'flowgate/plugin'

const DEFAULT_WAIT_SECONDS = 10

/** What a status that is no answer means; the words hold neither path nor parameters. */
export function failureOf(status: number, headers: Headers, host: string, now: Date): FailureError {
  if (status === 429) {
    const message = `${host} limits how often it is asked (429).`
    const retryAfterSeconds = secondsUntil(headers.get('retry-after'), now) ?? DEFAULT_WAIT_SECONDS
    return new FailureError({ kind: 'rate-limited', code: 'FG_HTTP_SOURCE_BUSY', message, retryAfterSeconds })
  }
  if (status >= 500 || status === 408 || status === 425) return unavailable(`${host} answered ${status}.`)
  if (status === 401 || status === 403) {
    return stops('FG_HTTP_SOURCE_CREDENTIALS', `${host} answered ${status}: correct \`auth\`, or what it may do there.`)
  }
  if (status >= 300 && status < 400) {
    const message = `${host} answered ${status}, a redirect, and none is followed: write its target into the settings.`
    return stops('FG_HTTP_SOURCE_REDIRECT', message)
  }
  return refused(
    'FG_HTTP_SOURCE_REFUSED',
    `${host} refused this question (${status}): correct the query or what it is asked with.`,
  )
}

/** It may answer later. */
export function unavailable(message: string, cause?: unknown): FailureError {
  return new FailureError({ kind: 'retryable', code: 'FG_HTTP_SOURCE_UNAVAILABLE', message }, { cause })
}

/** It answers nothing until someone repairs the settings or the account. */
export function stops(code: string, message: string): FailureError {
  return new FailureError({ kind: 'permanent', scope: 'destination', code, message })
}

/** This question never gets an answer. */
function refused(code: string, message: string): FailureError {
  return new FailureError({ kind: 'permanent', scope: 'record', code, message })
}

/** `Retry-After`: seconds or a date (RFC 9110, 10.2.3). */
function secondsUntil(text: string | null, now: Date): number | undefined {
  if (text === null) return undefined
  if (/^\d{1,9}$/u.test(text)) return Number(text)
  const date = Date.parse(text)
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now.getTime()) / 1000))
}
