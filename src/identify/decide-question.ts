import type pg from 'pg'
import type { Clock } from '../clock.ts'
import { decidePersonQuestion, type PersonDecision } from '../store/person-questions.ts'
import { mergePersons, readPersonsNow, waitToIdentify } from '../store/persons.ts'
import { inTransaction } from '../store/pool.ts'

/**
 * Decides whether several people are one, for good; `same` makes them the first of them, as they are by now: some may have
 * been merged since the question was opened. Gives the people whom the decision was about in the end.
 */
export function decideQuestion(
  { pool, clock }: { readonly pool: pg.Pool; readonly clock: Clock },
  answer: { readonly id: string; readonly decision: 'same' | 'different'; readonly by: string | undefined },
): Promise<PersonDecision> {
  return inTransaction(pool, async (sql) => {
    const now = clock.now()
    // Whoever identifies at this moment may be giving a submission to one who is merged here.
    await waitToIdentify(sql)
    const result = await decidePersonQuestion(sql, answer, now)
    if (result.kind !== 'decided') return result
    const persons = await readPersonsNow(sql, result.persons)
    const [first, ...others] = persons
    if (answer.decision === 'same' && first !== undefined) await mergePersons(sql, first, others, now)
    return { ...result, persons }
  })
}
