import type { Json, JsonObject } from '../../plugin/json.ts'
import type { Input, PhoneScreen } from './flow-on-phone.ts'
import { fillAction, pressButton, resolve } from './person.ts'
import type { Phone } from './phone.ts'
import { refusalWords } from './refusal.ts'
import { findSelection } from './selection.ts'
import type { Plan, Walking } from './walk.ts'

/** How a person goes on who left a form half-way and opens it again. */
export interface Again {
  /** A plan to go through the whole form once more, where it does not go on where it was left. */
  plan(): Plan
  /** What the entry screen sends to go on there; absent where the flow offers no such thing. */
  readonly offer?: JsonObject
}

/** Inputs that a gateway can fill in again. */
const REFILLED: ReadonlySet<string> = new Set([
  ...(['TextInput', 'TextArea', 'RadioButtonsGroup', 'Dropdown'] as const),
  ...(['CheckboxGroup', 'ChipsSelector', 'DatePicker'] as const),
])

/**
 * Leaves the form where it is and opens it again with the same token: the entry screen must be filled in again, and lead
 * on where the form was left or, where it cannot, through all of it. Resolves with the plan to go on with.
 */
export async function goOnAgain(walking: Walking, again: Again, plan: Plan): Promise<Plan | undefined> {
  const { phone, settings, stayed } = walking
  const behind = phone.stack
  const answered = phone.memory.answered
  phone.say(`left at ${phone.at}, and opened again with the same token`)
  walking.reopened = true
  const entry = await phone.open()
  const screen = settings.flow.screens.get(entry ?? '')
  if (screen === undefined) return undefined
  // What was refused need not be kept, and a screen shown in rounds begins empty.
  if (!stayed.has(screen.id)) checkRefilled(phone, screen, answered.get(screen.id) ?? {})
  if (again.offer === undefined) return again.plan()
  const reached = await takeOffer(phone, screen, again.offer)
  if (reached === undefined) return undefined
  if (reached === screen.id || !behind.includes(reached)) {
    const words = reached === screen.id ? refusalWords(screen, phone.memory) : ''
    const said = words === '' ? '' : `: ${words}`
    const message = `going on from ${screen.id} led to ${reached}, and the form was left at ${behind.at(-1)}${said}`
    return phone.found('other-screen', message)
  }
  plan.resumeAt(reached)
  return plan
}

/** By the link or list item that sends it, else by the button. */
async function takeOffer(phone: Phone, screen: PhoneScreen, offer: JsonObject): Promise<string | undefined> {
  const found = findSelection(screen, offer, phone.memory)
  if (found.ok) {
    const { payload, form } = fillAction(screen, found.action, offer, phone.memory)
    phone.memory.answered.set(screen.id, form)
    return phone.act(screen, found.action, payload)
  }
  if (screen.press === undefined) return phone.found('not-sent', found.reason)
  const { payload, unsent } = pressButton(screen, offer, phone.memory)
  if (unsent.length > 0) return phone.found('not-sent', found.reason)
  return phone.act(screen, screen.press, payload)
}

/** Only inputs that the Flow JSON binds to data can be filled in again. */
function checkRefilled(phone: Phone, screen: PhoneScreen, before: JsonObject): void {
  const whole = screen.initValues === undefined ? undefined : resolve(screen.initValues, screen.id, {}, phone.memory)
  const filledIn = ({ name, initValue }: Input): Json | undefined => {
    if (isObject(whole)) return whole[name]
    return initValue === undefined ? undefined : resolve(initValue, screen.id, {}, phone.memory)
  }
  for (const input of screen.inputs) {
    const bound = isObject(whole) || JSON.stringify(input.initValue ?? null).includes('${data.')
    const sent = Object.values(screen.press?.payload ?? {}).includes(`\${form.${input.name}}`)
    if (!bound || !sent || !REFILLED.has(input.component) || isEmpty(before[input.name])) continue
    if (!isEmpty(filledIn(input))) continue
    phone.found('not-refilled', `${screen.id} was opened again, and its ${input.name} is empty`)
  }
}

function isEmpty(value: Json | undefined): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
