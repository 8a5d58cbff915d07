import type { Json, JsonObject } from '../plugin/json.ts'

/** Whether a JSON value is an object, not a list and not null. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The items of a list with their indexes; nothing for any other value. */
export function* itemsOf(value: Json | undefined): Generator<readonly [index: number, item: Json]> {
  if (Array.isArray(value)) yield* value.entries()
}

/** Every text inside a JSON value, at any depth, with its path. */
export function* textsOf(value: Json, path: readonly (string | number)[]): Generator<readonly [typeof path, string]> {
  if (typeof value === 'string') yield [path, value]
  else if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* textsOf(item, [...path, index])
  else if (isObject(value)) for (const [key, member] of Object.entries(value)) yield* textsOf(member, [...path, key])
}
