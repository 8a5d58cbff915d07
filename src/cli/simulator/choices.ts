import type { Json, JsonObject } from '../../plugin/json.ts'
import type { Action, Input, PhoneScreen } from './flow-on-phone.ts'
import { type Memory, namesOf, resolve } from './person.ts'

/** An answer that its screen does not offer. */
export interface NotOffered {
  /** The name the answer was given under. */
  readonly name: string
  readonly input: Input
  /** The ids that were chosen and are not there. */
  readonly missing: readonly string[]
  /** The ids a person could choose. */
  readonly offered: readonly string[]
}

/** The ids a person can choose in an input now; `undefined` where it is no choice, or the phone itself changes what there is. */
export function offeredIn(screen: PhoneScreen, input: Input, memory: Memory): readonly string[] | undefined {
  if (input.dataSource === undefined) return undefined
  if (screen.updatesData && typeof input.dataSource === 'string') return undefined
  const items = resolve(input.dataSource, screen.id, {}, memory)
  if (!Array.isArray(items)) return undefined
  return items.flatMap((item) => (isObject(item) && item['enabled'] !== false ? [String(item['id'])] : []))
}

/** The answers among these that a person could not choose on this screen; `action` is what sends them. */
export function notOffered(
  screen: PhoneScreen,
  answers: JsonObject,
  memory: Memory,
  action: Action | undefined = screen.press,
): readonly NotOffered[] {
  return screen.inputs.flatMap((input) => {
    const offered = offeredIn(screen, input, memory)
    const name = namesOf(screen, input, action).find((each) => Object.hasOwn(answers, each))
    if (offered === undefined || name === undefined) return []
    const chosen = [answers[name] ?? []].flat().filter((id) => typeof id !== 'object' && id !== '')
    const missing = chosen.map(String).filter((id) => !offered.includes(id))
    return missing.length === 0 ? [] : [{ name, input, missing, offered }]
  })
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
