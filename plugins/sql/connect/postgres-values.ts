import type { Json } from 'flowgate/plugin'
import pg from 'pg'
import { jsonNumber } from './json-number.ts'

type Read = (text: string) => Json

const { builtins } = pg.types

const asIs: Read = (text) => text
const number: Read = (text) => (Number.isFinite(Number(text)) ? Number(text) : text)

/** `2026-03-01 09:30:00` as `2026-03-01T09:30:00`: it has no zone, and gets none. */
const timestamp: Read = (text) => text.replace(/^(\d{4}-\d\d-\d\d) /, '$1T')

/** As an instant, in UTC; `infinity` and years before Christ as they are. */
const instant: Read = (text) => {
  const date = new Date(/^\d{4}-.*[+-]\d\d(:\d\d)?$/.test(text) ? text.replace(/([+-]\d\d)$/, '$1:00') : Number.NaN)
  return Number.isNaN(date.getTime()) ? text : date.toISOString()
}

const bytes: Read = (text) => Buffer.from(text.replace(/^\\x/, ''), 'hex').toString('base64')

/** A `char(8)` has as many characters whatever was put there: what fills it up means nothing. */
const unpadded: Read = (text) => text.replace(/ +$/, '')

/** Types that are not text in JSON; every other arrives as PostgreSQL writes it. */
const READ: ReadonlyMap<number, Read> = new Map<number, Read>([
  [builtins.BOOL, (text) => text === 't'],
  [builtins.INT2, number],
  [builtins.INT4, number],
  [builtins.OID, number],
  [builtins.INT8, jsonNumber],
  [builtins.NUMERIC, jsonNumber],
  [builtins.FLOAT4, number],
  [builtins.FLOAT8, number],
  [builtins.JSON, JSON.parse],
  [builtins.JSONB, JSON.parse],
  [builtins.TIMESTAMP, timestamp],
  [builtins.TIMESTAMPTZ, instant],
  [builtins.BYTEA, bytes],
  [builtins.BPCHAR, unpadded],
])

/** Lists of texts as the driver reads them: what the elements are is our affair. */
const TEXT_ARRAY: number = 1009
const TEXTS: (text: string) => unknown = pg.types.getTypeParser(TEXT_ARRAY, 'text')

/** The types of arrays, by that of their elements: https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_type.dat */
const ARRAYS: ReadonlyMap<number, Read> = new Map(
  [
    [1000, builtins.BOOL],
    [1005, builtins.INT2],
    [1007, builtins.INT4],
    [1028, builtins.OID],
    [1016, builtins.INT8],
    [1231, builtins.NUMERIC],
    [1021, builtins.FLOAT4],
    [1022, builtins.FLOAT8],
    [199, builtins.JSON],
    [3807, builtins.JSONB],
    [1115, builtins.TIMESTAMP],
    [1185, builtins.TIMESTAMPTZ],
    [1001, builtins.BYTEA],
    [TEXT_ARRAY, builtins.TEXT],
    [1015, builtins.VARCHAR],
    [1014, builtins.BPCHAR],
    [1182, builtins.DATE],
    [1183, builtins.TIME],
    [2951, builtins.UUID],
  ].map(([array = 0, element = 0]): [number, Read] => [array, elements(READ.get(element) ?? asIs)]),
)

type Elements = readonly (string | null | Elements)[]

function elements(read: Read): Read {
  const each = (element: Elements[number]): Json =>
    typeof element === 'string' ? read(element) : (element?.map(each) ?? null)
  return (text) => (TEXTS(text) as Elements).map(each)
}

/** How a column's value becomes JSON: dates as text, instants as ISO 8601 in UTC, exact numbers as numbers where that loses nothing. */
export function getTypeParser(type: number): Read {
  return READ.get(type) ?? ARRAYS.get(type) ?? asIs
}

/** What is bound for a JSON value: text that the server makes the type of; a list becomes an array, an object JSON. */
export function toPostgres(value: Json): string | null | readonly (string | null)[] {
  return Array.isArray(value) ? value.map(toText) : toText(value as Exclude<Json, readonly Json[]>)
}

function toText(value: Json): string | null {
  if (value === null) return null
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
