import type pg from 'pg'
import type { Alerts } from '../alert/alerts.ts'
import type { Clock } from '../clock.ts'
import { newId } from '../id.ts'
import type { Log } from '../log.ts'
import { askAboutPersons } from '../store/person-questions.ts'
import {
  addKeys,
  findPersons,
  insertPerson,
  lockIdentifying,
  mergePersons,
  readUnidentified,
  setPerson,
  type Unidentified,
} from '../store/persons.ts'
import { inTransaction, type Sql } from '../store/pool.ts'
import { phoneVariants } from '../value/phone-variants.ts'
import { type Decision, decide, type KnownPerson } from './decide.ts'
import { KEY_KINDS, keysOf, type PersonKey } from './keys-of.ts'

export interface Identifying {
  readonly pool: pg.Pool
  readonly clock: Clock
  readonly log: Log
  readonly alerts: Pick<Alerts, 'open'>
}

/** Submissions in one transaction: one process identifies at a time, and shall not keep others waiting. */
const AT_ONCE = 200
/** Transactions in one round: a process that is to stop waits for its rounds, however much there is to look through. */
const TRANSACTIONS = 10

/**
 * A round to be called about once a second by every worker: works out whose the submissions accepted since are, oldest
 * first. Nobody waits for it, and a process that dies leaves them to the next round.
 */
export function createIdentifySubmissions(identifying: Identifying): () => Promise<void> {
  const { pool } = identifying
  return async () => {
    let taken = AT_ONCE
    for (let done = 0; done < TRANSACTIONS && taken === AT_ONCE; done += 1) {
      taken = await inTransaction(pool, async (sql) => {
        if (!(await lockIdentifying(sql))) return 0
        const submissions = await readUnidentified(sql, AT_ONCE)
        for (const submission of submissions) await identify(identifying, sql, submission)
        return submissions.length
      })
    }
  }
}

async function identify({ clock, log, alerts }: Identifying, sql: Sql, submission: Unidentified): Promise<void> {
  const now = clock.now()
  const keys = keysOf(submission, submission.identity ?? KEY_KINDS)
  const decision = decide(keys, await known(sql, keys))
  const personId = await personOf(sql, decision, now)
  if (personId !== undefined) await addKeys(sql, personId, decision.keys, submission.acceptedAt)
  await setPerson(sql, submission.id, personId, now)
  if (decision.kind === 'known' && decision.merge.length > 0) {
    await mergePersons(sql, decision.person, decision.merge, now)
    log.info({ personId, merged: decision.merge, submissionId: submission.id }, 'persons.merged')
  }
  if (decision.kind !== 'asked') return
  const persons = [...new Set([...decision.persons, ...(personId === undefined ? [] : [personId])])]
  const because = decision.because.join(', ')
  const question = { id: newId('pqs', now), submissionId: submission.id, persons, because, openedAt: now }
  // What was asked or answered before is nothing that anybody has to hear of again.
  if (!(await askAboutPersons(sql, question))) return
  await alerts.open({ kind: 'persons.unclear' }, UNCLEAR, sql)
  log.warn({ persons, because, submissionId: submission.id }, 'persons.unclear')
}

const UNCLEAR = {
  severity: 'warning',
  title: 'Some submissions may be of one person or of several',
  text: 'Their keys disagree, so nobody was merged and nothing is held up. Decide each: flowgate people questions.',
} as const

async function personOf(sql: Sql, decision: Decision, now: Date): Promise<string | undefined> {
  if (decision.kind === 'known') return decision.person
  if (decision.kind === 'asked' && decision.person !== undefined) return decision.person
  // A person of whom nothing but other people's keys is known could never be found again.
  if (decision.keys.length === 0) return undefined
  const id = newId('per', now)
  await insertPerson(sql, id, now)
  return id
}

/** The people whom the keys lead to, strongest key first. A number is looked for in all its spellings. */
async function known(sql: Sql, keys: readonly PersonKey[]): Promise<readonly KnownPerson[]> {
  const asked = keys.flatMap((key) =>
    (key.kind === 'phone' ? phoneVariants(key.value) : [key.value]).map((value) => ({ key, value })),
  )
  const owners = await findPersons(
    sql,
    asked.map(({ key, value }) => ({ kind: key.kind, value })),
  )
  return asked.flatMap(({ key, value }) =>
    owners
      .filter((owner) => owner.kind === key.kind && owner.value === value)
      .map(({ personId, userIds, phones }) => ({ id: personId, by: key, userIds, phones })),
  )
}
