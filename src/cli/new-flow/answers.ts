import type { Json, JsonObject } from '../../plugin/json.ts'
import type { FlowOnPhone } from '../simulator/flow-on-phone.ts'
import { inventAnswers } from '../simulator/invented-answers.ts'
import type { DraftField } from './draft-fields.ts'
import { takesFiles, writtenOptions } from './input-field.ts'
import type { Outline, OutlinedInput } from './outline.ts'
import { placeholder } from './placeholder.ts'

/** Gives the answer a plausible person has for a field, by its name; absent where nobody is asked. */
export type Person = (field: DraftField) => Json | undefined

/** A plausible person, who always answers alike. */
export function plausiblePerson(phone: FlowOnPhone, outline: Outline, now: Date): Person {
  return ({ name, settings, input }) => {
    const [first] = input?.inputs ?? []
    const screen = input === undefined ? undefined : phone.screens.get(input.screen)
    if (input === undefined || first === undefined || screen === undefined) return undefined
    if (takesFiles(first)) return [{ file_name: 'document.pdf' }]
    if (settings.type === 'json') return first.type === 'CalendarPicker' ? range(now) : undefined
    const shown = shownOn(input.screen, outline)
    if (first.node['input-type'] === 'passcode') return digits(settings.min_length, settings.max_length)
    const of = inAllBranches(input.inputs, settings.of)
    if (of?.length === 0) return undefined
    if (settings.type === 'choices') return several(first, settings.min, of, shown)
    // The simulator names answers by payload; here an input answers one field alone.
    const inputs = screen.inputs.flatMap((one) => (one.name === input.name ? [{ ...one, name }] : [])).slice(0, 1)
    const known = of === undefined ? settings : { ...settings, of: [...of] }
    const answers = inventAnswers({ ...screen, press: undefined, inputs }, { [name]: known }, shown, now)
    return steady(answers[name])
  }
}

/** What a screen is shown with while nobody has written its data. */
function shownOn(id: string, { screens }: Outline): JsonObject {
  const screen = screens.get(id)
  const entries = Object.entries(screen?.data ?? {}).flatMap(([key, schema]) =>
    screen === undefined ? [] : [[key, placeholder(key, schema, screen.shape)] as const],
  )
  return Object.fromEntries(entries)
}

/** The options that an input has in every branch of its screen: nobody knows which one is shown. */
function inAllBranches<Option>(
  inputs: readonly OutlinedInput[],
  of: readonly Option[] | undefined,
): readonly Option[] | undefined {
  if (inputs.length < 2) return of
  const written = inputs.map(({ node }) => writtenOptions(node))
  return of?.filter((option) => written.every((options) => options?.has(String(option)) !== false))
}

/** As many options as the person must choose. */
function several(
  { node }: OutlinedInput,
  least: number | string | undefined,
  of: readonly Json[] | undefined,
  shown: JsonObject,
): Json {
  const key = /^\s*\$\{data\.([^.}\s]+)\}\s*$/u.exec(String(node['data-source']))?.[1]
  const list = key === undefined ? undefined : shown[key]
  const brought = Array.isArray(list) ? list.flatMap((item) => idOf(item)) : []
  const options = of ?? [...(writtenOptions(node)?.keys() ?? brought)]
  return options.slice(0, Math.max(1, Number(least ?? 1)))
}

function idOf(item: Json): readonly Json[] {
  return typeof item === 'object' && item !== null && 'id' in item ? [item.id] : []
}

/** A passcode is of digits only. */
function digits(least = 4, most = least): string {
  return '1234567890'.repeat(9).slice(0, Math.max(1, Math.min(Math.max(least, 4), Math.max(most, least))))
}

/** A written test has the same person every time. */
function steady(answer: Json | undefined): Json | undefined {
  return typeof answer === 'string' ? answer.replace(/^ana\.\w+@example\.com$/u, 'ana@example.com') : answer
}

function range(now: Date): Json {
  const day = (ahead: number): string => new Date(now.getTime() + ahead * 86_400_000).toISOString().slice(0, 10)
  return { 'start-date': day(7), 'end-date': day(8) }
}
