import type { Json, JsonObject } from '../plugin/json.ts'
import { canonicalText, sha256 } from '../value/hash.ts'

/** A decrypted request, read leniently: Meta leaves out or empties what an action does not need. */
export interface FlowRequest {
  readonly action: 'INIT' | 'BACK' | 'data_exchange' | 'unknown'
  /** Empty for INIT. For BACK the screen being left. */
  readonly screen: string
  readonly data: JsonObject
  /** Names the run. Absent where the sender gave none: two people with `"unused"` must never share a session. */
  readonly token: string | undefined
  /** What came as `flow_token`, to give back unchanged. */
  readonly flowToken: string
  /** Echoed in the answer where it came as text. */
  readonly version: string | undefined
  /** Names this request's content: a double tap has the same one. */
  readonly fingerprint: string
}

/** Meta's stand-in where a message was sent without a `flow_token` (guide "Sending a Flow"). */
const NO_TOKEN = 'unused'

/** Characters. Longer than any real token; a database key has a limit of its own, and whoever sends chooses the length. */
const LONGEST_TOKEN = 256

/**
 * Reads a decrypted request, whose letters the edge has made sound (`receive/payload.ts`). Never throws: what cannot be
 * read is empty, and an unheard-of action is `unknown`.
 */
export function readRequest(payload: JsonObject): FlowRequest {
  const action = readAction(payload['action'])
  const screen = readText(payload['screen'])
  const data = isObject(payload['data']) ? payload['data'] : {}
  const flowToken = readText(payload['flow_token'])
  return {
    action,
    screen,
    data,
    token: flowToken === '' || flowToken === NO_TOKEN ? undefined : tokenKey(flowToken),
    flowToken: flowToken === '' ? NO_TOKEN : flowToken,
    version: typeof payload['version'] === 'string' ? payload['version'] : undefined,
    fingerprint: sha256(canonicalText({ action, screen, data })).toString('base64'),
  }
}

/** What tells one run from another: the token, or the hash of one that is too long to be a key. */
function tokenKey(flowToken: string): string {
  return flowToken.length <= LONGEST_TOKEN ? flowToken : `sha256:${sha256(flowToken).toString('base64url')}`
}

function readAction(action: unknown): FlowRequest['action'] {
  return action === 'INIT' || action === 'BACK' || action === 'data_exchange' ? action : 'unknown'
}

function readText(value: Json | undefined): string {
  return typeof value === 'string' ? value : ''
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
