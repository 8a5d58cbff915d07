import type { Sql } from './pool.ts'

/** A delivery that has become due, as a job needs it. */
export interface DueDelivery {
  readonly id: string
  readonly destination: string
}

/**
 * Locks a submission's waiting deliveries, in an order everyone keeps; true where there are any. Of two records settled
 * at once the second comes to here only after the first has committed, and so sees it.
 */
export async function lockWaiting(sql: Sql, submissionId: string): Promise<boolean> {
  const { rowCount } = await sql.query(
    `select from deliveries where submission_id = $1 and state = 'waiting' order by id for update`,
    [submissionId],
  )
  return (rowCount ?? 0) > 0
}

/** Makes those waiting deliveries pending whose records are all delivered or skipped; the caller sends their jobs, hinted at `now`. */
export async function promoteWaiting(sql: Sql, submissionId: string, now: Date): Promise<readonly DueDelivery[]> {
  const { rows } = await sql.query<DueDelivery>(
    `update deliveries d set state = 'pending', next_attempt_at = $2, hinted_at = $2, updated_at = $2
     where d.submission_id = $1 and d.state = 'waiting' and not exists (
       select from deliveries w
       where w.submission_id = d.submission_id and w.kind = 'record' and w.item = any (d.waits_for)
         and w.state not in ('delivered', 'skipped'))
     returning d.id, d.destination`,
    [submissionId, now],
  )
  return rows
}
