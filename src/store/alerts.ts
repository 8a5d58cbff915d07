import type { JsonObject } from '../plugin/json.ts'
import { jsonText } from './json-text.ts'
import type { Sql } from './pool.ts'

/** Something an operator must know of, from when it began until it is over. */
export interface Alert {
  readonly id: string
  /** What it is about, for example `destination.paused:hubspot`. One open alert at most for each. */
  readonly condition: string
  readonly severity: 'warning' | 'error'
  readonly title: string
  readonly text: string
  readonly facts: JsonObject
  /** How often it was seen since it opened. */
  readonly count: number
  readonly openedAt: Date
  readonly lastSeenAt: Date
  readonly closedAt: Date | undefined
}

/** An alert whose opening or closing nobody has been told of yet. */
export interface UntoldAlert extends Alert {
  readonly telling: 'open' | 'close'
  /** Tries begun of this message, with the one now claimed. */
  readonly tries: number
}

export type NewAlert = Pick<Alert, 'id' | 'condition' | 'severity' | 'title' | 'text' | 'facts'>

interface Row {
  readonly id: string
  readonly condition: string
  readonly severity: 'warning' | 'error'
  readonly title: string
  readonly text: string
  readonly facts: JsonObject
  readonly count: number
  readonly opened_at: Date
  readonly last_seen_at: Date
  readonly closed_at: Date | null
}

/** Opens an alert, or counts one more where its condition has an open one. */
export async function openAlert(sql: Sql, alert: NewAlert, now: Date): Promise<void> {
  await sql.query(
    `insert into alerts (id, condition, severity, title, text, facts, opened_at, last_seen_at)
     values ($1, $2, $3, $4, $5, $6, $7, $7)
     on conflict (condition) where closed_at is null do update set count = alerts.count + 1, last_seen_at = excluded.last_seen_at`,
    [alert.id, alert.condition, alert.severity, alert.title, alert.text, jsonText(alert.facts), now],
  )
}

/** Closes the open alert of a condition, if there is one. */
export async function closeAlert(sql: Sql, condition: string, now: Date): Promise<void> {
  await sql.query('update alerts set closed_at = $2 where condition = $1 and closed_at is null', [condition, now])
}

/** Closes an alert that was found to be over, unless its trouble was seen once more since it was read: then it is not over. */
export async function closeOverAlert(sql: Sql, { id, count }: Pick<Alert, 'id' | 'count'>, now: Date): Promise<void> {
  await sql.query('update alerts set closed_at = $3 where id = $1 and count = $2 and closed_at is null', [
    id,
    count,
    now,
  ])
}

/**
 * Claims the next alert whose opening or closing is untold, until `until`: one process tells at a time. An alert that
 * closed before anyone began to tell of it is passed over, opening and closing.
 */
export async function claimUntold(sql: Sql, now: Date, until: Date): Promise<UntoldAlert | undefined> {
  await sql.query(
    `update alerts set told_open_at = closed_at, told_close_at = closed_at
     where told_open_at is null and closed_at is not null and tell_tries = 0`,
  )
  const { rows } = await sql.query<Row & { tries: number; told_open_at: Date | null }>(
    `update alerts set tell_tries = tell_tries + 1, tell_after = $2
     where id = (
       select id from alerts
       where (told_open_at is null or (closed_at is not null and told_close_at is null)) and (tell_after is null or tell_after <= $1)
       order by opened_at limit 1 for update skip locked)
     returning *, tell_tries as tries`,
    [now, until],
  )
  const row = rows[0]
  if (row === undefined) return undefined
  return { ...fromRow(row), telling: row.told_open_at === null ? 'open' : 'close', tries: row.tries }
}

/** Notes that an opening or closing was told, or given up. */
export async function markTold(
  sql: Sql,
  { id, telling }: Pick<UntoldAlert, 'id' | 'telling'>,
  now: Date,
): Promise<void> {
  await sql.query(
    telling === 'open'
      ? 'update alerts set told_open_at = $2, tell_tries = 0, tell_after = null where id = $1'
      : 'update alerts set told_close_at = $2, tell_tries = 0, tell_after = null where id = $1',
    [id, now],
  )
}

/** Puts an alert that could not be told off until `at`. */
export async function tellLater(sql: Sql, id: string, at: Date): Promise<void> {
  await sql.query('update alerts set tell_after = $2 where id = $1', [id, at])
}

/** Alerts now open, oldest first. */
export async function readOpenAlerts(sql: Sql): Promise<readonly Alert[]> {
  const { rows } = await sql.query<Row>('select * from alerts where closed_at is null order by opened_at')
  return rows.map(fromRow)
}

/** Whether any delivery still stands failed, or is on its way again after failing so, for this destination and failure code. */
export function anyFailed(sql: Sql, destination: string, code: string): Promise<boolean> {
  const here = [destination, code]
  return any(sql, `destination = $1 and state in ('failed', 'pending') and failure->>'code' = $2`, here)
}

/** Whether any delivery to this destination still stands unknown, or is being sent again after that, with this failure code. */
export function anyUnknown(sql: Sql, destination: string, code: string): Promise<boolean> {
  const here = [destination, code]
  return any(sql, `destination = $1 and state in ('unknown', 'pending') and failure->>'code' = $2`, here)
}

/** Whether any message to this destination whose late notice ended with this failure code is still to come. */
export async function anyLate(sql: Sql, destination: string, code: string): Promise<boolean> {
  const here = [destination, code]
  // Asked one by one: each is found by an index of its own.
  if (await any(sql, `state = 'waiting' and destination = $1 and failure->>'code' = $2`, here)) return true
  const pending = `destination = $1 and state = 'pending' and kind = 'notification' and failure->>'code' = $2`
  return await any(sql, pending, here)
}

/** Whether any delivery is on its way to this destination. */
export function anyPending(sql: Sql, destination: string): Promise<boolean> {
  return any(sql, `destination = $1 and state = 'pending'`, [destination])
}

async function any(sql: Sql, condition: string, values: unknown[]): Promise<boolean> {
  const { rows } = await sql.query<{ any: boolean }>(
    `select exists (select from deliveries where ${condition}) as any`,
    values,
  )
  return rows[0]?.any === true
}

function fromRow(row: Row): Alert {
  return {
    id: row.id,
    condition: row.condition,
    severity: row.severity,
    title: row.title,
    text: row.text,
    facts: row.facts,
    count: row.count,
    openedAt: row.opened_at,
    lastSeenAt: row.last_seen_at,
    closedAt: row.closed_at ?? undefined,
  }
}
