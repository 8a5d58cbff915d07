import { DEFAULT_VERSION_KEY } from '../../config/schema/defaults.ts'
import type { FieldFile } from '../../config/schema/flow.ts'
import type { Json } from '../../plugin/json.ts'
import type { FlowJson } from '../../whatsapp/flow-json.ts'
import { type FlowOnPhone, readFlowOnPhone } from '../simulator/flow-on-phone.ts'
import { type Person, plausiblePerson } from './answers.ts'
import { type DraftValue, draftData, type FieldsByScreen } from './draft-data.ts'
import { type DraftField, draftFields, unusableKeys } from './draft-fields.ts'
import { type DraftRules, draftRules, elsewhere } from './draft-rules.ts'
import { type DraftTrigger, type DraftTriggers, draftTriggers } from './draft-triggers.ts'
import { type Outline, outlineOf } from './outline.ts'
import { unavoidableScreens } from './unavoidable-screens.ts'
import { likelyAnswers, SUBMITTED, type WalkStep, walkThrough } from './walk-through.ts'

/** What a draft is made of. */
export interface DraftSource {
  readonly name: string
  readonly json: Json
  /** What `json` means; it has no mistakes. */
  readonly flowJson: FlowJson
  /** Types that are known better than components tell them, by field. */
  readonly known: ReadonlyMap<string, FieldFile>
  readonly now: Date
}

/** A `flow.yaml` in the making: what a Flow JSON says and what can be guessed. */
export interface Draft {
  readonly firstScreen: string
  readonly alsoOpensAt: readonly string[]
  /** What the payloads call the version of the Flow JSON, where they do. */
  readonly version: string | undefined
  /** In the order of the Flow JSON. */
  readonly screens: readonly DraftScreen[]
  /** A way through, with plausible answers. */
  readonly walk: readonly WalkStep[]
  /** Screens that everybody comes through whose form is submitted. */
  readonly unavoidable: ReadonlySet<string>
  /** What an operator should know before going on. */
  readonly notes: readonly string[]
}

export interface DraftScreen {
  readonly id: string
  readonly title: string | undefined
  readonly fields: readonly DraftField[]
  readonly data: ReadonlyMap<string, DraftValue>
  readonly triggers: readonly DraftTrigger[]
  readonly rules: DraftRules
  /** What it does instead of asking the gateway, where it never asks. */
  readonly alone: 'ends' | 'leads on' | 'is read' | undefined
}

/** Drafts what the gateway does with a Flow JSON. The draft passes `flowgate check`, and its walk passes `flowgate test`. */
export function draftFlow(source: DraftSource): Draft {
  const { json, flowJson, now } = source
  const outline = outlineOf(json, flowJson)
  const [firstScreen = '', ...alsoOpensAt] = [...outline.screens.keys()].filter((id) => flowJson.entryScreens.has(id))
  const triggers = new Map(
    [...outline.screens.values()].map((screen) => [screen.id, draftTriggers(source.name, screen, outline)]),
  )
  const fields = fieldsOf(outline, triggers, source.known)
  const phone = readFlowOnPhone(json)
  const person = plausiblePerson(phone, outline, now)
  const rules = withWaysToAll(rulesOf(outline, phone, fields, person), outline, [firstScreen, ...alsoOpensAt])
  const shown = shownScreens(outline, rules, [firstScreen, ...alsoOpensAt])
  const screens = [...outline.screens.values()].map((screen): DraftScreen => {
    const { id, title, shape } = screen
    const opens = id === firstScreen || alsoOpensAt.includes(id)
    return {
      id,
      title,
      fields: fields.get(id) ?? [],
      data: shown.has(id) ? draftData(screen, outline, fields, opens) : new Map(),
      triggers: triggers.get(id)?.triggers ?? [],
      rules: rules.get(id) ?? NO_RULES,
      alone: shape.asksEndpoint ? undefined : shape.terminal ? 'ends' : screen.ways.length > 0 ? 'leads on' : 'is read',
    }
  })
  const plain = new Map([...rules].map(([id, each]) => [id, each.rules]))
  const walk = walkThrough({ outline, phone, firstScreen, fields, triggers, rules: plain, person })
  const version = versionIn(outline)
  const notes = [...notesOn(outline, triggers), ...ends(outline, walk)]
  const unavoidable = unavoidableScreens(outline, plain, [firstScreen, ...alsoOpensAt])
  return { firstScreen, alsoOpensAt, version, screens, walk, unavoidable, notes }
}

const NO_RULES: DraftRules = { rules: [], remarks: new Map() }

function fieldsOf(
  outline: Outline,
  triggers: ReadonlyMap<string, DraftTriggers>,
  known: DraftSource['known'],
): FieldsByScreen {
  const drafted = [...outline.screens.values()].map((screen) => {
    const passedOver = new Set([DEFAULT_VERSION_KEY, ...(triggers.get(screen.id)?.markers ?? [])])
    return [screen.id, draftFields(screen, outline, passedOver)] as const
  })
  const answered = drafted.flatMap(([, fields]) => fields).filter(({ input }) => input !== undefined)
  return new Map(
    drafted.map(([id, fields]) => [id, fields.map((field) => better(field, known.get(field.name), answered))]),
  )
}

/** An answer that a screen shows and sends back is of the type it has where it is given. */
function better(field: DraftField, known: FieldFile | undefined, answered: readonly DraftField[]): DraftField {
  if (known !== undefined) return { ...field, settings: known }
  if (!field.repeats) return field
  const namesake = answered.find(({ name }) => name === field.name)
  if (namesake === undefined) return field
  const { required: _, ...settings } = namesake.settings
  return { ...field, settings }
}

function rulesOf(
  outline: Outline,
  phone: FlowOnPhone,
  fields: FieldsByScreen,
  person: Person,
): Map<string, DraftRules> {
  const rules = [...outline.screens.values()].map((screen) => {
    const own = fields.get(screen.id) ?? []
    const answers = likelyAnswers(own, phone.screens.get(screen.id), person)
    return [screen.id, draftRules(screen, outline, own, answers)] as const
  })
  return new Map(rules)
}

/** Lists whose items lead on hide that in their data: what only the routing model leads to gets a rule. */
function withWaysToAll(
  rules: Map<string, DraftRules>,
  { screens, flowJson }: Outline,
  starts: readonly string[],
): ReadonlyMap<string, DraftRules> {
  const reached = new Set<string>()
  const open = [...starts]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (reached.has(id)) continue
    reached.add(id)
    const own = rules.get(id) ?? NO_RULES
    const ways = [...own.rules.flatMap(({ show }) => show ?? []), ...(screens.get(id)?.ways.map(({ to }) => to) ?? [])]
    const hidden = own.rules.length > 0 ? [] : [...(flowJson.routing.get(id) ?? [])].filter((to) => !ways.includes(to))
    if (hidden.length > 0) rules.set(id, hiddenRules(hidden))
    open.push(...ways, ...hidden)
  }
  return rules
}

function hiddenRules(targets: readonly string[]): DraftRules {
  const [first, ...others] = targets
  const rules = [
    ...others.map((show, index) => ({ when: elsewhere(index), show })),
    ...(first === undefined ? [] : [{ show: first }]),
  ]
  const names = targets.join(', ')
  const remark = `the routing model leads to ${names}, but nothing written here does: an item of a list that is data?`
  return { rules, remarks: new Map([[0, remark]]) }
}

/** Screens the gateway itself answers: first ones, those it shows, those repainted after an error or on the way back. */
function shownScreens(
  { screens, flowJson }: Outline,
  rules: ReadonlyMap<string, DraftRules>,
  starts: readonly string[],
): ReadonlySet<string> {
  const shown = new Set(starts)
  for (const { id, shape } of screens.values()) {
    if (shape.asksEndpoint) shown.add(id)
    for (const { show } of rules.get(id)?.rules ?? []) if (show !== undefined) shown.add(show)
    for (const to of flowJson.routing.get(id) ?? []) if (screens.get(to)?.shape.refreshOnBack === true) shown.add(id)
  }
  return shown
}

function versionIn({ screens }: Outline): string | undefined {
  const told = [...screens.values()].flatMap(({ shape }) =>
    shape.exchanges.flatMap(({ payload }) => payload[DEFAULT_VERSION_KEY] ?? []),
  )
  const constant = told.find(
    (value) => typeof value === 'number' || (typeof value === 'string' && /^[^$`]+$/u.test(value)),
  )
  return constant === undefined ? undefined : String(constant).slice(0, 64)
}

function notesOn({ screens }: Outline, triggers: ReadonlyMap<string, DraftTriggers>): readonly string[] {
  const keys = [...screens.values()].flatMap((screen) => unusableKeys(screen).map((fault) => `${screen.id}: ${fault}.`))
  return [...keys, ...[...triggers.values()].flatMap((each) => each.faults.map((fault) => `${fault}.`))]
}

/** Forms that nobody would ever finish. */
function ends({ screens }: Outline, walk: readonly WalkStep[]): readonly string[] {
  if ([...screens.values()].every(({ shape }) => !shape.asksEndpoint)) {
    return ['No screen asks the gateway: give the last Footer the action data_exchange, or no answer ever arrives.']
  }
  const last = walk.at(-1)
  if (last === undefined || walk.some(({ submits }) => submits === true)) return []
  const end = last.leadsTo === SUBMITTED ? last.screen : last.leadsTo
  if (end !== undefined && screens.get(end)?.submits.some(({ by }) => by.type === 'NavigationList')) {
    return [`The test in tests.yaml ends on ${end}: what is tapped in its list is yours to write, below select.`]
  }
  return [`The way through ends on ${end} before the form is submitted: its Footer needs the action data_exchange.`]
}
