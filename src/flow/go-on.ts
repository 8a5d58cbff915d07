import type { Json, JsonObject } from '../plugin/json.ts'
import { checkAnswers } from './check-answers.ts'
import { takingAlong } from './divert.ts'
import { follow, type Lead } from './follow.ts'
import { hold } from './hold.ts'
import { workOut } from './inquiry.ts'
import type { Screen } from './model.ts'
import { paint } from './paint.ts'
import { pathTo } from './previous-screen.ts'
import { counted, refuse, withOutcomes } from './refuse.ts'
import { resumeAt } from './resume.ts'
import { roundsOf, withOwnList } from './rounds.ts'
import { runChecks } from './run-checks.ts'
import { collected } from './scope.ts'
import { type Session, sessionScope } from './session.ts'
import type { Step } from './step.ts'
import { moved, type Turn } from './turn.ts'

/** The answers of a screen were submitted: checks them, holds what it reserves, and goes where its rules lead. */
export async function goOn(turn: Turn, screen: Screen): Promise<Step> {
  const { flow, session, request, inquiry } = turn
  const who = { person: session.person, session: sessionScope(session, inquiry.today) }
  const { form: sent, refused } = checkAnswers(flow, screen, request.data, session.form, 'all', who)
  const form = withOwnList(screen, session, sent)
  if (refused.size > 0) return refuse(turn, screen, { fields: refused, right: form })
  const typed: Session = { ...session, form }
  const checks = screen.checks.filter(({ onSubmit }) => onSubmit)
  const checked = await runChecks(flow, typed, screen.id, checks, inquiry)
  if (checked.refused.size > 0 || checked.snackbar !== undefined) {
    const { refused: fields, snackbar, outcomes } = checked
    return refuse(turn, screen, { fields, snackbar, outcomes, form, right: form })
  }
  const held = await hold(turn, screen, counted(withOutcomes(typed, checked.outcomes), screen.id, 0))
  if (held.kind === 'taken') return refuse(turn, screen, { ...held, outcomes: checked.outcomes, form, right: form })
  const { givesBack } = held
  const step = await takingAlong(held.session, givesBack, async () =>
    leave(turn, screen, await withKept(turn, screen, held.session)),
  )
  // A step that stays stores nothing: the run goes on with what it held before.
  if (step.kind === 'stay') return step
  const told = forgotten(held.session, step)
  return givesBack.length === 0 ? told : { ...told, givesBack: [...givesBack, ...(step.givesBack ?? [])] }
}

/** Without a session nothing remembers what is held, so it is given back although the form goes on: the operator must know. */
function forgotten({ token, progress }: Session, step: Step): Step {
  const names = Object.keys(progress.reservations)
  if (token !== '' || step.kind !== 'move' || names.length === 0) return step
  const remark = `what is reserved as ${names.join(', ')} is given back in a minute: only forms opened with a token hold it`
  return { ...step, remarks: [...(step.remarks ?? []), remark] }
}

/** The answers with what the screen keeps beside them. Each value may refer to those before it. */
async function withKept({ inquiry }: Turn, screen: Screen, answered: Session): Promise<Session> {
  let session = answered
  for (const [name, value] of screen.keep) {
    const scope = await inquiry.scope(session, screen.id, value.paths)
    const { [name]: _before, ...others } = session.form
    const kept = await workOut(value, scope)
    session = { ...session, form: kept === undefined ? others : { ...others, [name]: kept } }
  }
  return session
}

async function leave(turn: Turn, screen: Screen, answered: Session): Promise<Step> {
  const { flow, session, request, inquiry } = turn
  const path = pathTo(session.path, screen.id)
  const round = await endOfRound(turn, screen, answered)
  return takingAlong(round.session, [], async () => {
    if (round.last) return follow(turn, await leadOf(turn, screen, round.session), round.session, path)
    const answer = await paint(flow, screen.id, round.session, inquiry, { typed: {} })
    return { kind: 'move', answer, session: moved(round.session, request, answer, path, round.session.form) }
  })
}

/** Moves the answers of a repeated screen into its list. `last`: there is nothing more to collect. */
async function endOfRound(
  { inquiry }: Turn,
  screen: Screen,
  answered: Session,
): Promise<{ readonly session: Session; readonly last: boolean }> {
  const { repeat } = screen
  if (repeat === undefined) return { session: answered, last: true }
  const times = await roundsOf(screen, answered, inquiry)
  const item: Record<string, Json> = {}
  const rest: Record<string, Json> = { ...answered.form }
  for (const name of screen.fields.keys()) {
    const answer = rest[name]
    if (answer === undefined || name === repeat.into) continue
    item[name] = answer
    delete rest[name]
  }
  // A phone that went back by itself sends the last round again.
  const before = collected(answered.form, repeat.into).slice(0, times - 1)
  const list = [...before, item as JsonObject]
  return { session: { ...answered, form: { ...rest, [repeat.into]: list } }, last: list.length >= times }
}

/** The first rule that applies. One that resumes where nothing was left is passed over. */
async function leadOf({ flow, session, inquiry }: Turn, screen: Screen, answered: Session): Promise<Lead> {
  const paths = screen.next.flatMap(({ when }) => when?.paths ?? [])
  const scope = await inquiry.scope(answered, screen.id, paths)
  for (const { when, outcome } of screen.next) {
    if (when?.test(scope) === false) continue
    if (outcome.kind !== 'resume') return outcome
    const at = flow.resume.offer ? resumeAt(flow, session, screen.id) : undefined
    if (at !== undefined) return { kind: 'resume', at }
  }
  // Loading refuses rules without a last resort.
  return { kind: 'submit' }
}
