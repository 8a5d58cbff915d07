import type pg from 'pg'
import type { Clock } from '../clock.ts'
import { decidePersonQuestion, type PersonDecision } from '../store/person-questions.ts'
import { mergePersons } from '../store/persons.ts'
import { inTransaction } from '../store/pool.ts'

/** Decides whether several people are one, for good; `same` makes them the first of them. */
export function decideQuestion(
  { pool, clock }: { readonly pool: pg.Pool; readonly clock: Clock },
  answer: { readonly id: string; readonly decision: 'same' | 'different'; readonly by: string | undefined },
): Promise<PersonDecision> {
  return inTransaction(pool, async (sql) => {
    const now = clock.now()
    const result = await decidePersonQuestion(sql, answer, now)
    const [first, ...others] = result.kind === 'decided' ? result.persons : []
    if (answer.decision === 'same' && first !== undefined) await mergePersons(sql, first, others, now)
    return result
  })
}
