import type { JsonObject } from '../plugin/json.ts'
import { jsonText } from './json-text.ts'
import type { Sql } from './pool.ts'

/** Something that is, or may be, held at a source for a session. */
export interface ReservationRow {
  /** What the source holds it under. */
  readonly key: string
  readonly flow: string
  readonly token: string
  readonly sessionId: string
  readonly source: string
  /** The query that gives it back, with the parameters it was taken with. */
  readonly release: string
  readonly parameters: JsonObject
  readonly reservedAt: Date
}

/** A reservation that no session holds, claimed for giving it back. */
export interface OrphanedReservation extends ReservationRow {
  /** How often giving it back was begun, this time included. */
  readonly tries: number
  /** Until then nobody else claims it, and nobody holds it again. */
  readonly claimedUntil: Date
}

/** So long an exchange may take from asking a source to storing its session, clocks that differ included. Seconds. */
const GRACE_SECONDS = 60

/** Longer than a source is given to take something back. Seconds. */
const CLAIM_SECONDS = 30

/** Reservations looked at in one statement. */
const LOOKED_AT_ONCE = 200

/**
 * Writes down what is about to be asked of a source, before it is asked; harmless when repeated. `false` where that very
 * reservation is just being given back: the source must not be asked then.
 */
export async function holdReservation(sql: Sql, row: ReservationRow): Promise<boolean> {
  const { rowCount } = await sql.query({
    name: 'hold-reservation',
    text: `
      insert into reservations (key, flow, token, session_id, source, release, parameters, reserved_at, due_at)
      values ($1, $2, $3, $4, $5, $6, $7::jsonb, $8, $9)
      on conflict (key) do update set
        flow = excluded.flow, token = excluded.token, session_id = excluded.session_id, source = excluded.source,
        release = excluded.release, parameters = excluded.parameters, reserved_at = excluded.reserved_at,
        due_at = excluded.due_at, giving_back_until = null, tries = 0
      where reservations.giving_back_until is null or reservations.giving_back_until <= excluded.reserved_at`,
    values: [
      row.key,
      row.flow,
      row.token,
      row.sessionId,
      row.source,
      row.release,
      jsonText(row.parameters),
      row.reservedAt,
      after(row.reservedAt, GRACE_SECONDS),
    ],
  })
  return rowCount === 1
}

/** Forgets a reservation of which nothing is held: its source said that somebody else was first. */
export async function dropReservation(sql: Sql, key: string): Promise<void> {
  await sql.query('delete from reservations where key = $1', [key])
}

/**
 * Looks at the reservations that are due and claims those that no session holds, at most so many: their run is gone, has
 * expired, has finished without them or has chosen something else. What a submission keeps is forgotten, what an open run
 * holds is looked at again later. Several processes may look at once: each orphan goes to one of them.
 */
export async function orphanedReservations(
  sql: Sql,
  now: Date,
  atMost: number,
): Promise<readonly OrphanedReservation[]> {
  const claimedUntil = after(now, CLAIM_SECONDS)
  const { rows } = await sql.query<OrphanRow>(
    `with due as (
       select key, flow, token, session_id from reservations
       where due_at <= $1 order by due_at limit $2 for update skip locked),
     judged as (
       select due.key,
              exists (
                select from submissions
                where submissions.session ? 'reservations' and submissions.session ->> 'id' = due.session_id
                  and submissions.occasion <> 'expired' and ${holds('submissions.session')}) as kept,
              exists (
                select from sessions
                where sessions.flow = due.flow and sessions.token = due.token and sessions.id = due.session_id
                  and sessions.submission_id is null and sessions.expires_at > $3 and ${holds('sessions.progress')}) as held
       from due),
     forgotten as (
       delete from reservations using judged where reservations.key = judged.key and judged.kept),
     looked_at as (
       update reservations set due_at = $4
       from judged where reservations.key = judged.key and judged.held and not judged.kept)
     update reservations set tries = tries + 1, giving_back_until = $5, due_at = $5
     where key in (select key from judged where not kept and not held limit $6)
     returning key, flow, token, session_id, source, release, parameters, reserved_at, tries`,
    [now, LOOKED_AT_ONCE, after(now, -GRACE_SECONDS), after(now, GRACE_SECONDS), claimedUntil, atMost],
  )
  return rows.map((row) => ({
    key: row.key,
    flow: row.flow,
    token: row.token,
    sessionId: row.session_id,
    source: row.source,
    release: row.release,
    parameters: row.parameters,
    reservedAt: row.reserved_at,
    tries: row.tries,
    claimedUntil,
  }))
}

/** Forgets an orphan that was given back. Where its claim has ended and somebody holds it again, it stays. */
export async function forgetReservation(sql: Sql, orphan: OrphanedReservation): Promise<void> {
  await sql.query('delete from reservations where key = $1 and giving_back_until = $2', [
    orphan.key,
    orphan.claimedUntil,
  ])
}

/** Keeps an orphan that could not be given back for another try at `dueAt`. */
export async function keepReservation(sql: Sql, orphan: OrphanedReservation, dueAt: Date): Promise<void> {
  await sql.query(
    'update reservations set giving_back_until = null, due_at = $3 where key = $1 and giving_back_until = $2',
    [orphan.key, orphan.claimedUntil, dueAt],
  )
}

interface OrphanRow {
  readonly key: string
  readonly flow: string
  readonly token: string
  readonly session_id: string
  readonly source: string
  readonly release: string
  readonly parameters: JsonObject
  readonly reserved_at: Date
  readonly tries: number
}

/** A condition: the JSON names the key of the reservation in question among those it holds. */
function holds(json: string): string {
  return `jsonb_path_exists(${json}, '$.reservations.*.key ? (@ == $key)', jsonb_build_object('key', due.key))`
}

function after(time: Date, seconds: number): Date {
  return new Date(time.getTime() + seconds * 1_000)
}
