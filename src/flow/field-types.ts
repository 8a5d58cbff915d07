import type { FieldFile } from '../config/schema/flow.ts'
import type { Json } from '../plugin/json.ts'
import { toE164 } from '../value/phone.ts'

/** A typed answer as the form keeps it, or `undefined` where it is not of its field's type. */
type Read = (typed: Json, settings: FieldFile) => Json | undefined

/** Deliberately plain: one @, no spaces, a dot in the domain. Whether a mailbox exists only a message can tell. */
const EMAIL = /^[^\s@]{1,64}@[^\s@.]+(?:\.[^\s@.]+)+$/u
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/u
/** A number as dialled inside some country: which one is not known, so only its look is checked. */
const DIALLED = /^[\d\s().-]{6,20}$/u
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/u

/** How each field type reads what came: trimmed, and coerced where WhatsApp sends text for a number or a date. */
export const fieldTypes: Readonly<Record<FieldFile['type'], Read>> = {
  text: readText,
  email: (typed) => matching(typed, (text) => text.length <= 254 && EMAIL.test(text)),
  phone: (typed, settings) => matching(typed, (text) => isPhone(text, settings.country)),
  number: readNumber,
  integer: (typed) => {
    const number = readNumber(typed)
    return number !== undefined && Number.isSafeInteger(number) ? number : undefined
  },
  boolean: (typed) => {
    if (typeof typed === 'boolean') return typed
    return typed === 'true' ? true : typed === 'false' ? false : undefined
  },
  date: readDate,
  choice: (typed, settings) => oneOf(typed, settings.of),
  choices: readChoices,
  json: (typed) => typed,
}

function readText(typed: Json): string | undefined {
  if (typeof typed === 'string') return typed.trim()
  return typeof typed === 'number' || typeof typed === 'boolean' ? String(typed) : undefined
}

function matching(typed: Json, fits: (text: string) => boolean): string | undefined {
  const text = readText(typed)
  return text !== undefined && fits(text) ? text : undefined
}

function isPhone(text: string, country: string | undefined): boolean {
  return toE164(text, country) !== undefined || (country === undefined && DIALLED.test(text))
}

function readNumber(typed: Json): number | undefined {
  if (typeof typed === 'number') return Number.isFinite(typed) ? typed : undefined
  if (typeof typed !== 'string') return undefined
  const text = typed.trim()
  const number = NUMBER.test(text) ? Number(text) : Number.NaN
  // Enough digits make Infinity, which JSON lacks.
  return Number.isFinite(number) ? number : undefined
}

/** DatePicker sends `YYYY-MM-DD` from Flow JSON 5.0 on, milliseconds before. Kept as `YYYY-MM-DD`. */
function readDate(typed: Json): string | undefined {
  const text = typeof typed === 'number' ? String(typed) : typeof typed === 'string' ? typed.trim() : ''
  if (/^-?\d{9,14}$/u.test(text)) return new Date(Number(text)).toISOString().slice(0, 10)
  const parts = DATE.exec(text)
  if (parts === null) return undefined
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) ? text : undefined
}

function oneOf(typed: Json, of: FieldFile['of']): Json | undefined {
  if (typeof typed === 'object' || typed === '') return undefined
  const value = typeof typed === 'string' ? typed.trim() : typed
  if (of === undefined) return value
  return of.find((option) => option === value || String(option) === String(value))
}

function readChoices(typed: Json, settings: FieldFile): Json | undefined {
  const list = Array.isArray(typed) ? typed : [typed]
  const chosen: Json[] = []
  for (const item of list) {
    const value = oneOf(item, settings.of)
    if (value === undefined) return undefined
    chosen.push(value)
  }
  return chosen
}
