import type { Json, JsonObject } from '../plugin/json.ts'

/** Far deeper than any form; shallow enough that no later walk over the payload can run out of stack. */
const DEEPEST = 32

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Reads a decrypted payload: strict UTF-8, a JSON object, at most 32 levels deep; `undefined` for anything else.
 * Keys named `__proto__` are left out, and texts become ones that every database and hash takes: no NUL character,
 * U+FFFD in place of a lone surrogate.
 */
export function readPayload(bytes: Uint8Array): JsonObject | undefined {
  try {
    const value: Json = JSON.parse(utf8.decode(bytes))
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
    const payload = soundValue(value, 1)
    return isObject(payload) ? payload : undefined
  } catch {
    // Not UTF-8, not JSON, or too deep: all the same to the sender.
    return undefined
  }
}

function soundValue(value: Json, depth: number): Json {
  if (typeof value === 'string') return soundText(value)
  if (typeof value !== 'object' || value === null) return value
  if (depth > DEEPEST) throw new RangeError('nested too deep')
  if (isList(value)) return value.map((item) => soundValue(item, depth + 1))
  const copy: Record<string, Json> = {}
  for (const [key, item] of Object.entries(value)) {
    if (key !== '__proto__') copy[soundText(key)] = soundValue(item, depth + 1)
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
