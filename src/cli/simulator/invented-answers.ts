import { randomInt } from 'node:crypto'
import type { FieldFile } from '../../config/schema/flow.ts'
import type { Json, JsonObject } from '../../plugin/json.ts'
import type { Input, PhoneScreen } from './flow-on-phone.ts'

/** What an operator declared of a screen's fields, by payload name. Empty where only the Flow JSON is known. */
export type DeclaredFields = Readonly<Record<string, FieldFile>>

/**
 * Sensible answers for every input of a screen, from the fields' declarations and else from the components: the first
 * choice on offer, a date a week ahead, a plausible name. `shown` is the data the screen shows, for choices it brings.
 */
export function inventAnswers(screen: PhoneScreen, fields: DeclaredFields, shown: JsonObject, now: Date): JsonObject {
  const answers: Record<string, Json> = {}
  for (const input of screen.inputs) {
    const name = payloadName(screen, input)
    const field = fields[name]
    const value = field ? fromField(field, name, now) : undefined
    const invented = value ?? fromComponent(input, shown, now)
    if (invented !== undefined) answers[name] = invented
  }
  return answers
}

function payloadName(screen: PhoneScreen, input: Input): string {
  const sent = Object.entries(screen.press?.payload ?? {}).find(([, value]) => value === `\${form.${input.name}}`)
  return sent?.[0] ?? input.name
}

function fromField(field: FieldFile, name: string, now: Date): Json | undefined {
  const first = field.of?.[0]
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
      return dateBetween(field, now)
    case 'choice':
      return first
    case 'choices':
      return first === undefined ? undefined : [first]
    case 'json':
      return undefined
  }
}

function fromComponent(input: Input, shown: JsonObject, now: Date): Json | undefined {
  const option = firstOption(input, shown)
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
      return option
    case 'DatePicker':
    case 'CalendarPicker':
      return dayAfter(now, 7)
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

function firstOption(input: Input, shown: JsonObject): Json | undefined {
  const source = input.dataSource
  const key = typeof source === 'string' ? /^\$\{data\.([^.}]+)\}$/.exec(source)?.[1] : undefined
  const options = key === undefined ? source : shown[key]
  const first = Array.isArray(options) ? options[0] : undefined
  return typeof first === 'object' && first !== null && 'id' in first ? first.id : undefined
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

function dateBetween(field: FieldFile, now: Date): string {
  const isDate = (value: unknown): value is string => typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value)
  const wanted = dayAfter(now, 7)
  if (isDate(field.min) && wanted < field.min) return field.min
  if (isDate(field.max) && wanted > field.max) return field.max
  return wanted
}

function dayAfter(now: Date, days: number): string {
  return new Date(now.getTime() + days * 86_400_000).toISOString().slice(0, 10)
}
