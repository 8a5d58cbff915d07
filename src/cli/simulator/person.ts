import type { Json, JsonObject } from '../../plugin/json.ts'
import type { PhoneScreen } from './flow-on-phone.ts'

/** What a phone remembers of one run through a flow: the data each screen showed and what the person answered there. */
export interface Memory {
  readonly shown: Map<string, JsonObject>
  readonly answered: Map<string, JsonObject>
}

/** What a screen's button sends, and what the Flow JSON gave the person no way to send. */
export interface Filled {
  readonly payload: JsonObject
  readonly unsent: readonly string[]
}

const TEXT_INPUTS: ReadonlySet<string> = new Set(['TextInput', 'TextArea'])

/**
 * Fills a screen and builds its button's payload from the Flow JSON's own template, as a phone does: typed text is sent as
 * text even where it is a number, an empty text input as empty text, an empty choice not at all. `answers` are named
 * as the payload names them. The answers are kept in `memory` for later screens.
 */
export function fillScreen(screen: PhoneScreen, answers: JsonObject, memory: Memory): Filled {
  const template = screen.press?.payload ?? {}
  const form = answersByInput(screen, answers, memory)
  memory.answered.set(screen.id, form)
  const payload: Record<string, Json> = {}
  for (const [key, value] of Object.entries(template)) {
    const inputName = typeof value === 'string' ? /^\$\{form\.([^.}]+)\}$/.exec(value)?.[1] : undefined
    const sent = inputName === undefined && key in answers ? answers[key] : resolve(value, screen, form, memory)
    if (sent !== undefined) payload[key] = sent
  }
  const inputs = new Set(screen.inputs.map((input) => input.name))
  return { payload, unsent: Object.keys(answers).filter((key) => !(key in template) && !inputs.has(key)) }
}

/** What stands in each input: the person's answer, else what the gateway filled in before. */
function answersByInput(screen: PhoneScreen, answers: JsonObject, memory: Memory): JsonObject {
  const names = payloadNames(screen)
  const initial = resolve(screen.initValues ?? {}, screen, {}, memory)
  const form: Record<string, Json> = {}
  for (const input of screen.inputs) {
    const typed = answers[names.get(input.name) ?? input.name] ?? answers[input.name]
    const before = isObject(initial) ? initial[input.name] : undefined
    const own = input.initValue === undefined ? undefined : resolve(input.initValue, screen, {}, memory)
    const isText = TEXT_INPUTS.has(input.component)
    const value = typed ?? before ?? own ?? (isText ? '' : undefined)
    if (value !== undefined) form[input.name] = isText ? textOf(value) : value
  }
  return form
}

/** Under which key of the payload each input is sent. */
function payloadNames(screen: PhoneScreen): Map<string, string> {
  const names = new Map<string, string>()
  for (const [key, value] of Object.entries(screen.press?.payload ?? {})) {
    const input = typeof value === 'string' ? /^\$\{form\.([^.}]+)\}$/.exec(value)?.[1] : undefined
    if (input !== undefined) names.set(input, key)
  }
  return names
}

function textOf(value: Json): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** A value of the Flow JSON with its `${…}` filled in; absent where a reference leads nowhere. */
function resolve(value: Json, screen: PhoneScreen, form: JsonObject, memory: Memory): Json | undefined {
  if (typeof value === 'string') {
    const reference = /^\$\{([^}]+)\}$/.exec(value)?.[1]
    return reference === undefined ? value : lookUp(reference.split('.'), screen.id, form, memory)
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
