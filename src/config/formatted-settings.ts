import type { JsonSchema } from '../plugin/json.ts'
import type { Path } from './issue.ts'

/** A text in a plugin's settings. */
export interface FormattedSetting {
  readonly path: Path
  readonly text: string
}

/** The texts in settings that their schema marks by a `format`, below properties and items of any name or number. */
export function settingsOfFormat(format: string, schema: JsonSchema, value: unknown, path: Path): FormattedSetting[] {
  if (typeof value === 'string') return schema['format'] === format ? [{ path, text: value }] : []
  if (typeof value !== 'object' || value === null) return []
  const { properties, additionalProperties, items } = schema
  return Object.entries(value).flatMap(([name, member]) => {
    const own = isObject(properties) && Object.hasOwn(properties, name) ? properties[name] : additionalProperties
    const below = Array.isArray(value) ? items : own
    const key = Array.isArray(value) ? Number(name) : name
    return isObject(below) ? settingsOfFormat(format, below as JsonSchema, member, [...path, key]) : []
  })
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
