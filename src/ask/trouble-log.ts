import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { KnownFailure } from './failure-of.ts'

/** What the log says of one source: a line when something changes, however many people ask meanwhile. */
export interface TroubleLog {
  failed(failure: KnownFailure): void
  worked(): void
  opened(restMs: number): void
  closed(): void
}

/** A source that fails and works in turn is told of once a minute. */
const AGAIN_AFTER_MS = 60_000

/** `source.failed` when the class of failures changes, `source.opened` and `source.closed` of its breaker. */
export function createTroubleLog(log: Log, clock: Clock): TroubleLog {
  let told: { readonly code: string; readonly at: number } | undefined
  let failing = false
  return {
    failed({ failure, stack }) {
      const at = clock.now().getTime()
      const known = told?.code === failure.code && (failing || at - told.at < AGAIN_AFTER_MS)
      failing = true
      if (known) return
      told = { code: failure.code, at }
      const { kind, code, message } = failure
      log.warn({ kind, code, message, ...(stack === undefined ? {} : { stack }) }, 'source.failed')
    },
    worked() {
      failing = false
    },
    opened: (restMs) => log.warn({ restSeconds: restMs / 1_000, code: told?.code }, 'source.opened'),
    closed: () => log.info({}, 'source.closed'),
  }
}
