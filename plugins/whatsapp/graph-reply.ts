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

/** Why a request was never sent: no connection, or none that could be trusted. */
const neverConnected =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_\w+|ERR_TLS_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|ERR_SSL_(?:WRONG_VERSION_NUMBER|UNSUPPORTED_PROTOCOL|\w*(?:PROTOCOL_VERSION|HANDSHAKE_FAILURE|UNRECOGNIZED_NAME)))$/

/** Bytes of the longest answer taken: those of the Graph API to a message are far below. */
const longestReply = 1024 * 1024

/** One request to the Graph API, without redirects. Rejects with a FailureError where no answer comes. */
export async function ask(url: string, init: RequestInit & { readonly signal: AbortSignal }): Promise<GraphReply> {
  try {
    const response = await fetch(url, { ...init, redirect: 'manual' })
    const text = await wholeText(response)
    return { status: response.status, retryAfter: response.headers.get('retry-after'), body: parsed(text) }
  } catch (error) {
    throw unanswered(error, init.signal)
  }
}

/** The text of an answer; of one that is longer than any of Meta's, none. */
async function wholeText({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength
    // Leaving the loop closes the connection.
    if (bytes > longestReply) return ''
    chunks.push(chunk)
  }
  return new TextDecoder().decode(Buffer.concat(chunks))
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
  if (neverConnected.test(cause)) {
    const message = `Meta could not be reached (${cause}). Check the network and api_url.`
    return new FailureError({ kind: 'retryable', code: 'FG_WHATSAPP_UNREACHABLE', message, nothingWritten: true })
  }
  const message = 'The connection broke before the answer was there. Whether the message was accepted is not known.'
  return new FailureError({ kind: 'retryable', code: 'FG_WHATSAPP_REPLY_LOST', message })
}

function systemCode(cause: unknown): string {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined
  return typeof code === 'string' && /^[A-Z0-9_]{3,60}$/.test(code) ? code : 'no connection'
}
