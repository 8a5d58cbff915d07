import type pg from 'pg'
import type { Clock } from '../clock.ts'
import {
  type Alert,
  anyFailed,
  anyLate,
  anyPending,
  anyUnknown,
  closeOverAlert,
  readOpenAlerts,
} from '../store/alerts.ts'
import { type DestinationState, readDestinations, UNTROUBLED } from '../store/destinations.ts'
import { openPersonQuestions } from '../store/person-questions.ts'
import type { Sql } from '../store/pool.ts'
import { parseCondition } from './conditions.ts'

// Both happen again with the next person who comes to that screen or has that version; an hour without one says it is over.
const QUIET_MS = 3_600_000

/**
 * Closes every open alert whose condition is over, judged by the database alone: no crash can leave one open for ever.
 * Several processes may do so at once.
 */
export async function reconcileAlerts({
  pool,
  clock,
}: {
  readonly pool: pg.Pool
  readonly clock: Clock
}): Promise<void> {
  const alerts = await readOpenAlerts(pool)
  if (alerts.length === 0) return
  const destinations = await readDestinations(pool)
  for (const alert of alerts) {
    if (!(await holds(alert, pool, destinations, clock.now()))) await closeOverAlert(pool, alert, clock.now())
  }
}

async function holds(
  alert: Alert,
  sql: Sql,
  destinations: ReadonlyMap<string, DestinationState>,
  now: Date,
): Promise<boolean> {
  const condition = parseCondition(alert.condition)
  switch (condition?.kind) {
    case 'delivery.failed':
      return await anyFailed(sql, condition.destination, condition.code)
    case 'delivery.unknown':
      return await anyUnknown(sql, condition.destination, condition.code)
    case 'late.failed':
    case 'late.unknown':
      return await anyLate(sql, condition.destination, condition.code)
    case 'destination.paused':
      return await stillPaused(sql, condition.destination, destinations)
    case 'circuit.open':
      return destinations.get(condition.destination)?.openSince !== undefined
    case 'persons.unclear':
      return (await openPersonQuestions(sql, 1)).length > 0
    case 'answer.rejected':
    case 'version.unknown':
      return now.getTime() - alert.lastSeenAt.getTime() < QUIET_MS
    case undefined:
      return true
  }
}

/** A destination that its health has resumed is believed once something was delivered, or nothing waits for it. */
async function stillPaused(
  sql: Sql,
  name: string,
  destinations: ReadonlyMap<string, DestinationState>,
): Promise<boolean> {
  const { paused, pausedBy, failure } = destinations.get(name) ?? UNTROUBLED
  if (paused) return pausedBy === 'failure'
  return failure !== undefined && (await anyPending(sql, name))
}
