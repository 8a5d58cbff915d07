import { FailureError, type Json, type JsonObject } from 'flowgate/plugin'

/** An answer of the Graph API. */
export interface GraphReply {
  readonly status: number
  readonly retryAfter: string | null
  /** The JSON of it; `undefined` where it is none, as a proxy answers. */
  readonly body: Json | undefined
}

/** What the Graph API said no with: its code, and whether more of it is worth showing is for nobody to say but Meta. */
export function errorCodeOf({ body }: GraphReply): number | undefined {
  const error = objectOf(objectOf(body)?.['error'])
  return typeof error?.['code'] === 'number' ? error['code'] : undefined
}

/** A JSON object, or `undefined` for anything else. */
export function objectOf(value: Json | undefined): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined
}

/** Connections that never came about: nothing was sent over them. */
const neverConnected: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** One request to the Graph API, without redirects. Rejects with a FailureError where no answer comes. */
export async function ask(url: string, init: RequestInit & { readonly signal: AbortSignal }): Promise<GraphReply> {
  try {
    const response = await fetch(url, { ...init, redirect: 'manual' })
    const text = await response.text()
    return { status: response.status, retryAfter: response.headers.get('retry-after'), body: parsed(text) }
  } catch (error) {
    throw unanswered(error, init.signal)
  }
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function unanswered(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) {
    const message = 'Meta did not answer in time. Whether the message was accepted is not known.'
    return new FailureError({ kind: 'retryable', code: 'FG_WHATSAPP_TIMEOUT', message })
  }
  // What `fetch` says of a connection that failed before the answer began, and within it.
  if (!(error instanceof TypeError) || !['fetch failed', 'terminated'].includes(error.message)) return error
  const cause = systemCode(error.cause)
  if (neverConnected.has(cause)) {
    const message = `Meta could not be reached (${cause}). Check the network and api_url.`
    return new FailureError({ kind: 'retryable', code: 'FG_WHATSAPP_UNREACHABLE', message, nothingWritten: true })
  }
  const message = 'The connection broke before the answer was there. Whether the message was accepted is not known.'
  return new FailureError({ kind: 'retryable', code: 'FG_WHATSAPP_REPLY_LOST', message })
}

function systemCode(cause: unknown): string {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined
  return typeof code === 'string' && /^[A-Z_]{3,40}$/.test(code) ? code : 'no connection'
}
