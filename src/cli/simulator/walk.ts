import type { JsonObject } from '../../plugin/json.ts'
import { NoAnswer } from './device.ts'
import type { Finding } from './finding.ts'
import type { Action, PhoneScreen } from './flow-on-phone.ts'
import { type Again, goOnAgain } from './go-on-again.ts'
import { fillAction, type Memory, pressButton } from './person.ts'
import { CLOSED, Phone, type PhoneSettings } from './phone.ts'
import { refusalWords } from './refusal.ts'
import { replaceChoices } from './replace-choices.ts'
import { findSelection } from './selection.ts'
import { stepBack } from './step-back.ts'

/** No form asks more often than this; a walk that does is going round in circles. */
const LONGEST_WALK = 60

export interface WalkSettings extends PhoneSettings {
  /** Go back from each screen that has one behind it, and forward again. */
  readonly back: boolean
  /** Screens that count refusals: where one is meant to come, twice would be one too many. */
  readonly counting?: ReadonlySet<string>
  /** Leave the form half-way, open it again, and go on like this. */
  readonly again?: Again
}

/**
 * What a person does next. `leadsTo` is where that must lead: a screen, or `submitted`; absent: anywhere else, or with a
 * selection anywhere at all.
 */
export type Turn =
  | Doing
  | { readonly kind: 'back'; readonly leadsTo: string }
  | { readonly kind: 'reopen'; readonly leadsTo: string }

/** `answers`: what is filled in, or what the selection sends. */
interface Doing {
  readonly kind: 'press' | 'select'
  readonly answers: JsonObject
  readonly leadsTo: string | undefined
}

/** Says what the person does next, or that they stop here; throws a PlanError where they cannot be here at all. */
export interface Plan {
  /** `screen` is absent once the form is closed. */
  turn(screen: PhoneScreen | undefined, memory: Memory): Turn | undefined
  /** How many turns there are; absent where the gateway leads the way. */
  readonly length?: number
  /** The person goes on at a screen they have been on before. Throws a PlanError where the plan was never there. */
  resumeAt(screen: string): void
}

/** The person is not where their plan says. */
export class PlanError extends Error {
  override readonly name = 'PlanError'
}

/** How the person left a screen last: what comes forward again does the same. */
export interface Departure {
  readonly action: Action
  readonly answers: JsonObject
}

/** One person on their way. */
export interface Walking {
  readonly phone: Phone
  readonly settings: WalkSettings
  readonly departures: Map<string, Departure>
  /** Screens from which the person went back already. */
  readonly wentBackFrom: Set<string>
  /** Screens whose button led to themselves. */
  readonly stayed: Set<string>
  /** Screens whose answers were refused: the same answers need not lead on another time. */
  readonly refused: Set<string>
  turns: number
  /** Since the form was opened again the screens behind may be others than the phone's. */
  reopened: boolean
}

/** Walks one person through the flow, from INIT until the form is closed or the plan ends, or until something is wrong. */
export async function walk(settings: WalkSettings, plan: Plan): Promise<readonly Finding[]> {
  const phone = new Phone(settings)
  const walking: Walking = {
    phone,
    settings,
    departures: new Map(),
    wentBackFrom: new Set(),
    stayed: new Set(),
    refused: new Set(),
    turns: 0,
    reopened: false,
  }
  try {
    const opened = await phone.open()
    if (opened !== undefined) await follow(walking, plan, settings.again)
  } catch (error) {
    if (error instanceof PlanError) phone.found('other-screen', error.message)
    else if (error instanceof NoAnswer && error.late) phone.found('no-answer', error.message)
    else throw error
  }
  return phone.findings
}

/** Takes turn after turn until the plan ends. With `again` the person leaves half-way and comes back once. */
async function follow(walking: Walking, plan: Plan, again: Again | undefined): Promise<void> {
  const { phone, settings } = walking
  const half = Math.floor((plan.length ?? 2) / 2)
  for (let taken = 0, arrived = true; ; taken += 1) {
    const screen = settings.flow.screens.get(phone.at)
    if (
      screen !== undefined &&
      arrived &&
      taken > 0 &&
      taken >= half &&
      again !== undefined &&
      isHalfway(phone, screen)
    ) {
      const next = await goOnAgain(walking, again, plan)
      return next === undefined ? undefined : follow(walking, next, undefined)
    }
    if (settings.back && screen !== undefined && !(await stepBack(walking, screen))) return
    const turn = plan.turn(screen, phone.memory)
    if (turn === undefined) break
    walking.turns += 1
    if (walking.turns > LONGEST_WALK) {
      phone.found('refused', `no end after ${LONGEST_WALK} screens`)
      return
    }
    const from = phone.at
    if (!(await take(walking, screen, turn))) return
    arrived = phone.at !== from
  }
  if (again !== undefined) phone.say('the form is over before anybody could leave it half-way')
}

/** Behind the first screen, and not at the end. */
function isHalfway({ stack }: Phone, { press }: PhoneScreen): boolean {
  return stack.length > 1 && press?.name === 'data_exchange'
}

/** Resolves with whether the walk goes on. */
async function take(walking: Walking, screen: PhoneScreen | undefined, turn: Turn): Promise<boolean> {
  const { phone } = walking
  const from = phone.at
  const reached = await moveBy(walking, screen, turn)
  if (reached === undefined) return false
  const place = reached === CLOSED ? 'submitted' : reached
  if (turn.leadsTo !== undefined && turn.leadsTo !== place) {
    const leader = turn.kind === 'reopen' ? 'opening it again' : from
    phone.found('other-screen', `${leader} was expected to lead to ${turn.leadsTo} and led to ${place}`)
    return false
  }
  if (screen === undefined || turn.kind !== 'press' || reached !== from) return true
  walking.stayed.add(from)
  const words = refusalWords(screen, phone.memory)
  if (words === '') return true
  walking.refused.add(from)
  if (turn.leadsTo === undefined) {
    phone.found('refused', `${from} was refused: ${words}`)
    return false
  }
  return true
}

async function moveBy(walking: Walking, screen: PhoneScreen | undefined, turn: Turn): Promise<string | undefined> {
  const { phone } = walking
  if (turn.kind === 'reopen') {
    phone.say('the person left, and opens the form again')
    walking.reopened = true
    return phone.open()
  }
  // Plans have nothing to do where the form is closed but to open it again.
  if (screen === undefined) return undefined
  if (turn.kind === 'back') return phone.back(screen)
  return turn.kind === 'select' ? select(walking, screen, turn.answers) : press(walking, screen, turn)
}

async function select(walking: Walking, screen: PhoneScreen, wanted: JsonObject): Promise<string | undefined> {
  const { phone } = walking
  const meant = findSelection(screen, wanted, phone.memory)
  if (!meant.ok) return phone.found('not-sent', meant.reason)
  const { action } = meant
  const answers = replaceChoices(phone, screen, wanted, action)
  if (answers === undefined) return undefined
  const { payload, form } = fillAction(screen, action, answers, phone.memory)
  phone.memory.selected.set(screen.id, form)
  phone.memory.answered.set(screen.id, form)
  leave(walking, screen, action, answers)
  return phone.act(screen, action, payload)
}

async function press(
  walking: Walking,
  screen: PhoneScreen,
  { answers: wanted, leadsTo }: Doing,
): Promise<string | undefined> {
  const { phone, settings } = walking
  const aside = Object.keys(wanted).length === 0 ? linkTo(screen, leadsTo) : undefined
  const action = aside ?? screen.press
  if (action === undefined) return phone.found('other-screen', `${screen.id} has no button that leads anywhere`)
  // What is to be refused is sent as it is written.
  const sender = leadsTo === screen.id ? 'anybody' : 'phone'
  const answers = sender === 'anybody' ? wanted : replaceChoices(phone, screen, wanted, action)
  if (answers === undefined) return undefined
  leave(walking, screen, action, answers)
  if (aside !== undefined) return phone.act(screen, aside, fillAction(screen, aside, {}, phone.memory).payload)
  const { payload, unsent } = pressButton(screen, answers, phone.memory, sender)
  for (const key of unsent) {
    phone.found('not-sent', `${screen.id}: the Flow JSON has no input "${key}" and sends nothing by that name`)
  }
  return phone.act(screen, action, payload, leadsTo === screen.id && settings.counting?.has(screen.id) === true)
}

/** What was selected there before stays in its inputs, so it goes along when the person comes forward again. */
function leave({ departures, phone }: Walking, { id }: PhoneScreen, action: Action, answers: JsonObject): void {
  departures.set(id, { action, answers: { ...phone.memory.selected.get(id), ...answers } })
}

/** A link that leads to this screen without asking, where the button, or the first link, does something else. */
function linkTo({ press: button, actions }: PhoneScreen, leadsTo: string | undefined): Action | undefined {
  if (button?.name === 'navigate' && button.next === leadsTo) return undefined
  return actions.find(({ name, next }) => name === 'navigate' && next === leadsTo)
}
