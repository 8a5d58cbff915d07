import type { Json, JsonObject } from '../plugin/json.ts'
import { sha256 } from '../value/hash.ts'

/** By strength: an id of the sender's own outlives a number, and a number is checked by WhatsApp where an address is not. */
const IDENTITIES: readonly (readonly [kind: string, normalise: (text: string) => string | undefined])[] = [
  ['user_id', (text) => text],
  ['phone', phone],
  ['email', (text) => (text.includes('@') ? text.toLowerCase() : undefined)],
]

/**
 * Names a person over all their tokens: a hash of the first of `user_id`, `phone` and `email` that is there, however the
 * number is grouped or the address capitalised. `undefined` where none tells who it is. 43 characters of base64url.
 */
export function personKey(person: JsonObject): string | undefined {
  for (const [kind, normalise] of IDENTITIES) {
    const value = textOf(Object.hasOwn(person, kind) ? person[kind] : undefined)
    const normalised = value === undefined ? undefined : normalise(value)
    if (normalised !== undefined) return sha256(`${kind}:${normalised}`).toString('base64url')
  }
  return undefined
}

function textOf(value: Json | undefined): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  const text = String(value).trim()
  return text === '' ? undefined : text
}

/**
 * The digits, with the plus where there is one. A number without it is not taken for an international one: two people must
 * never be one. Fewer than five digits are no number.
 */
function phone(text: string): string | undefined {
  const digits = /^\+?[\d\s()./-]+$/u.test(text) ? text.replace(/\D/gu, '') : ''
  if (digits.length < 5) return undefined
  return text.startsWith('+') ? `+${digits}` : digits
}
