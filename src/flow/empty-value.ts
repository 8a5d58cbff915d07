import type { Json } from '../plugin/json.ts'

const EMPTY: ReadonlyMap<string, Json> = new Map<string, Json>([
  ['string', ''],
  ['array', []],
  ['object', {}],
  ['boolean', false],
  ['number', 0],
  ['integer', 0],
])

/** What a declared key of this JSON type holds where there is nothing to show. */
export function emptyValue(type: string | undefined): Json {
  return EMPTY.get(type ?? '') ?? ''
}
