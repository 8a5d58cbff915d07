import type { FieldFile } from '../../config/schema/flow.ts'
import { FIELD_PATTERN } from '../../config/schema/names.ts'
import { tellsSource } from '../../flow/source-tracking.ts'
import type { Json } from '../../plugin/json.ts'
import { fieldOfInput, fieldOfSchema, isRequired, takesFiles } from './input-field.ts'
import { type Origin, originOf } from './origin.ts'
import type { Outline, OutlinedInput, OutlinedScreen } from './outline.ts'

/** One field of a screen, as the payloads of its Flow JSON suggest it. */
export interface DraftField {
  readonly name: string
  readonly settings: FieldFile
  /** What the person answers it by, and on which screen that is. */
  readonly input?: { readonly screen: string; readonly name: string; readonly inputs: readonly OutlinedInput[] }
  /** What the Flow JSON sends there itself, where nobody answers it. */
  readonly constants: readonly (string | number | boolean)[]
  /** Somebody's answer is in it: it does not only repeat what the screen was shown with. */
  readonly typed: boolean
  /** It sends back what the screen shows under the same name. */
  readonly repeats: boolean
  readonly remark?: string
}

/** How phones report an error of the gateway's (Meta, "Implementing endpoints"): no answer can have these names. */
const RESERVED: ReadonlySet<string> = new Set(['error', 'error_key'])

const NAME = new RegExp(FIELD_PATTERN, 'u')

/** Payload keys of a screen that no field can take, with the reason. */
export function unusableKeys({ shape }: OutlinedScreen): readonly string[] {
  return [...shape.payloadKeys].flatMap((key) => {
    if (RESERVED.has(key)) return [`\`${key}\` is how phones report errors: send that answer under another key`]
    return NAME.test(key) ? [] : [`\`${key}\` cannot be the name of a field: letters, digits and underscores can`]
  })
}

/** The fields of a screen: one for each key its requests send, those of buttons first. `passedOver` keys are no answers. */
export function draftFields(
  screen: OutlinedScreen,
  outline: Outline,
  passedOver: ReadonlySet<string>,
): readonly DraftField[] {
  const { submits, pulls } = screen
  const payloads = [...submits, ...pulls].map(({ payload }) => payload)
  const keys = new Set(payloads.flatMap((payload) => Object.keys(payload)))
  return [...keys]
    .filter((key) => NAME.test(key) && !RESERVED.has(key) && !tellsSource(key) && !passedOver.has(key))
    .map((key) => {
      const values = payloads.flatMap((payload) => (Object.hasOwn(payload, key) ? [payload[key] ?? null] : []))
      const isAlwaysSent = submits.length > 0 && submits.every(({ payload }) => Object.hasOwn(payload, key))
      return draftField(key, values, screen, outline, isAlwaysSent)
    })
}

function draftField(
  name: string,
  values: readonly Json[],
  screen: OutlinedScreen,
  outline: Outline,
  isAlwaysSent: boolean,
): DraftField {
  const origins = values.map((value) => originOf(value, screen.id, outline))
  const constants = [...new Set(origins.flatMap((origin) => (origin.kind === 'constant' ? [origin.value] : [])))]
  const onlyConstants = origins.every(({ kind }) => kind === 'constant')
  const answered = origins.find((origin) => origin.kind === 'input')
  const settings =
    onlyConstants && constants.length > 1
      ? ({ type: 'choice', of: constants } satisfies FieldFile)
      : origins.map(settingsOf).reduce(merged)
  const required =
    isAlwaysSent &&
    origins.every((origin) => origin.kind === 'input' && origin.screen === screen.id && origin.inputs.every(isRequired))
  const remark = remarkOn(origins, constants, screen.id)
  return {
    name,
    settings: required ? inOrder({ ...settings, required }) : settings,
    constants: onlyConstants ? constants : [],
    repeats: origins.every((origin) => origin.kind === 'data' && origin.key === name),
    typed: origins.some(({ kind }) => kind === 'input' || kind === 'composed'),
    ...(answered === undefined ? {} : { input: answered }),
    ...(remark === undefined ? {} : { remark }),
  }
}

/** `required` stands behind the type, as people write it. */
function inOrder({ type, required, ...rest }: FieldFile): FieldFile {
  return { type, ...(required === undefined ? {} : { required }), ...rest }
}

function settingsOf(origin: Origin): FieldFile {
  switch (origin.kind) {
    case 'input':
      return origin.inputs.map(fieldOfInput).reduce(merged)
    case 'data':
      return fieldOfSchema(origin.schema)
    case 'constant':
      return {
        type: typeof origin.value === 'string' ? 'text' : typeof origin.value === 'number' ? 'number' : 'boolean',
      }
    case 'composed':
      return { type: origin.text ? 'text' : 'json' }
  }
}

const SEVERAL: readonly FieldFile['type'][] = ['choices', 'json']

/** What holds for answers of either kind. */
function merged(one: FieldFile, other: FieldFile): FieldFile {
  if (one.type !== other.type)
    return { type: SEVERAL.includes(one.type) || SEVERAL.includes(other.type) ? 'json' : 'text' }
  return {
    type: one.type,
    ...(one.of !== undefined && other.of !== undefined ? { of: [...new Set([...one.of, ...other.of])] } : {}),
    ...(one.min !== undefined && one.min === other.min ? { min: one.min } : {}),
    ...(one.max !== undefined && one.max === other.max ? { max: one.max } : {}),
    ...(one.min_length !== undefined && one.min_length === other.min_length ? { min_length: one.min_length } : {}),
    ...(one.max_length !== undefined && one.max_length === other.max_length ? { max_length: one.max_length } : {}),
  }
}

function remarkOn(origins: readonly Origin[], constants: DraftField['constants'], screen: string): string | undefined {
  const [first] = origins
  if (constants.length === 1 && origins.every(({ kind }) => kind === 'constant')) {
    return `the Flow JSON always sends ${JSON.stringify(constants[0])}`
  }
  if (first?.kind === 'data') return "comes back from the screen's own data"
  if (first?.kind === 'composed') return 'put together on the phone'
  if (first?.kind !== 'input') return undefined
  if (first.inputs.some(takesFiles)) return 'files: where they can be fetched, and their keys'
  return first.screen === screen ? undefined : `answered on ${first.screen}`
}
