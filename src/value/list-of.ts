import type { Json } from '../plugin/json.ts'
import { isBlank } from './text.ts'
import { ValueError } from './value-error.ts'

/** The list that stands at a path; `undefined` where there is nothing. Throws a ValueError for anything but a list. */
export function listOf(value: Json | undefined, by: string, path: string): readonly Json[] | undefined {
  if (Array.isArray(value)) return value
  if (isBlank(value)) return undefined
  throw new ValueError('FG_VALUE_LIST', `${by}: \`${path}\` holds no list`)
}
