import {
  constants,
  createCipheriv,
  createDecipheriv,
  createHmac,
  type KeyObject,
  publicEncrypt,
  randomBytes,
} from 'node:crypto'
import type { JsonObject } from '../../plugin/json.ts'

const TAG_BYTES = 16

/** A request as a phone seals it, with what is needed to open its answer. */
export interface SealedRequest {
  /** The exact bytes to post. */
  readonly body: string
  open(answer: string): OpenedAnswer
}

export type OpenedAnswer =
  | { readonly ok: true; readonly plaintext: JsonObject }
  | { readonly ok: false; readonly fault: string }

/**
 * Seals a request as Meta's clients do (developers.facebook.com, "Implementing endpoints for Flows"): a fresh 16-byte AES
 * key and 16-byte IV for each request, AES-128-GCM with a 16-byte tag at the end, the key wrapped by RSA-OAEP with SHA-256.
 * Slashes are escaped on the wire as Meta's are, so a server that signs re-serialised JSON is found out.
 */
export function sealRequest(payload: JsonObject, publicKey: KeyObject): SealedRequest {
  const key = randomBytes(16)
  const iv = randomBytes(16)
  const cipher = createCipheriv('aes-128-gcm', key, iv, { authTagLength: TAG_BYTES })
  const sealed = Buffer.concat([cipher.update(JSON.stringify(payload), 'utf8'), cipher.final(), cipher.getAuthTag()])
  const wrapped = publicEncrypt(
    { key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
    new Uint8Array(key),
  )
  const body = JSON.stringify({
    encrypted_flow_data: sealed.toString('base64'),
    encrypted_aes_key: wrapped.toString('base64'),
    initial_vector: iv.toString('base64'),
  }).replaceAll('/', '\\/')
  return { body, open: (answer) => openAnswer(answer, key, iv) }
}

/** The `X-Hub-Signature-256` header over the exact bytes of a body. */
export function sign(body: string, appSecret: string): string {
  return `sha256=${createHmac('sha256', appSecret).update(body).digest('hex')}`
}

/** The same envelope with one bit of its sealed data flipped. */
export function tamper(body: string): string {
  const envelope = JSON.parse(body) as { encrypted_flow_data: string }
  const data = Buffer.from(envelope.encrypted_flow_data, 'base64')
  data[0] = (data[0] ?? 0) ^ 1
  return JSON.stringify({ ...envelope, encrypted_flow_data: data.toString('base64') })
}

function openAnswer(answer: string, key: Buffer, iv: Buffer): OpenedAnswer {
  const bytes = Buffer.from(answer, 'base64')
  if (answer === '' || bytes.toString('base64') !== answer) {
    return { ok: false, fault: 'the answer is not base64 text alone (no JSON, no quotes, no line breaks)' }
  }
  if (bytes.length <= TAG_BYTES) return { ok: false, fault: 'the answer is too short to hold a tag of 16 bytes' }
  const inverted = iv.map((byte) => byte ^ 0xff)
  const text = decrypt(bytes, key, inverted)
  if (text === undefined) {
    const plainIv = decrypt(bytes, key, iv) !== undefined
    return {
      ok: false,
      fault: plainIv
        ? 'the answer is sealed with the IV of the request: every bit of that IV must be inverted first'
        : 'the answer does not open with the AES key of the request and the inverted IV',
    }
  }
  return parse(text)
}

function parse(text: string): OpenedAnswer {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return { ok: true, plaintext: value as JsonObject }
    }
  } catch {
    return { ok: false, fault: 'the opened answer is not JSON' }
  }
  return { ok: false, fault: 'the opened answer is not a JSON object' }
}

function decrypt(bytes: Buffer, key: Uint8Array, iv: Uint8Array): string | undefined {
  try {
    const decipher = createDecipheriv('aes-128-gcm', key, iv, { authTagLength: TAG_BYTES })
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
    return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]).toString('utf8')
  } catch {
    return undefined
  }
}
