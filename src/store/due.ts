import { EARLIER_OF_PERSON } from './order.ts'
import type { Sql } from './pool.ts'
import type { Job } from './queue.ts'
import { DUE_COLUMNS, type DueDelivery, jobOf } from './waiting.ts'

/** Where a sweep through all due deliveries stands. */
export interface SweepCursor {
  readonly nextAttemptAt: Date
  readonly id: string
}

// Records that were postponed for an earlier one of the same person are not in turn yet.
const IN_TURN = `(d.person_key is null or not exists (${EARLIER_OF_PERSON}))`

/**
 * Marks due deliveries to these destinations for which no job is on its way as hinted at `now`, live ones before replayed
 * ones; the caller sends their jobs.
 */
export async function hintUnhinted(
  sql: Sql,
  destinations: readonly string[],
  now: Date,
  limit: number,
): Promise<readonly Job[]> {
  const { rows } = await sql.query<DueDelivery>(
    `update deliveries set hinted_at = $2
     where id in (
       select id from deliveries d
       where state = 'pending' and hinted_at is null and next_attempt_at <= $2 and destination = any ($1) and ${IN_TURN}
       order by replayed, next_attempt_at limit $3 for update skip locked)
     returning ${DUE_COLUMNS}`,
    [destinations, now, limit],
  )
  return rows.map((row) => jobOf(row, now))
}

/** Due deliveries whose job should have run by `hintedBefore`, after the cursor, in the order of the cursor. */
export async function readStale(
  sql: Sql,
  { destinations, hintedBefore, now, after, limit }: StaleQuery,
): Promise<readonly (Job & SweepCursor)[]> {
  const { rows } = await sql.query<Job & SweepCursor>(
    `select id, id as "deliveryId", destination, hinted_at as "hintedAt", next_attempt_at as "nextAttemptAt" from deliveries
     where state = 'pending' and next_attempt_at <= $3 and hinted_at <= $2 and destination = any ($1)
       and (leased_until is null or leased_until <= $3) and ($4::timestamptz is null or (next_attempt_at, id) > ($4, $5))
     order by next_attempt_at, id limit $6`,
    [destinations, hintedBefore, now, after?.nextAttemptAt ?? null, after?.id ?? '', limit],
  )
  return rows
}

export interface StaleQuery {
  readonly destinations: readonly string[]
  readonly hintedBefore: Date
  readonly now: Date
  readonly after: SweepCursor | undefined
  readonly limit: number
}

/** Marks deliveries as hinted at `now` whose hint is still the given one; the caller sends the jobs of those it gets back. */
export async function rehint(sql: Sql, lost: readonly Job[], now: Date): Promise<readonly Job[]> {
  if (lost.length === 0) return []
  const { rows } = await sql.query<DueDelivery>(
    `update deliveries d set hinted_at = $3 from unnest($1::text[], $2::timestamptz[]) as lost (id, hinted_at)
     where d.id = lost.id and d.hinted_at = lost.hinted_at and d.state = 'pending'
     returning d.id, d.destination, d.replayed`,
    [lost.map((job) => job.deliveryId), lost.map((job) => job.hintedAt), now],
  )
  return rows.map((row) => jobOf(row, now))
}

/**
 * Chooses a delivery to probe a destination with and makes it due: another one each time, so that one that can never
 * pass does not keep the circuit open. Resolves with `undefined` where none is pending.
 */
export async function chooseProbe(sql: Sql, destination: string, now: Date): Promise<Job | undefined> {
  // Whose turn it is, is asked only of as many as it takes: of a long backlog that would last too long.
  const { rows } = await sql.query<DueDelivery>(
    `with line as materialized (
       select id, destination, person_key, created_at, submission_id, replayed from deliveries
       where state = 'pending' and destination = $1 and (leased_until is null or leased_until <= $2)
       order by updated_at)
     update deliveries set hinted_at = $2, next_attempt_at = least(next_attempt_at, $2)
     where state = 'pending' and id = (select d.id from line d where ${IN_TURN} limit 1)
     returning ${DUE_COLUMNS}`,
    [destination, now],
  )
  return rows[0] && jobOf(rows[0], now)
}

/** Names of all destinations that pending deliveries are addressed to. */
export async function readAddressed(sql: Sql): Promise<readonly string[]> {
  const { rows } = await sql.query<{ destination: string }>(
    `select distinct destination from deliveries where state = 'pending'`,
  )
  return rows.map((row) => row.destination)
}

/** Whether any delivery to a destination is pending with this failure code. */
export async function anyPendingWith(sql: Sql, destination: string, code: string): Promise<boolean> {
  const { rows } = await sql.query<{ any: boolean }>(
    `select exists (select from deliveries
       where destination = $1 and state = 'pending' and failure->>'code' = $2) as any`,
    [destination, code],
  )
  return rows[0]?.any === true
}
