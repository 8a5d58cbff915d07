import type { Receipt } from '../plugin/delivery.ts'
import type { Failure } from '../plugin/failure.ts'
import type { JsonObject } from '../plugin/json.ts'
import { jsonText } from './json-text.ts'
import type { Sql } from './pool.ts'

export type DeliveryKind = 'record' | 'notification'
export type DeliveryStatus = 'waiting' | 'pending' | 'delivered' | 'skipped' | 'failed' | 'unknown'
/** `late`: what is on its way is the message that goes before its records are confirmed; the whole one follows. */
export type DeliveryStage = 'whole' | 'late'

/** One record or notification on its way, as the database knows it. */
export interface Delivery {
  readonly id: string
  readonly submissionId: string
  readonly kind: DeliveryKind
  /** Id of the record or notification in the mapping. */
  readonly item: string
  readonly destination: string
  readonly state: DeliveryStatus
  readonly mappingHash: string
  /** Attempts that count against the schedule. */
  readonly counted: number
  /** Attempts begun. */
  readonly attempts: number
  readonly nextAttemptAt: Date | undefined
  /** When a job was last sent for it; absent where none is on its way. */
  readonly hintedAt: Date | undefined
  /** A worker holds the delivery until then. */
  readonly leasedUntil: Date | undefined
  readonly resend: boolean
  readonly rateLimitedSince: Date | undefined
  readonly stage: DeliveryStage
  /** An operator sent it again: live ones go first. */
  readonly replayed: boolean
  /** Whose record it is, hashed; absent for notifications, and where nobody knows. */
  readonly personKey: string | undefined
  /** The vendor's record that a person chose among several, or `new`. */
  readonly chosen: string | undefined
  readonly receipt: Receipt | undefined
  /** Of the late message, which the whole one completes. */
  readonly lateReceipt: Receipt | undefined
  /** Of the latest attempt that failed. */
  readonly failure: Failure | undefined
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly settledAt: Date | undefined
}

/** What an attempt came to, for the delivery's row. */
export interface DeliveryChange {
  readonly state: DeliveryStatus
  readonly counted: number
  /** When pending: not before. */
  readonly nextAttemptAt: Date | undefined
  readonly rateLimitedSince: Date | undefined
  readonly resend: boolean
  readonly receipt: Receipt | undefined
  readonly failure: Failure | undefined
  /** The late message is over, and this came of it: the stage is `whole` from now on. */
  readonly late?: { readonly receipt: Receipt | undefined }
}

export interface DeliveryRow {
  readonly id: string
  readonly submission_id: string
  readonly kind: DeliveryKind
  readonly item: string
  readonly destination: string
  readonly state: DeliveryStatus
  readonly mapping_hash: string
  readonly counted: number
  readonly attempts: number
  readonly next_attempt_at: Date | null
  readonly hinted_at: Date | null
  readonly leased_until: Date | null
  readonly resend: boolean
  readonly rate_limited_since: Date | null
  readonly stage: DeliveryStage
  readonly replayed: boolean
  readonly person_key: string | null
  readonly chosen: string | null
  readonly late_receipt: Receipt | null
  readonly receipt: Receipt | null
  readonly failure: Failure | null
  readonly created_at: Date
  readonly updated_at: Date
  readonly settled_at: Date | null
}

/** A submission as a mapping sees it. `receipts` holds those of its records delivered so far, by their id in the mapping. */
export interface SubmissionContent {
  readonly flow: string
  readonly version: string
  readonly requestId: string
  readonly acceptedAt: Date
  readonly form: JsonObject
  readonly person: JsonObject
  readonly session: JsonObject
  readonly receipts: Readonly<Record<string, Receipt>>
}

/** Reads a delivery and keeps others from changing it until the transaction ends. */
export async function lockDelivery(sql: Sql, id: string): Promise<Delivery | undefined> {
  const { rows } = await sql.query<DeliveryRow>('select * from deliveries where id = $1 for update', [id])
  return rows[0] === undefined ? undefined : deliveryOf(rows[0])
}

/** Reads a delivery. */
export async function readDelivery(sql: Sql, id: string): Promise<Delivery | undefined> {
  const { rows } = await sql.query<DeliveryRow>('select * from deliveries where id = $1', [id])
  return rows[0] === undefined ? undefined : deliveryOf(rows[0])
}

/** Reads what a mapping needs to know of a submission. */
export async function readSubmissionContent(sql: Sql, submissionId: string): Promise<SubmissionContent | undefined> {
  const { rows } = await sql.query<SubmissionContent>(
    `select s.flow, s.version, s.request_id as "requestId", s.accepted_at as "acceptedAt", s.form, s.person, s.session,
       (select coalesce(jsonb_object_agg(r.item, r.receipt), '{}') from deliveries r
        where r.submission_id = s.id and r.kind = 'record' and r.state = 'delivered') as receipts
     from submissions s where s.id = $1`,
    [submissionId],
  )
  return rows[0]
}

/** Writes what an attempt came to and gives up the lease. `hintedAt`: when the next job is sent, if one is. */
export async function changeDelivery(
  sql: Sql,
  id: string,
  change: DeliveryChange,
  hintedAt: Date | undefined,
  now: Date,
): Promise<void> {
  await sql.query(
    `update deliveries set state = $2, counted = $3, next_attempt_at = $4, rate_limited_since = $5, resend = $6, receipt = $7,
       failure = $8, hinted_at = $9, leased_until = null, updated_at = $10,
       settled_at = case when $2 in ('pending', 'waiting') then null else $10::timestamptz end,
       stage = case when $11 then 'whole' else stage end, late_receipt = coalesce($12, late_receipt)
     where id = $1`,
    [
      id,
      change.state,
      change.counted,
      change.nextAttemptAt ?? null,
      change.rateLimitedSince ?? null,
      change.resend,
      change.receipt === undefined ? null : jsonText(change.receipt),
      change.failure === undefined ? null : jsonText(change.failure),
      hintedAt ?? null,
      now,
      change.late !== undefined,
      change.late?.receipt === undefined ? null : jsonText(change.late.receipt),
    ],
  )
}

/** Notes that a job was sent for a delivery, or with `undefined` that none is on its way, so that the sweeper sends one. */
export async function hintDelivery(sql: Sql, id: string, hintedAt: Date | undefined): Promise<void> {
  await sql.query('update deliveries set hinted_at = $2 where id = $1', [id, hintedAt ?? null])
}

/** Gives up the lease of an attempt that was broken off: it stays begun and is handed out again with the same number. `false` where the lease has passed to another. */
export async function releaseDelivery(sql: Sql, id: string, leasedUntil: Date, hintedAt: Date): Promise<boolean> {
  const { rowCount } = await sql.query(
    `update deliveries set leased_until = null, hinted_at = $3 where id = $1 and leased_until = $2 and state = 'pending'`,
    [id, leasedUntil, hintedAt],
  )
  return rowCount === 1
}

/** The time of a further hint: now, but never that of the one before, since it names the job. */
export function nextHint({ hintedAt }: Pick<Delivery, 'hintedAt'>, now: Date): Date {
  return hintedAt !== undefined && hintedAt >= now ? new Date(hintedAt.getTime() + 1) : now
}

/** A delivery from its row. */
export function deliveryOf(row: DeliveryRow): Delivery {
  return {
    id: row.id,
    submissionId: row.submission_id,
    kind: row.kind,
    item: row.item,
    destination: row.destination,
    state: row.state,
    mappingHash: row.mapping_hash,
    counted: row.counted,
    attempts: row.attempts,
    nextAttemptAt: row.next_attempt_at ?? undefined,
    hintedAt: row.hinted_at ?? undefined,
    leasedUntil: row.leased_until ?? undefined,
    resend: row.resend,
    rateLimitedSince: row.rate_limited_since ?? undefined,
    stage: row.stage,
    replayed: row.replayed,
    personKey: row.person_key ?? undefined,
    chosen: row.chosen ?? undefined,
    lateReceipt: row.late_receipt ?? undefined,
    receipt: row.receipt ?? undefined,
    failure: row.failure ?? undefined,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    settledAt: row.settled_at ?? undefined,
  }
}
