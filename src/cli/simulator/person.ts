import type { Json, JsonObject } from '../../plugin/json.ts'
import type { Action, Input, PhoneScreen } from './flow-on-phone.ts'

/** What a phone remembers of one run through a flow. */
export interface Memory {
  /** The data each screen showed last. */
  readonly shown: Map<string, JsonObject>
  /** What stood in the inputs of each screen last, by input. */
  readonly answered: Map<string, JsonObject>
  /** What was chosen on a screen by selections since its button was pressed last, by input. */
  readonly selected: Map<string, JsonObject>
}

/** What an action of a screen sends, and the answers that the Flow JSON gives the person no way to send. */
export interface Filled {
  readonly payload: JsonObject
  readonly unsent: readonly string[]
  /** What stands in the inputs, by input. */
  readonly form: JsonObject
}

/** Who sends: a `phone` sends what the Flow JSON tells it to, `anybody` may say something else under the same keys. */
export type Sender = 'phone' | 'anybody'

/** Inputs that send text whatever is typed. */
const TEXTS: ReadonlySet<string> = new Set(['TextInput', 'TextArea'])
/** Inputs that send the ids of what was chosen, which are text. */
const CHOICES: ReadonlySet<string> = new Set([
  ...(['RadioButtonsGroup', 'Dropdown', 'DatePicker'] as const),
  ...(['CheckboxGroup', 'ChipsSelector', 'NavigationList'] as const),
])

/** A phone on which nothing was shown yet. */
export function newMemory(): Memory {
  return { shown: new Map(), answered: new Map(), selected: new Map() }
}

/**
 * Fills a screen and builds an action's payload from the Flow JSON's own template, as a phone does: typed text is sent as
 * text even where it is a number, an empty text input as empty text, an empty choice not at all. `answers` are named
 * as the payload names them, or as the inputs are.
 */
export function fillAction(
  screen: PhoneScreen,
  action: Action,
  answers: JsonObject,
  memory: Memory,
  sender: Sender = 'phone',
): Filled {
  const form = answersByInput(screen, action, answers, memory)
  const payload: Record<string, Json> = {}
  for (const [key, value] of Object.entries(action.payload)) {
    const given = isWorkedOut(value) && Object.hasOwn(answers, key) ? answers[key] : undefined
    const sent = given ?? resolve(value, screen.id, form, memory)
    if (sent !== undefined) payload[key] = sent
  }
  const inputs = new Set(screen.inputs.map(({ name }) => name))
  const unsent: string[] = []
  for (const [key, answer] of Object.entries(answers)) {
    if (inputs.has(key) || isTyped(action.payload[key]) || sendsAlready(payload[key], answer)) continue
    if (sender === 'anybody' && Object.hasOwn(action.payload, key)) payload[key] = answer
    else unsent.push(key)
  }
  return { payload, unsent, form }
}

/** Presses the button of a screen. The answers are kept in `memory` for later screens. */
export function pressButton(screen: PhoneScreen, answers: JsonObject, memory: Memory, sender?: Sender): Filled {
  const filled = fillAction(screen, screen.press ?? NOTHING, answers, memory, sender)
  memory.answered.set(screen.id, filled.form)
  memory.selected.delete(screen.id)
  return filled
}

const NOTHING: Action = {
  name: 'complete',
  payload: {},
  next: undefined,
  component: '',
  attribute: '',
  input: undefined,
}

/** Under which names each input's answer may be given: the key that an action sends it under, and its own. */
export function namesOf(screen: PhoneScreen, input: Input, action = screen.press): readonly string[] {
  const sentAs = (each: Action | undefined): readonly string[] =>
    Object.entries(each?.payload ?? {}).flatMap(([key, value]) => (formReference(value) === input.name ? [key] : []))
  return [...new Set([...sentAs(action), ...sentAs(screen.press), input.name])]
}

/** A value of the Flow JSON with its `${…}` filled in; absent where a reference leads nowhere or is worked out on the phone. */
export function resolve(value: Json, screen: string, form: JsonObject, memory: Memory): Json | undefined {
  if (typeof value === 'string') {
    const reference = /^\$\{([^}]+)\}$/.exec(value)?.[1]
    if (reference === undefined) return isWorkedOut(value) ? undefined : value
    return lookUp(reference.split('.'), screen, form, memory)
  }
  if (Array.isArray(value)) return value.map((entry) => resolve(entry, screen, form, memory) ?? null)
  if (!isObject(value)) return value
  const resolved: Record<string, Json> = {}
  for (const [key, entry] of Object.entries(value)) {
    const member = resolve(entry, screen, form, memory)
    if (member !== undefined) resolved[key] = member
  }
  return resolved
}

/** What stands in each input: the person's answer, else what the gateway filled in, else what was selected here before. */
function answersByInput(screen: PhoneScreen, action: Action, answers: JsonObject, memory: Memory): JsonObject {
  const filledIn = screen.initValues === undefined ? undefined : resolve(screen.initValues, screen.id, {}, memory)
  const selected = memory.selected.get(screen.id) ?? {}
  const form: Record<string, Json> = {}
  for (const input of screen.inputs) {
    const name = namesOf(screen, input, action).find((each) => Object.hasOwn(answers, each))
    const typed = name === undefined ? undefined : answers[name]
    // Values of the whole form are put in anew with every answer, whatever stood there.
    const before = isObject(filledIn) ? filledIn[input.name] : selected[input.name]
    const own = input.initValue === undefined ? undefined : resolve(input.initValue, screen.id, {}, memory)
    const value = typed ?? before ?? own ?? (TEXTS.has(input.component) ? '' : undefined)
    const sent = value === undefined ? undefined : asSent(input.component, value)
    if (sent !== undefined) form[input.name] = sent
  }
  return form
}

/** An empty choice is not sent at all. */
function asSent(component: string, value: Json): Json | undefined {
  if (TEXTS.has(component)) return typeof value === 'object' ? JSON.stringify(value) : String(value)
  if (!CHOICES.has(component)) return value
  if (value === '') return undefined
  return Array.isArray(value) ? value.map(asText) : asText(value)
}

function asText(value: Json): Json {
  return typeof value === 'object' ? value : String(value)
}

/** The input a payload entry sends whole. */
function formReference(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? /^\$\{form\.([^.}]+)\}$/.exec(value)?.[1] : undefined
}

/** Whether an entry of a payload holds anything the person types. */
function isTyped(value: Json | undefined): boolean {
  return value !== undefined && (isWorkedOut(value) || JSON.stringify(value).includes('${form.'))
}

/** An expression that phones work out (Flow JSON 6.0 and later), or a whole object: its value is what the person says. */
function isWorkedOut(value: Json | undefined): boolean {
  if (typeof value === 'string') return value.includes('`') && value.includes('${')
  return typeof value === 'object' && value !== null && JSON.stringify(value).includes('${form.')
}

function sendsAlready(sent: Json | undefined, answer: Json): boolean {
  if (sent === undefined) return false
  return typeof answer === 'object' ? JSON.stringify(sent) === JSON.stringify(answer) : String(sent) === String(answer)
}

function lookUp(path: readonly string[], screen: string, form: JsonObject, memory: Memory): Json | undefined {
  const [root, ...rest] = path
  if (root === 'form') return descend(form, rest)
  if (root === 'data') return descend(memory.shown.get(screen) ?? {}, rest)
  if (root !== 'screen') return undefined
  const [other = '', part, ...inside] = rest
  const remembered = part === 'form' ? memory.answered.get(other) : memory.shown.get(other)
  return descend(remembered ?? {}, inside)
}

function descend(from: Json, path: readonly string[]): Json | undefined {
  let at: Json | undefined = from
  for (const key of path) at = isObject(at) ? at[key] : undefined
  return at
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
