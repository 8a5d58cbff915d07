import type { Call, CrmRecord, Failure, Health, Message, Receipt } from 'flowgate/plugin'
import { FailureError } from 'flowgate/plugin'

/** What a vendor does with one call: gives a receipt, fails so, throws this, or whatever the function does. */
export type Answer = Receipt | Failure | Error | ((input: CrmRecord | Message, call: Call) => Promise<Receipt>)

/** A vendor in the test's own process: it answers as told, in turn, and else creates. */
export class ScriptedVendor {
  readonly calls: { readonly input: CrmRecord | Message; readonly call: Call }[] = []
  readonly #answers: Answer[] = []
  readonly name: string
  healthy: Health
  /** How often its health was asked. */
  healthAsked = 0

  constructor(name: string) {
    this.name = name
    this.healthy = { ok: true, account: name }
  }

  /** Tells how the next calls are answered. */
  answers(...answers: readonly Answer[]): void {
    this.#answers.push(...answers)
  }

  async deliver(input: CrmRecord | Message, call: Call): Promise<Receipt> {
    this.calls.push({ input, call })
    const answer = this.#answers.shift()
    if (answer === undefined) return this.created()
    if (typeof answer === 'function') return await answer(input, call)
    if (answer instanceof Error) throw answer
    if ('kind' in answer) throw new FailureError(answer)
    return answer
  }

  created(): Receipt {
    const id = `${this.name}-${this.calls.length}`
    return { outcome: 'created', id, url: `https://${this.name}.example/${id}` }
  }

  async health(): Promise<Health> {
    this.healthAsked += 1
    return this.healthy
  }

  /** As settings it is the same, whatever it was told and asked. */
  toJSON(): string {
    return this.name
  }

  async close(): Promise<void> {}
}

export const unavailable: Failure & { kind: 'retryable' } = {
  kind: 'retryable',
  code: 'UNAVAILABLE',
  message: 'It does not answer.',
}
export const rejected: Failure = {
  kind: 'permanent',
  scope: 'record',
  code: 'INVALID',
  message: 'It refused a value.',
  fields: ['email'],
}
export const revoked: Failure = {
  kind: 'permanent',
  scope: 'destination',
  code: 'REVOKED',
  message: 'The token was revoked.',
}
export const gone: Failure & { kind: 'permanent' } = {
  kind: 'permanent',
  scope: 'destination',
  code: 'GONE',
  message: 'It wants no more.',
  byHand: true,
}
export const lost: Failure = { kind: 'unknown', code: 'LOST', message: 'It may have arrived.' }

/** A rate limit that asks for so many seconds. */
export function limited(retryAfterSeconds: number): Failure {
  return { kind: 'rate-limited', code: 'LIMITED', message: 'Too many calls.', retryAfterSeconds }
}
