import { newId } from '../id.ts'
import { type BegunAttempt, beginAttempt } from '../store/attempts.ts'
import { type Delivery, hintDelivery, nextHint } from '../store/deliveries.ts'
import { claimProbe, readDestination } from '../store/destinations.ts'
import { lockInTurn } from '../store/order.ts'
import { inTransaction, type Sql } from '../store/pool.ts'
import { overtakeLate } from '../store/waiting.ts'
import { type Delivering, leaseEnd } from './delivering.ts'

/** A delivery leased to this process, with the attempt it is to make. */
export interface Begun {
  readonly delivery: Delivery
  readonly attempt: BegunAttempt
  /** It is the one an open circuit lets through. */
  readonly probe: boolean
  /** Names the lease: a result that comes after another took it over is discarded. */
  readonly leasedUntil: Date
}

/**
 * Why a job came to nothing. `settled`: there is nothing left to do. `held`: the destination is paused, blocked or open.
 * `in-turn`: an earlier record of the same person goes first.
 */
export type NotNow = 'settled' | 'early' | 'leased' | 'held' | 'in-turn'

// Clocks of two machines differ: a job that comes this much too early was meant for now.
const EARLY_BY_AT_MOST_MS = 5_000

/** Leases a delivery and begins its attempt, in one transaction, if it is due, free, and its destination takes deliveries. */
export function beginDelivery(delivering: Delivering, deliveryId: string): Promise<Begun | NotNow> {
  return inTransaction(delivering.pool, async (sql) => {
    const now = delivering.clock.now()
    const found = await lockInTurn(sql, deliveryId)
    if (found === undefined || found.delivery.state !== 'pending') return 'settled'
    const { delivery, afterEarlier } = found
    const { leasedUntil, nextAttemptAt = now } = delivery
    if (leasedUntil !== undefined && leasedUntil > now) {
      await comeBack(delivering, sql, delivery, leasedUntil, now)
      return 'leased'
    }
    if (nextAttemptAt > now) {
      // A later job exists for a later time, unless this is that job and the clocks differ.
      if (nextAttemptAt.getTime() - now.getTime() <= EARLY_BY_AT_MOST_MS) {
        await comeBack(delivering, sql, delivery, nextAttemptAt, now)
      }
      return 'early'
    }
    if (afterEarlier) {
      // Its job is sent when the earlier one is out of the way; should that be missed, the sweeper sends it.
      await hintDelivery(sql, deliveryId, undefined)
      return 'in-turn'
    }
    return await begin(delivering, sql, delivery, now)
  })
}

async function begin(delivering: Delivering, sql: Sql, delivery: Delivery, now: Date): Promise<Begun | NotNow> {
  const { id, destination: name, mappingHash } = delivery
  const destination = await readDestination(sql, name)
  const until = leaseEnd(delivering.configuration(), name, now)
  const blocked = destination.blockedUntil !== undefined && destination.blockedUntil > now
  const open = destination.openSince !== undefined
  if (destination.paused || blocked || (open && !(await claimProbe(sql, name, now, until)))) {
    // Without a hint the sweeper sends the next job, as soon as the destination takes deliveries again.
    await hintDelivery(sql, id, undefined)
    return 'held'
  }
  const overtaken = delivery.stage === 'late' && (await overtakeLate(sql, id))
  const { worker } = delivering
  const stage = overtaken ? 'whole' : delivery.stage
  const start = { id: newId('att', now), deliveryId: id, worker, mappingHash, stage, leasedUntil: until }
  const attempt = await beginAttempt(sql, start, now)
  return { delivery: overtaken ? asWhole(delivery) : delivery, attempt, probe: open, leasedUntil: until }
}

/** As `overtakeLate` has left it. */
function asWhole(delivery: Delivery): Delivery {
  return { ...delivery, stage: 'whole', counted: 0, rateLimitedSince: undefined, resend: false }
}

async function comeBack(delivering: Delivering, sql: Sql, delivery: Delivery, at: Date, now: Date): Promise<void> {
  const { id, destination, replayed } = delivery
  const hintedAt = nextHint(delivery, now)
  await hintDelivery(sql, id, hintedAt)
  await delivering.queue.send([{ deliveryId: id, destination, replayed, hintedAt, startAfter: at }], sql)
}
