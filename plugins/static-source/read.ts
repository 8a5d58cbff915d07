import { FailureError, type Json, type JsonObject } from 'flowgate/plugin'
import type { Lists } from './config.ts'

/**
 * The items of a list of which every parameter's key has the parameter's value, compared as text: `7` in the file is found
 * by "7". Throws a FailureError that concerns this question alone where there is no such list.
 */
export function read(lists: Lists, list: string, parameters: JsonObject): readonly JsonObject[] {
  const items = Object.hasOwn(lists, list) ? lists[list] : undefined
  if (items === undefined) {
    const message = `There is no list ${list}: there are ${Object.keys(lists).join(', ')}.`
    throw new FailureError({ kind: 'permanent', scope: 'record', code: 'FG_STATIC_LIST_UNKNOWN', message })
  }
  const wanted = Object.entries(parameters).map(([key, value]) => ({ key, text: asText(value) }))
  return items.filter((item) => wanted.every(({ key, text }) => Object.hasOwn(item, key) && asText(item[key]) === text))
}

function asText(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null)
}
