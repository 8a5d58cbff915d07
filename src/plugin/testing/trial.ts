import assert from 'node:assert/strict'
import type { Deliverer, PluginContext } from '../definition.ts'
import type { Call } from '../delivery.ts'
import { type Failure, FailureError } from '../failure.ts'
import type { JsonObject } from '../json.ts'
import type { DeliveringPlugin, LentParts, Stage } from './stage.ts'
import { tokensInMemory } from './tokens-in-memory.ts'

/** One plugin on one fresh stage, while one check runs. */
export interface Trial<Input, Config> {
  readonly plugin: DeliveringPlugin<Input, Config>
  readonly stage: Stage<Input, Config>
  /** Everything the plugin logged through its context, as text. */
  readonly logged: readonly string[]
  /** Origins of everything the plugin asked through its context. */
  readonly fetched: ReadonlySet<string>
  /** A new instance, as another process would make it. */
  configure(config: Config): Promise<Deliverer<Input>>
}

/** Brings a plugin and a stage together for one check. */
export function trial<Input, Config>(
  plugin: DeliveringPlugin<Input, Config>,
  stage: Stage<Input, Config>,
): Trial<Input, Config> {
  const { context, ...seen } = lent(stage.context)
  return { plugin, stage, ...seen, configure: async (config) => plugin.configure(config, context) }
}

/** What the gateway lends, with what a stage replaces in it, everything logged through it, as text, and all origins asked. */
export function lent(different: LentParts = {}): {
  readonly logged: readonly string[]
  readonly fetched: ReadonlySet<string>
  readonly context: PluginContext
} {
  const logged: string[] = []
  const fetched = new Set<string>()
  // No URL guard: stand-ins live on 127.0.0.1. Redirects are as in the gateway.
  const { fetch: ask = (url, init) => fetch(url, { ...init, redirect: 'manual' }) } = different
  const line = (fields: JsonObject, event: string) => void logged.push(`${event} ${JSON.stringify(fields)}`)
  const context: PluginContext = {
    destination: 'conformance',
    now: () => new Date(),
    readFile: async (path) => {
      throw new Error(`The stage has no file ${path}. Give it one in context.readFile.`)
    },
    crm: async (destination) => {
      const message = `The stage has no CRM ${destination}. Give it one in context.crm.`
      throw new FailureError({ kind: 'permanent', scope: 'destination', code: 'no_such_destination', message })
    },
    spend: async () => undefined,
    accessToken: tokensInMemory(),
    ...different,
    fetch: (url, init) => {
      fetched.add(new URL(url).origin)
      return ask(url, init)
    },
    log: { info: line, warn: line },
  }
  return { logged, fetched, context }
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
  plugin: { classify(error: unknown): Failure | undefined },
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
