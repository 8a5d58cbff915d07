import { type Delivery, type DeliveryRow, deliveryOf } from './deliveries.ts'
import type { Sql } from './pool.ts'
import type { Job } from './queue.ts'
import { DUE_COLUMNS, type DueDelivery, jobOf } from './waiting.ts'

/** A delivery that failed more often than this holds up nobody who comes after it: that is after about a quarter of an hour. */
export const HOLDS_UP_AT_MOST = 5

/**
 * What the record `d` must let go first: a record of an earlier submission of the same person to the same destination that
 * is on its way. One that goes on failing is not waited for; one that an operator sent again, only by others sent again.
 */
export const EARLIER_OF_PERSON = `select from deliveries e
  where e.destination = d.destination and e.person_key = d.person_key and e.kind = 'record' and e.state = 'pending'
    and e.counted <= ${HOLDS_UP_AT_MOST} and (d.replayed or not e.replayed)
    and (e.created_at, e.submission_id) < (d.created_at, d.submission_id)`

/** Reads and locks a delivery that is to begin, with whether an earlier one of the same person goes first. */
export async function lockInTurn(
  sql: Sql,
  id: string,
): Promise<{ readonly delivery: Delivery; readonly afterEarlier: boolean } | undefined> {
  const { rows } = await sql.query<DeliveryRow & { after_earlier: boolean }>(
    `select d.*, d.person_key is not null and exists (${EARLIER_OF_PERSON}) as after_earlier
     from deliveries d where d.id = $1 for update`,
    [id],
  )
  return rows[0] && { delivery: deliveryOf(rows[0]), afterEarlier: rows[0].after_earlier }
}

/** Marks as hinted at `now` what was postponed for this delivery and is next in turn; the caller sends the jobs. */
export async function hintNextInTurn(
  sql: Sql,
  { destination, personKey }: Pick<Delivery, 'destination' | 'personKey'>,
  now: Date,
): Promise<readonly Job[]> {
  if (personKey === undefined) return []
  const { rows } = await sql.query<DueDelivery>(
    `update deliveries set hinted_at = $3
     where id in (
       select id from deliveries d
       where d.destination = $1 and d.person_key = $2 and d.kind = 'record' and d.state = 'pending'
         and d.hinted_at is null and d.next_attempt_at <= $3 and not exists (${EARLIER_OF_PERSON})
       for update skip locked)
     returning ${DUE_COLUMNS}`,
    [destination, personKey, now],
  )
  return rows.map((row) => jobOf(row, now))
}
