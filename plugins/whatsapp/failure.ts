import type { Failure } from 'flowgate/plugin'
import { accountErrors, credentialErrors, recordErrors, templateErrors, valueErrors, waits } from './graph-errors.ts'
import { errorCodeOf, type GraphReply } from './graph-reply.ts'

/** How long to wait when Meta limits us and nothing says how long. */
const defaultWaitSeconds = 60
const longestWaitSeconds = 24 * 3_600

/** What a refusal of the Graph API means. `chosen`: the mapping chose the recipient. Words are ours: Meta quotes numbers. */
export function failureOfReply(reply: GraphReply, chosen: boolean, now: Date): Failure {
  const code = errorCodeOf(reply)
  return (code === undefined ? undefined : failureOfCode(code, reply, chosen, now)) ?? failureOfStatus(reply, code, now)
}

function failureOfCode(code: number, { retryAfter }: GraphReply, chosen: boolean, now: Date): Failure | undefined {
  const seconds = waits.get(code)
  if (seconds !== undefined) return rateLimited(waitSeconds(retryAfter, now) ?? seconds, code)
  if (credentialErrors.has(code) || (code >= 200 && code <= 299)) {
    const cure = 'Make a new token of the system user, with whatsapp_business_messaging for this account.'
    return destination('FG_WHATSAPP_CREDENTIALS', `Meta refuses the access token (${code}). ${cure}`)
  }
  const account = accountErrors.get(code)
  if (account) return destination('FG_WHATSAPP_ACCOUNT', `Nothing can be sent: ${account} (${code}).`)
  const template = templateErrors.get(code)
  if (template) return destination('FG_WHATSAPP_TEMPLATE', `The template cannot be sent: ${template} (${code}).`)
  if (valueErrors.has(code)) {
    const message = `Meta does not take a value of the request (${code}): check phone_number_id, template and the recipient.`
    return chosen ? record('FG_WHATSAPP_VALUE', message) : destination('FG_WHATSAPP_VALUE', message)
  }
  const why = recordErrors.get(code)
  return why === undefined ? undefined : record('FG_WHATSAPP_REFUSED', `Not sent: ${why} (${code}).`)
}

function failureOfStatus({ status, retryAfter }: GraphReply, code: number | undefined, now: Date): Failure {
  const said = code === undefined ? `status ${status}` : `status ${status}, ${code}`
  if (status === 429) return rateLimited(waitSeconds(retryAfter, now) ?? defaultWaitSeconds, code)
  if (status === 401) {
    return destination('FG_WHATSAPP_CREDENTIALS', `Meta refuses the access token (${said}). Make a new one.`)
  }
  const passing = status === 408 || status === 425 || status >= 500
  if (code === undefined && status >= 300 && !passing) {
    return destination(
      'FG_WHATSAPP_ADDRESS',
      `What answers is not the Graph API (${said}): check api_url and any proxy.`,
    )
  }
  // Meta says so itself, or nothing was made of the request; a gateway in between that says 502 or 504 cannot tell.
  const turnedAway = code !== undefined || status === 503 ? ({ nothingWritten: true } as const) : {}
  const message = `Meta cannot take the message now (${said}).`
  return { kind: 'retryable', code: 'FG_WHATSAPP_UNAVAILABLE', message, ...turnedAway }
}

function rateLimited(retryAfterSeconds: number, code: number | undefined): Failure {
  const message = `Meta limits the rate for ${retryAfterSeconds} s${code === undefined ? '' : ` (${code})`}.`
  return { kind: 'rate-limited', code: 'FG_WHATSAPP_RATE_LIMIT', message, retryAfterSeconds }
}

/** Seconds of a Retry-After, a number of them or a date, at most a day; `undefined` where it names no time to come. */
function waitSeconds(retryAfter: string | null, now: Date): number | undefined {
  const text = retryAfter ?? ''
  // A date has its month and its weekday in letters; `Date.parse` reads "-1" as a day of 2001.
  const date = /^[A-Za-z]/.test(text) ? Date.parse(text) : Number.NaN
  const asked = /^\d+$/.test(text) ? Number(text) : Math.ceil((date - now.getTime()) / 1_000)
  return asked > 0 ? Math.min(asked, longestWaitSeconds) : undefined
}

function destination(code: string, message: string): Failure {
  return { kind: 'permanent', scope: 'destination', code, message }
}

function record(code: string, message: string): Failure {
  return { kind: 'permanent', scope: 'record', code, message }
}
