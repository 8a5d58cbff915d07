import { hintUnhinted } from '../store/due.ts'
import { inTransaction } from '../store/pool.ts'
import type { Delivering } from './delivering.ts'

const AT_ONCE = 500

/** Sends jobs for due deliveries to these destinations that have none on the way, at most 500. Resolves with how many. */
export async function wake(
  { pool, queue, clock }: Pick<Delivering, 'pool' | 'queue' | 'clock'>,
  destinations: readonly string[],
): Promise<number> {
  if (destinations.length === 0) return 0
  return await inTransaction(pool, async (sql) => {
    const jobs = await hintUnhinted(sql, destinations, clock.now(), AT_ONCE)
    if (jobs.length > 0) await queue.send(jobs, sql)
    return jobs.length
  })
}
