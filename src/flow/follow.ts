import type { JsonObject } from '../plugin/json.ts'
import { EMPTY_SCOPE, type Scope } from '../value/scope.ts'
import { ValueError } from '../value/value-error.ts'
import { unheldAnswers } from './hold.ts'
import type { Flow, Outcome } from './model.ts'
import { paint } from './paint.ts'
import { pathTo } from './previous-screen.ts'
import type { FlowRequest } from './request.ts'
import { leftBehind } from './resume.ts'
import { atFirstRound, hasAllRounds, inLastRound } from './rounds.ts'
import { type ScreenAnswer, type Session, SUCCESS, sessionScope } from './session.ts'
import { stayWith } from './stay-with.ts'
import type { Step } from './step.ts'
import { moved, type Turn } from './turn.ts'
import { withoutOtherWays } from './without-other-ways.ts'
import type { Words } from './words.ts'

/** Where an exchange leads: an outcome of a rule, or the screen where an unfinished form goes on. */
export type Lead = Exclude<Outcome, { kind: 'resume' }> | { readonly kind: 'resume'; readonly at: string }

/** Takes a run where it leads. `answered` is the session with the answers of this exchange in it; `path` ends with its screen. */
export function follow(turn: Turn, lead: Lead, answered: Session, path: readonly string[]): Promise<Step> {
  if (lead.kind === 'show') return show(turn, lead, answered, path)
  if (lead.kind === 'resume') return resume(turn, lead.at, answered)
  return lead.kind === 'escalate' ? escalate(turn, lead, answered, path) : submit(turn, lead.thanks, answered, path)
}

function show(
  turn: Turn,
  { screen, message }: Extract<Outcome, { kind: 'show' }>,
  answered: Session,
  path: readonly string[],
): Promise<Step> {
  const entered = screen === turn.request.screen ? answered : atFirstRound(turn.flow, screen, answered)
  return enter(turn, screen, entered, pathTo(path, screen), message)
}

/** Goes on where a form was left. A repeated screen keeps its rounds; one that was done opens with the last of them. */
function resume(turn: Turn, at: string, answered: Session): Promise<Step> {
  const left = leftBehind(turn.session, turn.request.screen)
  const resumed = { ...answered, progress: { ...answered.progress, left } }
  const entered = left.at(-1) === at ? resumed : inLastRound(turn.flow, at, resumed)
  return enter(turn, at, entered, pathTo(left, at))
}

async function enter(
  turn: Turn,
  screen: string,
  entered: Session,
  path: readonly string[],
  snackbar?: Words,
): Promise<Step> {
  const { flow, request, inquiry } = turn
  const said = snackbar === undefined ? {} : { snackbar }
  const answer = await paint(flow, screen, entered, inquiry, { typed: entered.form, ...said })
  return { kind: 'move', answer, session: moved(entered, request, answer, path, entered.form) }
}

async function submit(turn: Turn, thanks: string | undefined, whole: Session, path: readonly string[]): Promise<Step> {
  const { flow, session, request, inquiry } = turn
  const { session: answered, givesBack } = withoutOtherWays(flow, whole, path)
  const missing = [...(await missingAnswers(turn, answered, path)), ...(await unheldAnswers(turn, answered))]
  if (missing.length > 0) {
    const answer = await stayWith(turn, flow.messages.incomplete)
    return { kind: 'stay', answer, session, incomplete: missing }
  }
  const finished = (answer: ScreenAnswer): Session => moved(answered, request, answer, path, answered.form)
  if (thanks !== undefined) {
    // No source's trouble may keep a form from being accepted.
    const answer = await paint(flow, thanks, answered, inquiry, { typed: answered.form, manner: 'lenient' })
    return { kind: 'submit', answer, session: finished(answer), ...(givesBack.length === 0 ? {} : { givesBack }) }
  }
  const { answer, remarks } = await close(turn, answered)
  return {
    kind: 'submit',
    answer,
    session: finished(answer),
    ...(remarks.length === 0 ? {} : { remarks }),
    ...(givesBack.length === 0 ? {} : { givesBack }),
  }
}

/** The answer that closes the flow, and what could not be said in it. */
export async function close(
  { flow, request, inquiry }: Turn,
  finished: Session,
): Promise<{ readonly answer: ScreenAnswer; readonly remarks: readonly string[] }> {
  const paths = [...flow.answer.values()].flatMap((value) => value.paths)
  const scope = await inquiry.scope(finished, request.screen, paths, 'lenient')
  const { params, remarks } = await finalParams(flow, scope)
  return { answer: finalAnswer(request, params), remarks }
}

async function escalate(
  turn: Turn,
  { screen, queue }: Extract<Outcome, { kind: 'escalate' }>,
  answered: Session,
  path: readonly string[],
): Promise<Step> {
  const { flow, request, inquiry } = turn
  const handed: Session = queue === undefined ? answered : { ...answered, progress: { ...answered.progress, queue } }
  const answer = await paint(flow, screen, handed, inquiry, { typed: handed.form, manner: 'lenient' })
  const session = moved(handed, request, answer, [...path, screen], handed.form)
  return { kind: 'submit', occasion: 'handed_over', answer, session }
}

/**
 * Required fields of screens that lie before this one and have no answer: the client skipped them, or nothing kept what
 * it was told there (no token, a session long purged). Accepting the form would lose them without a word. A screen from
 * which somebody was led aside was not answered, and need not be.
 */
async function missingAnswers(turn: Turn, answered: Session, path: readonly string[]): Promise<readonly string[]> {
  const { flow, inquiry } = turn
  const { screen } = turn.request
  const { form, person } = answered
  const scope = { ...EMPTY_SCOPE, form, person, session: sessionScope(answered, inquiry.today) }
  const answers = path.filter((id, index) => flow.screens.get(id)?.aside.has(path[index + 1] ?? '') !== true)
  const earlier = new Set([...(flow.before.get(screen) ?? []), ...answers])
  earlier.delete(screen)
  const missing: string[] = []
  for (const id of earlier) {
    const { fields, repeat } = flow.screens.get(id) ?? {}
    const required = [...(fields?.values() ?? [])].filter((field) => field.required?.test(scope) === true)
    if (repeat === undefined)
      missing.push(...required.map(({ name }) => name).filter((name) => form[name] === undefined))
    // Whoever went back to its last round, or never came to it, would lose that one.
    else if (required.length > 0 && !(await hasAllRounds(flow, id, answered, inquiry))) missing.push(repeat.into)
  }
  return missing
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
