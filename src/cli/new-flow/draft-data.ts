import type { RawValue } from '../../config/schema/value.ts'
import type { Json } from '../../plugin/json.ts'
import { SNACKBAR_KEY } from '../../whatsapp/data-check.ts'
import type { DraftField } from './draft-fields.ts'
import { originOf, schemaType } from './origin.ts'
import type { Outline, OutlinedScreen } from './outline.ts'
import { constantValue, placeholder } from './placeholder.ts'

/** What one data key of a screen is shown with. */
export interface DraftValue {
  readonly value: RawValue
  readonly remark: string
}

/** The fields of all screens, by screen. */
export type FieldsByScreen = ReadonlyMap<string, readonly DraftField[]>

/**
 * A value for every data key of a screen that the gateway does not fill itself: the answer it repeats where there is one,
 * else a placeholder. `opens` says that it is shown before anything is answered.
 */
export function draftData(
  screen: OutlinedScreen,
  outline: Outline,
  fields: FieldsByScreen,
  opens: boolean,
): ReadonlyMap<string, DraftValue> {
  const values = new Map<string, DraftValue>()
  for (const [key, schema] of Object.entries(screen.data)) {
    if (isFilled(key, screen)) continue
    const answer = opens ? undefined : repeated(key, schema, screen, outline, fields)
    values.set(key, answer ?? placeheld(key, schema, screen))
  }
  return values
}

/** Keys that the gateway fills: errors, first values, the snackbar. */
function isFilled(key: string, { shape }: OutlinedScreen): boolean {
  return (
    key === SNACKBAR_KEY ||
    shape.errorMessagesKeys.has(key) ||
    shape.errorMessageKeys.has(key) ||
    shape.initValuesKeys.has(key) ||
    shape.initValueKeys.has(key)
  )
}

function placeheld(key: string, schema: Json | undefined, { shape }: OutlinedScreen): DraftValue {
  const remark = shape.listLimits.has(key)
    ? 'replace with your own list, or with what a source says'
    : 'replace with what is shown here'
  return { value: constantValue(placeholder(key, schema, shape)), remark }
}

/** The answer that the Flow JSON itself passes on under this key, or that another screen asks under the same name. */
function repeated(
  key: string,
  schema: Json | undefined,
  screen: OutlinedScreen,
  outline: Outline,
  fields: FieldsByScreen,
): DraftValue | undefined {
  const origin = originOf(`\${data.${key}}`, screen.id, outline)
  const all = [...fields].flatMap(([id, own]) => own.map((field) => ({ id, field })))
  const passedOn = all.find(
    ({ field: { input } }) => origin.kind === 'input' && input?.screen === origin.screen && input.name === origin.name,
  )
  const namesake = all.find(({ id, field }) => id !== screen.id && field.name === key && field.input !== undefined)
  const found = passedOn ?? namesake
  const value = found === undefined ? undefined : shownAs(found.field, schemaType(schema))
  return value === undefined ? undefined : { value, remark: 'what was answered before' }
}

/** An answer as the declared type wants it; nothing where the two do not go together. */
function shownAs({ name, settings }: DraftField, type: string | undefined): RawValue | undefined {
  if (type === 'string') return ['choices', 'json'].includes(settings.type) ? undefined : { template: `{form.${name}}` }
  const goes = type === settings.type || (type === 'number' && settings.type === 'integer')
  return goes && (type === 'number' || type === 'integer' || type === 'boolean') ? { from: `form.${name}` } : undefined
}
