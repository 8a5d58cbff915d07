import { type Delivery, type DeliveryRow, type DeliveryStatus, deliveryOf } from './deliveries.ts'
import type { Sql } from './pool.ts'
import type { Submission } from './submissions.ts'

type Occasion = Submission['occasion']

/** A delivery beside what its submission is. */
export interface ListedDelivery extends Delivery {
  readonly flow: string
  readonly version: string
  readonly acceptedAt: Date
  /** What the submission came of. */
  readonly occasion: Occasion
}

export interface DeliveryFilter {
  /** Any of these states; every state where empty. */
  readonly states: readonly DeliveryStatus[]
  readonly destination: string | undefined
  readonly flow: string | undefined
  readonly submissionId: string | undefined
  readonly limit: number
}

type Row = DeliveryRow & { flow: string; version: string; accepted_at: Date; occasion: Occasion }

/** Deliveries that pass the filter, newest first. */
export async function listDeliveries(sql: Sql, filter: DeliveryFilter): Promise<readonly ListedDelivery[]> {
  const { rows } = await sql.query<Row>(
    `select d.*, s.flow, s.version, s.accepted_at, s.occasion from deliveries d join submissions s on s.id = d.submission_id
     where (cardinality($1::text[]) = 0 or d.state = any ($1)) and ($2::text is null or d.destination = $2)
       and ($3::text is null or s.flow = $3) and ($4::text is null or d.submission_id = $4)
     order by d.created_at desc, d.id desc limit $5`,
    [filter.states, filter.destination ?? null, filter.flow ?? null, filter.submissionId ?? null, filter.limit],
  )
  return rows.map(listed)
}

/** One delivery beside what its submission is. */
export async function readListedDelivery(sql: Sql, id: string): Promise<ListedDelivery | undefined> {
  const { rows } = await sql.query<Row>(
    `select d.*, s.flow, s.version, s.accepted_at, s.occasion from deliveries d join submissions s on s.id = d.submission_id where d.id = $1`,
    [id],
  )
  return rows[0] && listed(rows[0])
}

/** How much of each state is addressed to a destination. */
export interface Backlog {
  readonly destination: string
  readonly pending: number
  readonly failed: number
  readonly unknown: number
  /** Creation of the oldest that is pending. */
  readonly oldestPendingAt: Date | undefined
}

/** What stands undelivered, by destination. */
export async function readBacklog(sql: Sql): Promise<ReadonlyMap<string, Backlog>> {
  const { rows } = await sql.query<Omit<Backlog, 'oldestPendingAt'> & { oldest: Date | null }>(
    `select destination,
       (count(*) filter (where state = 'pending'))::integer as pending,
       (count(*) filter (where state = 'failed'))::integer as failed,
       (count(*) filter (where state = 'unknown'))::integer as unknown,
       min(created_at) filter (where state = 'pending') as oldest
     from deliveries where state in ('pending', 'failed', 'unknown') group by destination`,
  )
  return new Map(rows.map(({ oldest, ...row }) => [row.destination, { ...row, oldestPendingAt: oldest ?? undefined }]))
}

/** Destinations that deliveries are or were addressed to, and the flows that they are of. */
export async function readNamesInUse(
  sql: Sql,
): Promise<{ readonly destinations: readonly string[]; readonly flows: readonly string[] }> {
  const { rows } = await sql.query<{ destinations: string[]; flows: string[] }>(
    `select array(select distinct destination from deliveries) as destinations,
       array(select distinct flow from submissions) as flows`,
  )
  return rows[0] ?? { destinations: [], flows: [] }
}

function listed(row: Row): ListedDelivery {
  return {
    ...deliveryOf(row),
    flow: row.flow,
    version: row.version,
    acceptedAt: row.accepted_at,
    occasion: row.occasion,
  }
}
