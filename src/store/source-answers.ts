import type { Json } from '../plugin/json.ts'
import { jsonText } from './json-text.ts'
import type { Sql } from './pool.ts'

/** An answer of a source that all processes may use. */
export interface SourceAnswer {
  readonly source: string
  /** Names the question; no parameter can be read from it. */
  readonly key: string
  readonly answer: Json
  readonly answeredAt: Date
  readonly freshUntil: Date
  /** From then on it may not even stand in. */
  readonly keptUntil: Date
}

/** How many rows one purge takes: short transactions, however much has piled up. */
const AT_ONCE = 1_000

interface Row {
  readonly answer: Json
  readonly answered_at: Date
  readonly fresh_until: Date
  readonly kept_until: Date
}

/** The answer kept to a question, fresh or not; `undefined` where none is. Rejects where the database takes longer than `withinMs`. */
export async function readSourceAnswer(
  sql: Sql,
  question: { readonly source: string; readonly key: string; readonly now: Date },
  withinMs: number,
): Promise<SourceAnswer | undefined> {
  const { source, key, now } = question
  const { rows } = await sql.query<Row>({
    name: 'read-source-answer',
    text: `select answer, answered_at, fresh_until, kept_until from source_answers
           where source = $1 and key = $2 and kept_until > $3`,
    values: [source, key, now],
    query_timeout: withinMs,
  })
  const [row] = rows
  if (row === undefined) return undefined
  return {
    source,
    key,
    answer: row.answer,
    answeredAt: row.answered_at,
    freshUntil: row.fresh_until,
    keptUntil: row.kept_until,
  }
}

/** Keeps an answer for all processes. Of several to one question the last one given stays, in whatever order they come. */
export async function keepSourceAnswer(sql: Sql, kept: SourceAnswer): Promise<void> {
  await sql.query({
    name: 'keep-source-answer',
    text: `insert into source_answers (source, key, answer, answered_at, fresh_until, kept_until)
           values ($1, $2, $3::jsonb, $4, $5, $6)
           on conflict (source, key) do update set
             answer = excluded.answer, answered_at = excluded.answered_at,
             fresh_until = excluded.fresh_until, kept_until = excluded.kept_until
           where source_answers.answered_at <= excluded.answered_at`,
    values: [kept.source, kept.key, jsonText(kept.answer), kept.answeredAt, kept.freshUntil, kept.keptUntil],
  })
}

/** From now on no kept answer of this source is fresh: something was taken or given back there. */
export async function outdateSourceAnswers(sql: Sql, source: string): Promise<void> {
  // In the order of their keys, so that two processes that do so at the same time wait for each other and go on.
  await sql.query(
    `update source_answers set fresh_until = 'epoch' where (source, key) in (
       select source, key from source_answers where source = $1 and fresh_until > 'epoch' order by key for update)`,
    [source],
  )
}

/** Deletes answers that may not even stand in any more; resolves with whether more may be left. */
export async function purgeSourceAnswers(sql: Sql, now: Date): Promise<boolean> {
  const { rowCount } = await sql.query(
    `delete from source_answers where (source, key) in (
       select source, key from source_answers where kept_until < $1 limit $2 for update skip locked)`,
    [now, AT_ONCE],
  )
  return rowCount === AT_ONCE
}
