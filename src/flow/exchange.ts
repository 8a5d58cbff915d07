import type { JsonObject } from '../plugin/json.ts'
import type { Scope } from '../value/scope.ts'
import { ValueError } from '../value/value-error.ts'
import type { DataFault } from '../whatsapp/flow-json.ts'
import { faultsOf } from './answer.ts'
import { checkAnswers } from './check-answers.ts'
import { type Flow, flowScope, type Screen } from './model.ts'
import { PaintError, paint } from './paint.ts'
import { pathTo, previousScreen } from './previous-screen.ts'
import type { FlowRequest } from './request.ts'
import { type ScreenAnswer, type Session, SUCCESS, sessionScope } from './session.ts'
import { tidyAnswer } from './tidy-answer.ts'

/**
 * What one exchange comes to.
 * `stay`: answer, nothing moves. `move`: store the session, then answer. `submit`: accept the form and store the session
 * in one transaction, then answer. `rejected` beside any of them: the answer that was meant broke the Flow JSON, and
 * what is sent instead is a fallback that moves nothing.
 */
export interface Step {
  readonly kind: 'stay' | 'move' | 'submit'
  readonly answer: ScreenAnswer
  /** The session after the step. */
  readonly session: Session
  readonly rejected?: { readonly screen: string; readonly faults: readonly DataFault[] }
  /** What an operator should know of the answer, although it goes out. */
  readonly remarks?: readonly string[]
  /** Required answers of earlier screens that are missing: the form was not accepted. */
  readonly incomplete?: readonly string[]
  /** Names of the fields refused, for events; never what was typed. */
  readonly refused?: readonly string[]
}

/** Decides what a person sees next. Pure: the same flow, session and request give the same step. */
export async function exchange(flow: Flow, session: Session, request: FlowRequest): Promise<Step> {
  const { step, screen, faults } = await meant(flow, session, request)
  if (step !== undefined && faults.length === 0) return step
  const answer = await fallback(flow, session, request)
  return { kind: 'stay', answer, session, rejected: { screen, faults } }
}

/** The step to take, and what is wrong with its answer; none where that cannot even be worked out. */
async function meant(
  flow: Flow,
  session: Session,
  request: FlowRequest,
): Promise<{ readonly step?: Step; readonly screen: string; readonly faults: readonly DataFault[] }> {
  try {
    const step = tidied(flow, await decide(flow, session, request))
    return { step, screen: step.answer.screen, faults: faultsOf(flow, request, step.answer) }
  } catch (error) {
    if (!(error instanceof PaintError)) throw error
    return { screen: error.screen, faults: [{ path: error.key, message: error.message }] }
  }
}

function tidied(flow: Flow, step: Step): Step {
  const { answer, remarks } = tidyAnswer(flow, step.answer)
  if (remarks.length === 0) return step
  const session = step.kind === 'stay' ? step.session : { ...step.session, lastAnswer: answer }
  return { ...step, answer, session, remarks: [...(step.remarks ?? []), ...remarks] }
}

/** The same screen again with a sentence in a snackbar, for when nothing may move. Never rejects because of its data. */
export async function stayWith(
  flow: Flow,
  session: Session,
  request: FlowRequest,
  snackbar: string,
): Promise<ScreenAnswer> {
  const known = request.action !== 'INIT' && flow.flowJson.screens.has(request.screen)
  const screen = known ? request.screen : flow.firstScreen
  const shown = shownData(session, screen)
  if (shown !== undefined) return { screen, data: { ...shown, error_message: snackbar } }
  try {
    return await paint(flow, screen, scopeOf(flow, session, screen), { typed: session.form, snackbar })
  } catch (error) {
    if (!(error instanceof PaintError)) throw error
    // The most that a client can still show.
    return { screen, data: { error_message: snackbar } }
  }
}

function decide(flow: Flow, session: Session, request: FlowRequest): Promise<Step> | Step {
  if (session.lastAnswer !== undefined && session.lastRequest === request.fingerprint) {
    return { kind: 'stay', answer: session.lastAnswer, session }
  }
  if (session.submissionId !== undefined) return repeatFinal(flow, session, request)
  if (request.action === 'INIT') return open(flow, session, request)
  if (request.action === 'BACK') return goBack(flow, session, request)
  const screen = flow.screens.get(request.screen)
  if (request.action === 'unknown' || screen === undefined || screen.next.length === 0) {
    return apologise(flow, session, request)
  }
  return goOn(flow, session, request, screen)
}

/** A finished form always gets its final answer again; going back in it only repaints. */
async function repeatFinal(flow: Flow, session: Session, request: FlowRequest): Promise<Step> {
  if (request.action === 'BACK') {
    const screen = previousScreen(flow, session.path, request.screen)
    const answer = await paint(flow, screen, scopeOf(flow, session, screen), { typed: session.form })
    return { kind: 'stay', answer, session }
  }
  return { kind: 'stay', answer: session.lastAnswer ?? finalAnswer(request, {}), session }
}

async function open(flow: Flow, session: Session, request: FlowRequest): Promise<Step> {
  const answer = await paint(flow, flow.firstScreen, scopeOf(flow, session, flow.firstScreen), { typed: session.form })
  if (session.revision > 0) return { kind: 'stay', answer, session }
  return { kind: 'move', answer, session: moved(session, request, answer, [flow.firstScreen], session.form) }
}

async function goBack(flow: Flow, session: Session, request: FlowRequest): Promise<Step> {
  const screen = previousScreen(flow, session.path, request.screen)
  const answer = await paint(flow, screen, scopeOf(flow, session, screen), { typed: session.form })
  return { kind: 'move', answer, session: moved(session, request, answer, pathTo(session.path, screen), session.form) }
}

async function apologise(flow: Flow, session: Session, request: FlowRequest): Promise<Step> {
  return { kind: 'stay', answer: await stayWith(flow, session, request, flow.messages.sorry), session }
}

async function goOn(flow: Flow, session: Session, request: FlowRequest, screen: Screen): Promise<Step> {
  const { form, refused } = checkAnswers(flow, screen, request.data, session.form)
  if (refused.size > 0) {
    const typed = { ...session.form, ...request.data }
    const answer = await paint(flow, screen.id, scopeOf(flow, session, screen.id), { typed, refused })
    return { kind: 'stay', answer, session, refused: [...refused.keys()] }
  }
  const answered: Session = { ...session, form }
  const scope = scopeOf(flow, answered, screen.id)
  const path = pathTo(session.path, screen.id)
  const rule = screen.next.find(({ when }) => when === undefined || when.test(scope))
  if (rule === undefined || rule.then === 'submit') {
    const missing = missingAnswers(flow, form, screen.id, path)
    if (missing.length > 0) {
      const answer = await stayWith(flow, session, request, flow.messages.incomplete)
      return { kind: 'stay', answer, session, incomplete: missing }
    }
    const { params, remarks } = await finalParams(flow, scope)
    const answer = finalAnswer(request, params)
    const finished = moved(session, request, answer, path, form)
    return { kind: 'submit', answer, session: finished, ...(remarks.length === 0 ? {} : { remarks }) }
  }
  const { show } = rule.then
  const answer = await paint(flow, show, scopeOf(flow, answered, show), { typed: form })
  return { kind: 'move', answer, session: moved(session, request, answer, pathTo(path, show), form) }
}

/**
 * Required fields of screens that lie before this one and have no answer: the client skipped them, or nothing kept what
 * it was told there (no token, a session long purged). Accepting the form would lose them without a word.
 */
function missingAnswers(flow: Flow, form: JsonObject, screen: string, path: readonly string[]): readonly string[] {
  const earlier = new Set([...(flow.before.get(screen) ?? []), ...path])
  earlier.delete(screen)
  return [...earlier].flatMap((id) =>
    [...(flow.screens.get(id)?.fields.values() ?? [])]
      .filter(({ name, settings }) => settings.required === true && form[name] === undefined)
      .map(({ name }) => name),
  )
}

function moved(
  session: Session,
  request: FlowRequest,
  answer: ScreenAnswer,
  path: readonly string[],
  form: JsonObject,
): Session {
  const screen = path.at(-1) ?? session.screen
  return { ...session, screen, path, form, lastRequest: request.fingerprint, lastAnswer: answer }
}

/** The extra words of the final answer. One that cannot be worked out is left out: it must not keep a form from being accepted. */
async function finalParams(
  flow: Flow,
  scope: Scope,
): Promise<{ readonly params: JsonObject; readonly remarks: readonly string[] }> {
  const params: Record<string, JsonObject[string]> = {}
  const remarks: string[] = []
  for (const [name, value] of flow.answer) {
    try {
      const param = await value.evaluate(scope)
      if (param !== undefined) params[name] = param
    } catch (error) {
      if (!(error instanceof ValueError)) throw error
      remarks.push(`answer.${name} was left out: ${error.message}`)
    }
  }
  return { params, remarks }
}

/** Meta's shape of "close the flow and send the reply message" (endpoint guide, "Final response payload"). */
function finalAnswer(request: FlowRequest, params: JsonObject): ScreenAnswer {
  const all = { flow_token: request.flowToken, ...params }
  return { screen: SUCCESS, data: { extension_message_response: { params: all } } }
}

/** What is sent where the meant answer broke the Flow JSON: the same screen, on INIT the entry screen, with an apology. */
async function fallback(flow: Flow, session: Session, request: FlowRequest): Promise<ScreenAnswer> {
  const answer = await stayWith(flow, session, request, flow.messages.sorry)
  if (faultsOf(flow, request, answer).length === 0) return answer
  // Even that screen's own data is broken: the snackbar alone is the most a client can still show.
  return { screen: answer.screen, data: { error_message: flow.messages.sorry } }
}

/** What a screen showed last, as far as the session still knows: without the snackbar of that moment. */
function shownData(session: Session, screen: string): JsonObject | undefined {
  if (session.lastAnswer?.screen !== screen) return undefined
  const { error_message: _said, ...data } = session.lastAnswer.data
  return data
}

function scopeOf(flow: Flow, session: Session, screen: string): Scope {
  return {
    form: session.form,
    person: session.person,
    session: sessionScope(session),
    flow: flowScope(flow),
    data: shownData(session, screen) ?? {},
    records: {},
  }
}
