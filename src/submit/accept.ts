import type { Pool } from 'pg'
import type { ScreenAnswer } from '../flow/session.ts'
import { Group, togetherElseAlone } from '../store/group.ts'
import { insertHandOvers } from '../store/hand-overs.ts'
import { inTransaction, type Sql } from '../store/pool.ts'
import type { Queue } from '../store/queue.ts'
import { finishSessionsAs, saveSessions } from '../store/sessions.ts'
import { insertSubmissions, type MarkWrite, markKey, readMarked, setMarks } from '../store/submissions.ts'
import { type FinishedForm, type PreparedSubmission, prepareSubmission } from './prepare.ts'

/**
 * What became of a form. `accepted`: it is a submission now, and its first jobs are sent. `repeat`: it is one that was
 * accepted before, whose answer goes out again; an opening after the end has no answer. `stale`: another request moved the session meanwhile; read it again.
 */
export type Acceptance =
  | { readonly kind: 'accepted'; readonly submissionId: string }
  | { readonly kind: 'repeat'; readonly submissionId: string; readonly answer: ScreenAnswer }
  | { readonly kind: 'stale' }

export interface AcceptOptions {
  readonly pool: Pool
  readonly queue: Pick<Queue, 'send'>
}

/** Members of one transaction at most: more would make the first wait for the last. */
const TOGETHER = 32

/**
 * Accepts forms, exactly once each: session, mark, submission, hand-over, deliveries and first jobs commit together or
 * not at all. Forms that arrive together share a transaction; one that makes it fail is tried alone.
 */
export function createAccept({ pool, queue }: AcceptOptions): (finished: FinishedForm) => Promise<Acceptance> {
  const together = (members: readonly PreparedSubmission[]) =>
    inTransaction(pool, (sql) => acceptTogether(sql, members, queue))
  const group = new Group<PreparedSubmission, PromiseSettledResult<Acceptance>>({
    atMost: TOGETHER,
    run: (members) => togetherElseAlone(members, together),
  })
  return async (finished) => {
    const settled = await group.join(prepareSubmission(finished))
    if (settled.status === 'rejected') throw settled.reason
    return settled.value
  }
}

async function acceptTogether(
  sql: Sql,
  members: readonly PreparedSubmission[],
  queue: Pick<Queue, 'send'>,
): Promise<readonly Acceptance[]> {
  const fates = new Map<PreparedSubmission, Acceptance>()
  for (const member of await withoutStale(sql, members)) {
    fates.set(member, { kind: 'accepted', submissionId: member.submission.id })
  }
  await findRepeats(sql, fates)
  const accepted = [...fates].filter(([, { kind }]) => kind === 'accepted').map(([member]) => member)
  await finishRepeated(sql, fates)
  if (accepted.length > 0) await store(sql, accepted, queue)
  return members.map((member) => fates.get(member) ?? { kind: 'stale' })
}

/** Moves the sessions on; a member whose session has moved meanwhile is left out. */
async function withoutStale(sql: Sql, members: readonly PreparedSubmission[]): Promise<readonly PreparedSubmission[]> {
  const writes = members.flatMap(({ write }) => (write === undefined ? [] : [write]))
  if (writes.length === 0) return members
  const saved = await saveSessions(sql, writes)
  const stored = new Set(writes.filter((_, index) => saved[index] === true))
  return members.filter(({ write }) => write === undefined || stored.has(write))
}

/** Marks what is new and turns the rest into repeats, those of the same group included. */
async function findRepeats(sql: Sql, fates: Map<PreparedSubmission, Acceptance>): Promise<void> {
  const first = new Map<string, { readonly member: PreparedSubmission; readonly mark: MarkWrite }>()
  const later: { readonly member: PreparedSubmission; readonly key: string }[] = []
  for (const member of fates.keys()) {
    if (member.mark === undefined) continue
    const key = markKey(member.mark)
    if (first.has(key)) later.push({ member, key })
    else first.set(key, { member, mark: member.mark })
  }
  if (first.size === 0) return
  const marks = [...first.values()].map(({ mark }) => mark)
  const fresh = await setMarks(sql, marks, newest(fates))
  const held = marks.filter((mark) => !fresh.has(markKey(mark)))
  const previous = held.length === 0 ? new Map() : await readMarked(sql, held)
  for (const [key, { member }] of first) {
    if (fresh.has(key)) continue
    const earlier = previous.get(key)
    // A mark and its submission commit together, so one that is held can be read.
    if (earlier === undefined) throw new Error('a mark is held by a submission that cannot be read')
    fates.set(member, { kind: 'repeat', ...earlier })
  }
  for (const { member, key } of later) {
    const winner = first.get(key)?.member
    const fate = winner === undefined ? undefined : fates.get(winner)
    if (winner === undefined || fate === undefined || fate.kind === 'stale') continue
    fates.set(member, { kind: 'repeat', submissionId: fate.submissionId, answer: answerOf(winner, fate) })
  }
}

function answerOf(winner: PreparedSubmission, fate: Acceptance): ScreenAnswer {
  return fate.kind === 'repeat' ? fate.answer : winner.submission.answer
}

/** The members came within one moment; the latest of their times decides whether a window has ended. */
function newest(fates: ReadonlyMap<PreparedSubmission, Acceptance>): Date {
  return new Date(Math.max(...[...fates.keys()].map(({ submission }) => submission.acceptedAt.getTime())))
}

/** A repeat from another session finishes that session too, with the answer given before. */
async function finishRepeated(sql: Sql, fates: ReadonlyMap<PreparedSubmission, Acceptance>): Promise<void> {
  const repeats = [...fates].flatMap(([{ write }, fate]) =>
    write === undefined || fate.kind !== 'repeat'
      ? []
      : [{ session: write.session, submissionId: fate.submissionId, answer: fate.answer }],
  )
  if (repeats.length > 0) await finishSessionsAs(sql, repeats)
}

async function store(sql: Sql, accepted: readonly PreparedSubmission[], queue: Pick<Queue, 'send'>): Promise<void> {
  const deliveries = accepted.flatMap((member) => member.deliveries)
  await insertSubmissions(
    sql,
    accepted.map(({ submission }) => submission),
    deliveries,
  )
  const handOvers = accepted.flatMap(({ handOver }) => (handOver === undefined ? [] : [handOver]))
  if (handOvers.length > 0) await insertHandOvers(sql, handOvers)
  const due = deliveries.filter(({ waitsFor }) => waitsFor.length === 0)
  if (due.length > 0) {
    await queue.send(
      due.map(({ id, destination, createdAt }) => ({ deliveryId: id, destination, hintedAt: createdAt })),
      sql,
    )
  }
}
