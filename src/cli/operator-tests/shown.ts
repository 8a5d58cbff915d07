import type { Json, JsonObject } from '../../plugin/json.ts'

/** As much of a value as helps to see what is wrong; images are longer than anybody reads. */
const LONGEST = 120

/**
 * Compares what an operator expects on a screen with the data it was shown with. Only what is named is compared, at any
 * depth; lists must be as long, an empty map means an empty one, `null` means left out. One line for each difference, at
 * the place where it is.
 */
export function shownDifferences(expected: JsonObject, shown: JsonObject): readonly string[] {
  return Object.entries(expected).flatMap(([key, value]) => differencesAt(key, value, shown[key]))
}

function differencesAt(place: string, expected: Json, found: Json | undefined): readonly string[] {
  if (Array.isArray(expected) && Array.isArray(found)) return inLists(place, expected, found)
  if (isObject(expected) && isObject(found)) return inObjects(place, expected, found)
  return expected === (found ?? null) ? [] : [`${place}: expected ${words(expected)}, shown ${words(found)}`]
}

function inLists(place: string, expected: readonly Json[], found: readonly Json[]): readonly string[] {
  if (expected.length !== found.length) {
    const counts = `expected ${expected.length} items, shown ${found.length}`
    return [`${place}: ${counts}: ${words(found)}`]
  }
  return expected.flatMap((value, index) => differencesAt(`${place}.${index}`, value, found[index]))
}

function inObjects(place: string, expected: JsonObject, found: JsonObject): readonly string[] {
  const none = Object.keys(expected).length === 0 && Object.keys(found).length > 0
  if (none) return [`${place}: expected nothing in it, shown ${words(found)}`]
  return Object.entries(expected).flatMap(([key, value]) => differencesAt(`${place}.${key}`, value, found[key]))
}

function words(value: Json | undefined): string {
  if (value === undefined || value === null) return 'nothing'
  const text = JSON.stringify(value)
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}… (${text.length} characters)`
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
