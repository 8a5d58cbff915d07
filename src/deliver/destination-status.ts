import type { Configuration } from '../config/configuration.ts'
import type { Failure } from '../plugin/failure.ts'
import { readBacklog } from '../store/delivery-views.ts'
import { readDestinations, UNTROUBLED } from '../store/destinations.ts'
import type { Sql } from '../store/pool.ts'
import { isByHand, withoutPrint } from './by-hand.ts'

/** One destination as an operator sees it. */
export interface DestinationStatus {
  readonly name: string
  /** Its plugin; absent where deliveries are addressed to it but it is not configured. */
  readonly plugin: string | undefined
  /** `open`: it does not answer and is being probed. `blocked`: a rate limit holds it. */
  readonly state: 'active' | 'paused' | 'open' | 'blocked'
  readonly pausedBy: 'failure' | 'operator' | undefined
  /** Why it is paused. */
  readonly failure: Failure | undefined
  /** Since when it is paused or open. */
  readonly since: Date | undefined
  /** When it is tried, or its health asked, next. Absent where it waits for a person. */
  readonly nextAt: Date | undefined
  readonly pending: number
  readonly failed: number
  readonly unknown: number
  readonly oldestPendingAt: Date | undefined
}

/** Every destination that is configured or has deliveries, by name. */
export async function readDestinationStatuses(
  sql: Sql,
  configuration: Configuration,
  now: Date,
): Promise<readonly DestinationStatus[]> {
  const [states, backlogs] = [await readDestinations(sql), await readBacklog(sql)]
  const names = new Set([...configuration.destinations.keys(), ...backlogs.keys()])
  return [...names].sort().map((name) => {
    const known = states.get(name) ?? UNTROUBLED
    const { paused, pausedBy, failure, changedAt, openSince, probeAt, healthAt, blockedUntil } = known
    const blocked = blockedUntil !== undefined && blockedUntil > now
    const state = paused ? 'paused' : openSince !== undefined ? 'open' : blocked ? 'blocked' : 'active'
    const backlog = backlogs.get(name)
    return {
      name,
      plugin: configuration.destinations.get(name)?.plugin,
      state,
      pausedBy,
      failure: paused && failure !== undefined ? withoutPrint(failure) : undefined,
      since: paused ? changedAt : openSince,
      nextAt: paused ? (isByHand(failure) ? undefined : healthAt) : (probeAt ?? (blocked ? blockedUntil : undefined)),
      pending: backlog?.pending ?? 0,
      failed: backlog?.failed ?? 0,
      unknown: backlog?.unknown ?? 0,
      oldestPendingAt: backlog?.oldestPendingAt,
    }
  })
}
