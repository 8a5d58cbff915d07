import type { Json } from '../../plugin/json.ts'

const LONGEST_TEXT = 40
const MOST_KEYS = 8

/** Data in a few words for a transcript line: short texts in full, lists as `slots[3]`, objects with what is in them. */
export function summarise(data: Json): string {
  if (typeof data !== 'object' || data === null) return brief(data)
  const entries = Object.entries(data)
  const words = entries.slice(0, MOST_KEYS).map(([key, value]) => describe(key, value))
  if (entries.length > MOST_KEYS) words.push(`and ${entries.length - MOST_KEYS} more`)
  return words.join('  ')
}

function describe(key: string, value: Json): string {
  if (Array.isArray(value)) {
    const plain = value.every((entry) => typeof entry !== 'object')
    return plain && value.length <= 3 ? `${key}=[${value.map(brief).join(', ')}]` : `${key}[${value.length}]`
  }
  if (typeof value === 'object' && value !== null) {
    const inside = summarise(value)
    return inside.length <= LONGEST_TEXT * 2 ? `${key}={${inside}}` : `${key}{${Object.keys(value).length} keys}`
  }
  return `${key}=${brief(value)}`
}

function brief(value: Json): string {
  if (typeof value !== 'string') return JSON.stringify(value)
  return JSON.stringify(value.length > LONGEST_TEXT ? `${value.slice(0, LONGEST_TEXT - 1)}…` : value)
}
