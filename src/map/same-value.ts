import type { Json } from '../plugin/json.ts'
import { asText, isBlank } from '../value/text.ts'

/**
 * Whether two values are one and the same in a CRM, however it writes them: blank is blank, `75000.0` is 75000, "true" is
 * true, a date is itself as text or as milliseconds, and a list is itself as text between semicolons.
 */
export function sameValue(one: Json | undefined, other: Json | undefined): boolean {
  if (isBlank(one) || isBlank(other)) return isBlank(one) && isBlank(other)
  if (Array.isArray(one) || Array.isArray(other)) return sameList(itemsOf(one), itemsOf(other))
  const [left, right] = [plainText(one), plainText(other)]
  if (left === right) return true
  const [first, second] = [numberIn(left), numberIn(right)]
  if (first !== undefined && second !== undefined) return first === second
  const [earlier, later] = [instantIn(left), instantIn(right)]
  return earlier !== undefined && earlier === later
}

function plainText(value: Json): string {
  return asText(value).replace(/\r\n?/gu, '\n').trim()
}

/** A number as it is written for people and machines: one with leading zeros or a plus sign is a name, and so is a very long one. */
function numberIn(text: string): number | undefined {
  return /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/u.test(text) ? Number(text) : undefined
}

const ISO = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/u
const MILLISECONDS = /^\d{12,13}$/u

/** Milliseconds since 1970; a date without a time, or a time without its place, is that of UTC. */
function instantIn(text: string): number | undefined {
  if (MILLISECONDS.test(text)) return Number(text)
  if (!ISO.test(text)) return undefined
  const placed = text.replace(' ', 'T').replace(/([+-]\d{2})(\d{2})$/u, '$1:$2')
  const ms = Date.parse(/T.*(?:Z|[+-]\d{2}:\d{2})$/u.test(placed) || !placed.includes('T') ? placed : `${placed}Z`)
  return Number.isNaN(ms) ? undefined : ms
}

function itemsOf(value: Json): readonly Json[] {
  if (Array.isArray(value)) return value
  return typeof value === 'string' ? value.split(';').filter((item) => item.trim() !== '') : [value]
}

function sameList(one: readonly Json[], other: readonly Json[]): boolean {
  if (one.length !== other.length) return false
  return one.every((item) => other.some((each) => sameValue(item, each)))
}
