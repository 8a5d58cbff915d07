import type { Failure } from '../plugin/failure.ts'
import { jsonText } from './json-text.ts'
import type { Sql } from './pool.ts'

/** What all processes know of a destination. */
export interface DestinationState {
  readonly paused: boolean
  readonly pausedBy: 'failure' | 'operator' | undefined
  /** Why it was paused; kept after a resumption by health until something was delivered. */
  readonly failure: Failure | undefined
  /** When it was last paused or resumed. */
  readonly changedAt: Date | undefined
  readonly failuresInRow: number
  /** The circuit is open since then. */
  readonly openSince: Date | undefined
  readonly probeAt: Date | undefined
  readonly probeDelaySeconds: number | undefined
  /** A rate limit holds every delivery until then. */
  readonly blockedUntil: Date | undefined
  readonly healthAt: Date | undefined
}

/** A destination nobody has had reason to write down. */
export const UNTROUBLED: DestinationState = {
  paused: false,
  pausedBy: undefined,
  failure: undefined,
  changedAt: undefined,
  failuresInRow: 0,
  openSince: undefined,
  probeAt: undefined,
  probeDelaySeconds: undefined,
  blockedUntil: undefined,
  healthAt: undefined,
}

interface Row {
  readonly state: 'active' | 'paused'
  readonly paused_by: 'failure' | 'operator' | null
  readonly failure: Failure | null
  readonly changed_at: Date
  readonly failures_in_row: number
  readonly open_since: Date | null
  readonly probe_at: Date | null
  readonly probe_delay_seconds: number | null
  readonly blocked_until: Date | null
  readonly health_at: Date | null
}

/** Reads what is known of a destination without locking it. */
export async function readDestination(sql: Sql, name: string): Promise<DestinationState> {
  const { rows } = await sql.query<Row>('select * from destinations where name = $1', [name])
  return rows[0] === undefined ? UNTROUBLED : fromRow(rows[0])
}

/** Reads what is known of a destination and keeps others from changing it until the transaction ends. */
export async function lockDestination(sql: Sql, name: string, now: Date): Promise<DestinationState> {
  await sql.query('insert into destinations (name, changed_at) values ($1, $2) on conflict (name) do nothing', [
    name,
    now,
  ])
  const { rows } = await sql.query<Row>('select * from destinations where name = $1 for update', [name])
  return rows[0] === undefined ? UNTROUBLED : fromRow(rows[0])
}

/** Writes down a destination's state; the caller holds its lock. */
export async function saveDestination(sql: Sql, name: string, state: DestinationState, now: Date): Promise<void> {
  await sql.query(
    `update destinations set state = $2, paused_by = $3, failure = $4, changed_at = $5, failures_in_row = $6, open_since = $7,
       probe_at = $8, probe_delay_seconds = $9, blocked_until = $10, health_at = $11
     where name = $1`,
    [
      name,
      state.paused ? 'paused' : 'active',
      state.pausedBy ?? null,
      state.failure === undefined ? null : jsonText(state.failure),
      state.changedAt ?? now,
      state.failuresInRow,
      state.openSince ?? null,
      state.probeAt ?? null,
      state.probeDelaySeconds ?? null,
      state.blockedUntil ?? null,
      state.healthAt ?? null,
    ],
  )
}

/** Takes the one probe of an open circuit that is due: true for one caller only, until `until`. */
export async function claimProbe(sql: Sql, name: string, now: Date, until: Date): Promise<boolean> {
  const { rowCount } = await sql.query(
    'update destinations set probe_at = $3 where name = $1 and open_since is not null and probe_at <= $2',
    [name, now, until],
  )
  return rowCount === 1
}

/** Takes the health checks that are due, of destinations paused by a failure: each is given to one caller only, until `until`. */
export async function claimHealthChecks(sql: Sql, now: Date, until: Date): Promise<readonly string[]> {
  const { rows } = await sql.query<{ name: string }>(
    `update destinations set health_at = $2
     where state = 'paused' and paused_by = 'failure' and health_at <= $1
     returning name`,
    [now, until],
  )
  return rows.map((row) => row.name)
}

/** Every destination that has ever had something worth knowing, by name. */
export async function readDestinations(sql: Sql): Promise<ReadonlyMap<string, DestinationState>> {
  const { rows } = await sql.query<Row & { name: string }>('select * from destinations')
  return new Map(rows.map((row) => [row.name, fromRow(row)]))
}

function fromRow(row: Row): DestinationState {
  return {
    paused: row.state === 'paused',
    pausedBy: row.paused_by ?? undefined,
    failure: row.failure ?? undefined,
    changedAt: row.changed_at,
    failuresInRow: row.failures_in_row,
    openSince: row.open_since ?? undefined,
    probeAt: row.probe_at ?? undefined,
    probeDelaySeconds: row.probe_delay_seconds ?? undefined,
    blockedUntil: row.blocked_until ?? undefined,
    healthAt: row.health_at ?? undefined,
  }
}
