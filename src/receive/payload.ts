import type { Json, JsonObject } from '../plugin/json.ts'

/** Far deeper than any form; shallow enough that no later walk over the payload can run out of stack. */
const DEEPEST = 32

/** Far more than any form holds. What is done with each costs more than reading it, and a body has room for 250,000. */
const MOST_VALUES = 20_000

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Reads a decrypted payload: strict UTF-8, a JSON object, at most 32 levels deep and of 20,000 values; `undefined` for
 * anything else. Keys named `__proto__` are left out, and what remains is taken by every database and hash: no NUL
 * character, U+FFFD in place of a lone surrogate, null in place of a number beyond what JSON's readers hold.
 */
export function readPayload(bytes: Uint8Array): JsonObject | undefined {
  try {
    const value: Json = JSON.parse(utf8.decode(bytes))
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
    const payload = soundValue(value, 1, { values: 0 })
    return isObject(payload) ? payload : undefined
  } catch {
    // Not UTF-8, not JSON, too deep or too much: all the same to the sender.
    return undefined
  }
}

function soundValue(value: Json, depth: number, seen: { values: number }): Json {
  seen.values += 1
  if (seen.values > MOST_VALUES) throw new RangeError('too many values')
  if (typeof value === 'string') return soundText(value)
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value !== 'object' || value === null) return value
  if (depth > DEEPEST) throw new RangeError('nested too deep')
  if (isList(value)) return value.map((item) => soundValue(item, depth + 1, seen))
  const copy: Record<string, Json> = {}
  for (const [key, item] of Object.entries(value)) {
    const name = soundText(key)
    if (name !== '__proto__') copy[name] = soundValue(item, depth + 1, seen)
  }
  return copy
}

function soundText(text: string): string {
  return (text.includes('\0') ? text.replaceAll('\0', '') : text).toWellFormed()
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !isList(value)
}
