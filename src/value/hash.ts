import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { Json } from '../plugin/json.ts'

/** SHA-256 of the UTF-8 bytes of a text, 32 bytes. */
export function sha256(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest()
}

/**
 * One text for equal JSON, whatever the order of its keys (RFC 8785). Half a surrogate pair, which JSON can carry and
 * UTF-8 cannot, becomes U+FFFD instead of an exception: a person's odd letter must not lose the submission.
 */
export function canonicalText(value: Json): string {
  return canonicalize(wellFormed(value)) ?? 'null'
}

function wellFormed(value: Json): Json {
  if (typeof value === 'string') return value.toWellFormed()
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(wellFormed)
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key.toWellFormed(), wellFormed(member)]))
}
