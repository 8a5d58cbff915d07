import { newId } from '../id.ts'
import { type BegunAttempt, beginAttempt } from '../store/attempts.ts'
import { type Delivery, hintDelivery, lockDelivery, nextHint } from '../store/deliveries.ts'
import { claimProbe, readDestination } from '../store/destinations.ts'
import { inTransaction, type Sql } from '../store/pool.ts'
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

/** Why a job came to nothing. `settled`: there is nothing left to do. `held`: the destination is paused, blocked or open. */
export type NotNow = 'settled' | 'early' | 'leased' | 'held'

// Clocks of two machines differ: a job that comes this much too early was meant for now.
const EARLY_BY_AT_MOST_MS = 5_000

/** Leases a delivery and begins its attempt, in one transaction, if it is due, free, and its destination takes deliveries. */
export function beginDelivery(delivering: Delivering, deliveryId: string): Promise<Begun | NotNow> {
  return inTransaction(delivering.pool, async (sql) => {
    const now = delivering.clock.now()
    const delivery = await lockDelivery(sql, deliveryId)
    if (delivery === undefined || delivery.state !== 'pending') return 'settled'
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
  const start = { id: newId('att', now), deliveryId: id, worker: delivering.worker, mappingHash, leasedUntil: until }
  return { delivery, attempt: await beginAttempt(sql, start, now), probe: open, leasedUntil: until }
}

async function comeBack(delivering: Delivering, sql: Sql, delivery: Delivery, at: Date, now: Date): Promise<void> {
  const { id, destination } = delivery
  const hintedAt = nextHint(delivery, now)
  await hintDelivery(sql, id, hintedAt)
  await delivering.queue.send([{ deliveryId: id, destination, hintedAt, startAfter: at }], sql)
}
