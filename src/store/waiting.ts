import type { Sql } from './pool.ts'
import type { Job } from './queue.ts'

/** A delivery that has become due, as a job needs it. */
export interface DueDelivery {
  readonly id: string
  readonly destination: string
  readonly replayed: boolean
}

/** The columns of a DueDelivery. */
export const DUE_COLUMNS = 'id, destination, replayed'

/** The job of a delivery whose row was hinted at that time. */
export function jobOf({ id, destination, replayed }: DueDelivery, hintedAt: Date): Job {
  return { deliveryId: id, destination, replayed, hintedAt }
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

/** What keeps the delivery `d` waiting: a record it waits for that is neither delivered nor skipped. */
const OPEN_RECORD = `select from deliveries w
  where w.submission_id = d.submission_id and w.kind = 'record' and w.item = any (d.waits_for)
    and w.state not in ('delivered', 'skipped')`

/** Makes those waiting deliveries pending whose records are all delivered or skipped; the caller sends their jobs, hinted at `now`. */
export async function promoteWaiting(sql: Sql, submissionId: string, now: Date): Promise<readonly Job[]> {
  const { rows } = await sql.query<DueDelivery>(
    `update deliveries d set state = 'pending', next_attempt_at = $2, hinted_at = $2, updated_at = $2
     where d.submission_id = $1 and d.state = 'waiting' and not exists (${OPEN_RECORD})
     returning ${DUE_COLUMNS}`,
    [submissionId, now],
  )
  return rows.map((row) => jobOf(row, now))
}

/** One page of the waiting deliveries. */
export interface WaitingPage {
  /** Submissions of those among them that wait for nothing any more. */
  readonly missed: readonly string[]
  /** The last of them, where there may be more. */
  readonly last: string | undefined
}

/** Looks at the waiting deliveries after that id, so many at most, for those that nobody has made pending. */
export async function readMissed(sql: Sql, after: string, limit: number): Promise<WaitingPage> {
  const { rows } = await sql.query<{ id: string; submission_id: string; missed: boolean }>(
    `select id, submission_id, not exists (${OPEN_RECORD}) as missed
     from (select * from deliveries where state = 'waiting' and id > $1 order by id limit $2) d order by id`,
    [after, limit],
  )
  const missed = new Set(rows.filter((row) => row.missed).map((row) => row.submission_id))
  return { missed: [...missed], last: rows.length < limit ? undefined : rows.at(-1)?.id }
}

/** Makes messages pending, as late ones, that still wait when they should have gone, so many at most; the caller sends their jobs. */
export async function takeLate(sql: Sql, now: Date, limit: number): Promise<readonly Job[]> {
  const { rows } = await sql.query<DueDelivery>(
    `update deliveries set state = 'pending', stage = 'late', late_at = null, next_attempt_at = $1, hinted_at = $1, updated_at = $1
     where id in (
       select id from deliveries where state = 'waiting' and late_at <= $1
       order by late_at limit $2 for update skip locked)
     returning ${DUE_COLUMNS}`,
    [now, limit],
  )
  return rows.map((row) => jobOf(row, now))
}

/**
 * Makes a pending late message the whole one where its records are all confirmed by now and nothing of the late one can
 * have been sent. The caller holds the delivery's lock.
 */
export async function overtakeLate(sql: Sql, id: string): Promise<boolean> {
  const { rowCount } = await sql.query(
    `update deliveries d set stage = 'whole', counted = 0, rate_limited_since = null, resend = false
     where d.id = $1 and d.stage = 'late' and not exists (${OPEN_RECORD}) and not exists (
       select from attempts a where a.delivery_id = d.id and a.stage = 'late' and (a.ended_at is null
         or (a.input is not null and a.failure->>'kind' in ('retryable', 'unknown')
           and a.failure->>'nothingWritten' is distinct from 'true')))`,
    [id],
  )
  return rowCount === 1
}

/**
 * Whether all records that a delivery waits for are delivered or skipped. Locks them until the transaction ends: what is
 * being settled at this moment is waited for, and what is settled afterwards finds this delivery waiting.
 */
export async function lockRecordsOf(sql: Sql, id: string): Promise<boolean> {
  const { rows } = await sql.query<{ state: string }>(
    `select w.state from deliveries d
     join deliveries w on w.submission_id = d.submission_id and w.kind = 'record' and w.item = any (d.waits_for)
     where d.id = $1 order by w.id for share of w`,
    [id],
  )
  return rows.every(({ state }) => state === 'delivered' || state === 'skipped')
}

/** The address of a record that a delivery waited for, where one was delivered and has any. */
export async function readRecordUrl(sql: Sql, id: string): Promise<string | undefined> {
  const { rows } = await sql.query<{ url: string }>(
    `select w.receipt->>'url' as url from deliveries d
     join deliveries w on w.submission_id = d.submission_id and w.kind = 'record' and w.item = any (d.waits_for)
     where d.id = $1 and w.state = 'delivered' and w.receipt->>'url' is not null order by w.id limit 1`,
    [id],
  )
  return rows[0]?.url
}
