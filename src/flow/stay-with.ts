import { type Diversion, Inquiry } from './inquiry.ts'
import { mended } from './mended.ts'
import type { Flow } from './model.ts'
import { paint, retyped } from './paint.ts'
import type { FlowRequest } from './request.ts'
import { shownData } from './scope.ts'
import type { ScreenAnswer, Session } from './session.ts'
import type { Step } from './step.ts'
import type { Turn } from './turn.ts'
import type { Words } from './words.ts'

/**
 * The same screen again with words in a snackbar and what was just typed, for when nothing may move. Never rejects because
 * of its data or a source, and breaks no Flow JSON: what cannot be shown is empty.
 */
export async function stayWith({ flow, session, request, inquiry }: Turn, words: Words): Promise<ScreenAnswer> {
  const { screens } = flow.flowJson
  const screen = request.action !== 'INIT' && screens.has(request.screen) ? request.screen : flow.firstScreen
  const latest = request.action === 'data_exchange' && request.screen === screen ? request.data : {}
  const declared = screens.get(screen)
  const shown = shownData(session, screen)
  if (declared === undefined || shown === undefined) {
    const typed = { ...session.form, ...latest }
    const how = { typed, latest, snackbar: words, manner: 'lenient', unworkable: 'empty' } as const
    return mended(flow, await paint(flow, screen, session, inquiry, how))
  }
  const said = await words.say(await inquiry.scope(session, screen, words.paths, 'lenient'), session.language)
  return mended(flow, { screen, data: { ...retyped(declared, shown, latest), error_message: said } })
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
