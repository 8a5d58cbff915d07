import { type Failure, FailureError } from 'flowgate/plugin'

/** How long to wait when Teams limits us and does not say how long. */
const defaultWaitSeconds = 60
const longestWaitSeconds = 24 * 3_600

/** Why a request was never sent: no connection, or none that could be trusted. */
const neverConnected =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_\w+|ERR_TLS_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|ERR_SSL_(?:WRONG_VERSION_NUMBER|UNSUPPORTED_PROTOCOL|\w*(?:PROTOCOL_VERSION|HANDSHAKE_FAILURE|UNRECOGNIZED_NAME)))$/

/** A workflow's answer, as far as it says what happened. */
export interface Reply {
  readonly status: number
  readonly retryAfter: string | null
  readonly body: string
}

/** What an answer means; `undefined` where the message was accepted. `whose` names the workflow for the operator. */
export function failureOfReply({ status, retryAfter, body }: Reply, whose: string, now: Date): Failure | undefined {
  const code = workflowCode(body)
  if (status >= 200 && status < 300) return failureOfSuccess(body, retryAfter, whose, now)
  if (status === 429) return rateLimited(retryAfter, now)
  if (code === 'WorkflowTriggerIsNotEnabled') return forGood('FG_TEAMS_WORKFLOW_OFF', `${off(whose)} ${renew}`)
  // Power Automate gives its reasons a code. A page without one may be that of a proxy in between, and pass.
  const refuse = code === undefined && status !== 410 ? destination : forGood
  if (status === 404 || status === 410) return refuse('FG_TEAMS_WORKFLOW_GONE', `${gone(whose)} ${renew}`)
  if (status === 401 || status === 403) {
    return refuse('FG_TEAMS_CREDENTIALS', `The signature in the URL of ${whose} is refused${as(code)}. ${renew}`)
  }
  if (status >= 300 && status < 400) {
    return destination('FG_TEAMS_ADDRESS', `The URL of ${whose} leads elsewhere (status ${status}). ${renew}`)
  }
  if (status === 413)
    return record('FG_TEAMS_TOO_LARGE', 'Teams finds the message too large. Shorten it in the mapping.')
  if (status >= 400 && status < 500 && status !== 408 && status !== 425) {
    return record('FG_TEAMS_REFUSED', `The workflow of ${whose} refused the message (status ${status}${as(code)}).`)
  }
  const message = `The workflow of ${whose} is not available now (status ${status}).`
  // Of a 503 the sender knows that nothing was made of the request; of a 502 or 504 it does not.
  const turnedAway = status === 503 ? ({ nothingWritten: true } as const) : {}
  return { kind: 'retryable', code: 'FG_TEAMS_UNAVAILABLE', message, ...turnedAway }
}

/** What the body of a success may say all the same. */
function failureOfSuccess(body: string, retryAfter: string | null, whose: string, now: Date): Failure | undefined {
  // The connector of old said its failures in the body of a 200, and gateways in between still do.
  const said = /returned HTTP error (\d{3})/.exec(body)?.[1]
  if (said !== undefined) return failureOfReply({ status: Number(said), retryAfter, body: '' }, whose, now)
  // A sign-in page or a proxy, which took the message for itself; what stands behind it may have had it, too.
  if (!/^\s*<(?:!doctype|html)/i.test(body)) return undefined
  const message = `A web page answered at the URL of ${whose}, not a workflow: copy the URL again and look at any proxy in between.`
  return { kind: 'retryable', code: 'FG_TEAMS_PAGE', message }
}

/** What it means that a request brought no answer. Throws on what is no error of a request. */
export function failureOfRequest(error: unknown, signal: AbortSignal): Failure {
  if (error instanceof FailureError) return error.failure
  if (signal.aborted) {
    const message = 'Teams did not answer in time. Whether the message was accepted is not known.'
    return { kind: 'retryable', code: 'FG_TEAMS_TIMEOUT', message }
  }
  // What `fetch` says of a connection that failed before the answer began, and within it.
  if (!(error instanceof TypeError) || !['fetch failed', 'terminated'].includes(error.message)) throw error
  const cause = systemCode(error.cause)
  if (neverConnected.test(cause)) {
    const message = `The workflow's address could not be reached (${cause}). Check the network.`
    return { kind: 'retryable', code: 'FG_TEAMS_UNREACHABLE', message, nothingWritten: true }
  }
  const message = 'The connection broke before the answer was there. Whether the message was accepted is not known.'
  return { kind: 'retryable', code: 'FG_TEAMS_REPLY_LOST', message }
}

const renew = 'Switch the workflow on in Teams, or make a new one, and put its URL into the configuration.'
const off = (whose: string) => `The workflow of ${whose} is switched off or was deleted.`
const gone = (whose: string) => `The workflow of ${whose} was removed: nothing is at its URL any more.`
const as = (code: string | undefined) => (code ? ` (${code})` : '')

function rateLimited(retryAfter: string | null, now: Date): Failure {
  const retryAfterSeconds = seconds(retryAfter, now) ?? defaultWaitSeconds
  const message = `Teams limits the rate for ${retryAfterSeconds} s.`
  return { kind: 'rate-limited', code: 'FG_TEAMS_RATE_LIMIT', message, retryAfterSeconds }
}

/** Seconds of a Retry-After, a number of them or a date, at most a day; `undefined` where it names no time to come. */
function seconds(retryAfter: string | null, now: Date): number | undefined {
  const text = retryAfter ?? ''
  // A date has its month and its weekday in letters; `Date.parse` reads "-1" as a day of 2001.
  const date = /^[A-Za-z]/.test(text) ? Date.parse(text) : Number.NaN
  const asked = /^\d+$/.test(text) ? Number(text) : Math.ceil((date - now.getTime()) / 1_000)
  return asked > 0 ? Math.min(asked, longestWaitSeconds) : undefined
}

/** The code of Power Automate's refusal: a word. Anything else in its place could quote the message. */
function workflowCode(body: string): string | undefined {
  try {
    const { error } = JSON.parse(body)
    return typeof error?.code === 'string' && /^[A-Za-z]{3,60}$/.test(error.code) ? error.code : undefined
  } catch {
    return undefined
  }
}

function systemCode(cause: unknown): string {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined
  return typeof code === 'string' && /^[A-Z0-9_]{3,60}$/.test(code) ? code : 'no connection'
}

function destination(code: string, message: string): Failure {
  return { kind: 'permanent', scope: 'destination', code, message }
}

/** Health cannot see whether somebody has mended it: nothing can be asked without posting. */
function forGood(code: string, message: string): Failure {
  return { kind: 'permanent', scope: 'destination', code, message, byHand: true }
}

function record(code: string, message: string): Failure {
  return { kind: 'permanent', scope: 'record', code, message }
}
