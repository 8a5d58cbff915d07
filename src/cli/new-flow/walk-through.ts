import type { RuleFile } from '../../config/schema/flow.ts'
import type { Json, JsonObject } from '../../plugin/json.ts'
import type { FlowOnPhone, Input, PhoneScreen } from '../simulator/flow-on-phone.ts'
import type { Person } from './answers.ts'
import type { FieldsByScreen } from './draft-data.ts'
import type { DraftField } from './draft-fields.ts'
import type { DraftTriggers } from './draft-triggers.ts'
import { originOf } from './origin.ts'
import type { Outline, OutlinedScreen, Request } from './outline.ts'

/** One step of a generated test. */
export interface WalkStep {
  readonly screen?: string
  readonly fill?: JsonObject
  readonly select?: JsonObject
  readonly reopen?: true
  readonly leadsTo: string
  /** The form is finished by it. */
  readonly submits?: true
}

/** What a walk needs to know of a draft. */
export interface Walked {
  readonly outline: Outline
  readonly phone: FlowOnPhone
  readonly firstScreen: string
  readonly fields: FieldsByScreen
  readonly triggers: ReadonlyMap<string, DraftTriggers>
  readonly rules: ReadonlyMap<string, readonly RuleFile[]>
  readonly person: Person
}

/** Where a step says that the form is finished. */
export const SUBMITTED = 'submitted'

/**
 * From the first screen to the end: everything that can be selected, then the button. Of several ways the last resort is
 * taken. A walk never goes further than a phone could.
 */
export function walkThrough(walked: Walked): readonly WalkStep[] {
  const { outline, phone, firstScreen, rules } = walked
  const steps: WalkStep[] = []
  const seen = new Set<string>()
  let at = firstScreen
  while (!seen.has(at)) {
    seen.add(at)
    const [screen, onPhone] = [outline.screens.get(at), phone.screens.get(at)]
    if (screen === undefined || onPhone === undefined) break
    steps.push(...selections(screen, walked))
    const leadsTo = wayOn(onPhone, rules.get(at)?.at(-1))
    if (leadsTo === undefined) break
    const fill = fillOf(screen, onPhone, walked)
    const submits = onPhone.press?.name === 'data_exchange' && rules.get(at)?.at(-1)?.submit === true
    const filled = Object.keys(fill).length === 0 ? {} : { fill }
    steps.push({ screen: at, ...filled, leadsTo, ...(submits ? { submits } : {}) })
    at = leadsTo
  }
  return steps.length === 0 ? onlyOpened(firstScreen) : steps
}

/** The walk of a form on which there is nothing to do but open it. */
export function onlyOpened(firstScreen: string): readonly WalkStep[] {
  return [{ reopen: true, leadsTo: firstScreen }]
}

function wayOn({ press }: PhoneScreen, rule: RuleFile | undefined): string | undefined {
  switch (press?.name) {
    case 'complete':
      return SUBMITTED
    case 'navigate':
      return press.next
    case 'data_exchange':
      return rule === undefined ? undefined : (rule.show ?? SUBMITTED)
    default:
      return undefined
  }
}

/** What the person types, under the names that this screen's button sends. */
function fillOf(screen: OutlinedScreen, onPhone: PhoneScreen, { outline, fields, person }: Walked): JsonObject {
  const own = fields.get(screen.id) ?? []
  const all = [...fields.values()].flat()
  const known = new Set([...all.map(({ name }) => name), ...payloadKeys(outline)])
  const fill: Record<string, Json> = {}
  for (const input of onPhone.inputs) {
    const sent = sentAs(input, onPhone)
    // Where the button does not ask, answers travel along to a screen that does.
    const names = screen.shape.asksEndpoint ? sent : [...sent, input.name]
    const field = [...own, ...all].find((one) => one.input?.screen === screen.id && one.input.name === input.name)
    const name = names.find((each) => known.has(each))
    const answer = field === undefined || name === undefined ? undefined : person(field)
    if (name !== undefined && answer !== undefined) fill[name] = answer
  }
  return fill
}

function sentAs({ name }: Input, { press }: PhoneScreen): readonly string[] {
  return Object.entries(press?.payload ?? {}).flatMap(([key, value]) => (value === `\${form.${name}}` ? [key] : []))
}

function payloadKeys({ screens }: Outline): readonly string[] {
  return [...screens.values()].flatMap(({ shape }) => [...shape.payloadKeys])
}

/** One step for each request of the screen that is no submit. */
function selections(screen: OutlinedScreen, walked: Walked): readonly WalkStep[] {
  const steps = (walked.triggers.get(screen.id)?.told ?? []).map((pull): WalkStep => {
    return { screen: screen.id, select: selectOf(pull, screen, walked), leadsTo: screen.id }
  })
  return steps.filter(({ select = {} }) => Object.keys(select).length > 0)
}

/** What a selection says of itself, and what was selected. */
function selectOf({ payload, by }: Request, screen: OutlinedScreen, { outline, fields, person }: Walked): JsonObject {
  const own = fields.get(screen.id) ?? []
  const entries = Object.entries(payload).flatMap(([key, value]): (readonly [string, Json])[] => {
    const origin = originOf(value, screen.id, outline)
    if (origin.kind === 'constant') return [[key, origin.value]]
    const selected = origin.kind === 'input' && origin.screen === screen.id && origin.name === by.node['name']
    const field = selected ? own.find(({ name }) => name === key) : undefined
    const answer = field && person(field)
    return answer === undefined ? [] : [[key, answer]]
  })
  return Object.fromEntries(entries)
}

/** What a screen's button sends of its fields as far as that is known before anybody answers: for conditions to differ from. */
export function likelyAnswers(
  own: readonly DraftField[],
  onPhone: PhoneScreen | undefined,
  person: Person,
): ReadonlyMap<string, Json> {
  const answers = new Map<string, Json>()
  for (const field of own) {
    const value = onPhone?.press?.payload[field.name]
    const isConstant = field.constants.some((constant) => constant === value)
    const answer = isConstant ? value : field.input?.screen === onPhone?.id ? person(field) : undefined
    if (answer !== undefined) answers.set(field.name, answer)
  }
  return answers
}
