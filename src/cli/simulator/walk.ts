import { isDeepStrictEqual } from 'node:util'
import type { JsonObject } from '../../plugin/json.ts'
import type { AnswerCheck, Asked } from './answer-check.ts'
import { type Device, type Exchanged, NoAnswer } from './device.ts'
import type { Finding, FindingKind, TranscriptLine } from './finding.ts'
import type { FlowOnPhone, PhoneScreen } from './flow-on-phone.ts'
import { fillScreen, type Memory } from './person.ts'
import { summarise } from './summary.ts'

/** No form asks more often than this; a walk that does is going round in circles. */
const LONGEST_WALK = 60

/** What a walk needs of the world around it. */
export interface WalkSettings {
  readonly device: Device
  readonly flow: FlowOnPhone
  readonly check: AnswerCheck
  readonly token: string
  /** Press everything twice at once. */
  readonly doubleTap: boolean
  /** Go back from each screen that asks the gateway then, and forward again. */
  readonly back: boolean
  readonly line: (line: TranscriptLine) => void
}

/** What a person does on one screen. `leadsTo` is where that must lead: a screen, or `submitted`; absent: anywhere else. */
export interface Turn {
  readonly answers: JsonObject
  readonly leadsTo: string | undefined
}

/** Says what the person does next, or that they stop here; throws a PlanError where they cannot be here at all. */
export interface Plan {
  turn(screen: PhoneScreen, shown: JsonObject): Turn | undefined
}

/** The person is not where their plan says. */
export class PlanError extends Error {
  override readonly name = 'PlanError'
}

interface State {
  readonly settings: WalkSettings
  readonly plan: Plan
  readonly memory: Memory
  readonly findings: Finding[]
  readonly path: string[]
  readonly wentBackFrom: Set<string>
}

/** Walks one person through the flow, from INIT until SUCCESS or until something is wrong. */
export async function walk(settings: WalkSettings, plan: Plan): Promise<readonly Finding[]> {
  const memory = { shown: new Map<string, JsonObject>(), answered: new Map<string, JsonObject>() }
  const state: State = { settings, plan, memory, findings: [], path: [], wentBackFrom: new Set() }
  try {
    let screen = await ask(state, { action: 'INIT', screen: '', token: settings.token }, {})
    while (screen !== undefined && screen !== 'SUCCESS') {
      if (state.path.length >= LONGEST_WALK) {
        return [...state.findings, { kind: 'refused', message: `no end after ${LONGEST_WALK} screens` }]
      }
      screen = await press(state, screen)
    }
  } catch (error) {
    if (error instanceof PlanError) found(state, 'other-screen', error.message)
    else if (error instanceof NoAnswer && error.late) found(state, 'no-answer', error.message)
    else throw error
  }
  return state.findings
}

/** Fills the screen and presses its button. Resolves with where the person is then; absent where the walk must end. */
async function press(state: State, id: string): Promise<string | undefined> {
  const { flow, token } = state.settings
  const screen = flow.screens.get(id)
  if (!screen?.press) return found(state, 'other-screen', `${id} has no button that leads anywhere`)
  if (state.path.at(-1) !== id) state.path.push(id)
  if (state.settings.back) await goBack(state, screen)
  const turn = state.plan.turn(screen, state.memory.shown.get(id) ?? {})
  if (!turn) return undefined
  const { payload, unsent } = fillScreen(screen, turn.answers, state.memory)
  for (const key of unsent) {
    found(state, 'not-sent', `${id}: the Flow JSON has no input "${key}" and sends nothing by that name`)
  }
  const reached = await act(state, screen, payload, token)
  if (reached === undefined) return undefined
  const place = reached === 'SUCCESS' ? 'submitted' : reached
  const due = turn.leadsTo ?? place
  if (due !== place) return found(state, 'other-screen', `${id} was expected to lead to ${due} and led to ${place}`)
  if (turn.leadsTo === undefined && reached === id) {
    return found(state, 'refused', `${id} was refused: ${refusal(state, id)}`)
  }
  return reached
}

async function act(state: State, screen: PhoneScreen, payload: JsonObject, token: string): Promise<string | undefined> {
  const action = screen.press
  if (action?.name === 'data_exchange') {
    return ask(state, { action: 'data_exchange', screen: screen.id, token }, payload)
  }
  if (action?.name === 'complete') {
    state.settings.line({ arrow: '·', text: 'completed on the phone; the answers come by the webhook' })
    return 'SUCCESS'
  }
  const next = action?.next ?? ''
  state.settings.line({ arrow: '·', text: `${screen.id} leads to ${next} without asking the gateway` })
  state.memory.shown.set(next, payload)
  return next
}

/** Sends a request (twice at once, where the walk double-taps), judges the answer and remembers what it shows. */
async function ask(state: State, asked: Asked, data: JsonObject): Promise<string | undefined> {
  const { device, flow, doubleTap, line } = state.settings
  const name = asked.action === 'data_exchange' ? asked.screen : `${asked.action} ${asked.screen}`.trim()
  const payload = { version: flow.version, action: asked.action, screen: asked.screen, data, flow_token: asked.token }
  line({ arrow: '→', text: `${name}  ${summarise(data)}`.trim() })
  const taps = doubleTap && asked.action === 'data_exchange' ? 2 : 1
  const answers = await Promise.all(Array.from({ length: taps }, () => device.exchange(payload)))
  for (const answer of answers) line({ arrow: '←', text: describe(answer), ms: answer.ms })
  const [first, second] = answers
  if (second && !sameAnswer(first, second)) found(state, 'different-answers', `${name}: two taps got two answers`)
  if (second && first?.answer?.['screen'] === 'SUCCESS') await repeat(state, payload, first)
  return first && accept(state, asked, first)
}

/** A third tap, after the form is finished, must get the same final answer. */
async function repeat(state: State, payload: JsonObject, first: Exchanged): Promise<void> {
  const again = await state.settings.device.exchange(payload)
  state.settings.line({ arrow: '←', text: `${describe(again)}  (pressed again afterwards)`, ms: again.ms })
  if (!sameAnswer(first, again)) found(state, 'different-answers', 'a finished form did not repeat its answer')
}

function accept(state: State, asked: Asked, { status, answer, fault }: Exchanged): string | undefined {
  const name = `${asked.action} ${asked.screen}`.trim()
  if (status !== 200) return found(state, 'http-status', `${name} was answered ${statusText(status, answer)}`)
  if (!answer) return found(state, 'unopened', `${name}: ${fault ?? 'the answer is empty'}`)
  const findings = state.settings.check(answer, asked)
  state.findings.push(...findings)
  const screen = String(answer['screen'])
  if (screen !== 'SUCCESS' && !state.settings.flow.screens.has(screen)) return undefined
  state.memory.shown.set(screen, answer['data'] as JsonObject)
  return screen
}

/** Leaves the screen backwards, as its `refresh_on_back` neighbour asks, and comes forward again by the same answers. */
async function goBack(state: State, screen: PhoneScreen): Promise<void> {
  const { token, flow, line } = state.settings
  const previous = flow.screens.get(state.path.at(-2) ?? '')
  if (!screen.refreshOnBack || !previous || state.wentBackFrom.has(screen.id)) return
  state.wentBackFrom.add(screen.id)
  const reached = await ask(state, { action: 'BACK', screen: screen.id, token }, {})
  if (reached === undefined) return
  if (reached !== previous.id) {
    found(
      state,
      'other-screen',
      `BACK from ${screen.id} was answered by ${reached}; the person came from ${previous.id}`,
    )
    return
  }
  const answers = state.memory.answered.get(previous.id) ?? {}
  line({ arrow: '·', text: `and forward again from ${previous.id}` })
  const forward = await act(state, previous, fillScreen(previous, answers, state.memory).payload, token)
  if (forward !== undefined && forward !== screen.id) {
    found(state, 'other-screen', `after BACK, ${previous.id} led to ${forward} instead of ${screen.id}`)
  }
}

function found(state: State, kind: FindingKind, message: string): undefined {
  state.findings.push({ kind, message })
  return undefined
}

function sameAnswer(one: Exchanged | undefined, other: Exchanged): boolean {
  return one?.status === other.status && isDeepStrictEqual(one.answer, other.answer)
}

function describe({ status, answer, fault }: Exchanged): string {
  if (status !== 200) return statusText(status, answer)
  if (!answer) return fault ?? 'nothing'
  const data = answer['data']
  return `${answer['screen']}  ${summarise(typeof data === 'object' && data !== null ? data : {})}`.trim()
}

function statusText(status: number, answer: JsonObject | undefined): string {
  const words = answer?.['error_msg']
  return words === undefined ? `HTTP ${status}` : `HTTP ${status} (${words})`
}

function refusal(state: State, id: string): string {
  const { error_message: snackbar, ...data } = state.memory.shown.get(id) ?? {}
  return typeof snackbar === 'string' ? snackbar : summarise(data) || 'the same screen came back without a word'
}
