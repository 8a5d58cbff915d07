import type { RawValue } from '../../config/schema/value.ts'
import type { Json, JsonObject } from '../../plugin/json.ts'
import { isDirective } from '../../value/directive-place.ts'
import type { FlowJsonScreen } from '../../whatsapp/flow-json.ts'
import { isObject } from '../../whatsapp/json-shape.ts'
import { schemaType } from './origin.ts'

/** A picture of one point, PNG as base64: the smallest thing that a place for an image takes. */
const POINT = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

/** How the base64 text of JPEG and PNG begins. */
const PICTURE = /^(?:\/9j\/|iVBORw0KGgo)/u

/** Characters of a text that is not in the way. */
const LONGEST = 400

/**
 * What a data key can be shown with until somebody says better: its `__example__`, else the plainest value that fits what
 * the screen declares.
 */
export function placeholder(key: string, schema: Json | undefined, screen: FlowJsonScreen): Json {
  const example = isObject(schema) ? schema['__example__'] : undefined
  const limit = screen.listLimits.get(key)
  const cut = (value: Json): Json =>
    withoutPictures(Array.isArray(value) && limit !== undefined ? value.slice(0, limit) : value)
  const made = skeleton(schema, screen.listLimits.has(key))
  const candidates = [...(example === undefined || example === null ? [] : [cut(example)]), made, POINT]
  return candidates.find((candidate) => fits(candidate, key, screen)) ?? made
}

/** A constant as a value of `flow.yaml`: kept from being read as a reference where it looks like one. */
export function constantValue(constant: Json): RawValue {
  return looksLikeReference(constant) ? { value: constant } : constant
}

function fits(candidate: Json, key: string, screen: FlowJsonScreen): boolean {
  return screen.check({ [key]: candidate }).every(({ path }) => path !== key && !path.startsWith(`${key}.`))
}

function skeleton(schema: Json | undefined, isList: boolean): Json {
  const shape: JsonObject = isObject(schema) ? schema : {}
  const example = shape['__example__']
  switch (schemaType(schema)) {
    case 'array':
      return isList || shape['items'] !== undefined ? [withItemKeys(skeleton(shape['items'] ?? {}, false), isList)] : []
    case 'object':
      return members(shape['properties'])
    case 'number':
    case 'integer':
      return typeof example === 'number' ? example : 0
    case 'boolean':
      return typeof example === 'boolean' ? example : true
    case 'string':
      return typeof example === 'string' ? example : 'Replace me'
    default:
      return isList ? {} : 'Replace me'
  }
}

function members(properties: Json | undefined): JsonObject {
  if (!isObject(properties)) return {}
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, skeleton(schema, false)]))
}

/** Every list component wants an id; the rest are titles of one kind or another. */
function withItemKeys(item: Json, isList: boolean): Json {
  if (!isList || !isObject(item)) return item
  return {
    id: 'replace_me',
    title: 'Replace me',
    ...item,
    'main-content': isObject(item['main-content']) ? item['main-content'] : { title: 'Replace me' },
  }
}

/** A real picture would fill the file: a point stands in for it. */
function withoutPictures(value: Json): Json {
  if (typeof value === 'string') return value.length > LONGEST && PICTURE.test(value) ? POINT : value
  if (Array.isArray(value)) return value.map(withoutPictures)
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withoutPictures(member)]))
}

function looksLikeReference(constant: Json): boolean {
  if (Array.isArray(constant)) return constant.some(looksLikeReference)
  if (!isObject(constant)) return false
  return isDirective(constant) || Object.values(constant).some(looksLikeReference)
}
