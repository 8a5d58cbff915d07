import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import type { Json, JsonObject } from '../plugin/json.ts'
import type { DataFault } from './flow-json.ts'
import { type ImageSlot, imageFaults } from './images.ts'
import { isObject } from './json-shape.ts'
import type { BoundList } from './lists.ts'

/** What a screen's data must be like. */
export interface DataShape {
  /** The screen's `data`: key → JSON Schema. */
  readonly declared: JsonObject
  readonly lists: readonly BoundList[]
  readonly images: readonly ImageSlot[]
}

/** The snackbar's key: Meta gives it a meaning of its own, so it is allowed on every screen and required on none. */
export const SNACKBAR_KEY = 'error_message'

/** The schemas are narrowed to what is known to be sound before they come here. */
const OPTIONS = { allErrors: true, verbose: true, strict: false, validateSchema: false, meta: false } as const

/** Compiles the check of one screen's data. The declared schemas have no `schemaFault`. */
export function compileDataCheck(shape: DataShape): (data: JsonObject) => readonly DataFault[] {
  const validate = new Ajv2020(OPTIONS).compile(screenSchema(shape))
  return (data) => [...schemaFaults(validate, data), ...shape.images.flatMap((slot) => imageFaults(slot, data))]
}

/** What is wrong with one declared schema, or `undefined`. What has no fault can be compiled. */
export function schemaFault(schema: Json): string | undefined {
  if (isObject(schema) && typeof schema['type'] !== 'string') return 'has no `type`'
  return typeFault(schema)
}

function typeFault(schema: Json): string | undefined {
  if (!isObject(schema)) return 'must be an object with a `type`'
  const { type, items, properties } = schema
  if (type !== undefined && !(typeof type === 'string' && TYPE_WORDS.has(type))) {
    return `has the type ${JSON.stringify(type)}: Flow JSON knows ${[...TYPE_WORDS.keys()].join(', ')}`
  }
  const below = [...(items === undefined ? [] : [items]), ...(isObject(properties) ? Object.values(properties) : [])]
  return below.map(typeFault).find((fault) => fault !== undefined)
}

const TYPE_WORDS: ReadonlyMap<string, string> = new Map([
  ['string', 'text'],
  ['number', 'a number'],
  ['integer', 'a whole number'],
  ['boolean', 'true or false'],
  ['array', 'a list'],
  ['object', 'an object'],
])

function screenSchema({ declared, lists }: DataShape): JsonObject {
  const properties = new Map<string, Json>([[SNACKBAR_KEY, { type: 'string' }]])
  for (const [key, schema] of Object.entries(declared)) properties.set(key, isObject(schema) ? narrowed(schema) : {})
  for (const { key, itemKeys } of lists) properties.set(key, withItemKeys(properties.get(key), itemKeys))
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    required: Object.keys(declared).filter((key) => key !== SNACKBAR_KEY),
    additionalProperties: false,
  }
}

/** Only what Flow JSON knows of JSON Schema: no pattern, format or reference of an operator is ever run. */
function narrowed(schema: JsonObject): JsonObject {
  const { type, items, properties, required } = schema
  return {
    ...(type === undefined ? {} : { type }),
    ...(Array.isArray(schema['enum']) && schema['enum'].length > 0 ? { enum: schema['enum'] } : {}),
    ...(isObject(items) ? { items: narrowed(items) } : {}),
    ...(Array.isArray(required) ? { required: required.filter((key) => typeof key === 'string') } : {}),
    ...(isObject(properties)
      ? {
          properties: Object.fromEntries(
            Object.entries(properties).map(([key, member]) => [key, isObject(member) ? narrowed(member) : {}]),
          ),
        }
      : {}),
  }
}

function withItemKeys(schema: Json | undefined, itemKeys: readonly string[]): Json {
  if (!isObject(schema)) return {}
  const items = isObject(schema['items']) ? schema['items'] : {}
  const already = Array.isArray(items['required']) ? items['required'] : []
  return { ...schema, items: { type: 'object', ...items, required: [...new Set([...already, ...itemKeys])] } }
}

function schemaFaults(validate: ValidateFunction, data: JsonObject): readonly DataFault[] {
  return validate(data) ? [] : (validate.errors ?? []).map(faultOf)
}

function faultOf(error: ErrorObject): DataFault {
  const at = error.instancePath.split('/').slice(1).map(unescapePointer)
  if (error.keyword === 'required') {
    return { path: [...at, String(error.params['missingProperty'])].join('.'), message: 'is missing' }
  }
  if (error.keyword === 'additionalProperties') {
    const path = [...at, String(error.params['additionalProperty'])].join('.')
    return { path, message: "is not declared in the screen's data" }
  }
  const path = at.join('.')
  if (error.keyword !== 'type') return { path, message: error.message ?? 'does not fit' }
  const expected = TYPE_WORDS.get(String(error.params['type'])) ?? String(error.params['type'])
  return { path, message: `must be ${expected}, not ${wordFor(error.data)}` }
}

function unescapePointer(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~')
}

function wordFor(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return TYPE_WORDS.get(typeof value) ?? 'absent'
}
