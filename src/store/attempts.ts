import type { Receipt } from '../plugin/delivery.ts'
import type { Failure } from '../plugin/failure.ts'
import type { Json } from '../plugin/json.ts'
import type { DeliveryStage } from './deliveries.ts'
import { jsonText } from './json-text.ts'
import type { Sql } from './pool.ts'

/** One try of a delivery. */
export interface Attempt {
  readonly id: string
  readonly number: number
  readonly startedAt: Date
  /** Absent: still under way, or its process died. */
  readonly endedAt: Date | undefined
  /** Which process tried. */
  readonly worker: string
  readonly mappingHash: string
  /** Which message it was at; records are always whole. */
  readonly stage: DeliveryStage
  /** What was handed to the plugin, masked; absent where it was never called. */
  readonly input: Json | undefined
  readonly receipt: Receipt | undefined
  readonly failure: Failure | undefined
}

export interface BegunAttempt {
  readonly id: string
  readonly number: number
  /** An earlier try at this very message may have landed and left no receipt: it never ended, or ended without a clear word of the vendor. */
  readonly uncertain: boolean
}

export interface AttemptStart {
  readonly id: string
  readonly deliveryId: string
  readonly worker: string
  readonly mappingHash: string
  readonly stage: DeliveryStage
  readonly leasedUntil: Date
}

/**
 * Leases a delivery and begins its attempt; the caller holds the delivery's lock. An attempt that began and never ended
 * is handed out again under its own number.
 */
export async function beginAttempt(sql: Sql, start: AttemptStart, now: Date): Promise<BegunAttempt> {
  const { rows } = await sql.query<BegunAttempt>(
    `with earlier as (
       select coalesce(bool_or(ended_at is null), false) as open,
         coalesce(bool_or(ended_at is null
           or (input is not null and failure->>'kind' in ('retryable', 'unknown')
             and failure->>'nothingWritten' is distinct from 'true')), false) as uncertain
       from attempts where delivery_id = $2 and stage = $7
     ), leased as (
       update deliveries set leased_until = $5, updated_at = $6,
         attempts = case when (select open from earlier) then attempts else attempts + 1 end
       where id = $2
       returning attempts
     )
     insert into attempts (id, delivery_id, number, started_at, worker, mapping_hash, stage)
     select $1, $2, leased.attempts, $6, $3, $4, $7 from leased
     on conflict (delivery_id, number) do update set worker = excluded.worker, mapping_hash = excluded.mapping_hash
     returning id, number, (select uncertain from earlier) as uncertain`,
    [start.id, start.deliveryId, start.worker, start.mappingHash, start.leasedUntil, now, start.stage],
  )
  const begun = rows[0]
  if (begun === undefined) throw new Error(`delivery ${start.deliveryId} vanished while its lock was held`)
  return begun
}

export interface AttemptEnd {
  readonly input: Json | undefined
  readonly receipt: Receipt | undefined
  readonly failure: Failure | undefined
}

/** Writes down how an attempt ended. */
export async function endAttempt(sql: Sql, id: string, end: AttemptEnd, now: Date): Promise<void> {
  const json = (value: unknown) => (value === undefined ? null : jsonText(value))
  await sql.query('update attempts set ended_at = $2, input = $3, receipt = $4, failure = $5 where id = $1', [
    id,
    now,
    json(end.input),
    json(end.receipt),
    json(end.failure),
  ])
}

interface Row {
  readonly id: string
  readonly number: number
  readonly started_at: Date
  readonly ended_at: Date | null
  readonly worker: string
  readonly mapping_hash: string
  readonly stage: DeliveryStage
  readonly input: Json
  readonly receipt: Receipt | null
  readonly failure: Failure | null
}

/** Every attempt of a delivery, first to last. */
export async function readAttempts(sql: Sql, deliveryId: string): Promise<readonly Attempt[]> {
  const { rows } = await sql.query<Row>('select * from attempts where delivery_id = $1 order by number', [deliveryId])
  return rows.map((row) => ({
    id: row.id,
    number: row.number,
    startedAt: row.started_at,
    endedAt: row.ended_at ?? undefined,
    worker: row.worker,
    mappingHash: row.mapping_hash,
    stage: row.stage,
    input: row.input ?? undefined,
    receipt: row.receipt ?? undefined,
    failure: row.failure ?? undefined,
  }))
}
