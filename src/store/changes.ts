import type { Receipt } from '../plugin/delivery.ts'
import type { Failure } from '../plugin/failure.ts'
import type { JsonObject } from '../plugin/json.ts'
import type { DeliveryStatus } from './deliveries.ts'
import { jsonText } from './json-text.ts'
import type { Sql } from './pool.ts'

/** What a delivery did to a record, as far as its attempts know. */
export interface RecordChange {
  readonly destination: string
  readonly object: string
  /** The vendor's id of the record found; `null` where none stood there. */
  readonly id: string | null
  /** The vendor turned out to have the record found, and the settings say that it is the one. */
  readonly adopted?: true
  /** What stood in the fields written; a blank one is left out. */
  readonly before: JsonObject
  /** What was written; `null` cleared. */
  readonly written: JsonObject
}

/** The latest change to such a record that a delivery's attempts wrote down. Each holds what those before it did. */
export async function readChange(
  sql: Sql,
  deliveryId: string,
  { destination, object }: Pick<RecordChange, 'destination' | 'object'>,
): Promise<RecordChange | undefined> {
  const { rows } = await sql.query<{ change: RecordChange }>(
    `select change from attempts
     where delivery_id = $1 and change->>'destination' = $2 and change->>'object' = $3 order by number desc limit 1`,
    [deliveryId, destination, object],
  )
  return rows[0]?.change
}

/** Writes down, before it happens, what an attempt will change. `false`, and nothing is written, where its lease has passed to another. */
export async function saveChange(
  sql: Sql,
  { attemptId, leasedUntil }: { readonly attemptId: string; readonly leasedUntil: Date },
  change: RecordChange,
): Promise<boolean> {
  const { rowCount } = await sql.query(
    `update attempts set change = $3 from deliveries
     where attempts.id = $1 and deliveries.id = attempts.delivery_id and deliveries.leased_until = $2`,
    [attemptId, leasedUntil, jsonText(change)],
  )
  return rowCount === 1
}

/** A record of a submission that was delivered, with what is known of what it changed. */
export interface WrittenRecord {
  readonly deliveryId: string
  readonly item: string
  readonly destination: string
  readonly mappingHash: string
  readonly receipt: Receipt
  readonly change: RecordChange | undefined
  readonly undoneAt: Date | undefined
}

/** Every record that a submission has delivered, the latest first; `undefined` where there is no such submission. */
export async function readWrittenRecords(
  sql: Sql,
  submissionId: string,
): Promise<readonly WrittenRecord[] | undefined> {
  const { rows } = await sql.query<{
    id: string | null
    item: string
    destination: string
    mapping_hash: string
    receipt: Receipt
    change: RecordChange | null
    undone_at: Date | null
  }>(
    `select d.id, d.item, d.destination, d.mapping_hash, d.receipt, d.undone_at,
       (select a.change from attempts a where a.delivery_id = d.id and a.change->>'destination' = d.destination
        order by a.number desc limit 1) as change
     from submissions s
     left join deliveries d on d.submission_id = s.id and d.kind = 'record' and d.state = 'delivered'
     where s.id = $1 order by d.settled_at desc, d.id desc`,
    [submissionId],
  )
  if (rows.length === 0) return undefined
  return rows.flatMap(({ id, item, destination, mapping_hash, receipt, change, undone_at }) =>
    id === null
      ? []
      : [
          {
            deliveryId: id,
            item,
            destination,
            mappingHash: mapping_hash,
            receipt,
            change: change ?? undefined,
            undoneAt: undone_at ?? undefined,
          },
        ],
  )
}

/** Notes that what a delivery changed was restored. */
export async function markUndone(sql: Sql, deliveryId: string, now: Date): Promise<void> {
  await sql.query('update deliveries set undone_at = $2 where id = $1', [deliveryId, now])
}

/** A record that waits for somebody's choice, as far as a choice goes. */
export interface Choosable {
  readonly state: DeliveryStatus
  readonly destination: string
  /** The vendor's ids that the latest attempt which found several named. */
  readonly candidates: readonly string[]
  /** A worker holds the delivery until then. */
  readonly leasedUntil: Date | undefined
}

/** What may be chosen for a delivery, which stays locked until the transaction ends; `undefined` where there is none of that id. */
export async function lockChoosable(sql: Sql, deliveryId: string): Promise<Choosable | undefined> {
  const { rows } = await sql.query<{
    state: DeliveryStatus
    destination: string
    leased_until: Date | null
    failure: Failure | null
  }>(
    `select d.state, d.destination, d.leased_until,
       (select a.failure from attempts a where a.delivery_id = d.id and a.failure ? 'candidates' order by a.number desc limit 1) as failure
     from deliveries d where d.id = $1 for update of d`,
    [deliveryId],
  )
  const row = rows[0]
  if (row === undefined) return undefined
  const { state, destination, leased_until, failure } = row
  const candidates = failure?.kind === 'permanent' ? (failure.candidates ?? []) : []
  return { state, destination, candidates, leasedUntil: leased_until ?? undefined }
}

/** Notes which of the vendor's records a delivery is to be written to, or `new`. */
export async function saveChoice(sql: Sql, deliveryId: string, chosen: string): Promise<void> {
  await sql.query('update deliveries set chosen = $2 where id = $1', [deliveryId, chosen])
}
