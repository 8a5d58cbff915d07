import type pg from 'pg'
import type { Alerts } from '../alert/alerts.ts'
import type { Clock } from '../clock.ts'
import type { Configuration } from '../config/configuration.ts'
import type { Log } from '../log.ts'
import type { AttachedFile } from '../plugin/delivery.ts'
import type { Json } from '../plugin/json.ts'
import type { Registry } from '../registry/registry.ts'
import type { Queue } from '../store/queue.ts'
import type { Mappings } from './mappings.ts'

/** What everything that moves deliveries works with. */
export interface Delivering {
  readonly pool: pg.Pool
  readonly queue: Queue
  readonly registry: Registry
  readonly mappings: Mappings
  /** The configuration now in force. */
  readonly configuration: () => Configuration
  readonly alerts: Alerts
  readonly clock: Clock
  readonly log: Log
  /** This process, as attempts name it. */
  readonly worker: string
  /** 0 to 1, for the jitter of retries. */
  readonly random: () => number
  /** Files of media answers, which are fetched when a plugin reads them. Absent: this gateway cannot fetch any. */
  readonly files?: ((answers: readonly Json[]) => readonly AttachedFile[]) | undefined
  /** Hears of every attempt that ended. */
  readonly onAttempted: (attempted: Attempted) => void
}

/** One attempt that ended, for metrics. */
export interface Attempted {
  readonly destination: string
  /** `delivered`, `skipped`, `unmapped`, `postponed`, or the kind of the failure. */
  readonly result:
    | 'delivered'
    | 'skipped'
    | 'unmapped'
    | 'postponed'
    | 'retryable'
    | 'rate-limited'
    | 'permanent'
    | 'unknown'
  readonly durationSeconds: number
  /** From the acceptance of the submission, where the delivery is done. */
  readonly sinceAcceptedSeconds: number | undefined
}

// Beyond the call's deadline: for the work before it, the plugin's last words and the record after it.
const LEASE_MARGIN_MS = 5_000
const DEFAULT_ANSWER_WITHIN_MS = 10_000

/** Milliseconds that a call to a destination may take. */
export function answerWithinMs(configuration: Configuration, destination: string): number {
  return configuration.destinations.get(destination)?.answerWithinMs ?? DEFAULT_ANSWER_WITHIN_MS
}

/** Until when one attempt that begins now holds what it has claimed. */
export function leaseEnd(configuration: Configuration, destination: string, now: Date): Date {
  return new Date(now.getTime() + answerWithinMs(configuration, destination) + LEASE_MARGIN_MS)
}
