import { createCipheriv, createDecipheriv } from 'node:crypto'
import type { JsonObject } from '../plugin/json.ts'
import type { PrivateKey } from './keys.ts'
import { readPayload } from './payload.ts'

/** The envelope as Meta's endpoint guide defines it: RSA-2048, AES-128-GCM with an IV of 16 bytes and a tag of 16 bytes at the end. */
const CIPHER = 'aes-128-gcm'
const WRAPPED_KEY_BYTES = 256
const AES_KEY_BYTES = 16
const IV_BYTES = 16
const TAG_BYTES = 16

/** Why an envelope cannot be opened: safe to log, told apart for operators, one and the same 421 to the sender. */
export type EnvelopeFault =
  | 'not_json'
  | 'field_missing'
  | 'not_base64'
  | 'wrong_length'
  | 'no_key_fits'
  | 'tag_mismatch'
  | 'payload_not_json'

/** The request cannot be decrypted. Meta's client fetches the public key again on 421 and resends once. */
export class EnvelopeError extends Error {
  override readonly name = 'EnvelopeError'
  readonly reason: EnvelopeFault

  constructor(reason: EnvelopeFault) {
    super(`The envelope cannot be opened: ${reason}`)
    this.reason = reason
  }
}

/** A request opened, and what its answer has to be sealed with. */
export interface OpenedEnvelope {
  readonly payload: JsonObject
  readonly aesKey: Buffer
  readonly iv: Buffer
  /** The private key that fitted. */
  readonly openedBy: PrivateKey
}

/** Opens the raw body of a request with the first key that fits. Rejects with an `EnvelopeError`; plaintext is only returned after the tag is checked. */
export async function openEnvelope(body: Buffer, keys: readonly PrivateKey[]): Promise<OpenedEnvelope> {
  const { wrappedKey, iv, sealed } = readEnvelope(body)
  for (const key of keys) {
    const aesKey = await key.unwrap(wrappedKey)
    if (aesKey?.length !== AES_KEY_BYTES) continue
    const payload = readPayload(decrypt(sealed, aesKey, iv))
    if (payload === undefined) throw new EnvelopeError('payload_not_json')
    return { payload, aesKey, iv, openedBy: key }
  }
  throw new EnvelopeError('no_key_fits')
}

/** Seals an answer for the sender of a request: same AES key, every bit of the IV inverted, base64 text. */
export function sealAnswer(plaintext: string, aesKey: Buffer, iv: Buffer): string {
  const cipher = createCipheriv(CIPHER, aesKey, invert(iv), { authTagLength: TAG_BYTES })
  return Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64')
}

function readEnvelope(body: Buffer): { wrappedKey: Buffer; iv: Buffer; sealed: Buffer } {
  const envelope = parse(body)
  const wrappedKey = bytes(envelope, 'encrypted_aes_key')
  const iv = bytes(envelope, 'initial_vector')
  const sealed = bytes(envelope, 'encrypted_flow_data')
  if (wrappedKey.length !== WRAPPED_KEY_BYTES || iv.length !== IV_BYTES || sealed.length < TAG_BYTES) {
    throw new EnvelopeError('wrong_length')
  }
  return { wrappedKey, iv, sealed }
}

function parse(body: Buffer): object {
  let value: unknown
  try {
    value = JSON.parse(body.toString('utf8'))
  } catch {
    throw new EnvelopeError('not_json')
  }
  if (typeof value !== 'object' || value === null) throw new EnvelopeError('not_json')
  return value
}

/** Standard alphabet and full padding, or nothing: Node's own decoder skips what it does not know. Unused last bits may be set, the bytes are the same. */
function bytes(envelope: object, field: string): Buffer {
  const text: unknown = Object.hasOwn(envelope, field) ? Reflect.get(envelope, field) : undefined
  if (typeof text !== 'string') throw new EnvelopeError('field_missing')
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw new EnvelopeError('not_base64')
  return Buffer.from(text, 'base64')
}

function decrypt(sealed: Buffer, aesKey: Buffer, iv: Buffer): Buffer {
  const decipher = createDecipheriv(CIPHER, aesKey, iv, { authTagLength: TAG_BYTES })
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
  try {
    return Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()])
  } catch {
    throw new EnvelopeError('tag_mismatch')
  }
}

function invert(iv: Buffer): Buffer {
  return Buffer.from(iv.map((byte) => byte ^ 0xff))
}
