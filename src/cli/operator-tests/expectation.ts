import type { Json, JsonObject } from '../../plugin/json.ts'
import type { Mapped } from './mapped.ts'

/**
 * Compares what an operator expects with what was mapped. Only what is named is compared; numbers and text by what they
 * read as (75000 equals "75000"); `null` means "left out". One line for each difference.
 */
export function differences(expected: JsonObject, items: Mapped['items']): readonly string[] {
  return Object.entries(expected).flatMap(([id, fields]) => {
    const mapped = items.get(id)
    if (mapped === undefined) {
      return [
        `expect names "${id}", and the mapping made nothing by that name (it made ${[...items.keys()].join(', ')})`,
      ]
    }
    return differencesAt(id, fields, mapped)
  })
}

/** Compares what an operator expects to be held with what is, by the names of reservations, as `differences` does. */
export function heldDifferences(expected: JsonObject, held: JsonObject): readonly string[] {
  return Object.entries(expected).flatMap(([name, parameters]) =>
    differencesAt(`reserved.${name}`, parameters, held[name], 'held'),
  )
}

function differencesAt(place: string, expected: Json, found: Json | undefined, how = 'mapped'): readonly string[] {
  if (isObject(expected) && isObject(found)) {
    return Object.entries(expected).flatMap(([key, value]) => differencesAt(`${place}.${key}`, value, found[key], how))
  }
  if (isList(expected) && isList(found) && expected.length === found.length) {
    return expected.flatMap((value, index) => differencesAt(`${place}.${index}`, value, found[index], how))
  }
  if (same(expected, found)) return []
  return [`${place}: expected ${show(expected)}, ${how} ${show(found)}`]
}

function same(expected: Json, found: Json | undefined): boolean {
  if (expected === null || found === null || found === undefined) return expected === (found ?? null)
  if (typeof expected === 'object' || typeof found === 'object') return false
  return String(expected) === String(found)
}

function show(value: Json | undefined): string {
  return value === undefined || value === null ? 'nothing' : JSON.stringify(value)
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value)
}
