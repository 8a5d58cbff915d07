import type { Json, JsonObject } from '../plugin/json.ts'
import type { CompiledValue, Scope } from '../value/scope.ts'
import { ValueError } from '../value/value-error.ts'
import type { FlowJsonScreen } from '../whatsapp/flow-json.ts'
import type { Refusal } from './check-answers.ts'
import { emptyValue } from './empty-value.ts'
import type { Inquiry, Manner } from './inquiry.ts'
import type { Flow } from './model.ts'
import type { ScreenAnswer, Session } from './session.ts'
import type { Words } from './words.ts'

/** What to show on a screen beside its own data. */
export interface Paint {
  /** What stands in the inputs: answers so far, or what was just typed where it was refused. */
  readonly typed: JsonObject
  /** What was typed a moment ago and refused: it stands in the inputs of which the configuration says nothing. */
  readonly latest?: JsonObject
  /** Field name → what is wrong with it. */
  readonly refused?: ReadonlyMap<string, Refusal>
  /** Said in a snackbar (Meta: `error_message` in `data`). */
  readonly snackbar?: Words
  /** How to go on where a source cannot answer. Default `declared`. */
  readonly manner?: Manner
  /** What becomes of a value that cannot be worked out. Default: a PaintError. */
  readonly unworkable?: 'empty'
}

/** A value of a screen's data cannot be worked out for one person. The message names the rule, never an answer. */
export class PaintError extends Error {
  override readonly name = 'PaintError'
  readonly screen: string
  readonly key: string

  constructor(screen: string, key: string, cause: ValueError) {
    super(cause.message, { cause })
    this.screen = screen
    this.key = key
  }
}

/**
 * Everything a screen needs to be shown: its configured data, the inputs refilled, errors bound where the Flow JSON
 * binds them. Refusals that nothing binds go into the snackbar. Rejects with a PaintError, or a Diversion where a source
 * cannot answer.
 */
export async function paint(
  flow: Flow,
  screenId: string,
  session: Session,
  inquiry: Inquiry,
  how: Paint,
): Promise<ScreenAnswer> {
  const values = flow.screens.get(screenId)?.data ?? new Map<string, CompiledValue>()
  const said = [how.snackbar, ...[...(how.refused?.values() ?? [])].map(({ words }) => words)]
  const paths = [...values.values(), ...said].flatMap((each) => each?.paths ?? [])
  const scope = await inquiry.scope(session, screenId, paths, how.manner)
  const data: Record<string, Json> = {}
  const declared = flow.flowJson.screens.get(screenId)
  for (const [key, value] of values) {
    const shown = await shownBy(value, scope, screenId, key, how.unworkable)
    if (shown !== undefined) data[key] = shown
    else if (declared?.dataTypes.has(key) && !isInitial(declared, key) && !isMissed(declared, key, value, inquiry)) {
      data[key] = emptyValue(declared.dataTypes.get(key))
    }
  }
  const refused = await spelled(how.refused, scope, session)
  const unbound = declared === undefined ? refused : fillBindings(declared, data, how, refused)
  const snackbar = (await how.snackbar?.say(scope, session.language)) ?? (await spoken(flow, unbound, scope, session))
  if (snackbar !== undefined) return { screen: screenId, data: { ...data, error_message: snackbar } }
  // Phones miss whatever a screen declares and is not sent, words for the snackbar as well.
  if (declared?.dataTypes.has('error_message')) data['error_message'] ??= emptyValue('string')
  return { screen: screenId, data }
}

async function shownBy(
  value: CompiledValue,
  scope: Scope,
  screen: string,
  key: string,
  unworkable: Paint['unworkable'],
): Promise<Json | undefined> {
  try {
    return await value.evaluate(scope)
  } catch (error) {
    if (!(error instanceof ValueError)) throw error
    if (unworkable === 'empty') return undefined
    throw new PaintError(screen, key, error)
  }
}

/** A key that fills inputs: without a value of its own it holds the answers. */
function isInitial(screen: FlowJsonScreen, key: string): boolean {
  return screen.initValuesKeys.has(key) || screen.initValueKeys.has(key)
}

/** A list of choices whose source answered without one: an empty list would leave the person nothing to choose from. */
function isMissed(screen: FlowJsonScreen, key: string, value: CompiledValue, inquiry: Inquiry): boolean {
  return screen.listLimits.has(key) && inquiry.cameBackEmpty(value.paths)
}

interface Spelled {
  readonly message: string
  readonly own: boolean
}

async function spelled(
  refused: ReadonlyMap<string, Refusal> | undefined,
  scope: Scope,
  { language }: Session,
): Promise<ReadonlyMap<string, Spelled>> {
  const entries = [...(refused ?? [])].map(
    async ([name, { words, own }]) => [name, { message: await words.say(scope, language), own }] as const,
  )
  return new Map(await Promise.all(entries))
}

/** Fills the keys that bind errors and first values; gives back the refusals that no key shows. */
function fillBindings(
  screen: FlowJsonScreen,
  data: Record<string, Json>,
  how: Paint,
  refused: ReadonlyMap<string, Spelled>,
): ReadonlyMap<string, Spelled> {
  const unbound = new Map(refused)
  for (const key of screen.errorMessagesKeys) {
    data[key] = Object.fromEntries([...refused].map(([name, { message }]) => [name, message]))
    unbound.clear()
  }
  for (const [key, component] of screen.errorMessageKeys) {
    data[key] = refused.get(component)?.message ?? ''
    unbound.delete(component)
  }
  fillInputs(screen, data, how)
  return unbound
}

/** What stands in the inputs: what is configured of them, a password's empty text included, else what was typed. */
function fillInputs(screen: FlowJsonScreen, data: Record<string, Json>, { typed, latest = {} }: Paint): void {
  for (const key of screen.initValuesKeys) {
    const configured = data[key]
    data[key] = isObject(configured) ? { ...refill(screen, latest), ...configured } : refill(screen, typed)
  }
  for (const [key, component] of screen.initValueKeys) {
    data[key] ??= asType(
      Object.hasOwn(typed, component) ? typed[component] : undefined,
      screen.dataTypes.get(key) ?? 'string',
    )
  }
}

/** A screen as it was shown, with what was typed since in its inputs. */
export function retyped(screen: FlowJsonScreen, shown: JsonObject, latest: JsonObject): JsonObject {
  const data: Record<string, Json> = { ...shown }
  for (const key of screen.initValuesKeys) {
    const before = data[key]
    data[key] = { ...(isObject(before) ? before : {}), ...refill(screen, latest) }
  }
  for (const [key, component] of screen.initValueKeys) {
    if (Object.hasOwn(latest, component)) data[key] = asType(latest[component], screen.dataTypes.get(key) ?? 'string')
  }
  return data
}

/** A refusal in a snackbar must name its field, since nothing points at the input; a field's own words do so themselves. */
async function spoken(
  flow: Flow,
  refused: ReadonlyMap<string, Spelled>,
  scope: Scope,
  { language }: Session,
): Promise<string | undefined> {
  const [first] = refused
  if (first === undefined) return undefined
  if (refused.size > 1) return flow.messages.checkAnswers.say(scope, language)
  const [name, { message, own }] = first
  if (own) return message
  const words = name.replaceAll('_', ' ').trim()
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}: ${message}`
}

/** An answer in the type the screen declares for its input; what does not fit leaves the input empty. */
function asType(answer: Json | undefined, type: string): Json {
  const empty = emptyValue(type)
  if (answer === undefined || answer === null) return empty
  if (type === 'string') return typeof answer === 'object' ? empty : String(answer)
  if (type === 'array') return Array.isArray(answer) ? answer : empty
  if (type === 'number' || type === 'integer') return typeof answer === 'number' ? answer : empty
  return typeof answer === type && !Array.isArray(answer) ? answer : empty
}

/** A text input takes text alone, whatever its answer was coerced to. */
function refill(screen: FlowJsonScreen, typed: JsonObject): JsonObject {
  const filled: Record<string, Json> = {}
  for (const [name, answer] of Object.entries(typed)) {
    if (!screen.inputs.has(name) || answer === null) continue
    if (!screen.textInputs.has(name)) filled[name] = answer
    else if (typeof answer !== 'object') filled[name] = String(answer)
  }
  return filled
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
