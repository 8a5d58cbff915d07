import type { Failure } from '../plugin/failure.ts'
import { changeDelivery, type DeliveryStatus, lockDelivery } from '../store/deliveries.ts'
import { type ListedDelivery, readListedDelivery } from '../store/delivery-views.ts'
import { inTransaction } from '../store/pool.ts'
import type { Delivering } from './delivering.ts'
import { settleWithDependants } from './dependants.ts'

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

const DROPPED = 'FG_DELIVERY_DROPPED'

/**
 * Gives a failed or unknown delivery up for good: it counts as skipped, what waited for it goes on, and why it had come to
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
    if (state !== 'failed' && state !== 'unknown') return { kind: 'refused', state }
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

function dropped(state: 'failed' | 'unknown', failure: Failure | undefined): Failure {
  const reason = failure === undefined ? '' : `: ${failure.code}: ${failure.message}`
  const message = `Given up by an operator. It ${state === 'failed' ? 'had failed' : 'may have arrived'}${reason}`
  return { kind: 'permanent', scope: 'record', code: DROPPED, message }
}
