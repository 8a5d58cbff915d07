import { faultsOf, type PlacedFault, placeOf } from './answer.ts'
import { divert } from './divert.ts'
import { close } from './follow.ts'
import { goOn } from './go-on.ts'
import { Diversion, Inquiry, type World } from './inquiry.ts'
import type { Flow } from './model.ts'
import { PaintError, paint } from './paint.ts'
import { pathTo, previousScreen } from './previous-screen.ts'
import { pull, triggerOf } from './pull.ts'
import { isRepeated } from './repeated-request.ts'
import type { FlowRequest } from './request.ts'
import { inOpenRound } from './rounds.ts'
import { type Session, SUCCESS } from './session.ts'
import { withSource } from './source-tracking.ts'
import { hasJustLeft, repaint, staleTarget } from './stale-client.ts'
import { stayWith } from './stay-with.ts'
import type { Step } from './step.ts'
import { tidyAnswer } from './tidy-answer.ts'
import { moved, type Turn } from './turn.ts'
import { withAttributes } from './with-attributes.ts'

/**
 * Decides what a person sees next. Does nothing itself: whatever it needs to know beyond the session and the request it
 * asks through `world.asking`, and the same answers give the same step.
 */
export async function exchange(flow: Flow, session: Session, request: FlowRequest, world: World): Promise<Step> {
  const inquiry = new Inquiry(flow, request, world)
  const told = request.action === 'data_exchange' ? withSource(session.source, request.data) : session.source
  const traced = told === session.source ? session : { ...session, source: told }
  const begun = await withAttributes(flow, traced, inquiry)
  const turn: Turn = { flow, session: begun, request, inquiry }
  const { step, screen, faults } = await meant(turn, world)
  if (step !== undefined && faults.length === 0) return step
  if (step?.kind === 'submit' && step.answer.screen !== SUCCESS) {
    // The flow closes instead: no form is lost, and nobody is left waiting, for the screen that should have followed.
    const { answer } = await close(turn, step.session)
    return { ...step, answer, session: { ...step.session, lastAnswer: answer }, rejected: { screen, faults } }
  }
  // Nothing is declared for an answer that breaks the Flow JSON: the same screen, on INIT the entry screen, with an apology.
  const answer = await stayWith(turn, flow.messages.sorry)
  return { kind: 'stay', answer, session: turn.session, rejected: { screen, faults } }
}

/** The step to take, and what is wrong with its answer; none where that cannot even be worked out. */
async function meant(
  turn: Turn,
  world: World,
): Promise<{ readonly step?: Step; readonly screen: string; readonly faults: readonly PlacedFault[] }> {
  const { flow, request } = turn
  try {
    const step = remarked(turn, tidied(flow, flagged(turn, await decideOrDivert(turn, world))))
    const faults = [flow, ...world.alsoValidIn].flatMap((each) => faultsOf(each, request, step.answer))
    return { step, screen: step.answer.screen, faults }
  } catch (error) {
    if (!(error instanceof PaintError)) throw error
    const { screen, key, message } = error
    return { screen, faults: [{ path: key, message, place: placeOf(flow, screen, key) }] }
  }
}

/** What went on without its source is remembered with the run. */
function flagged({ inquiry }: Turn, step: Step): Step {
  const { progress } = step.session
  const flags = [...new Set([...progress.flags, ...inquiry.flags])]
  if (flags.length === progress.flags.length) return step
  const unavailable = [...(step.unavailable ?? []), ...inquiry.flags]
  return { ...step, unavailable, session: { ...step.session, progress: { ...progress, flags } } }
}

function remarked({ inquiry }: Turn, step: Step): Step {
  const { remarks } = inquiry
  return remarks.length === 0 ? step : { ...step, remarks: [...(step.remarks ?? []), ...remarks] }
}

function tidied(flow: Flow, step: Step): Step {
  const { answer, remarks } = tidyAnswer(flow, step.answer)
  if (remarks.length === 0) return step
  const session = step.kind === 'stay' ? step.session : { ...step.session, lastAnswer: answer }
  return { ...step, answer, session, remarks: [...(step.remarks ?? []), ...remarks] }
}

async function decideOrDivert(turn: Turn, world: World): Promise<Step> {
  try {
    return await decide(turn, world)
  } catch (error) {
    if (!(error instanceof Diversion)) throw error
    return divert(turn, error)
  }
}

function decide(turn: Turn, world: World): Promise<Step> | Step {
  const { flow, session, request } = turn
  const { lastAnswer } = session
  if (lastAnswer !== undefined && isRepeated(turn, world)) return { kind: 'stay', answer: lastAnswer, session }
  if (session.submissionId !== undefined) return repeatFinal(turn)
  if (request.action === 'INIT') return open(turn)
  if (request.action === 'BACK') return goBack(turn)
  const screen = flow.screens.get(request.screen)
  if (request.action === 'unknown' || screen === undefined || screen.next.length + screen.triggers.length === 0) {
    return apologise(turn)
  }
  const stale = staleTarget(turn)
  if (stale !== undefined) return repaint(turn, stale)
  return answerScreen(turn, screen, world)
}

async function answerScreen(asked: Turn, screen: Parameters<typeof goOn>[1], world: World): Promise<Step> {
  const turn = { ...asked, session: await inOpenRound(asked.flow, screen.id, asked.session, asked.inquiry) }
  const trigger = await triggerOf(turn, screen)
  if (trigger !== undefined) {
    const { lastAnswer } = asked.session
    // Selected before the button was pressed, and overtaken: what it changes is what the press has said already.
    if (lastAnswer !== undefined && hasJustLeft(asked, world))
      return { kind: 'stay', answer: lastAnswer, session: asked.session }
    return pull(turn, screen, trigger)
  }
  return screen.next.length === 0 ? apologise(turn) : goOn(turn, screen)
}

/**
 * A finished form always gets its final answer again; going back in it only repaints. Where that answer was a screen, it is
 * closed from there, and from wherever no edge leads to it.
 */
async function repeatFinal(turn: Turn): Promise<Step> {
  const { flow, session, request, inquiry } = turn
  if (request.action === 'BACK') {
    const screen = previousScreen(flow, session.path, request.screen)
    const answer = await paint(flow, screen, session, inquiry, { typed: session.form, manner: 'lenient' })
    return { kind: 'stay', answer, session }
  }
  const { lastAnswer } = session
  const again = lastAnswer !== undefined && lastAnswer.screen !== request.screen
  if (again && faultsOf(flow, request, lastAnswer).length === 0) return { kind: 'stay', answer: lastAnswer, session }
  return { kind: 'stay', answer: (await close(turn, session)).answer, session }
}

/** A run that is opened again is on its first screen; how far it went stays known, for whoever likes to go on there. */
async function open({ flow, session, request, inquiry }: Turn): Promise<Step> {
  const paths = flow.opensAt.flatMap(({ when }) => when.paths)
  const scope = await inquiry.scope(session, flow.firstScreen, paths)
  const first = flow.opensAt.find(({ when }) => when.test(scope))?.screen ?? flow.firstScreen
  const begun = await inOpenRound(flow, first, session, inquiry)
  const answer = await paint(flow, first, begun, inquiry, { typed: begun.form })
  const opened = moved(begun, request, answer, [first], begun.form)
  const path = session.path.length > 0 ? session.path : opened.path
  return { kind: 'move', answer, session: { ...opened, path } }
}

async function goBack({ flow, session, request, inquiry }: Turn): Promise<Step> {
  const screen = previousScreen(flow, session.path, request.screen)
  const before = await inOpenRound(flow, screen, session, inquiry)
  const answer = await paint(flow, screen, before, inquiry, { typed: before.form })
  return { kind: 'move', answer, session: moved(before, request, answer, pathTo(session.path, screen), before.form) }
}

async function apologise(turn: Turn): Promise<Step> {
  return { kind: 'stay', answer: await stayWith(turn, turn.flow.messages.sorry), session: turn.session }
}
