import type { Sql } from './pool.ts'

/** Whether several people are one: nothing is merged until somebody has decided. */
export interface PersonQuestion {
  /** `pqs_…`. */
  readonly id: string
  readonly submissionId: string
  readonly persons: readonly string[]
  /** Kinds of the keys that disagree, never their values. */
  readonly because: string
  readonly openedAt: Date
}

/** Opens a question, unless one about the very same people is open or was answered: then `false`. */
export async function askAboutPersons(sql: Sql, question: PersonQuestion): Promise<boolean> {
  const { id, submissionId, persons, because, openedAt } = question
  const { rowCount } = await sql.query(
    `insert into person_questions (id, submission_id, persons, because, opened_at)
     select $1, $2, $3, $4, $5
     where not exists (select from person_questions where persons = $3::text[])`,
    [id, submissionId, [...persons].sort(), because, openedAt],
  )
  return rowCount === 1
}

/** Questions that nobody has decided, the oldest first. */
export async function openPersonQuestions(sql: Sql, limit: number): Promise<readonly PersonQuestion[]> {
  const { rows } = await sql.query<PersonQuestion>(
    `select id, submission_id as "submissionId", persons, because, opened_at as "openedAt"
     from person_questions where decided_at is null order by opened_at, id limit $1`,
    [limit],
  )
  return rows
}

/** What deciding came to. `already`: it was decided before, and stays so. */
export type PersonDecision =
  | { readonly kind: 'decided'; readonly persons: readonly string[] }
  | { readonly kind: 'already'; readonly decision: string }
  | { readonly kind: 'not-found' }

/** Notes what somebody decided; the caller merges in the same transaction. */
export async function decidePersonQuestion(
  sql: Sql,
  {
    id,
    decision,
    by,
  }: { readonly id: string; readonly decision: 'same' | 'different'; readonly by: string | undefined },
  now: Date,
): Promise<PersonDecision> {
  const decided = await sql.query<{ persons: readonly string[] }>(
    `update person_questions set decided_at = $3, decision = $2, decided_by = $4
     where id = $1 and decided_at is null returning persons`,
    [id, decision, now, by ?? null],
  )
  if (decided.rows[0] !== undefined) return { kind: 'decided', persons: decided.rows[0].persons }
  const { rows } = await sql.query<{ decision: string }>('select decision from person_questions where id = $1', [id])
  return rows[0] === undefined ? { kind: 'not-found' } : { kind: 'already', decision: rows[0].decision }
}
