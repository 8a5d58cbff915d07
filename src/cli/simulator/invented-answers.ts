import { randomInt } from 'node:crypto'
import type { FieldFile } from '../../config/schema/flow.ts'
import type { Json, JsonObject } from '../../plugin/json.ts'
import { offeredIn } from './choices.ts'
import type { Input, PhoneScreen } from './flow-on-phone.ts'
import { newMemory, resolve } from './person.ts'

/** What an operator declared of a screen's fields, by payload name. Empty where only the Flow JSON is known. */
export type DeclaredFields = Readonly<Record<string, FieldFile>>

/**
 * Sensible answers for every input of a screen, from the fields' declarations and else from the components: the first
 * choice on offer, a date a week ahead, a plausible name. `shown` is the data the screen shows, for choices it brings. What
 * cannot be answered (nothing is offered, the input is disabled), or hardly rightly (a coupon), is left out.
 */
export function inventAnswers(screen: PhoneScreen, fields: DeclaredFields, shown: JsonObject, now: Date): JsonObject {
  const answers: Record<string, Json> = {}
  const memory = newMemory()
  memory.shown.set(screen.id, shown)
  for (const input of screen.inputs) {
    if (input.enabled !== undefined && resolve(input.enabled, screen.id, {}, memory) === false) continue
    const name = payloadName(screen, input)
    const field = fields[name]
    if (field !== undefined && isBetterLeftOut(field, name)) continue
    const offered = offeredIn(screen, input, memory)
    const value = field ? fromField(field, name, offered, now) : undefined
    const invented = value ?? fromComponent(input, offered, now)
    if (invented !== undefined) answers[name] = invented
  }
  return answers
}

/** What nobody must answer, and nobody could guess. */
function isBetterLeftOut({ type, required, pattern, of }: FieldFile, name: string): boolean {
  if (type !== 'text' || required === true || of !== undefined) return false
  return pattern !== undefined || /coupon|voucher|promo/i.test(name)
}

function payloadName(screen: PhoneScreen, input: Input): string {
  const sent = Object.entries(screen.press?.payload ?? {}).find(([, value]) => value === `\${form.${input.name}}`)
  return sent?.[0] ?? input.name
}

function fromField(
  field: FieldFile,
  name: string,
  offered: readonly string[] | undefined,
  now: Date,
): Json | undefined {
  const first = offered === undefined ? field.of?.[0] : offered.find((id) => isAllowed(field, id))
  if (offered !== undefined) return first === undefined || field.type !== 'choices' ? first : [first]
  switch (field.type) {
    case 'text':
      return fitted(first === undefined ? textFor(name) : String(first), field)
    case 'email':
      return inventedEmail()
    case 'phone':
      return '+14155552671'
    case 'integer':
    case 'number':
      return Number(field.min ?? field.max ?? first ?? 1)
    case 'boolean':
      return true
    case 'date':
      return dateBetween(field, dayFor(name, now))
    case 'choice':
      return first
    case 'choices':
      return first === undefined ? undefined : [first]
    case 'json':
      return undefined
  }
}

/** Whether one of several options is a right answer. */
function isAllowed({ of }: FieldFile, id: string): boolean {
  return of === undefined || of.some((allowed) => String(allowed) === id)
}

function fromComponent(input: Input, offered: readonly string[] | undefined, now: Date): Json | undefined {
  const option = offered?.[0]
  switch (input.component) {
    case 'TextInput':
      return textForInput(input)
    case 'TextArea':
      return textFor(input.name)
    case 'CheckboxGroup':
    case 'ChipsSelector':
      return option === undefined ? undefined : [option]
    case 'RadioButtonsGroup':
    case 'Dropdown':
    case 'NavigationList':
      return option
    case 'DatePicker':
    case 'CalendarPicker':
      return dayFor(input.name, now)
    case 'OptIn':
      return true
    default:
      return undefined
  }
}

function textForInput(input: Input): string {
  switch (input.inputType) {
    case 'email':
      return inventedEmail()
    case 'phone':
      return '+14155552671'
    case 'number':
    case 'passcode':
      return '1234'
    default:
      return textFor(input.name)
  }
}

function textFor(name: string): string {
  if (/mail/i.test(name)) return inventedEmail()
  if (/company|organi[sz]ation/i.test(name)) return 'Acme Ltda'
  if (/name/i.test(name)) return 'Ana Souza Lima'
  return `Simulated ${name.replaceAll('_', ' ')}`
}

/** A new address each time: a simulated person is not mistaken for the last one. */
function inventedEmail(): string {
  return `ana.${randomInt(36 ** 4, 36 ** 5).toString(36)}@example.com`
}

function fitted(text: string, field: FieldFile): string {
  return text.padEnd(field.min_length ?? 0, 'x').slice(0, field.max_length ?? text.length + (field.min_length ?? 0))
}

function dateBetween(field: FieldFile, wanted: string): string {
  const isDate = (value: unknown): value is string => typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value)
  if (isDate(field.min) && wanted < field.min) return field.min
  if (isDate(field.max) && wanted > field.max) return field.max
  return wanted
}

function dayFor(name: string, now: Date): string {
  return /birth|born/i.test(name) ? '1990-05-17' : dayAfter(now, 7)
}

function dayAfter(now: Date, days: number): string {
  return new Date(now.getTime() + days * 86_400_000).toISOString().slice(0, 10)
}
