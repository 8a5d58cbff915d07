import type { Json } from 'flowgate/plugin'
import type { Dialect } from '../connect/dialect.ts'
import type { Column } from './table.ts'

/** What is bound for a value, or why the column cannot hold it, in words that quote nothing of it. */
export type ColumnValue = { readonly bound: Json } | { readonly refused: string }

const WHOLE = /^[+-]?\d{1,20}$/
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?$/i
const UUID = /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i
const DAY = /^\d{4}-\d\d-\d\d$/
const MOMENT = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(Z|[+-]\d\d(?::?\d\d)?)?$/i
const TRUE = ['true', 'yes', 'on', '1']
const FALSE = ['false', 'no', 'off', '0']

/**
 * Makes a mapped value one that the column takes, or says why it does not. Nothing is left to the server that it would
 * bend: MySQL finds 12 for `12abc`, and PostgreSQL reads `1/8` as its settings have it.
 */
export function columnValue(given: Json, column: Column, dialect: Dialect): ColumnValue {
  const value = wellFormed(given)
  if (value === null) return column.nullable ? { bound: null } : { refused: 'cannot be empty' }
  if (holdsNul(value)) return { refused: 'holds a NUL character, which no text of a database can' }
  switch (column.kind) {
    case 'json':
      return { bound: JSON.stringify(value) }
    case 'list':
      return { bound: (Array.isArray(value) ? value : [value]).map((item) => (item === null ? null : plain(item))) }
    case 'choices':
      return choices(value, column)
    case 'boolean':
      return boolean(value, dialect)
    case 'bits':
      return typeof value === 'boolean' ? { bound: value ? '1' : '0' } : whole(value, { ...column, unsigned: true })
    case 'integer':
      return whole(value, column)
    default:
      return fromText(plain(value), column, dialect)
  }
}

function fromText(text: string, column: Column, dialect: Dialect): ColumnValue {
  switch (column.kind) {
    case 'number':
      return DECIMAL.test(text.trim()) ? { bound: text.trim() } : { refused: 'is no number' }
    case 'uuid':
      return UUID.test(text.trim()) ? { bound: text.trim() } : { refused: 'is no UUID' }
    case 'choice':
      return column.options?.includes(text)
        ? { bound: text }
        : { refused: 'is none of the values that the column takes' }
    case 'date':
      return day(text.trim())
    case 'datetime':
      return moment(text.trim(), true)
    case 'instant':
      return moment(text.trim(), dialect === 'mysql')
    default: {
      const fits = column.maxLength === undefined || [...text].length <= column.maxLength
      return fits ? { bound: text } : { refused: `is longer than ${column.maxLength} characters` }
    }
  }
}

/** A text as it is, everything else as JSON writes it. */
function plain(value: Exclude<Json, null>): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function whole(value: Exclude<Json, null>, { bits = 64, unsigned }: Column): ColumnValue {
  const text = typeof value === 'number' && Number.isInteger(value) ? BigInt(value).toString() : plain(value).trim()
  if (!WHOLE.test(text)) return { refused: 'is no whole number' }
  const number = BigInt(text.replace(/^\+/, ''))
  const fits = unsigned === true ? number === BigInt.asUintN(bits, number) : number === BigInt.asIntN(bits, number)
  return fits ? { bound: number.toString() } : { refused: 'is a larger number than the column holds' }
}

function boolean(value: Exclude<Json, null>, dialect: Dialect): ColumnValue {
  const text = plain(value).trim().toLowerCase()
  const known = TRUE.includes(text) ? true : FALSE.includes(text) ? false : undefined
  // MySQL's booleans are small numbers, and some use them as such.
  if (known === undefined && dialect === 'mysql' && /^-?\d{1,3}$/.test(text)) return { bound: text }
  return known === undefined ? { refused: 'is neither true nor false' } : { bound: known }
}

function choices(value: Exclude<Json, null>, { options = [] }: Column): ColumnValue {
  const given = Array.isArray(value) ? value.map(String) : plain(value).split(',')
  return given.every((one) => options.includes(one))
    ? { bound: given.join(',') }
    : { refused: 'is none of the values that the column takes' }
}

/** The day of a moment is the one it names, wherever it was. */
function day(text: string): ColumnValue {
  const named = MOMENT.exec(text)?.[1] ?? text
  return DAY.test(named) && isDay(named) ? { bound: named } : { refused: 'is no date as in 2026-11-21' }
}

/** With its zone, or `inUtc` for a column that knows none. */
function moment(text: string, inUtc: boolean): ColumnValue {
  const [, date = text, time = '00:00:00', zone] = MOMENT.exec(text) ?? []
  const sound = DAY.test(date) && isDay(date)
  if (!sound) return { refused: 'is no date and time as in 2026-11-21T09:30:00Z' }
  if (zone === undefined) return { bound: `${date} ${time}` }
  if (!inUtc) return { bound: `${date} ${time}${zone}` }
  const at = new Date(
    `${date}T${time}${zone
      .toUpperCase()
      .replace(/^([+-]\d\d):?(\d\d)?$/, '$1:$2')
      .replace(/:$/, ':00')}`,
  )
  if (Number.isNaN(at.getTime())) return { refused: 'is no date and time as in 2026-11-21T09:30:00Z' }
  return { bound: at.toISOString().replace('T', ' ').replace('Z', '') }
}

/** 30 February is none. */
function isDay(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text)
}

/** Half a character is none, and a server that is told of one in JSON refuses the whole. */
function wellFormed(value: Json): Json {
  if (typeof value === 'string') return value.toWellFormed()
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(wellFormed)
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name.toWellFormed(), wellFormed(item)]))
}

function holdsNul(value: Json): boolean {
  if (typeof value === 'string') return value.includes('\0')
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(([name, item]) => name.includes('\0') || holdsNul(item))
}
