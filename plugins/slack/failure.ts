import { ErrorCode } from '@slack/web-api'
import { type Failure, FailureError } from 'flowgate/plugin'
import { recordErrors, repairs, waitErrors } from './slack-errors.ts'

/** How long to wait when Slack limits us and does not say how long. */
const defaultWaitSeconds = 30

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
  return { kind: 'retryable', code, message: `Slack could not take the message now (${code}).` }
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
  return { kind: 'retryable', code, message: `Slack is not available now (it answered ${status}).` }
}

function requestFailure(original: unknown): Failure {
  if (original instanceof FailureError) return original.failure
  const name = field(original, 'name')
  if (name === 'AbortError' || name === 'TimeoutError') {
    return { kind: 'retryable', code: 'no_answer_in_time', message: 'Slack did not answer in time.' }
  }
  const cause = field(field(original, 'cause'), 'code')
  const code = typeof cause === 'string' && /^[A-Z_]{3,40}$/.test(cause) ? cause : 'unreachable'
  return { kind: 'retryable', code, message: `Slack could not be reached (${code}). Check the network and api_url.` }
}

function rateLimited(code: string, seconds: unknown): Failure {
  const retryAfterSeconds = typeof seconds === 'number' && seconds >= 0 ? seconds : defaultWaitSeconds
  return { kind: 'rate-limited', code, message: `Slack limits the rate for ${retryAfterSeconds} s.`, retryAfterSeconds }
}

/** An error code or scope of Slack; anything else in its place could be the text of a proxy or of a person. */
function slackWord(value: unknown): string | undefined {
  return typeof value === 'string' && /^[a-z][a-z0-9_:,.]{1,79}$/.test(value) ? value : undefined
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
