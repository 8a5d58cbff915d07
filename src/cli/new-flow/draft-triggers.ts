import type { RawCondition } from '../../config/schema/value.ts'
import type { Json, JsonObject } from '../../plugin/json.ts'
import { isRequired } from './input-field.ts'
import { originOf } from './origin.ts'
import type { Outline, OutlinedScreen, Request } from './outline.ts'

/** One trigger of a screen, as its selections and links suggest it. */
export interface DraftTrigger {
  readonly when: RawCondition
  readonly remark: string
}

/** The triggers of a screen. */
export interface DraftTriggers {
  readonly triggers: readonly DraftTrigger[]
  /** The requests that pull them. */
  readonly told: readonly Request[]
  /** Payload keys that only tell requests apart: no answers. */
  readonly markers: ReadonlySet<string>
  /** What an operator should change in the Flow JSON. */
  readonly faults: readonly string[]
}

/** How a request is told from those of the screen's buttons. */
interface Sign {
  readonly when: RawCondition
  readonly marker?: string
  /** Every request of the screen is one of these. */
  readonly alone?: true
  readonly fault?: string
}

/**
 * Tells the selections and links of a screen from its buttons: by what their payload says of itself (`"trigger": "…"`), else
 * by an answer that only one of the two sends. What cannot be told apart is treated as a button and reported.
 */
export function draftTriggers(flow: string, screen: OutlinedScreen, outline: Outline): DraftTriggers {
  const { submits, pulls } = screen
  const triggers = new Map<string, { when: RawCondition; remarks: string[] }>()
  const markers = new Set<string>()
  const faults: string[] = []
  const told: Request[] = []
  for (const pull of pulls) {
    const sign = signOf(flow, pull, submits, screen, outline)
    if (sign.fault !== undefined) faults.push(sign.fault)
    if (sign.marker !== undefined) markers.add(sign.marker)
    if (Object.keys(sign.when).length === 0) continue
    told.push(pull)
    const key = JSON.stringify(sign.when)
    const known = triggers.get(key) ?? { when: sign.when, remarks: [] }
    const remark = `${sign.alone === true ? 'nothing else asks here: ' : ''}${remarkOn(pull, screen, outline)}`
    triggers.set(key, { ...known, remarks: [...known.remarks, remark] })
  }
  const answers = new Set([...submits, ...pulls].flatMap(({ payload }) => answerKeys(payload, screen, outline)))
  return {
    told,
    triggers: [...triggers.values()].map(({ when, remarks }) => ({ when, remark: remarks.join('\n') })),
    markers: new Set([...markers].filter((key) => !answers.has(key))),
    faults,
  }
}

function signOf(
  flow: string,
  pull: Request,
  submits: readonly Request[],
  screen: OutlinedScreen,
  outline: Outline,
): Sign {
  const marker = Object.entries(pull.payload).find(
    ([key, value]) => isMark(value) && submits.every(({ payload }) => isOther(payload[key], value)),
  )
  if (marker !== undefined) return { when: { [`sent.${marker[0]}`]: marker[1] }, marker: marker[0] }
  // Nothing else asks the endpoint on this screen: a condition that always holds.
  if (submits.length === 0) return { when: { 'flow.name': flow }, alone: true }
  const lacking = Object.keys(submits[0]?.payload ?? {}).filter(
    (key) => !Object.hasOwn(pull.payload, key) && submits.every(({ payload }) => Object.hasOwn(payload, key)),
  )
  const certain = lacking.find((key) => submits.every(({ payload }) => isCertain(payload[key], screen, outline)))
  if (certain !== undefined) return { when: { [`sent.${certain}`]: { exists: false } } }
  const own = ownKey(pull, submits, screen, outline)
  if (own !== undefined) return { when: { [`sent.${own}`]: { exists: true } } }
  const advice = `add a key such as "trigger": "${inputNameOf(pull)}" to the payload of that action`
  if (lacking.length === 0) {
    const fault = `${describe(pull)} on ${screen.id} sends the same as the button, so it counts as the button: ${advice}`
    return { when: {}, fault }
  }
  const when = { all: lacking.map((key) => ({ [`sent.${key}`]: { exists: false } })) }
  const fault = `${describe(pull)} on ${screen.id} looks like the button with nothing answered: ${advice}`
  return { when, fault }
}

/** A key that only the pull sends: best what was selected, last what the phone puts together. */
function ownKey(
  pull: Request,
  submits: readonly Request[],
  screen: OutlinedScreen,
  outline: Outline,
): string | undefined {
  const rank = (key: string): number => {
    const origin = originOf(pull.payload[key] ?? null, screen.id, outline)
    if (origin.kind === 'composed') return 2
    return origin.kind === 'input' && origin.name === pull.by.node['name'] ? 0 : 1
  }
  const own = Object.keys(pull.payload).filter((key) => submits.every(({ payload }) => !Object.hasOwn(payload, key)))
  return own.toSorted((one, other) => rank(one) - rank(other))[0]
}

/** A constant that says of a request what it is. */
function isMark(value: Json): value is string | number | boolean {
  if (typeof value === 'string') return /^[^$`]+$/u.test(value) && value.trim() !== ''
  return typeof value === 'number' || typeof value === 'boolean'
}

function isOther(value: Json | undefined, mark: string | number | boolean): boolean {
  return value === undefined || (isMark(value) && String(value) !== String(mark))
}

/** Whether a submit always has something there: a constant, or an answer the phone insists on. */
function isCertain(value: Json | undefined, screen: OutlinedScreen, outline: Outline): boolean {
  if (value === undefined) return false
  const origin = originOf(value, screen.id, outline)
  if (origin.kind === 'constant') return String(origin.value).trim() !== ''
  return origin.kind === 'input' && origin.screen === screen.id && origin.inputs.every(isRequired)
}

/** Keys under which a payload sends something else than a constant. */
function answerKeys(payload: JsonObject, screen: OutlinedScreen, outline: Outline): readonly string[] {
  return Object.keys(payload).filter((key) => originOf(payload[key] ?? null, screen.id, outline).kind !== 'constant')
}

function remarkOn(pull: Request, screen: OutlinedScreen, outline: Outline): string {
  const after = [...screen.inputs.keys()]
  const later = after.slice(after.indexOf(inputNameOf(pull)) + 1)
  const dependent = [...screen.shape.listInputs.values()].filter((name) => later.includes(name))
  const fields = dependent.flatMap((name) => fieldsFor(name, screen, outline))
  const selects = pull.attribute === 'on-select-action' && after.includes(inputNameOf(pull))
  const hint =
    selects && fields.length > 0 ? `\nwhere it changes what may be answered: clear: [${fields.join(', ')}]` : ''
  return `${describe(pull)}${hint}`
}

function fieldsFor(input: string, screen: OutlinedScreen, outline: Outline): readonly string[] {
  const entries = screen.submits.flatMap(({ payload }) => Object.entries(payload))
  const keys = entries.flatMap(([key, value]) => {
    const origin = originOf(value, screen.id, outline)
    return origin.kind === 'input' && origin.screen === screen.id && origin.name === input ? [key] : []
  })
  return [...new Set(keys)]
}

/** The request in words: `selecting "department"`, `the link "Resend the code"`. */
function describe({ by, attribute }: Request): string {
  const { text, label, name } = by.node
  const words = [name, text, label].find((word) => typeof word === 'string' && !word.includes('${'))
  const what =
    attribute === 'on-select-action' ? 'selecting' : by.type === 'EmbeddedLink' ? 'the link' : `the ${by.type}`
  return words === undefined ? `${what} (${by.type})` : `${what} ${JSON.stringify(words)}`
}

function inputNameOf({ by }: Request): string {
  const { name } = by.node
  return typeof name === 'string' ? name : 'link'
}
