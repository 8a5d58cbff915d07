import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { JsonObject } from '../../plugin/json.ts'
import { type OpenedAnswer, sealRequest, sign, tamper } from './sealing.ts'

/** Meta gives an endpoint ten seconds (developers.facebook.com, Flows best practices). */
const META_LIMIT_MS = 10_000

export interface DeviceSettings {
  /** The whole URL of one flow, for example `http://127.0.0.1:8080/flows/lead-gen`. */
  readonly url: string
  /** The flow's RSA public key: PEM text or a key object. */
  readonly publicKey: string | KeyObject
  readonly appSecret: string
  /** How long an answer is waited for. Default 10,000: Meta's limit. */
  readonly answerWithinMs?: number
}

/** What is done to a sealed request before it is sent. */
export type Interference = 'tampered' | 'wrong-key' | 'wrong-signature' | 'short-signature' | 'no-signature'

/** One request and what came back. */
export interface Exchanged {
  readonly status: number
  /** The opened answer; absent where none could be opened. */
  readonly answer: JsonObject | undefined
  /** Why an answer that should open does not. */
  readonly fault: string | undefined
  /** From the first byte out to the last byte in. */
  readonly ms: number
}

/** A phone with a flow open, and Meta's servers behind it, seen from the gateway. */
export interface Device {
  /** Rejects with a NoAnswer when nothing answers in time. */
  exchange(payload: JsonObject, interference?: Interference): Promise<Exchanged>
}

/** No HTTP answer: nothing listens there, or it took longer than Meta waits. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer'
  readonly late: boolean

  constructor(message: string, late: boolean, options?: ErrorOptions) {
    super(message, options)
    this.late = late
  }
}

/** A device that seals with `publicKey` and signs with `appSecret`, by code of its own. Throws where the PEM is no public key. */
export function createDevice(settings: DeviceSettings): Device {
  const publicKey = typeof settings.publicKey === 'string' ? createPublicKey(settings.publicKey) : settings.publicKey
  return { exchange: (payload, interference) => exchange(settings, publicKey, payload, interference) }
}

async function exchange(
  settings: DeviceSettings,
  publicKey: KeyObject,
  payload: JsonObject,
  interference: Interference | undefined,
): Promise<Exchanged> {
  const sealed = sealRequest(payload, interference === 'wrong-key' ? foreignKey() : publicKey)
  const body = interference === 'tampered' ? tamper(sealed.body) : sealed.body
  const signature = signatureFor(body, settings.appSecret, interference)
  const started = performance.now()
  const { status, text } = await post(settings, body, signature)
  const ms = performance.now() - started
  if (status === 200) {
    const opened = sealed.open(text)
    return { status, answer: opened.ok ? opened.plaintext : undefined, fault: opened.ok ? undefined : opened.fault, ms }
  }
  if (status === 427) return { status, answer: openExpired(text, sealed.open), fault: undefined, ms }
  return { status, answer: undefined, fault: undefined, ms }
}

function signatureFor(body: string, appSecret: string, interference: Interference | undefined): string | undefined {
  if (interference === 'no-signature') return undefined
  if (interference === 'wrong-signature') return sign(body, `${appSecret}, but not this one`)
  const signature = sign(body, appSecret)
  return interference === 'short-signature' ? signature.slice(0, 20) : signature
}

async function post(settings: DeviceSettings, body: string, signature: string | undefined) {
  const limitMs = settings.answerWithinMs ?? META_LIMIT_MS
  try {
    const response = await fetch(settings.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(signature && { 'x-hub-signature-256': signature }) },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(limitMs),
    })
    return { status: response.status, text: await response.text() }
  } catch (error) {
    const late = error instanceof Error && error.name === 'TimeoutError'
    const reason = late ? `no answer within ${limitMs / 1000} s` : `no answer (${causeOf(error)})`
    throw new NoAnswer(`${settings.url}: ${reason}.`, late, { cause: error })
  }
}

function causeOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  if (cause instanceof Error) return 'code' in cause ? String(cause.code) : cause.message
  return String(cause)
}

/** The body of a 427 is sealed or plain JSON, as the flow chose. */
function openExpired(text: string, open: (answer: string) => OpenedAnswer): JsonObject | undefined {
  const opened = open(text)
  if (opened.ok) return opened.plaintext
  try {
    return JSON.parse(text) as JsonObject
  } catch {
    return undefined
  }
}

let foreign: KeyObject | undefined

function foreignKey(): KeyObject {
  foreign ??= generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey
  return foreign
}
