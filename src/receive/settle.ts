import type { Pool } from 'pg'
import type { Reservation } from '../flow/asking.ts'
import { renew } from '../flow/begin-session.ts'
import type { ScreenAnswer, Session } from '../flow/session.ts'
import type { Step } from '../flow/step.ts'
import { Group, togetherElseAlone } from '../store/group.ts'
import { type SessionWrite, saveSessions } from '../store/sessions.ts'
import type { Acceptance } from '../submit/accept.ts'
import type { FinishedForm } from '../submit/prepare.ts'
import type { ExchangeEvents } from './exchange-events.ts'

interface SettleOptions {
  readonly pool: Pool
  readonly accept: (finished: FinishedForm) => Promise<Acceptance>
  readonly giveBack: (reservation: Reservation) => Promise<unknown>
  readonly events: ExchangeEvents
}

/** What is known of a run when its step is stored. */
type Settling = Omit<FinishedForm, 'session' | 'answer' | 'occasion'> & { readonly takesOver?: Session }

/** Stores what a step moved and tells the answer; `undefined` where another request was first and it must be decided anew. */
export function createSettle({ pool, accept, giveBack, events }: SettleOptions) {
  const saves = new Group<SessionWrite, PromiseSettledResult<boolean>>({
    atMost: 64,
    run: (writes) => togetherElseAlone(writes, (some) => saveSessions(pool, some)),
  })

  return async (step: Step, settling: Settling): Promise<ScreenAnswer | undefined> => {
    const answer = await store(step, settling)
    // Not before it is stored: until then the run still holds it. Nobody waits; what fails is tried again by a worker.
    if (answer !== undefined) for (const reservation of step.givesBack ?? []) void giveBack(reservation)
    return answer
  }

  async function store(step: Step, settling: Settling): Promise<ScreenAnswer | undefined> {
    const { flow, now, stored, expectedRevision, takesOver } = settling
    if (step.kind === 'stay' || (step.kind === 'move' && !stored)) return step.answer
    const session = renew(flow, now, step.session)
    if (step.kind === 'submit') return submit(step, { ...settling, session })
    const saved = await saves.join({ session, expectedRevision, ...(takesOver === undefined ? {} : { takesOver }) })
    if (saved.status === 'rejected') throw saved.reason
    return saved.value ? step.answer : undefined
  }

  async function submit(step: Step, settling: Settling & { session: Session }): Promise<ScreenAnswer | undefined> {
    const { answer, occasion = 'submitted' } = step
    const acceptance = await accept({ ...settling, answer, occasion })
    if (acceptance.kind === 'stale') return undefined
    const { submissionId, kind } = acceptance
    const { requestId, flow } = settling
    events.submitted({ flow: flow.name, requestId, submissionId, repeat: kind === 'repeat', occasion })
    return acceptance.kind === 'repeat' ? acceptance.answer : answer
  }
}
