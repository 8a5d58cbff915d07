import { FailureError } from 'flowgate/plugin'
import type { DescribedField } from './schema.ts'

const NAME = /^[A-Za-z][A-Za-z0-9_]{0,79}$/
const PATH = /^[A-Za-z][A-Za-z0-9_]{0,79}(?:\.[A-Za-z][A-Za-z0-9_]{0,79}){0,5}$/

const NUMBERS = ['int', 'long', 'double', 'currency', 'percent']
/** What SOQL calls reserved, with the only way to write each (developer.salesforce.com, "Quoted string escape sequences"). */
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\\', '\\\\'],
  ["'", "\\'"],
  ['"', '\\"'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\b', '\\b'],
  ['\f', '\\f'],
])

/** Rejects what cannot name an object or a field, so that a mistyped mapping never becomes part of a query or a path. */
export function requireNames(names: readonly string[]): void {
  const unfit = names.filter((name) => !NAME.test(name))
  if (unfit.length > 0) throw new FailureError(unfitNames(unfit.length))
}

/** The same for fields of a query, which may lead over a lookup as `Account.Name` does. */
export function requirePaths(paths: readonly string[]): void {
  const unfit = paths.filter((path) => !PATH.test(path))
  if (unfit.length > 0) throw new FailureError(unfitNames(unfit.length))
}

function unfitNames(count: number) {
  return {
    kind: 'permanent',
    scope: 'record',
    code: 'FG_SALESFORCE_NAME',
    message: `${count === 1 ? 'A name' : `${count} names`} of the mapping cannot be the API name of an object or a field: letters, digits and underscores. Correct it, then replay.`,
  } as const
}

/** Whether a text can be sent at all: no half characters, and no control characters but those that people type. */
export function isSendable(text: string): boolean {
  return text.isWellFormed() && ![...text].some((character) => isControl(character.codePointAt(0) ?? 0))
}

function isControl(code: number): boolean {
  return (code < 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d) || code === 0x7f
}

/** A text as SOQL quotes it. */
export function quoted(text: string): string {
  return `'${[...text].map((character) => ESCAPES.get(character) ?? character).join('')}'`
}

/** A value to compare a field with; `undefined` where the field can hold no such value. Unknown fields hold text. */
export function literal(value: string, field: DescribedField | undefined): string | undefined {
  const type = field?.type ?? 'string'
  if (NUMBERS.includes(type)) return /^-?\d{1,18}(?:\.\d{1,18})?$/.test(value) ? value : undefined
  if (type === 'boolean') return /^(?:true|false)$/i.test(value) ? value.toLowerCase() : undefined
  if (type === 'date') return /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : undefined
  if (type === 'datetime')
    return /^\d{4}-\d{2}-\d{2}T[\d:.]{8,12}(?:Z|[+-]\d{2}:?\d{2})$/.test(value) ? value : undefined
  if (field !== undefined && field.length > 0 && value.length > field.length) return undefined
  return quoted(value)
}
