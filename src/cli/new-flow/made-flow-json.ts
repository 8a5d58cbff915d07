import { DEFAULT_MESSAGES } from '../../config/schema/defaults.ts'
import type { FieldFile } from '../../config/schema/flow.ts'
import type { Json, JsonObject } from '../../plugin/json.ts'
import { type ListedField, MOST_RADIO_BUTTONS } from './field-list.ts'

/** Meta's limit of OptIns on a screen ("Components"). */
const MOST_CONSENTS = 5

/** Characters of a text input and of a text area (Meta's own defaults, "Components"). */
const [MOST_TEXT, MOST_LONG_TEXT] = [80, 600]

/** A Flow JSON that asks for these fields in this order, at most `perScreen` on a screen, and sends each screen to the gateway. */
export function madeFlowJson(fields: readonly ListedField[], title: string, perScreen: number): JsonObject {
  const pages = paged(fields, perScreen)
  const ids = pages.map((_, index) => `STEP_${letters(index)}`)
  return {
    version: '7.3',
    data_api_version: '4.0',
    routing_model: Object.fromEntries(ids.map((id, index) => [id, ids.slice(index + 1, index + 2)])),
    screens: pages.map((page, index) => screenOf(ids[index] ?? '', page, title, index, pages.length)),
  }
}

/** What the gateway knows of these fields beyond what the components tell. */
export function knownFields(fields: readonly ListedField[]): ReadonlyMap<string, FieldFile> {
  return new Map(fields.map((field) => [field.name, fieldOf(field)]))
}

function fieldOf({ type, required, options }: ListedField): FieldFile {
  const needed = required ? { required } : {}
  switch (type) {
    case 'text':
      return { type, ...needed, max_length: MOST_TEXT }
    case 'long_text':
      return { type: 'text', ...needed, max_length: MOST_LONG_TEXT }
    case 'choice':
    case 'choices':
      return { type, ...needed, of: [...options.keys()] }
    default:
      return { type, ...needed }
  }
}

/** As few screens as hold all fields, about as full as each other. */
function paged(fields: readonly ListedField[], most: number): readonly (readonly ListedField[])[] {
  const perScreen = Math.ceil(fields.length / Math.ceil(fields.length / most))
  const pages: ListedField[][] = []
  for (const field of fields) {
    const page = pages.at(-1)
    const consents = page?.filter(isConsent).length ?? 0
    const full = page === undefined || page.length >= perScreen || (isConsent(field) && consents >= MOST_CONSENTS)
    if (full) pages.push([field])
    else page.push(field)
  }
  return pages
}

function isConsent({ type, required }: ListedField): boolean {
  return type === 'boolean' && required
}

/** A, B, … Z, AA: screen ids hold no digits (Meta, "Flow JSON"). */
function letters(index: number): string {
  const last = String.fromCharCode(65 + (index % 26))
  return index < 26 ? last : `${letters(Math.floor(index / 26) - 1)}${last}`
}

function screenOf(id: string, page: readonly ListedField[], title: string, index: number, count: number): JsonObject {
  const isLast = index === count - 1
  return {
    id,
    title: count === 1 ? title : `${title} (${index + 1}/${count})`,
    ...(isLast ? { terminal: true, success: true } : {}),
    // Going back asks the gateway for the screen before, with its answers in place.
    ...(index === 0 ? {} : { refresh_on_back: true }),
    data: {
      error_messages: {
        type: 'object',
        properties: Object.fromEntries(page.map(({ name }) => [name, { type: 'string' }])),
        __example__: Object.fromEntries(page.slice(0, 1).map(({ name }) => [name, DEFAULT_MESSAGES.required])),
      },
      init_values: {
        type: 'object',
        properties: Object.fromEntries(page.map((field) => [field.name, initialSchema(field)])),
        __example__: Object.fromEntries(page.map((field) => [field.name, initialExample(field)])),
      },
    },
    layout: {
      type: 'SingleColumnLayout',
      children: [
        {
          type: 'Form',
          name: 'form',
          'error-messages': `\${data.error_messages}`,
          'init-values': `\${data.init_values}`,
          children: [...page.map(componentOf), footerOf(page, isLast)],
        },
      ],
    },
  }
}

function footerOf(page: readonly ListedField[], isLast: boolean): JsonObject {
  return {
    type: 'Footer',
    label: isLast ? 'Send' : 'Continue',
    'on-click-action': {
      name: 'data_exchange',
      payload: Object.fromEntries(page.map(({ name }) => [name, `\${form.${name}}`])),
    },
  }
}

function componentOf({ name, type, required, label, options }: ListedField): JsonObject {
  const source = [...options].map(([id, title]) => ({ id, title }))
  switch (type) {
    case 'text':
      return { type: 'TextInput', name, label, 'input-type': 'text', required, 'max-chars': MOST_TEXT }
    case 'long_text':
      return { type: 'TextArea', name, label, required, 'max-length': MOST_LONG_TEXT }
    case 'email':
    case 'phone':
      return { type: 'TextInput', name, label, 'input-type': type, required }
    case 'integer':
    case 'number':
      return { type: 'TextInput', name, label, 'input-type': 'number', required }
    case 'date':
      return { type: 'DatePicker', name, label, required }
    case 'choice':
      return {
        type: options.size > MOST_RADIO_BUTTONS ? 'Dropdown' : 'RadioButtonsGroup',
        ...{ name, label, required, 'data-source': source },
      }
    case 'choices':
      return { type: 'CheckboxGroup', name, label, required, 'data-source': source }
    case 'boolean':
      return required ? { type: 'OptIn', name, label, required } : yesOrNo(name, label)
  }
}

/** A tick can only be given; a question that may be answered with no needs both answers. */
function yesOrNo(name: string, label: string): JsonObject {
  const source = [
    { id: 'true', title: 'Yes' },
    { id: 'false', title: 'No' },
  ]
  return { type: 'RadioButtonsGroup', name, label, required: false, 'data-source': source }
}

function initialSchema(field: ListedField): JsonObject {
  if (field.type === 'choices') return { type: 'array', items: { type: 'string' } }
  return { type: isConsent(field) ? 'boolean' : 'string' }
}

function initialExample(field: ListedField): Json {
  const [first = ''] = field.options.keys()
  switch (field.type) {
    case 'choice':
      return first
    case 'choices':
      return [first]
    case 'boolean':
      return isConsent(field) ? false : 'true'
    case 'email':
      return 'ana@example.com'
    case 'phone':
      return '+14155552671'
    case 'integer':
    case 'number':
      return '12'
    case 'date':
      return '2026-01-31'
    default:
      return field.label
  }
}
