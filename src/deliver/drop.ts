import type { Failure } from '../plugin/failure.ts'
import { changeDelivery, type DeliveryStatus, lockDelivery } from '../store/deliveries.ts'
import { type ListedDelivery, readListedDelivery } from '../store/delivery-views.ts'
import { inTransaction } from '../store/pool.ts'
import type { Delivering } from './delivering.ts'
import { settleWithDependants } from './dependants.ts'
import { isHeld } from './held.ts'

/** What giving up a delivery needs; the command line has no more. */
export type Dropping = Pick<Delivering, 'pool' | 'queue' | 'clock' | 'log'>

/** What came of dropping a delivery. `already`: it was dropped before, so a second press is harmless. */
export type DropResult =
  | {
      readonly kind: 'dropped'
      /** As it was before. */
      readonly delivery: ListedDelivery
      /** Ids of the deliveries that waited for it and now go on. */
      readonly released: readonly string[]
    }
  | { readonly kind: 'already' | 'not-found' }
  | { readonly kind: 'refused'; readonly state: Exclude<DeliveryStatus, 'failed' | 'unknown'> }

/** `pending`: it was held up by its destination, which is paused. */
type Droppable = 'failed' | 'unknown' | 'pending'

const DROPPED = 'FG_DELIVERY_DROPPED'
const BEFORE = { failed: 'had failed', unknown: 'may have arrived', pending: 'was held up' }

/**
 * Gives a delivery up for good that is failed or unknown, or held up by a paused destination: it counts as skipped, what waited for it goes on, and why it had come to
 * that stays readable. One transaction; nothing is sent for it again.
 */
export function dropDelivery({ pool, queue, clock, log }: Dropping, deliveryId: string): Promise<DropResult> {
  return inTransaction(pool, async (sql): Promise<DropResult> => {
    const now = clock.now()
    const before = await lockDelivery(sql, deliveryId)
    const delivery = before && (await readListedDelivery(sql, deliveryId))
    if (delivery === undefined) return { kind: 'not-found' }
    const { state, counted, resend } = delivery
    if (state === 'skipped' && delivery.failure?.code === DROPPED) return { kind: 'already' }
    if (state !== 'failed' && state !== 'unknown' && state !== 'pending') return { kind: 'refused', state }
    if (state === 'pending' && !(await isHeld(sql, delivery, now))) return { kind: 'refused', state }
    const skipped = {
      state: 'skipped',
      counted,
      nextAttemptAt: undefined,
      rateLimitedSince: undefined,
      resend,
      receipt: undefined,
      failure: dropped(state, delivery.failure),
    } as const
    const write = () => changeDelivery(sql, deliveryId, skipped, undefined, now)
    const jobs = await settleWithDependants(sql, delivery, write, now)
    if (jobs.length > 0) await queue.send(jobs, sql)
    log.info({ deliveryId, destination: delivery.destination, from: state }, 'delivery.dropped')
    return { kind: 'dropped', delivery, released: jobs.map((job) => job.deliveryId) }
  })
}

function dropped(state: Droppable, failure: Failure | undefined): Failure {
  const reason = failure === undefined ? '' : `: ${failure.code}: ${failure.message}`
  const message = `Given up by an operator. It ${BEFORE[state]}${reason}`
  return { kind: 'permanent', scope: 'record', code: DROPPED, message }
}
