import type { Json } from '../plugin/json.ts'

/**
 * One file that a person chose in a PhotoPicker or DocumentPicker, as it comes to the endpoint: where WhatsApp keeps the
 * encrypted file for up to 20 days, and what opens it
 * (developers.facebook.com/docs/whatsapp/flows/reference/media_upload).
 */
export interface MediaAnswer {
  readonly cdnUrl: string
  readonly fileName: string
  /** Each of these is decoded from base64. */
  readonly encryptedHash: Buffer
  readonly plaintextHash: Buffer
  readonly key: Buffer
  readonly iv: Buffer
  readonly hmacKey: Buffer
}

/** Bytes that each part must have: SHA-256, AES-256-CBC, and a key for HMAC-SHA-256. */
const PARTS = [
  ['encryptedHash', 'encrypted_hash', 32],
  ['plaintextHash', 'plaintext_hash', 32],
  ['key', 'encryption_key', 32],
  ['iv', 'iv', 16],
  ['hmacKey', 'hmac_key', 32],
] as const

/** Reads an answer; `undefined` where it is no file that can be opened. */
export function parseMediaAnswer(value: Json): MediaAnswer | undefined {
  if (!isObject(value) || typeof value['cdn_url'] !== 'string') return undefined
  const metadata = value['encryption_metadata']
  if (metadata === undefined || !isObject(metadata)) return undefined
  const parts: Partial<Record<(typeof PARTS)[number][0], Buffer>> = {}
  for (const [name, key, bytes] of PARTS) {
    const text = metadata[key]
    const decoded = typeof text === 'string' ? Buffer.from(text, 'base64') : undefined
    if (decoded?.length !== bytes) return undefined
    parts[name] = decoded
  }
  const { encryptedHash, plaintextHash, key, iv, hmacKey } = parts
  if (!encryptedHash || !plaintextHash || !key || !iv || !hmacKey) return undefined
  const fileName = plainName(value['file_name'])
  return { cdnUrl: value['cdn_url'], fileName, encryptedHash, plaintextHash, key, iv, hmacKey }
}

const LONGEST_NAME = 120

/** A name without folders, control characters and dots in front: it becomes a file's name in a CRM. */
function plainName(name: Json | undefined): string {
  const last = typeof name === 'string' ? (name.split(/[/\\]/u).at(-1) ?? '') : ''
  const clean = last
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}"<>:|?*]/gu, '')
    .replace(/^[.\s]+/u, '')
    .trim()
  const dot = clean.lastIndexOf('.')
  const ending = dot > 0 ? clean.slice(dot).slice(0, 16) : ''
  return clean === ''
    ? 'file'
    : `${clean.slice(0, dot > 0 ? dot : undefined).slice(0, LONGEST_NAME - ending.length)}${ending}`
}

function isObject(value: Json): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
