import { createHash } from 'node:crypto'
import type { Clock } from '../clock.ts'
import { newId } from '../id.ts'
import type { Log } from '../log.ts'
import type { Json } from '../plugin/json.ts'
import type { OwnCounts } from '../store/request-counts.ts'
import { RequestCounter, WINDOW_MS } from './request-counter.ts'

const SETTLE_EVERY_MS = 1_000

export interface RateLimiterOptions {
  /** `FLOWGATE_RATE_LIMIT`: requests per minute for one flow and token, over all processes. */
  readonly perMinute: number
  /** Requests without a valid signature per minute and address before 432 becomes 429. Default 6,000: this spares logs, the check itself costs next to nothing. */
  readonly unsignedPerMinute?: number
  readonly clock: Clock
  readonly log: Log
  /** Exchanges counts with the other processes; absent where there are none. */
  readonly settleCounts?: (own: OwnCounts) => Promise<ReadonlyMap<string, number>>
}

/** Counts requests of one process and settles them with the others once a second, beside the request path. */
export interface RateLimiter {
  readonly perMinute: number
  readonly unsignedPerMinute: number
  readonly counter: RequestCounter
  /** Settles once, now. Never rejects: while the database is away each process counts for itself. */
  settle(): Promise<void>
  /** Settles once a second until `stop`. */
  start(): void
  stop(): Promise<void>
}

/** Makes the limiter that `createServer` counts with. The server starts and stops it. */
export function createRateLimiter(options: RateLimiterOptions): RateLimiter {
  const { perMinute, unsignedPerMinute = 6_000, clock, log, settleCounts } = options
  const counter = new RequestCounter(clock, perMinute)
  const settle = settleCounts === undefined ? async () => {} : settlement(counter, clock, log, settleCounts)
  let timer: NodeJS.Timeout | undefined
  let running = Promise.resolve()
  let busy = false
  return {
    perMinute,
    unsignedPerMinute,
    counter,
    settle,
    start: () => {
      if (settleCounts === undefined) return
      timer ??= setInterval(() => {
        // A slow database must not make settlements pile up.
        if (busy) return
        busy = true
        running = settle().finally(() => {
          busy = false
        })
      }, SETTLE_EVERY_MS).unref()
    },
    stop: async () => {
      clearInterval(timer)
      await running
    },
  }
}

function settlement(
  counter: RequestCounter,
  clock: Clock,
  log: Log,
  settleCounts: NonNullable<RateLimiterOptions['settleCounts']>,
): () => Promise<void> {
  const self = newId('prc', clock.now())
  let failing = false
  return async () => {
    const untold = counter.untold()
    try {
      const clearBefore = new Date(untold.windowStart.getTime() - WINDOW_MS)
      counter.settle(untold, await settleCounts({ ...untold, process: self, clearBefore }))
      if (failing) log.info({}, 'request_counts.settled_again')
      failing = false
    } catch (error) {
      // Once per outage, not once per second.
      if (!failing) log.warn({ error }, 'request_counts.not_settled')
      failing = true
    }
  }
}

/**
 * The key a signed request is counted under: its flow and token, or the flow alone where the message was sent without a
 * token (Meta then says `unused`). Hashed, so that it has a fixed length and gives away no token.
 */
export function requestKey(flow: string, flowToken: Json | undefined): string {
  const named = typeof flowToken === 'string' && flowToken !== '' && flowToken !== 'unused'
  return hashed(JSON.stringify(named ? ['flow', flow, flowToken] : ['flow', flow]))
}

/** The key requests without a valid signature are counted under: where they come from. */
export function addressKey(address: string): string {
  return hashed(JSON.stringify(['address', address]))
}

function hashed(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22)
}
