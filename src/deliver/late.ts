import type { Delivery } from '../store/deliveries.ts'
import { inTransaction, type Sql } from '../store/pool.ts'
import { lockRecordsOf, lockWaiting, promoteWaiting, readMissed, takeLate } from '../store/waiting.ts'
import type { Delivering } from './delivering.ts'
import type { Outcome } from './outcome.ts'

type Lates = Pick<Delivering, 'pool' | 'queue' | 'clock' | 'log'>

const AT_ONCE = 500

/** Sends the jobs of messages that have waited too long for their records: they go out as late ones, 500 at most. */
export async function sendLate({ pool, queue, clock }: Lates): Promise<void> {
  await inTransaction(pool, async (sql) => {
    const jobs = await takeLate(sql, clock.now(), AT_ONCE)
    if (jobs.length > 0) await queue.send(jobs, sql)
  })
}

/**
 * Makes those of a page of waiting deliveries pending that wait for nothing any more: whoever settled their records did not.
 * Resolves with where the next page begins.
 */
export async function promoteMissed({ pool, queue, clock, log }: Lates, after: string): Promise<string> {
  const { missed, last } = await readMissed(pool, after, AT_ONCE)
  for (const submissionId of missed) {
    await inTransaction(pool, async (sql) => {
      if (!(await lockWaiting(sql, submissionId))) return
      const jobs = await promoteWaiting(sql, submissionId, clock.now())
      if (jobs.length === 0) return
      await queue.send(jobs, sql)
      log.warn({ submissionId, count: jobs.length }, 'deliveries.promoted')
    })
  }
  return last ?? ''
}

/**
 * What the end of an attempt at a late message means: whatever came of it, the whole message still follows, at once where
 * its records are confirmed by now. One that is to be tried again stays as it is. Takes part in the caller's transaction.
 */
export async function afterLate(sql: Sql, { id }: Pick<Delivery, 'id'>, outcome: Outcome, now: Date): Promise<Outcome> {
  if (outcome.delivery.state === 'pending') return outcome
  const confirmed = await lockRecordsOf(sql, id)
  const { receipt, failure } = outcome.delivery
  return {
    ...outcome,
    delivery: {
      state: confirmed ? 'pending' : 'waiting',
      counted: 0,
      nextAttemptAt: confirmed ? now : undefined,
      rateLimitedSince: undefined,
      resend: false,
      receipt: undefined,
      failure,
      late: { receipt },
    },
  }
}
