import type { Json } from '../plugin/json.ts'

/** A value as a template shows it: text as it is, numbers and booleans as text, lists joined by ", ", objects as JSON, null as nothing. */
export function asText(value: Json): string {
  if (typeof value === 'string') return value
  if (value === null) return ''
  if (Array.isArray(value)) return value.map(asText).join(', ')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** Nothing a person said: absent, null, text of spaces only, or an empty list. What is not blank is there. */
export function isBlank(value: Json | undefined): value is undefined | null {
  if (value === undefined || value === null) return true
  if (typeof value === 'string') return value.trim() === ''
  return Array.isArray(value) && value.length === 0
}

/** A finite number that a number or a text such as " 12.5 " stands for, else `undefined`. */
export function asNumber(value: Json | undefined): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value !== 'string' || !/^\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)\s*$/.test(value)) return undefined
  const number = Number(value)
  return Number.isFinite(number) ? number : undefined
}
