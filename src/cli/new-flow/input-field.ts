import type { FieldFile } from '../../config/schema/flow.ts'
import type { Json, JsonObject } from '../../plugin/json.ts'
import { isObject, itemsOf } from '../../whatsapp/json-shape.ts'
import { schemaType } from './origin.ts'
import type { OutlinedInput } from './outline.ts'

/** What an answer of this input must be, apart from whether it is required (Meta, "Components"). */
export function fieldOfInput({ type, node }: OutlinedInput): FieldFile {
  switch (type) {
    case 'TextInput':
      return fieldOfTextInput(node)
    case 'TextArea':
      return { type: 'text', ...lengths(node, undefined, 'max-length') }
    case 'DatePicker':
      return { type: 'date', ...days(node) }
    case 'CalendarPicker':
      // A range comes as an object of two days.
      return node['mode'] === 'range' ? { type: 'json' } : { type: 'date', ...days(node) }
    case 'OptIn':
      return { type: 'boolean' }
    case 'Dropdown':
    case 'RadioButtonsGroup':
      return { type: 'choice', ...choices(node) }
    case 'CheckboxGroup':
    case 'ChipsSelector':
      return { type: 'choices', ...choices(node), ...counts(node) }
    default:
      return { type: 'json' }
  }
}

/** What a value with this declared schema must be. */
export function fieldOfSchema(schema: Json | undefined): FieldFile {
  const type = schemaType(schema)
  if (type === 'string') return { type: 'text' }
  if (type === 'number' || type === 'integer' || type === 'boolean') return { type }
  const items = isObject(schema) ? schema['items'] : undefined
  return { type: type === 'array' && schemaType(items) === 'string' ? 'choices' : 'json' }
}

/** Whether the phone insists on an answer. */
export function isRequired({ type, node, conditional }: OutlinedInput): boolean {
  if (conditional) return false
  if (node['required'] === true) return true
  const least = LEAST[type] === undefined ? undefined : wholeNumber(node[LEAST[type]])
  return node['required'] === undefined && (least ?? 0) > 0
}

/** The attribute by which a component says how many answers it wants. */
const LEAST: Readonly<Record<string, string>> = {
  CheckboxGroup: 'min-selected-items',
  ChipsSelector: 'min-selected-items',
  PhotoPicker: 'min-uploaded-photos',
  DocumentPicker: 'min-uploaded-documents',
}

/** The options an input writes out itself: id → title. Absent where the screen's data brings them. */
export function writtenOptions(node: JsonObject): ReadonlyMap<string, string> | undefined {
  const source = node['data-source']
  if (!Array.isArray(source)) return undefined
  const options = [...itemsOf(source)].flatMap(([, item]) =>
    isObject(item) && typeof item['id'] === 'string'
      ? [[item['id'], typeof item['title'] === 'string' ? item['title'] : item['id']] as const]
      : [],
  )
  return options.length === 0 ? undefined : new Map(options)
}

/** Components whose answers are files. */
export function takesFiles({ type }: OutlinedInput): boolean {
  return type === 'PhotoPicker' || type === 'DocumentPicker'
}

function fieldOfTextInput(node: JsonObject): FieldFile {
  const limits = lengths(node, 'min-chars', 'max-chars')
  switch (node['input-type']) {
    case 'number':
      return { type: 'number' }
    case 'email':
      return { type: 'email', ...limits }
    case 'phone':
      return { type: 'phone', ...limits }
    default:
      return { type: 'text', ...limits }
  }
}

function lengths(node: JsonObject, least: string | undefined, most: string): Partial<FieldFile> {
  const min = least === undefined ? undefined : wholeNumber(node[least])
  const max = wholeNumber(node[most])
  const fits = min === undefined || max === undefined || min <= max
  return {
    ...(min === undefined || min === 0 || !fits ? {} : { min_length: min }),
    ...(max === undefined || max === 0 || !fits ? {} : { max_length: max }),
  }
}

/** Older Flow JSON writes days as milliseconds: those are left to the phone. */
function days(node: JsonObject): Partial<FieldFile> {
  const [min, max] = [day(node['min-date']), day(node['max-date'])]
  if (min !== undefined && max !== undefined && max < min) return {}
  return { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) }
}

function day(value: Json | undefined): string | undefined {
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/u.test(value) && isDay(value) ? value : undefined
}

function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}

function choices(node: JsonObject): Partial<FieldFile> {
  const options = writtenOptions(node)
  return options === undefined ? {} : { of: [...options.keys()] }
}

function counts(node: JsonObject): Partial<FieldFile> {
  const [min, max] = [wholeNumber(node['min-selected-items']), wholeNumber(node['max-selected-items'])]
  if (min !== undefined && max !== undefined && max < min) return {}
  return {
    ...(min === undefined || min < 2 ? {} : { min }),
    ...(max === undefined || max < 1 ? {} : { max }),
  }
}

/** Meta's own examples write such numbers as text now and then. */
function wholeNumber(value: Json | undefined): number | undefined {
  const number = typeof value === 'string' && /^\d+$/u.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : undefined
}
