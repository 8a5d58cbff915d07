import type { Reservation } from './asking.ts'
import { checkAnswers } from './check-answers.ts'
import { Diversion } from './inquiry.ts'
import { paint } from './paint.ts'
import { pathTo } from './previous-screen.ts'
import { withOwnList } from './rounds.ts'
import type { Session } from './session.ts'
import { stayDiverted } from './stay-with.ts'
import type { Step } from './step.ts'
import { moved, type Turn } from './turn.ts'

/**
 * Does work that a source's trouble may lead elsewhere. Where that happens, what the run has come to until then goes along:
 * what is held for it, what it has collected, what it is to give back.
 */
export async function takingAlong<Result>(
  session: Session,
  givesBack: readonly Reservation[],
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Diversion)) throw error
    const { ask, way, reached } = error
    throw new Diversion(ask, way, {
      session: reached?.session ?? session,
      givesBack: [...(reached?.givesBack ?? []), ...givesBack],
    })
  }
}

/** Where a source cannot answer: the screen declared for that, or the same one with the declared words. */
export function divert(turn: Turn, diversion: Diversion): Promise<Step> {
  const { way, reached } = diversion
  if (way.kind === 'message') return stayDiverted(turn, withAnswers(turn), diversion)
  return show(turn, reached?.session ?? withAnswers(turn), diversion, way.screen)
}

async function show(turn: Turn, answered: Session, { ask, reached }: Diversion, screen: string): Promise<Step> {
  const { flow, session, request, inquiry } = turn
  const { form } = answered
  const answer = await paint(flow, screen, answered, inquiry, { typed: form, manner: 'lenient' })
  const answering = request.action === 'data_exchange' && flow.screens.has(request.screen)
  const path = pathTo(answering ? pathTo(session.path, request.screen) : session.path, screen)
  const step: Step = { kind: 'move', answer, session: moved(answered, request, answer, path, form), unavailable: [ask] }
  return reached === undefined || reached.givesBack.length === 0 ? step : { ...step, givesBack: reached.givesBack }
}

/** The session with the answers of this request, where they are right in themselves. */
function withAnswers({ flow, session, request }: Turn): Session {
  const screen = request.action === 'data_exchange' ? flow.screens.get(request.screen) : undefined
  if (screen === undefined) return session
  const { form, refused } = checkAnswers(flow, screen, request.data, session.form, 'some')
  return refused.size > 0 ? session : { ...session, form: withOwnList(screen, session, form) }
}
