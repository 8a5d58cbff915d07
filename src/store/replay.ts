import type { Sql } from './pool.ts'

export interface ReplayedDelivery {
  readonly mappingHash: string
  readonly destination: string
  /** It is about the same object as before: of another, a record that was chosen means nothing. */
  readonly sameObject: boolean
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
       chosen = case when destination = $3 and $7 then chosen end
     where id = $1`,
    [id, replayed.mappingHash, replayed.destination, replayed.resend, now, replayed.hintedAt, replayed.sameObject],
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

/** How many deliveries may or may not have arrived: what a replay of all that failed leaves out. */
export async function countUnknown(sql: Sql, { destination, flow }: Omit<FailedQuery, 'limit'>): Promise<number> {
  const { rows } = await sql.query<{ unknown: number }>(
    `select count(*)::integer as unknown from deliveries d join submissions s on s.id = d.submission_id
     where d.state = 'unknown' and ($1::text is null or d.destination = $1) and ($2::text is null or s.flow = $2)`,
    [destination ?? null, flow ?? null],
  )
  return rows[0]?.unknown ?? 0
}
