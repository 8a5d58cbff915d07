import type { Call, Failure, Health, Json, JsonObject } from 'flowgate/plugin'
import { FailureError } from 'flowgate/plugin'

/** What a source does with one call: answers this, fails so, throws this, never answers, or whatever the function does. */
export type Answer =
  | { readonly answers: Json }
  | { readonly fails: Failure }
  | { readonly throws: Error }
  | 'hangs'
  | 'hangs on, whatever its signal says'
  | ((asked: AskedOfIt) => Promise<Json>)

export interface AskedOfIt {
  readonly does: 'read' | 'reserve' | 'release'
  readonly query: string
  readonly parameters: JsonObject
  readonly call: Call
}

/** A source in the test's own process: it answers as told, in turn, then as it always does. What was taken stays taken. */
export class ScriptedSource {
  readonly calls: AskedOfIt[] = []
  /** What it always answers once nothing else is told. */
  always: Answer = { answers: [{ id: 'a' }] }
  /** By slot, the key it is held under. */
  readonly held = new Map<string, string>()
  closed = 0
  readonly #answers: Answer[] = []

  /** Tells how the next calls are answered. */
  next(...answers: readonly Answer[]): void {
    this.#answers.push(...answers)
  }

  async read(query: string, parameters: JsonObject, call: Call): Promise<Json> {
    return await this.#answer({ does: 'read', query, parameters, call })
  }

  async reserve(query: string, parameters: JsonObject, call: Call): Promise<Json | undefined> {
    const slot = String(parameters['slot'])
    const by = this.held.get(slot)
    if (by === undefined) this.held.set(slot, call.idempotencyKey)
    const answer = await this.#answer({ does: 'reserve', query, parameters, call })
    return by === undefined || by === call.idempotencyKey ? answer : undefined
  }

  async release(query: string, parameters: JsonObject, call: Call): Promise<void> {
    await this.#answer({ does: 'release', query, parameters, call })
    const slot = String(parameters['slot'])
    if (this.held.get(slot) === call.idempotencyKey) this.held.delete(slot)
  }

  async health(): Promise<Health> {
    return { ok: true, account: 'scripted' }
  }

  async close(): Promise<void> {
    this.closed += 1
  }

  async #answer(asked: AskedOfIt): Promise<Json> {
    this.calls.push(asked)
    const answer = this.#answers.shift() ?? this.always
    if (typeof answer === 'function') return await answer(asked)
    if (answer === 'hangs') return await hanging(asked.call.signal)
    if (answer === 'hangs on, whatever its signal says') return await new Promise(() => {})
    if ('throws' in answer) throw answer.throws
    if ('fails' in answer) throw new FailureError(answer.fails)
    return answer.answers
  }
}

function hanging(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

export const down: Failure = { kind: 'retryable', code: 'DOWN', message: 'It does not answer.' }
export const refused: Failure = {
  kind: 'permanent',
  scope: 'record',
  code: 'REFUSED',
  message: 'It refused the question.',
}
