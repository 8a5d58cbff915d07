import assert from 'node:assert/strict'
import type { Deliverer, PluginContext } from '../definition.ts'
import type { Call } from '../delivery.ts'
import { type Failure, FailureError } from '../failure.ts'
import type { JsonObject } from '../json.ts'
import type { DeliveringPlugin, Stage } from './stage.ts'

/** One plugin on one fresh stage, while one check runs. */
export interface Trial<Input, Config> {
  readonly plugin: DeliveringPlugin<Input, Config>
  readonly stage: Stage<Input, Config>
  /** Everything the plugin logged through its context, as text. */
  readonly logged: readonly string[]
  /** A new instance, as another process would make it. */
  configure(config: Config): Promise<Deliverer<Input>>
}

/** Brings a plugin and a stage together for one check. */
export function trial<Input, Config>(
  plugin: DeliveringPlugin<Input, Config>,
  stage: Stage<Input, Config>,
): Trial<Input, Config> {
  const logged: string[] = []
  const line = (fields: JsonObject, event: string) => void logged.push(`${event} ${JSON.stringify(fields)}`)
  const context: PluginContext = {
    destination: 'conformance',
    log: { info: line, warn: line },
    now: () => new Date(),
  }
  return { plugin, stage, logged, configure: async (config) => plugin.configure(config, context) }
}

/** A call as the gateway makes it on a first attempt, with what the check wants different. */
export function call(idempotencyKey: string, differences: Partial<Call> = {}): Call {
  const signal = AbortSignal.timeout(20_000)
  return { signal, idempotencyKey, attempt: 1, uncertain: false, resend: false, ...differences }
}

/** What a promise was rejected with; an assertion error with `advice` when it was not. */
export async function rejection(promise: Promise<unknown>, advice: string): Promise<unknown> {
  const settled = await promise.then(
    () => ({ passed: true, error: undefined }),
    (error: unknown) => ({ passed: false, error }),
  )
  assert.ok(!settled.passed, advice)
  return settled.error
}

/** The failure an error stands for, as the gateway finds it: from the error itself, else by the plugin's `classify`. */
export function failureOf(
  plugin: Pick<DeliveringPlugin<never, never>, 'classify'>,
  error: unknown,
): Failure | undefined {
  return error instanceof FailureError ? error.failure : plugin.classify(error)
}

/** A failure in a few words, for messages of checks. */
export function describe(failure: Failure | undefined): string {
  if (!failure) return 'an error that classify does not know'
  return failure.kind === 'permanent'
    ? `permanent/${failure.scope} (${failure.code})`
    : `${failure.kind} (${failure.code})`
}
