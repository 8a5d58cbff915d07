import type { Json, JsonObject } from '../../plugin/json.ts'
import { type Action, actionOfItem, type PhoneScreen } from './flow-on-phone.ts'
import { fillAction, type Memory, namesOf, resolve } from './person.ts'

/** What a selection, a link or a list item sends; or why nothing on the screen sends what was meant. */
export type Selection =
  | { readonly ok: true; readonly action: Action; readonly payload: JsonObject; readonly form: JsonObject }
  | { readonly ok: false; readonly reason: string }

/**
 * Finds the action of a screen that sends what an operator wrote below `select`, with the inputs as they stand. Every key
 * must be an input that the person fills or something the action sends anyway. The action on an input that is named wins.
 */
export function findSelection(screen: PhoneScreen, select: JsonObject, memory: Memory): Selection {
  const found = actionsThatAsk(screen, memory).flatMap((action) => {
    const { payload, form } = fillAction(screen, action, select, memory)
    const fits = Object.entries(select).every(
      ([key, wanted]) => sends(action, payload, key, wanted) || isFilled(screen, action, key),
    )
    // A button without a marker is pressed, not selected.
    const isOther = rank(action) === 0 || constantsIn(action, select) > 0
    return fits && isOther ? [{ action, payload, form, score: scoreOf(screen, action, select) }] : []
  })
  const [best] = found.sort((one, other) => other.score - one.score)
  if (best !== undefined) return { ok: true, action: best.action, payload: best.payload, form: best.form }
  return { ok: false, reason: `nothing on ${screen.id} sends that${whatIsThere(screen, memory)}` }
}

/** The action on `on-select-action` of an input that asks the gateway. */
export function selectionOf(screen: PhoneScreen, input: string): Action | undefined {
  return screen.actions.find(
    (action) => action.name === 'data_exchange' && action.attribute === 'on-select-action' && action.input === input,
  )
}

/** Selections and links before buttons; list items that the gateway sent bring actions of their own. */
function actionsThatAsk(screen: PhoneScreen, memory: Memory): readonly Action[] {
  const lists = screen.inputs.filter(({ component }) => component === 'NavigationList')
  const items = lists.flatMap(({ name, dataSource }) => {
    const shown = typeof dataSource === 'string' ? resolve(dataSource, screen.id, {}, memory) : undefined
    return Array.isArray(shown) ? shown.map((item) => actionOfItem(item, name)) : []
  })
  const all = [...screen.actions, ...items].filter((action) => action?.name === 'data_exchange')
  return all.filter((action) => action !== undefined).sort((one, other) => rank(one) - rank(other))
}

function rank({ component }: Action): number {
  return component === 'Footer' ? 1 : 0
}

/** Whether the person says this with an input of the screen that the action sends or sits on. */
function isFilled(screen: PhoneScreen, action: Action, key: string): boolean {
  return screen.inputs.some((input) => {
    if (!namesOf(screen, input, action).includes(key)) return false
    return input.name === action.input || Object.values(action.payload).includes(`\${form.${input.name}}`)
  })
}

function scoreOf(screen: PhoneScreen, action: Action, select: JsonObject): number {
  const own = screen.inputs.find(({ name }) => name === action.input)
  const names = own === undefined ? [] : namesOf(screen, own, action)
  const isOwn = action.attribute === 'on-select-action' && names.some((name) => Object.hasOwn(select, name))
  return constantsIn(action, select) * 10 + (isOwn ? 5 : 0) - rank(action)
}

function constantsIn({ payload }: Action, select: JsonObject): number {
  return Object.keys(select).filter((key) => isSame(payload[key], select[key])).length
}

function whatIsThere(screen: PhoneScreen, memory: Memory): string {
  const there = actionsThatAsk(screen, memory).filter((action) => rank(action) === 0)
  if (there.length === 0) return ': it has no selection or link that asks the gateway'
  const words = there.map(({ component, input, payload }) => {
    const sent = Object.entries(payload).map(([key, value]) => (isReference(value) ? key : `${key}: ${String(value)}`))
    return `${[component, input].filter((part) => part !== undefined).join(' ')} { ${sent.join(', ')} }`
  })
  return `: there is ${[...new Set(words)].join(', ')}`
}

/** Whether an action sends this; an input that holds nothing may be written as empty. */
function sends(action: Action, payload: JsonObject, key: string, wanted: Json): boolean {
  if (isSame(payload[key], wanted)) return true
  return payload[key] === undefined && Object.hasOwn(action.payload, key) && (wanted === '' || wanted === null)
}

function isReference(value: Json): boolean {
  return typeof value !== 'string' || value.includes('${')
}

function isSame(sent: Json | undefined, wanted: Json | undefined): boolean {
  if (sent === undefined || wanted === undefined) return false
  if (typeof sent === 'object' || typeof wanted === 'object') return JSON.stringify(sent) === JSON.stringify(wanted)
  return String(sent) === String(wanted)
}
