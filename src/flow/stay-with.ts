import { type Diversion, Inquiry } from './inquiry.ts'
import type { Flow } from './model.ts'
import { PaintError, paint } from './paint.ts'
import type { FlowRequest } from './request.ts'
import { shownData } from './scope.ts'
import type { ScreenAnswer, Session } from './session.ts'
import type { Step } from './step.ts'
import type { Turn } from './turn.ts'
import type { Words } from './words.ts'

/** The same screen again with words in a snackbar, for when nothing may move. Never rejects because of its data or a source. */
export async function stayWith({ flow, session, request, inquiry }: Turn, words: Words): Promise<ScreenAnswer> {
  const known = request.action !== 'INIT' && flow.flowJson.screens.has(request.screen)
  const screen = known ? request.screen : flow.firstScreen
  const said = await words.say(await inquiry.scope(session, screen, words.paths, 'lenient'), session.language)
  const shown = shownData(session, screen)
  if (shown !== undefined) return { screen, data: { ...shown, error_message: said } }
  try {
    return await paint(flow, screen, session, inquiry, { typed: session.form, snackbar: words, manner: 'lenient' })
  } catch (error) {
    if (!(error instanceof PaintError)) throw error
    // The most that a client can still show.
    return { screen, data: { error_message: said } }
  }
}

/** As `stayWith`, where there is no time to ask anybody anything. */
export function stayInSilence(
  flow: Flow,
  session: Session,
  request: FlowRequest,
  now: Date,
  words: Words,
): Promise<ScreenAnswer> {
  return stayWith({ flow, session, request, inquiry: silent(flow, request, now) }, words)
}

/** Words on their own, for when no screen can be shown. */
export async function sayAlone(
  flow: Flow,
  session: Session,
  request: FlowRequest,
  now: Date,
  words: Words,
): Promise<string> {
  const scope = await silent(flow, request, now).scope(session, session.screen, words.paths, 'lenient')
  return words.say(scope, session.language)
}

function silent(flow: Flow, request: FlowRequest, now: Date): Inquiry {
  return new Inquiry(flow, request, { asking: NOBODY, now, raced: false, alsoValidIn: [] })
}

const NOBODY = {
  ask: () => Promise.resolve({ kind: 'unavailable', fallback: undefined } as const),
  reserve: () => Promise.resolve({ kind: 'unavailable', fallback: undefined } as const),
}

/** A source could not answer and the person stays on their screen. `answered` has their answers, which are not kept. */
export async function stayDiverted(turn: Turn, answered: Session, diversion: Diversion): Promise<Step> {
  const words = diversion.way.kind === 'message' ? diversion.way.words : undefined
  const answer = await stayWith({ ...turn, session: answered }, words ?? turn.flow.messages.sorry)
  return { kind: 'stay', answer, session: turn.session, unavailable: [diversion.ask] }
}
