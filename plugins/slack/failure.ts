import { ErrorCode } from '@slack/web-api'
import { type Failure, FailureError } from 'flowgate/plugin'
import { recordErrors, repairs, turnedAway, waitErrors } from './slack-errors.ts'

/** How long to wait when Slack limits us and does not say how long. */
const defaultWaitSeconds = 30
const longestWaitSeconds = 24 * 3_600

/** Why a request was never sent: no connection, or none that could be trusted. */
const neverConnected =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_\w+|ERR_TLS_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|ERR_SSL_(?:WRONG_VERSION_NUMBER|UNSUPPORTED_PROTOCOL|\w*(?:PROTOCOL_VERSION|HANDSHAKE_FAILURE|UNRECOGNIZED_NAME)))$/

/** A 429 without a usable Retry-After. */
export const rateLimitWithoutTime: Failure = {
  kind: 'rate-limited',
  code: 'ratelimited',
  message: 'Slack limits the rate and did not say for how long.',
  retryAfterSeconds: defaultWaitSeconds,
}

/** An answer that began and could not be read to its end. */
export const unreadableReply: Failure = {
  kind: 'retryable',
  code: 'reply_lost',
  message:
    'The connection to Slack broke before its answer was complete. The next attempt looks whether it has landed.',
}

/** An answer longer than any of Slack's. */
export const hugeReply: Failure = {
  kind: 'retryable',
  code: 'reply_too_large',
  message: "The answer was longer than any of Slack's. If it stays so, check api_url and any proxy in between.",
}

/** An answer that leads elsewhere, as that of a proxy or a sign-in page; it is never followed. */
export function redirected(status: number): Failure {
  const message = `Slack's address answered ${status}, a redirect, and none is followed. Check api_url and any proxy in between.`
  return { kind: 'permanent', scope: 'destination', code: `http_${status}`, message }
}

/** What asking before anything is posted came to: its failures say that nothing was. */
export async function beforePosting<Answer>(asking: Promise<Answer>): Promise<Answer> {
  try {
    return await asking
  } catch (error) {
    const failure = error instanceof FailureError ? error.failure : classify(error)
    if (failure?.kind !== 'retryable') throw error
    throw new FailureError({ ...failure, nothingWritten: true }, { cause: error })
  }
}

/**
 * Says what an error of the Slack SDK means for a delivery; `undefined` for every other error. Messages are our own
 * words: Slack's answers can hold what a person typed.
 */
export function classify(error: unknown): Failure | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  switch (error.code) {
    case ErrorCode.RateLimitedError:
      return rateLimited('ratelimited', 'retryAfter' in error ? error.retryAfter : undefined)
    case ErrorCode.PlatformError:
      return platformFailure('data' in error ? error.data : undefined)
    case ErrorCode.HTTPError:
      return httpFailure('statusCode' in error ? error.statusCode : undefined)
    case ErrorCode.RequestError:
      return requestFailure('original' in error ? error.original : undefined)
    default:
      return undefined
  }
}

/** Slack's own word for why it refused, for example `missing_scope`; `undefined` when the error is no refusal of Slack. */
export function refusal(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || error.code !== ErrorCode.PlatformError) return undefined
  return slackWord(field('data' in error ? error.data : undefined, 'error'))
}

function platformFailure(data: unknown): Failure {
  const code = slackWord(field(data, 'error'))
  if (code === undefined) {
    const message = 'The answer was not in the form of Slack. If it stays so, check api_url and any proxy in between.'
    return { kind: 'retryable', code: 'unreadable_answer', message }
  }
  if (waitErrors.has(code)) return rateLimited(code, field(field(data, 'response_metadata'), 'retryAfter'))
  if (recordErrors.has(code)) {
    const message = `Slack refused this message (${code}). Change the notification in the mapping, then replay it.`
    return { kind: 'permanent', scope: 'record', code, message }
  }
  const repair =
    repairs.get(code) ?? (code.startsWith('restricted_action') ? repairs.get('restricted_action') : undefined)
  if (repair !== undefined) {
    const needed = slackWord(field(data, 'needed'))
    const message = `${repair}${code === 'missing_scope' && needed ? ` Slack names: ${needed}.` : ''}`
    return { kind: 'permanent', scope: 'destination', code, message }
  }
  const message = `Slack could not take the message now (${code}).`
  return { kind: 'retryable', code, message, ...(turnedAway.has(code) ? { nothingWritten: true } : {}) }
}

function httpFailure(status: unknown): Failure {
  const code = `http_${status}`
  if (status === 413) {
    return { kind: 'permanent', scope: 'record', code, message: 'The message is too large. Shorten it in the mapping.' }
  }
  const passing = status === 408 || status === 425 || status === 429
  if (typeof status === 'number' && status >= 400 && status < 500 && !passing) {
    const message = `Slack's address answered ${status}. Check api_url and any proxy in between.`
    return { kind: 'permanent', scope: 'destination', code, message }
  }
  // Of a 503 the sender knows that nothing was made of the request; of a 502 or 504 it does not.
  const made = status === 503 ? ({ nothingWritten: true } as const) : {}
  return { kind: 'retryable', code, message: `Slack is not available now (it answered ${status}).`, ...made }
}

function requestFailure(original: unknown): Failure {
  if (original instanceof FailureError) return original.failure
  const name = field(original, 'name')
  if (name === 'AbortError' || name === 'TimeoutError') {
    return { kind: 'retryable', code: 'no_answer_in_time', message: 'Slack did not answer in time.' }
  }
  const cause = field(field(original, 'cause'), 'code')
  const code = typeof cause === 'string' && /^[A-Z0-9_]{3,60}$/.test(cause) ? cause : 'unreachable'
  if (neverConnected.test(code)) {
    const message = `Slack could not be reached (${code}). Check the network and api_url.`
    return { kind: 'retryable', code, message, nothingWritten: true }
  }
  const message = `The connection to Slack broke before its answer (${code}). The next attempt looks whether it has landed.`
  return { kind: 'retryable', code, message }
}

function rateLimited(code: string, seconds: unknown): Failure {
  const asked = typeof seconds === 'number' && seconds > 0 ? seconds : defaultWaitSeconds
  const retryAfterSeconds = Math.min(asked, longestWaitSeconds)
  return { kind: 'rate-limited', code, message: `Slack limits the rate for ${retryAfterSeconds} s.`, retryAfterSeconds }
}

/** An error code or scope of Slack; anything else in its place could be the text of a proxy or of a person. */
function slackWord(value: unknown): string | undefined {
  return typeof value === 'string' && /^[a-z][a-z0-9_:,.]{1,79}$/.test(value) ? value : undefined
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
