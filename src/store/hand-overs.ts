import type { Sql } from './pool.ts'

/** One person who was handed over to people. Whose answers they are stands in the submission alone. */
export interface HandOver {
  /** `hov_…`; later ones sort after earlier ones. */
  readonly id: string
  readonly submissionId: string
  readonly flow: string
  /** The screen that told the person so. */
  readonly screen: string
  /** Who is to take over, where the flow names any. */
  readonly queue: string | undefined
  readonly openedAt: Date
  readonly closedAt: Date | undefined
  /** Whoever closed it, in their own words. */
  readonly closedBy: string | undefined
}

export type NewHandOver = Omit<HandOver, 'closedAt' | 'closedBy'>

/** Stores hand-overs; their submissions must stand before. */
export async function insertHandOvers(sql: Sql, handOvers: readonly NewHandOver[]): Promise<void> {
  await sql.query(
    `insert into hand_overs (id, submission_id, flow, screen, queue, opened_at)
     select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[])`,
    [
      handOvers.map(({ id }) => id),
      handOvers.map(({ submissionId }) => submissionId),
      handOvers.map(({ flow }) => flow),
      handOvers.map(({ screen }) => screen),
      handOvers.map(({ queue }) => queue ?? null),
      handOvers.map(({ openedAt }) => openedAt),
    ],
  )
}

export interface HandOverFilter {
  readonly state: 'open' | 'closed' | 'all'
  readonly limit: number
}

/** Hand-overs that pass the filter. Open ones: whoever has waited longest first; else the newest first. */
export async function listHandOvers(sql: Sql, { state, limit }: HandOverFilter): Promise<readonly HandOver[]> {
  const { rows } = await sql.query<HandOverRow>(LISTS[state], [limit])
  return rows.map(handOverOf)
}

const LISTS: Readonly<Record<HandOverFilter['state'], string>> = {
  open: 'select * from hand_overs where closed_at is null order by opened_at, id limit $1',
  closed: 'select * from hand_overs where closed_at is not null order by id desc limit $1',
  all: 'select * from hand_overs order by id desc limit $1',
}

/** What asking to close came to. `already`: it was closed before, and stays as it was closed then. */
export type CloseResult =
  | { readonly kind: 'closed' | 'already'; readonly handOver: HandOver }
  | { readonly kind: 'not-found' }

/** Closes a hand-over: of several that ask, the first does, and the others are told who it was. */
export async function closeHandOver(sql: Sql, id: string, by: string | undefined, now: Date): Promise<CloseResult> {
  const closed = await sql.query<HandOverRow>(
    'update hand_overs set closed_at = $2, closed_by = $3 where id = $1 and closed_at is null returning *',
    [id, now, by ?? null],
  )
  if (closed.rows[0] !== undefined) return { kind: 'closed', handOver: handOverOf(closed.rows[0]) }
  // Nothing opens one again, so what is read now was closed before.
  const { rows } = await sql.query<HandOverRow>('select * from hand_overs where id = $1', [id])
  return rows[0] === undefined ? { kind: 'not-found' } : { kind: 'already', handOver: handOverOf(rows[0]) }
}

interface HandOverRow {
  readonly id: string
  readonly submission_id: string
  readonly flow: string
  readonly screen: string
  readonly queue: string | null
  readonly opened_at: Date
  readonly closed_at: Date | null
  readonly closed_by: string | null
}

function handOverOf(row: HandOverRow): HandOver {
  return {
    id: row.id,
    submissionId: row.submission_id,
    flow: row.flow,
    screen: row.screen,
    queue: row.queue ?? undefined,
    openedAt: row.opened_at,
    closedAt: row.closed_at ?? undefined,
    closedBy: row.closed_by ?? undefined,
  }
}
