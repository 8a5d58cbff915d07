import type { Json, JsonObject } from '../plugin/json.ts'
import type { CompiledValue, Scope } from '../value/scope.ts'
import { ValueError } from '../value/value-error.ts'
import type { FlowJsonScreen } from '../whatsapp/flow-json.ts'
import type { Flow } from './model.ts'
import type { ScreenAnswer } from './session.ts'

/** What to show on a screen beside its own data. */
export interface Paint {
  /** What stands in the inputs: answers so far, or what was just typed where it was refused. */
  readonly typed: JsonObject
  /** Field name → what is wrong with it. */
  readonly refused?: ReadonlyMap<string, string>
  /** A sentence shown in a snackbar (Meta: `error_message` in `data`). */
  readonly snackbar?: string
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

/** The empty value of each JSON type: what a declared key holds where there is nothing to show. */
const EMPTY: Readonly<Record<string, Json>> = {
  string: '',
  array: [],
  object: {},
  boolean: false,
  number: 0,
  integer: 0,
}

/**
 * Everything a screen needs to be shown: its configured data, the inputs refilled, errors bound where the Flow JSON
 * binds them. Refusals that nothing binds go into the snackbar. Rejects with a PaintError.
 */
export async function paint(flow: Flow, screenId: string, scope: Scope, how: Paint): Promise<ScreenAnswer> {
  const data: Record<string, Json> = {}
  const declared = flow.flowJson.screens.get(screenId)
  for (const [key, value] of flow.screens.get(screenId)?.data ?? []) {
    const shown = await shownBy(value, scope, screenId, key)
    if (shown !== undefined) data[key] = shown
    else if (declared?.dataTypes.has(key)) data[key] = EMPTY[declared.dataTypes.get(key) ?? ''] ?? ''
  }
  const unbound = declared === undefined ? how.refused : fillBindings(declared, data, how)
  const snackbar = how.snackbar ?? spoken(flow, unbound)
  return { screen: screenId, data: snackbar === undefined ? data : { ...data, error_message: snackbar } }
}

async function shownBy(value: CompiledValue, scope: Scope, screen: string, key: string): Promise<Json | undefined> {
  try {
    return await value.evaluate(scope)
  } catch (error) {
    throw error instanceof ValueError ? new PaintError(screen, key, error) : error
  }
}

/** Fills the keys that bind errors and first values; gives back the refusals that no key shows. */
function fillBindings(screen: FlowJsonScreen, data: Record<string, Json>, how: Paint): ReadonlyMap<string, string> {
  const refused = new Map(how.refused)
  const unbound = new Map(refused)
  for (const key of screen.errorMessagesKeys) {
    data[key] = Object.fromEntries(refused)
    unbound.clear()
  }
  for (const [key, component] of screen.errorMessageKeys) {
    data[key] = refused.get(component) ?? ''
    unbound.delete(component)
  }
  for (const key of screen.initValuesKeys) data[key] ??= refill(screen, how.typed)
  for (const [key, component] of screen.initValueKeys) {
    data[key] ??= asType(how.typed[component], screen.dataTypes.get(key) ?? 'string')
  }
  return unbound
}

/** A refusal in a snackbar must name its field, since nothing points at the input; a field's own words do so themselves. */
function spoken(flow: Flow, refused: ReadonlyMap<string, string> | undefined): string | undefined {
  const [first] = refused ?? []
  if (first === undefined) return undefined
  if (refused !== undefined && refused.size > 1) return flow.messages.checkAnswers
  const [name, message] = first
  if ([...flow.screens.values()].some(({ fields }) => fields.get(name)?.settings.message === message)) return message
  const words = name.replaceAll('_', ' ').trim()
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}: ${message}`
}

/** An answer in the type the screen declares for its input; what does not fit leaves the input empty. */
function asType(answer: Json | undefined, type: string): Json {
  const empty = EMPTY[type] ?? ''
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
    if (!screen.payloadKeys.has(name)) continue
    filled[name] = screen.textInputs.has(name) && typeof answer !== 'object' ? String(answer) : answer
  }
  return filled
}
