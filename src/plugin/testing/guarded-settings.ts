import assert from 'node:assert/strict'
import type { JsonSchema } from '../json.ts'

/**
 * Fails where `context.fetch` was asked an address that stands in the settings and that the schema does not mark as one:
 * `flowgate check` could not tell operators that the guard of URLs refuses it.
 */
export function assertGuarded(schema: JsonSchema, config: unknown, fetched: ReadonlySet<string>): void {
  for (const { path, text, format } of textsIn(schema, config, [])) {
    if (!URL.canParse(text) || !fetched.has(new URL(text).origin)) continue
    const cure = "Mark it format: 'guarded-url', so that flowgate check refuses what the guard of URLs would."
    assert.equal(format, 'guarded-url', `configSchema.${path.join('.')} is asked by context.fetch. ${cure}`)
  }
}

interface Text {
  readonly path: readonly string[]
  readonly text: string
  readonly format: unknown
}

function textsIn(schema: unknown, value: unknown, path: readonly string[]): Text[] {
  const { format, properties, additionalProperties, items } = isObject(schema) ? schema : {}
  if (typeof value === 'string') return [{ path, text: value, format }]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) => {
    const own = isObject(properties) && Object.hasOwn(properties, name) ? properties[name] : additionalProperties
    return textsIn(Array.isArray(value) ? items : own, member, [...path, name])
  })
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
