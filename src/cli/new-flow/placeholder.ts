import type { RawValue } from '../../config/schema/value.ts'
import type { Json, JsonObject } from '../../plugin/json.ts'
import { isDirective } from '../../value/directive-place.ts'
import type { FlowJsonScreen } from '../../whatsapp/flow-json.ts'
import { isObject } from '../../whatsapp/json-shape.ts'
import { schemaType } from './origin.ts'

/** A picture of one point, PNG as base64: the smallest thing that a place for an image takes. */
const POINT = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

/** What stands where nobody has written anything yet. */
const WORDS = 'Replace me'

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
  const plain = skeleton(schema)
  const made =
    limit === undefined ? [plain] : [options(plain, {}), options(plain, { 'main-content': { title: WORDS } })]
  // Of an empty list nothing can be chosen.
  const useless = example === undefined || example === null || (limit !== undefined && isEmptyList(example))
  const candidates = [...(useless ? [] : [cut(example)]), ...made, POINT]
  return candidates.find((candidate) => fits(candidate, key, screen)) ?? plain
}

/** A constant as a value of `flow.yaml`: kept from being read as a reference where it looks like one. */
export function constantValue(constant: Json): RawValue {
  return looksLikeReference(constant) ? { value: constant } : constant
}

function isEmptyList(value: Json): boolean {
  return Array.isArray(value) && value.length === 0
}

function fits(candidate: Json, key: string, screen: FlowJsonScreen): boolean {
  return screen.check({ [key]: candidate }).every(({ path }) => path !== key && !path.startsWith(`${key}.`))
}

/** The plainest value of a declared schema. */
function skeleton(schema: Json | undefined): Json {
  const shape: JsonObject = isObject(schema) ? schema : {}
  const example = shape['__example__']
  switch (schemaType(schema)) {
    case 'array':
      return shape['items'] === undefined ? [] : [skeleton(shape['items'])]
    case 'object':
      return members(shape['properties'])
    case 'number':
    case 'integer':
      return typeof example === 'number' ? example : 0
    case 'boolean':
      return typeof example === 'boolean' ? example : true
    default:
      return typeof example === 'string' ? example : WORDS
  }
}

function members(properties: Json | undefined): JsonObject {
  if (!isObject(properties)) return {}
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, skeleton(schema)]))
}

/** A list of one item as list components want it: an id, and a title of one kind or another. */
function options(list: Json, more: JsonObject): Json {
  const [first] = Array.isArray(list) ? list : []
  return [{ title: WORDS, ...(isObject(first) ? first : {}), ...more, id: 'replace_me' }]
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
