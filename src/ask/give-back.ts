import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Sql } from '../store/pool.ts'
import {
  forgetReservation,
  keepReservation,
  type OrphanedReservation,
  orphanedReservations,
  type ReservationRow,
} from '../store/reservations.ts'

export interface GiveBackOptions {
  readonly pool: Sql
  readonly clock: Clock
  /** Asks the source to take it back; `false`, or a rejection, where it did not say that it has. Ends within 30 s. */
  readonly giveBack: (reservation: ReservationRow) => Promise<boolean>
  readonly log: Log
}

/** Asked of sources side by side, so that one round ends within the deadline of one question. */
const AT_ONCE = 16

/** Seconds until the next try, by how many there were; then always the last. */
const PAUSES = [10, 30, 120, 600, 1_800, 3_600] as const

/**
 * A round to be called about once a second by every worker: gives back what no session holds any more, and tries what a
 * source did not take back again until it does. A process that dies in between leaves the row, so nothing stays held.
 */
export function createGiveBack({ pool, clock, giveBack, log }: GiveBackOptions): () => Promise<void> {
  async function tryOne(orphan: OrphanedReservation): Promise<void> {
    const { flow, source, sessionId, tries } = orphan
    const facts = { flow, source, sessionId, tries }
    const { done, error } = await asked(giveBack, orphan)
    if (done) {
      await forgetReservation(pool, orphan)
      log.info(facts, 'reservation.given_back')
    } else {
      const nextTryAt = new Date(clock.now().getTime() + pauseSeconds(tries) * 1_000)
      await keepReservation(pool, orphan, nextTryAt)
      log.warn({ ...facts, nextTryAt, ...(error === undefined ? {} : { error }) }, 'reservation.held_on')
    }
  }

  return async () => {
    const orphans = await orphanedReservations(pool, clock.now(), AT_ONCE)
    const tried = await Promise.allSettled(orphans.map(tryOne))
    // What became of it could not be stored: its claim ends by itself, and it is tried again.
    for (const one of tried) if (one.status === 'rejected') throw one.reason
  }
}

async function asked(
  giveBack: GiveBackOptions['giveBack'],
  orphan: OrphanedReservation,
): Promise<{ readonly done: boolean; readonly error?: unknown }> {
  try {
    return { done: await giveBack(orphan) }
  } catch (error) {
    return { done: false, error }
  }
}

function pauseSeconds(tries: number): number {
  return PAUSES[Math.min(tries, PAUSES.length) - 1] ?? PAUSES[0]
}
