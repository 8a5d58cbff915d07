import type { ScreenAnswer } from '../flow/session.ts'
import type { JsonObject } from '../plugin/json.ts'
import { jsonText } from './json-text.ts'
import type { Sql } from './pool.ts'

/** A finished form, a hand-over or a form opened after its end, as it is stored. */
export interface Submission {
  readonly id: string
  readonly flow: string
  readonly version: string
  readonly occasion: 'submitted' | 'handed_over' | 'expired'
  readonly variant: string | undefined
  /** Absent where no session is stored. One submission per session in any case. */
  readonly sessionId: string | undefined
  readonly key: string
  readonly possibleRepeat: boolean
  readonly form: JsonObject
  readonly person: JsonObject
  /** `session.*` as mappings see it. */
  readonly session: JsonObject
  readonly answer: ScreenAnswer
  readonly mappingHash: string | undefined
  readonly requestId: string
  readonly acceptedAt: Date
}

/** A key to hold for a submission until its window ends. */
export interface MarkWrite {
  readonly flow: string
  readonly key: string
  readonly submissionId: string
  readonly until: Date
}

/** A delivery a submission begins with. */
export interface NewDelivery {
  readonly id: string
  readonly submissionId: string
  readonly kind: 'record' | 'notification'
  readonly item: string
  readonly destination: string
  readonly waitsFor: readonly string[]
  readonly mappingHash: string
  /** Of a record: whose it is, hashed, so that one person's records keep their order. */
  readonly personKey?: string | undefined
  /** Of a message that waits: when it goes out all the same. */
  readonly lateAt?: Date | undefined
  readonly createdAt: Date
}

/**
 * Sets marks; gives back the keys that were free, or whose window had ended. A key that is not given back is held by an
 * earlier submission, which a second statement reads: inside one statement it could not see a concurrent winner.
 * Keys must differ; they are taken in their order, against deadlock.
 */
export async function setMarks(sql: Sql, marks: readonly MarkWrite[], now: Date): Promise<ReadonlySet<string>> {
  const { rows } = await sql.query<{ flow: string; key: string }>({
    name: 'set-marks',
    text: `
      insert into marks (flow, key, submission_id, until)
      select flow, key, submission_id, until
      from jsonb_to_recordset($1::jsonb) as mark (flow text, key text, submission_id text, until timestamptz)
      order by flow, key
      on conflict (flow, key) do update set submission_id = excluded.submission_id, until = excluded.until
      where marks.until <= $2
      returning flow, key`,
    values: [
      JSON.stringify(
        marks.map(({ flow, key, submissionId, until }) => ({ flow, key, submission_id: submissionId, until })),
      ),
      now,
    ],
  })
  return new Set(rows.map(markKey))
}

/** The key of a mark inside one process. */
export function markKey({ flow, key }: { readonly flow: string; readonly key: string }): string {
  return `${flow}\n${key}`
}

/** The submissions that hold these marks, by `markKey`. */
export async function readMarked(
  sql: Sql,
  marks: readonly MarkWrite[],
): Promise<ReadonlyMap<string, { readonly submissionId: string; readonly answer: ScreenAnswer }>> {
  const { rows } = await sql.query<{ flow: string; key: string; id: string; answer: ScreenAnswer }>(
    `select marks.flow, marks.key, submissions.id, submissions.answer
     from unnest($1::text[], $2::text[]) as asked (flow, key)
     join marks using (flow, key)
     join submissions on submissions.id = marks.submission_id`,
    [marks.map(({ flow }) => flow), marks.map(({ key }) => key)],
  )
  return new Map(rows.map((row) => [markKey(row), { submissionId: row.id, answer: row.answer }]))
}

/** Stores submissions and the deliveries they begin with, in one statement. Those that wait for nothing are due at once. */
export async function insertSubmissions(
  sql: Sql,
  submissions: readonly Submission[],
  deliveries: readonly NewDelivery[],
): Promise<void> {
  await sql.query({
    name: 'insert-submissions',
    text: `
      with accepted as (
        insert into submissions (id, flow, version, occasion, variant, session_id, key, possible_repeat, form, person,
                                 session, answer, mapping_hash, request_id, accepted_at)
        select id, flow, version, occasion, variant, session_id, key, possible_repeat, form, person,
               session, answer, mapping_hash, request_id, accepted_at
        from jsonb_to_recordset($1::jsonb) as submission (
          id text, flow text, version text, occasion text, variant text, session_id text, key text,
          possible_repeat boolean, form jsonb, person jsonb, session jsonb, answer jsonb, mapping_hash text,
          request_id text, accepted_at timestamptz))
      insert into deliveries (id, submission_id, kind, item, destination, state, waits_for, mapping_hash,
                              next_attempt_at, hinted_at, person_key, late_at, created_at, updated_at)
      select id, submission_id, kind, item, destination,
             case when jsonb_array_length(waits_for) = 0 then 'pending' else 'waiting' end,
             array(select jsonb_array_elements_text(waits_for)), mapping_hash,
             case when jsonb_array_length(waits_for) = 0 then created_at end,
             case when jsonb_array_length(waits_for) = 0 then created_at end,
             person_key, late_at, created_at, created_at
      from jsonb_to_recordset($2::jsonb) as delivery (
        id text, submission_id text, kind text, item text, destination text, waits_for jsonb, mapping_hash text,
        person_key text, late_at timestamptz, created_at timestamptz)`,
    values: [jsonText(submissions.map(submissionRow)), jsonText(deliveries.map(deliveryRow))],
  })
}

function submissionRow(submission: Submission): object {
  return {
    id: submission.id,
    flow: submission.flow,
    version: submission.version,
    occasion: submission.occasion,
    variant: submission.variant ?? null,
    session_id: submission.sessionId ?? null,
    key: submission.key,
    possible_repeat: submission.possibleRepeat,
    form: submission.form,
    person: submission.person,
    session: submission.session,
    answer: submission.answer,
    mapping_hash: submission.mappingHash ?? null,
    request_id: submission.requestId,
    accepted_at: submission.acceptedAt,
  }
}

function deliveryRow(delivery: NewDelivery): object {
  return {
    id: delivery.id,
    submission_id: delivery.submissionId,
    kind: delivery.kind,
    item: delivery.item,
    destination: delivery.destination,
    waits_for: delivery.waitsFor,
    mapping_hash: delivery.mappingHash,
    person_key: delivery.personKey ?? null,
    late_at: delivery.lateAt ?? null,
    created_at: delivery.createdAt,
  }
}
