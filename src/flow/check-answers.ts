import type { Json, JsonObject } from '../plugin/json.ts'
import { EMPTY_SCOPE, type Scope } from '../value/scope.ts'
import { fieldTypes } from './field-types.ts'
import type { Field, Flow, Messages, Screen } from './model.ts'
import type { Words } from './words.ts'

/** Why an answer was refused. `own`: the words are the field's or check's own and need no name in front. */
export interface Refusal {
  readonly words: Words
  readonly own: boolean
}

/** The answers of one exchange, checked. `form` is only of use where nothing was refused. */
export interface CheckedAnswers {
  /** The whole form with these answers in it. */
  readonly form: JsonObject
  /** Field name → what is wrong, in the order of the screen's fields. Empty when everything fits. */
  readonly refused: ReadonlyMap<string, Refusal>
}

/**
 * Checks what a person typed on `screen` and merges it into `form`. On a submit, an answer of this screen that came blank
 * or not at all is taken out of the form: a screen's answers are what it sent last. A trigger brings `some` answers: the
 * others stay as they were, and none is required. What only selections of the screen send stays on its submit as well. Answers of other screens that travel along (a flow opened with
 * `navigate` brings them in its payload) are checked by their own field; keys of no field are dropped.
 */
export function checkAnswers(
  flow: Flow,
  screen: Screen,
  typed: JsonObject,
  form: JsonObject,
  extent: 'all' | 'some' = 'all',
  who: Partial<Pick<Scope, 'person' | 'session'>> = {},
): CheckedAnswers {
  const merged: Record<string, Json> = { ...form }
  const refused = new Map<string, Refusal>()
  const take = (field: Field, asked: boolean): void => {
    const answer = Object.hasOwn(typed, field.name) ? typed[field.name] : undefined
    const checked = checkAnswer(field, answer, flow.messages, asked)
    if ('words' in checked) refused.set(field.name, checked)
    else if (checked.value === undefined) delete merged[field.name]
    else merged[field.name] = checked.value
  }
  for (const field of screen.fields.values()) {
    if (Object.hasOwn(typed, field.name)) take(field, extent === 'all')
    else if (extent === 'all' && !screen.selected.has(field.name)) delete merged[field.name]
  }
  for (const other of flow.screens.values()) {
    if (other === screen) continue
    for (const field of other.fields.values()) {
      if (!Object.hasOwn(typed, field.name) || screen.fields.has(field.name)) continue
      if (!isEcho(flow, other, field, form)) take(field, false)
    }
  }
  const scope = { ...EMPTY_SCOPE, ...who, form: merged }
  for (const field of screen.fields.values()) {
    if (extent === 'some' || merged[field.name] !== undefined || refused.has(field.name)) continue
    if (field.required?.test(scope) === true) refused.set(field.name, refusal(field, flow.messages.required))
  }
  return { form: merged, refused: inOrder(screen, refused) }
}

/** An answer that its own screen told us already: a later payload repeats it, often only its title. */
function isEcho(flow: Flow, own: Screen, { name }: Field, form: JsonObject): boolean {
  return form[name] !== undefined && flow.flowJson.screens.get(own.id)?.payloadKeys.has(name) === true
}

/** As the person sees them: the fields of the screen in their order, then what travelled along. */
function inOrder(screen: Screen, refused: ReadonlyMap<string, Refusal>): ReadonlyMap<string, Refusal> {
  const place = [...screen.fields.keys()]
  const at = (name: string): number => (place.includes(name) ? place.indexOf(name) : place.length)
  return new Map([...refused].sort(([one], [other]) => at(one) - at(other)))
}

type Checked = { readonly value: Json | undefined } | Refusal

function checkAnswer(field: Field, answer: Json | undefined, messages: Messages, asked: boolean): Checked {
  const { settings } = field
  if (answer === undefined || isBlank(answer)) return { value: undefined }
  const value = fieldTypes[settings.type](answer, settings)
  if (value === undefined || !withinBounds(value, field)) return refusal(field, messages.invalid)
  // A required tick is a consent: an unticked box is no answer to it.
  if (settings.type === 'boolean' && settings.required === true && value === false && asked) {
    return refusal(field, messages.required)
  }
  return { value }
}

function refusal({ message }: Field, words: Words): Refusal {
  return { words: message ?? words, own: message !== undefined }
}

function isBlank(answer: Json): boolean {
  if (answer === null) return true
  if (typeof answer === 'string') return answer.trim() === ''
  return Array.isArray(answer) && answer.length === 0
}

/** `min` and `max` bound a number, a date or how many were chosen; the lengths and the pattern bound text. */
function withinBounds(value: Json, field: Field): boolean {
  const { settings } = field
  const measured = Array.isArray(value) ? value.length : value
  if (settings.min !== undefined && isBelow(measured, settings.min)) return false
  if (settings.max !== undefined && isBelow(settings.max, measured)) return false
  if (typeof value !== 'string') return true
  const length = [...value].length
  if (settings.min_length !== undefined && length < settings.min_length) return false
  if (settings.max_length !== undefined && length > settings.max_length) return false
  return field.matches?.(value) ?? true
}

/** Numbers by size, `YYYY-MM-DD` by order; anything else is not compared. */
function isBelow(left: Json, right: Json): boolean {
  if (typeof left === 'number' || typeof right === 'number') return Number(left) < Number(right)
  return typeof left === 'string' && typeof right === 'string' && left < right
}
