import type { Failure } from '../plugin/failure.ts'
import { type DestinationState, lockDestination, saveDestination, UNTROUBLED } from '../store/destinations.ts'
import { inTransaction, type Sql } from '../store/pool.ts'
import { needsOtherAlert, printIn } from './by-hand.ts'
import type { Delivering } from './delivering.ts'
import { pausedByFailure } from './outcome.ts'
import { describeDestinationTrouble } from './troubles.ts'
import { wake } from './wake.ts'

/** What pausing and resuming need; the command line has no more. */
export type Pausing = Pick<Delivering, 'pool' | 'queue' | 'clock' | 'log'>

/** Pauses a destination by an operator's hand: it stays so until resumed by hand. `false` where it was so already. */
export function pauseDestination({ pool, clock, log }: Pausing, name: string): Promise<boolean> {
  return inTransaction(pool, async (sql) => {
    const now = clock.now()
    const before = await lockDestination(sql, name, now)
    if (before.pausedBy === 'operator') return false
    const after: DestinationState = {
      ...before,
      paused: true,
      pausedBy: 'operator',
      changedAt: now,
      healthAt: undefined,
    }
    await saveDestination(sql, name, after, now)
    log.info({ destination: name, by: 'operator' }, 'destination.paused')
    return true
  })
}

/** Pauses a destination that turned out to be out of order outside an attempt, and opens its alert. `false` where it was paused already. */
export async function pauseForFailure(
  { clock, alerts, log }: Pick<Delivering, 'clock' | 'alerts' | 'log'>,
  sql: Sql,
  name: string,
  failure: Failure,
): Promise<boolean> {
  const now = clock.now()
  const before = await lockDestination(sql, name, now)
  if (before.paused) return false
  await saveDestination(sql, name, pausedByFailure(before, failure, now), now)
  const { condition, content } = describeDestinationTrouble('destination.paused', name, failure)
  if (needsOtherAlert(before.failure, failure)) await alerts.close(condition, sql)
  await alerts.open(condition, content, sql)
  log.warn({ destination: name, by: 'failure', code: failure.code }, 'destination.paused')
  return true
}

/**
 * Resumes a destination and sends the jobs of what waited. By hand it starts afresh, with its circuit closed and no rate
 * limit. By its health only if a failure had paused it, and that failure is kept until something was delivered. `asked` is
 * what had paused it when its health was asked: what needs a person and came since is not over.
 * `false` where nothing stood in the way.
 */
export async function resumeDestination(
  pausing: Pausing,
  name: string,
  by: 'operator' | 'health',
  asked?: Failure,
): Promise<boolean> {
  const { pool, clock, log } = pausing
  const resumed = await inTransaction(pool, async (sql) => {
    const now = clock.now()
    const before = await lockDestination(sql, name, now)
    const after = by === 'operator' ? startedAfresh(before, now) : onTrial(before, asked)
    if (after === undefined) return false
    await saveDestination(sql, name, after, now)
    return true
  })
  if (!resumed) return false
  log.info({ destination: name, by }, 'destination.resumed')
  await wake(pausing, [name])
  return true
}

function startedAfresh(before: DestinationState, now: Date): DestinationState | undefined {
  const blocked = before.blockedUntil !== undefined && before.blockedUntil > now
  if (!before.paused && before.openSince === undefined && !blocked) return undefined
  return { ...UNTROUBLED, changedAt: now }
}

function onTrial(before: DestinationState, asked: Failure | undefined): DestinationState | undefined {
  if (before.pausedBy !== 'failure') return undefined
  if (asked !== undefined && printIn(asked) !== printIn(before.failure)) return undefined
  return { ...before, paused: false, pausedBy: undefined, healthAt: undefined }
}
