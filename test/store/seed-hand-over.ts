import { newId } from '../../src/id.ts'
import { insertHandOvers } from '../../src/store/hand-overs.ts'
import type { Sql } from '../../src/store/pool.ts'
import { insertSubmissions } from '../../src/store/submissions.ts'

/** Stores a person who was handed over, as acceptance does; gives the id of the hand-over. */
export async function seedHandOver(sql: Sql, now: Date, queue?: string): Promise<string> {
  const submission = {
    id: newId('sub', now),
    flow: 'lead',
    version: '1',
    occasion: 'handed_over' as const,
    variant: undefined,
    sessionId: undefined,
    key: newId('sub', now),
    possibleRepeat: false,
    form: { full_name: 'Ana Souza Lima' },
    person: { phone: '+5511999990000' },
    session: {},
    answer: { screen: 'TALK', data: {} },
    mappingHash: undefined,
    requestId: newId('req', now),
    acceptedAt: now,
  }
  await insertSubmissions(sql, [submission], [])
  const id = newId('hov', now)
  await insertHandOvers(sql, [{ id, submissionId: submission.id, flow: 'lead', screen: 'TALK', queue, openedAt: now }])
  return id
}
