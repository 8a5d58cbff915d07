import type { Json } from 'flowgate/plugin'
import mysql, { type FieldPacket } from 'mysql2'
import { jsonNumber } from './json-number.ts'

const { Types } = mysql

/** Longer bit strings do not fit into a number. */
const MOST_BITS_AS_NUMBER = 48

/**
 * A column's value as JSON, given what mysql2 makes of it with `dateStrings` and `supportBigNumbers`: dates as text, exact
 * numbers as numbers where that loses nothing, bytes as base64.
 */
export function fromMysql(value: unknown, { columnType }: FieldPacket): Json {
  if (value === null || value === undefined) return null
  if (Buffer.isBuffer(value)) {
    const bits = columnType === Types.BIT && value.length * 8 <= MOST_BITS_AS_NUMBER
    return bits ? value.readUIntBE(0, value.length) : value.toString('base64')
  }
  switch (columnType) {
    case Types.DECIMAL:
    case Types.NEWDECIMAL:
      return jsonNumber(String(value))
    case Types.FLOAT:
      // It has 24 bits; the rest of the double would be noise.
      return Number(Number(value).toPrecision(7))
    case Types.TIMESTAMP:
    case Types.DATETIME:
      return String(value).replace(' ', 'T')
    default:
      return value as Json
  }
}

/**
 * What is bound for a JSON value: always text, which the server makes the type of. A number would be compared as one with
 * a column of texts, and 0 equals every text that does not begin with a digit. Lists and objects become JSON.
 */
export function toMysql(value: Json): string | null {
  if (value === null) return null
  if (typeof value === 'boolean') return value ? '1' : '0'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
