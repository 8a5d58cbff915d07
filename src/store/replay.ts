import type { Sql } from './pool.ts'

export interface ReplayedDelivery {
  readonly mappingHash: string
  readonly destination: string
  /** Send although it may have landed, marked as a possible repeat. */
  readonly resend: boolean
  /** When its job is sent. */
  readonly hintedAt: Date
}

/** Makes a failed or unknown delivery pending and due, with its schedule begun anew; the caller holds its lock and sends its job. */
export async function restartDelivery(sql: Sql, id: string, replayed: ReplayedDelivery, now: Date): Promise<void> {
  await sql.query(
    `update deliveries set state = 'pending', mapping_hash = $2, destination = $3, resend = $4, counted = 0, next_attempt_at = $5,
       hinted_at = $6, leased_until = null, rate_limited_since = null, settled_at = null, updated_at = $5, replayed = true,
       late_receipt = case when destination = $3 then late_receipt end,
       chosen = case when destination = $3 then chosen end
     where id = $1`,
    [id, replayed.mappingHash, replayed.destination, replayed.resend, now, replayed.hintedAt],
  )
}

export interface FailedQuery {
  readonly destination: string | undefined
  readonly flow: string | undefined
  readonly limit: number
}

/** Ids of failed deliveries, oldest first. Unknown ones are not among them: each of those is somebody's decision. */
export async function readFailed(sql: Sql, { destination, flow, limit }: FailedQuery): Promise<readonly string[]> {
  const { rows } = await sql.query<{ id: string }>(
    `select d.id from deliveries d join submissions s on s.id = d.submission_id
     where d.state = 'failed' and ($1::text is null or d.destination = $1) and ($2::text is null or s.flow = $2)
     order by d.created_at limit $3`,
    [destination ?? null, flow ?? null, limit],
  )
  return rows.map((row) => row.id)
}
