import { isDeepStrictEqual } from 'node:util'
import type { JsonObject } from '../../plugin/json.ts'
import type { AnswerCheck, Asked } from './answer-check.ts'
import type { Device, Exchanged } from './device.ts'
import type { Finding, FindingKind, TranscriptLine } from './finding.ts'
import type { Action, FlowOnPhone, PhoneScreen } from './flow-on-phone.ts'
import { type Memory, newMemory } from './person.ts'
import { summarise } from './summary.ts'

/** What a phone needs of the world around it. */
export interface PhoneSettings {
  readonly device: Device
  readonly flow: FlowOnPhone
  readonly check: AnswerCheck
  readonly token: string
  /** Press everything twice at once. */
  readonly doubleTap: boolean
  readonly line: (line: TranscriptLine) => void
}

/** Where a person is once the form is closed. */
export const CLOSED = 'SUCCESS'

/**
 * One phone with one message: what it shows, the screens behind, and every fault found in the gateway's answers. What
 * cannot go on has a finding and resolves with `undefined`, else with the screen the person sees then.
 */
export class Phone {
  readonly settings: PhoneSettings
  readonly findings: Finding[] = []
  memory: Memory = newMemory()
  /** The screens the person could go back through, the one they see last. */
  stack: readonly string[] = []

  constructor(settings: PhoneSettings) {
    this.settings = settings
  }

  get at(): string {
    return this.stack.at(-1) ?? ''
  }

  /** Opens the message. What the phone showed and what was typed before is forgotten. */
  open(): Promise<string | undefined> {
    this.memory = newMemory()
    this.stack = []
    return this.#ask({ action: 'INIT', screen: '', token: this.settings.token }, {})
  }

  /** Does what an action of a screen does; `once` even where everything is tapped twice. */
  async act(screen: PhoneScreen, action: Action, payload: JsonObject, once = false): Promise<string | undefined> {
    const { token } = this.settings
    if (action.name === 'data_exchange') {
      return this.#ask({ action: 'data_exchange', screen: screen.id, token }, payload, once)
    }
    if (action.name === 'complete') {
      this.say('completed on the phone; the answers come by the webhook')
      return this.#show(CLOSED, {})
    }
    const next = action.next ?? ''
    this.say(`${screen.id} leads to ${next} without asking the gateway`)
    return this.#show(next, payload)
  }

  /** The phone's back button: it asks only where the screen says so. */
  async back(screen: PhoneScreen): Promise<string | undefined> {
    if (screen.refreshOnBack) {
      return this.#ask({ action: 'BACK', screen: screen.id, token: this.settings.token }, {})
    }
    const behind = this.stack.at(-2)
    if (behind === undefined) return this.found('other-screen', `there is no screen behind ${screen.id} to go back to`)
    this.say(`back to ${behind} without asking the gateway`)
    this.stack = this.stack.slice(0, -1)
    return behind
  }

  found(kind: FindingKind, message: string): undefined {
    this.findings.push({ kind, message })
    return undefined
  }

  say(text: string): void {
    this.settings.line({ arrow: '·', text })
  }

  /** Sends a request (twice at once, where everything is tapped twice), judges the answer and remembers what it shows. */
  async #ask(asked: Asked, data: JsonObject, once = true): Promise<string | undefined> {
    const { device, flow, doubleTap, line } = this.settings
    const name = asked.action === 'data_exchange' ? asked.screen : `${asked.action} ${asked.screen}`.trim()
    const payload = { version: flow.version, action: asked.action, screen: asked.screen, data, flow_token: asked.token }
    line({ arrow: '→', text: `${name}  ${summarise(data)}`.trim() })
    const taps = doubleTap && !once ? 2 : 1
    const answers = await Promise.all(Array.from({ length: taps }, () => device.exchange(payload)))
    for (const answer of answers) line({ arrow: '←', text: describe(answer), ms: answer.ms })
    const [first, second] = answers
    if (second && !sameAnswer(first, second)) this.found('different-answers', `${name}: two taps got two answers`)
    if (second && first?.answer?.['screen'] === CLOSED) await this.#repeat(payload, first)
    return first && this.#accept(asked, first)
  }

  /** A third tap, after the form is finished, must get the same final answer. */
  async #repeat(payload: JsonObject, first: Exchanged): Promise<void> {
    const again = await this.settings.device.exchange(payload)
    this.settings.line({ arrow: '←', text: `${describe(again)}  (pressed again afterwards)`, ms: again.ms })
    if (!sameAnswer(first, again)) this.found('different-answers', 'a finished form did not repeat its answer')
  }

  #accept(asked: Asked, { status, answer, fault }: Exchanged): string | undefined {
    const name = `${asked.action} ${asked.screen}`.trim()
    if (status !== 200) return this.found('http-status', `${name} was answered ${statusText(status, answer)}`)
    if (!answer) return this.found('unopened', `${name}: ${fault ?? 'the answer is empty'}`)
    this.findings.push(...this.settings.check(answer, asked))
    const screen = String(answer['screen'])
    if (screen !== CLOSED && !this.settings.flow.screens.has(screen)) return undefined
    return this.#show(screen, answer['data'] as JsonObject)
  }

  /** Forward, the same screen again, or one the person came from. */
  #show(screen: string, data: JsonObject): string {
    this.memory.shown.set(screen, data)
    const at = this.stack.lastIndexOf(screen)
    this.stack = at === -1 ? [...this.stack, screen] : this.stack.slice(0, at + 1)
    return screen
  }
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
