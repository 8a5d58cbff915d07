import { type Call, FailureError, type Json, type PluginContext } from 'flowgate/plugin'
import { type AuthConfig, authHeaders, type Oauth2Config } from './auth.ts'
import { exactJson } from './exact-json.ts'
import { type Codes, stops, unavailable } from './failure.ts'
import { tokenFor } from './oauth2.ts'
import { SettingError } from './reading-settings.ts'
import { type FilledRequest, isHeaderValue, lowered, ownFault } from './request.ts'

/** Where an API is and how it is spoken to, as operators write it. */
export interface ConnectionConfig {
  readonly base_url: string
  readonly auth?: AuthConfig
  readonly headers?: Readonly<Record<string, string>>
}

/** The same, read. */
export interface Connection {
  /** Without a slash at the end. */
  readonly baseUrl: string
  /** Those of every request. */
  readonly headers: Readonly<Record<string, string>>
  readonly oauth2: Oauth2Config | undefined
}

/** What every request is sent with. */
export interface Line extends Connection {
  readonly codes: Codes
  readonly context: Pick<PluginContext, 'fetch' | 'now' | 'spend' | 'accessToken' | 'log'>
}

/** The class of requests that `limits` counts. */
export const ENDPOINT_CLASS = 'all'

// Nothing was sent where these are why: there was no connection to send it on.
const NOT_SENT =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_\w+|ERR_TLS_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|ERR_SSL_(?:WRONG_VERSION_NUMBER|UNSUPPORTED_PROTOCOL|\w*(?:PROTOCOL_VERSION|HANDSHAKE_FAILURE|UNRECOGNIZED_NAME)))$/u

/** Reads where an API is. Throws a sentence for the operator, which names the place and never a secret. */
export function readConnection(config: ConnectionConfig): Connection {
  const [own, auth] = [lowered(config.headers ?? {}), lowered(authHeaders(config.auth))]
  for (const [path, headers] of [[['headers'], own] as const, [['auth'], auth] as const]) {
    const fault = headerFault(headers)
    if (fault !== undefined) throw new SettingError(path, fault)
  }
  const baseUrl = config.base_url.replace(/\/+$/u, '')
  if (!URL.canParse(baseUrl))
    throw new SettingError(['base_url'], 'base_url is no URL: write it whole, as in https://calendar.example.com/v2')
  const oauth2 = config.auth?.oauth2
  if (oauth2 !== undefined && !URL.canParse(oauth2.token_url)) {
    throw new SettingError(['auth', 'oauth2', 'token_url'], 'token_url is no URL: write it whole')
  }
  return { baseUrl, headers: { accept: 'application/json', ...own, ...auth }, oauth2 }
}

function headerFault(headers: Readonly<Record<string, string>>): string | undefined {
  for (const [name, value] of Object.entries(headers)) {
    const fault = ownFault(name)
    if (fault !== undefined) return fault
    if (isHeaderValue(value)) continue
    return `the header ${name} holds a line break or a character that HTTP does not allow: correct its value`
  }
  return undefined
}

/** The host that a connection leads to, and its port where it is unusual. */
export function hostOf({ baseUrl }: Connection): string {
  return new URL(baseUrl).host
}

/**
 * Sends a request as it is, once more with a new token where the API refuses the one in use. Rejects with a FailureError
 * where no reply comes of it. `blind`: a repeat could not tell what landed, so that what surely was not sent stops the
 * destination until it answers, instead of leaving a delivery of which nobody knows anything.
 */
export async function send(
  line: Line,
  request: Omit<FilledRequest, 'headers'> & { readonly headers?: FilledRequest['headers'] },
  call: Call,
  blind = false,
): Promise<Response> {
  const token = await obtained(line, call, blind)
  const reply = await sendOnce(line, request, token, call, blind)
  if (reply.status !== 401 || token === undefined) return reply
  return sendOnce(line, request, await obtained(line, call, blind, token), call, blind)
}

async function obtained(line: Line, call: Call, blind: boolean, stale?: string): Promise<string | undefined> {
  const { oauth2, codes, context } = line
  if (oauth2 === undefined) return undefined
  try {
    return await tokenFor({ oauth2, codes, context }, call, stale)
  } catch (error) {
    const retryable = error instanceof FailureError && error.failure.kind === 'retryable'
    if (blind && retryable && !call.signal.aborted) throw stops(codes.unreachable, error.failure.message, error)
    throw error
  }
}

async function sendOnce(
  line: Line,
  { url, method, headers, body }: Parameters<typeof send>[1],
  token: string | undefined,
  call: Call,
  blind: boolean,
): Promise<Response> {
  const { context, codes } = line
  await context.spend(ENDPOINT_CLASS, call.signal)
  const all = { ...line.headers, ...headers, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) }
  try {
    return await context.fetch(url, { method, headers: all, body, signal: call.signal })
  } catch (error) {
    if (error instanceof FailureError) throw error
    const host = hostOf(line)
    if (call.signal.aborted) throw unavailable(codes.unavailable, `${host} did not answer in time.`, error)
    const word = wordOf(error)
    const message = `${host} cannot be reached, or the connection broke (${word}).`
    if (blind && NOT_SENT.test(word)) {
      throw stops(codes.unreachable, `${host} cannot be reached (${word}), and nothing was sent.`, error)
    }
    throw unavailable(codes.unavailable, message, error)
  }
}

/** The JSON of a reply. One without a body says nothing, which is what JSON calls null. */
export async function jsonOf(reply: Response, line: Line): Promise<Json> {
  const text = await reply.text()
  if (text.trim() === '') return null
  try {
    return exactJson(text)
  } catch {
    // The parser's error quotes the reply, which is about a person.
    const cure = 'If it stays so, check base_url and any proxy in between.'
    throw unavailable(line.codes.reply, `The reply of ${hostOf(line)} is not JSON. ${cure}`)
  }
}

function wordOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : undefined
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'no reason was given'
}
