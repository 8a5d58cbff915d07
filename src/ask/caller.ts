import type { Clock } from '../clock.ts'
import type { SourceSettings } from '../config/configuration.ts'
import type { Log } from '../log.ts'
import type { Source } from '../plugin/definition.ts'
import type { Call } from '../plugin/delivery.ts'
import { callWithin } from '../registry/call-within.ts'
import type { Registry, RunningSource } from '../registry/registry.ts'
import { createBreaker } from './breaker.ts'
import { crowdedFailure, deadlineFailure, failureOf, isOfTheQuestion, type KnownFailure } from './failure-of.ts'
import { createTroubleLog } from './trouble-log.ts'
import { createTurns } from './turns.ts'

/** What a call to a source came to. `open`: it was left alone, because it keeps failing. */
export type Heard<Result> =
  | { readonly kind: 'answered'; readonly result: Result }
  | { readonly kind: 'failed' }
  | { readonly kind: 'open' }

/** The one way to a source's plugin: so many calls at once, each in time, none while its breaker is open. */
export interface Caller {
  isOpen(): boolean
  /** Never rejects, and resolves shortly after `withinMs` at the latest; whoever cannot wait for that must not. */
  call<Result>(
    key: string,
    withinMs: number,
    use: (source: Source, call: Call) => Promise<Result>,
  ): Promise<Heard<Result>>
}

export interface CallerOptions {
  readonly settings: SourceSettings
  readonly registry: Pick<Registry, 'source'>
  readonly clock: Clock
  /** Of this source. */
  readonly log: Log
  readonly stopping: AbortSignal
}

const LONGEST_KEY = 64

/** The way to one source. What is wrong with it goes to the log, once, never a parameter or an answer. */
export function createCaller({ settings, registry, clock, log, stopping }: CallerOptions): Caller {
  const { name, atOnce } = settings
  const breaker = createBreaker(settings.breaker, clock)
  const turns = createTurns(atOnce)
  const trouble = createTroubleLog(log, clock)

  const failed = (known: KnownFailure): { readonly kind: 'failed' } => {
    trouble.failed(known)
    if (isOfTheQuestion(known.failure)) worked()
    else if (breaker.failed()) trouble.opened(settings.breaker.restMs)
    return { kind: 'failed' }
  }
  const worked = () => {
    if (breaker.worked()) trouble.closed()
  }

  return {
    isOpen: () => breaker.isOpen(),
    async call(key, withinMs, use) {
      if (breaker.isOpen()) return { kind: 'open' }
      const from = performance.now()
      const endTurn = await turns.take(withinMs, stopping)
      if (endTurn === undefined) {
        // Nobody asked it, so this says nothing of the source itself.
        if (!stopping.aborted) trouble.failed({ failure: crowdedFailure(name, atOnce) })
        return { kind: 'failed' }
      }
      try {
        // It may have opened while this call was in line.
        if (!breaker.admit()) return { kind: 'open' }
        const leftMs = withinMs - (performance.now() - from)
        let running: RunningSource | undefined
        const called = await callWithin(
          async (signal) => {
            running = await registry.source(name)
            const idempotencyKey = key.slice(0, LONGEST_KEY)
            return await use(running.instance, { signal, idempotencyKey, attempt: 1, uncertain: false, resend: false })
          },
          {
            deadlineMs: Math.max(1, leftMs),
            stopping,
            onLate: (late) => log.debug({ late }, 'answer.discarded'),
          },
        )
        if (called.kind === 'answered') {
          trouble.worked()
          worked()
          return called
        }
        if (called.kind === 'thrown') return failed(failureOf(called.error, running?.classify))
        if (called.why === 'deadline' && leftMs >= withinMs / 2) {
          return failed({ failure: deadlineFailure(name, withinMs) })
        }
        // The process stops, or most of the time went by in line: that is no failure of the source.
        breaker.abandoned()
        if (called.why === 'deadline') trouble.failed({ failure: crowdedFailure(name, atOnce) })
        return { kind: 'failed' }
      } finally {
        endTurn()
      }
    },
  }
}
