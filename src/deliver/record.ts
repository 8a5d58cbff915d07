import type { Failure } from '../plugin/failure.ts'
import type { Json } from '../plugin/json.ts'
import { endAttempt } from '../store/attempts.ts'
import { changeDelivery, type Delivery, lockDelivery, nextHint } from '../store/deliveries.ts'
import { type DestinationState, lockDestination, readDestination, saveDestination } from '../store/destinations.ts'
import { anyPendingWith } from '../store/due.ts'
import { HOLDS_UP_AT_MOST, hintNextInTurn } from '../store/order.ts'
import { inTransaction, type Sql } from '../store/pool.ts'
import type { Job } from '../store/queue.ts'
import { readRecordUrl } from '../store/waiting.ts'
import type { Begun } from './begin.ts'
import { isByHand, needsOtherAlert, printOf } from './by-hand.ts'
import type { Delivering } from './delivering.ts'
import { settleWithDependants } from './dependants.ts'
import { afterLate } from './late.ts'
import { type AttemptResult, decide, type Outcome, type Situation } from './outcome.ts'
import { describeTrouble } from './troubles.ts'

/** What was written down. `freed`: the destination takes deliveries again that it did not take before. */
export interface Recorded {
  readonly outcome: Outcome
  readonly freed: boolean
}

interface Decided extends Recorded {
  /** Why the destination was paused before, or on trial. */
  readonly troubledBy: Failure | undefined
}

/**
 * Writes down what an attempt came to, in one transaction: outcome, attempt, destination, next job, the jobs of those
 * that waited, and alerts. Resolves with `undefined`, and writes nothing, where the lease has passed to another.
 */
export async function recordResult(
  delivering: Delivering,
  begun: Begun,
  result: AttemptResult,
  input: Json | undefined,
): Promise<Recorded | undefined> {
  const { id, destination } = begun.delivery
  const byHand = result.kind === 'failed' && isByHand(result.failure)
  const settingsPrint = byHand ? await printOf(delivering.configuration().destinations.get(destination)) : undefined
  return await inTransaction(delivering.pool, async (sql) => {
    const now = delivering.clock.now()
    const delivery = await lockDelivery(sql, id)
    if (delivery?.state !== 'pending' || delivery.leasedUntil?.getTime() !== begun.leasedUntil.getTime())
      return undefined
    const decided = await decideUnderLock(delivering, sql, delivery, { probe: begun.probe, settingsPrint }, result, now)
    const late = delivery.stage === 'late'
    const outcome = late ? await afterLate(sql, delivery, decided.outcome, now) : decided.outcome
    const failure = outcome.delivery.failure
    const next = nextJob(delivery, outcome, now)
    const write = async () => {
      await changeDelivery(sql, id, outcome.delivery, next?.hintedAt, now)
      const { receipt } = decided.outcome.delivery
      await endAttempt(sql, begun.attempt.id, { input, receipt, failure }, now)
    }
    const { state } = outcome.delivery
    const settled = state === 'delivered' || state === 'skipped'
    const dependants = settled ? await settleWithDependants(sql, delivery, write, now) : await write()
    const inTurn = holdsUp(outcome.delivery) ? [] : await hintNextInTurn(sql, delivery, now)
    const jobs = [...(next === undefined ? [] : [next]), ...(dependants ?? []), ...inTurn]
    if (jobs.length > 0) await delivering.queue.send(jobs, sql)
    if (failure !== undefined) await alert(delivering, sql, delivery, { ...decided, outcome }, failure)
    return { outcome, freed: decided.freed }
  })
}

/** Whether later records of the same person go on waiting for this one. */
function holdsUp({ state, counted }: Outcome['delivery']): boolean {
  return state === 'pending' && counted <= HOLDS_UP_AT_MOST
}

async function alert(
  delivering: Delivering,
  sql: Sql,
  delivery: Delivery,
  { outcome: { troubles }, troubledBy }: Decided,
  failure: Failure,
): Promise<void> {
  const link = troubles.length === 0 ? undefined : await readRecordUrl(sql, delivery.id)
  for (const trouble of troubles) {
    const { condition, content } = describeTrouble(trouble, delivery, failure, link)
    const replaced = trouble === 'destination.paused' && needsOtherAlert(troubledBy, failure)
    if (replaced) await delivering.alerts.close(condition, sql)
    await delivering.alerts.open(condition, content, sql)
  }
}

/** Most results change nothing about the destination: it is only locked, and the outcome decided again, where one does. */
async function decideUnderLock(
  delivering: Delivering,
  sql: Sql,
  delivery: Delivery,
  begun: Pick<Situation, 'probe' | 'settingsPrint'>,
  result: AttemptResult,
  now: Date,
): Promise<Decided> {
  const name = delivery.destination
  const onUnknown = delivering.configuration().destinations.get(name)?.onUnknown ?? 'hold'
  const situation = { ...begun, delivery, onUnknown, now, random: delivering.random() }
  const glance = decide(result, { ...situation, destination: await readDestination(sql, name), refusesOthers: false })
  if (glance.destination === undefined) return { outcome: glance, freed: false, troubledBy: undefined }
  const before = await lockDestination(sql, name, now)
  const outcome = decide(result, {
    ...situation,
    destination: before,
    refusesOthers: await refusesOthers(sql, delivery, before),
  })
  if (outcome.destination !== undefined) await saveDestination(sql, name, outcome.destination, now)
  const freed = before.openSince !== undefined && outcome.destination !== undefined && isClear(outcome.destination)
  return { outcome, freed, troubledBy: before.failure }
}

/**
 * Whether others wait with the failure for which a destination on trial had been paused, and this delivery never had it:
 * contacts that pass say nothing of deals that are refused. The others are due at once, so that is known before long.
 */
async function refusesOthers(sql: Sql, delivery: Delivery, { failure, paused }: DestinationState): Promise<boolean> {
  if (failure === undefined || paused || delivery.failure?.code === failure.code) return false
  return await anyPendingWith(sql, delivery.destination, failure.code)
}

function isClear({ openSince, paused }: { openSince: Date | undefined; paused: boolean }): boolean {
  return openSince === undefined && !paused
}

/** The delivery's own next job. None while its destination takes no deliveries: the sweeper sends one afterwards. */
function nextJob(before: Delivery, { delivery, destination: state }: Outcome, now: Date): Job | undefined {
  if (delivery.state !== 'pending' || delivery.nextAttemptAt === undefined) return undefined
  if (state !== undefined && !isClear(state)) return undefined
  const { id, destination, replayed } = before
  return { deliveryId: id, destination, replayed, hintedAt: nextHint(before, now), startAfter: delivery.nextAttemptAt }
}
