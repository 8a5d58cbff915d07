import type { Delivery } from '../store/deliveries.ts'
import type { Sql } from '../store/pool.ts'
import type { Job } from '../store/queue.ts'
import { lockWaiting, promoteWaiting } from '../store/waiting.ts'

/**
 * Settles a delivery by `settle`, and makes pending what waited for it and now waits for nothing more, in the caller's
 * transaction. Resolves with the jobs to send in it. Two records settled at once make a common dependant pending once.
 */
export async function settleWithDependants(
  sql: Sql,
  { submissionId, kind }: Pick<Delivery, 'submissionId' | 'kind'>,
  settle: () => Promise<void>,
  now: Date,
): Promise<readonly Job[]> {
  // Locked before our own record is written: whoever comes second waits here and then sees the first one settled.
  const anyWaits = kind === 'record' && (await lockWaiting(sql, submissionId))
  await settle()
  if (!anyWaits) return []
  return await promoteWaiting(sql, submissionId, now)
}
