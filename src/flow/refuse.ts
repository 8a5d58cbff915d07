import type { JsonObject } from '../plugin/json.ts'
import type { Refusal } from './check-answers.ts'
import { follow } from './follow.ts'
import type { Screen } from './model.ts'
import { paint } from './paint.ts'
import { pathTo } from './previous-screen.ts'
import { keepingLeft } from './resume.ts'
import type { CheckOutcome, Session } from './session.ts'
import type { Step } from './step.ts'
import { moved, type Turn } from './turn.ts'

/** What is wrong with the answers of a screen. */
export interface Refusals {
  readonly fields: ReadonlyMap<string, Refusal>
  readonly snackbar?: Refusal | undefined
  /** The form with these answers, each right in itself: what the screen's data and the words refer to. */
  readonly form?: JsonObject
  /** The form with those answers that were right: what goes along where the way out is taken. */
  readonly right: JsonObject
  /** Outcomes of the checks that ran, which the screen may show. */
  readonly outcomes?: Readonly<Record<string, CheckOutcome>>
}

/** Marks an answer that a later, identical request does not simply repeat: it was judged, and is judged anew. */
export const JUDGED = 'judged:'

/**
 * The same screen again with what is wrong on it. A screen with a way out counts its refusals in a row, and takes it once
 * they are enough.
 */
export async function refuse(turn: Turn, screen: Screen, refusals: Refusals): Promise<Step> {
  const { flow, request, inquiry } = turn
  const refused = [...refusals.fields.keys(), ...(refusals.snackbar === undefined ? [] : ['(form)'])]
  const session = withOutcomes(turn.session, refusals.outcomes ?? {})
  const { wayOut } = screen
  const count = (session.progress.refusals[screen.id] ?? 0) + 1
  if (wayOut !== undefined && count >= wayOut.after && wayOut.outcome.kind !== 'resume') {
    const answered = counted({ ...session, form: withoutKept(screen, refusals.right) }, screen.id, 0)
    const step = await follow(turn, wayOut.outcome, answered, pathTo(session.path, screen.id))
    return { ...step, refused }
  }
  const typed: JsonObject = { ...session.form, ...request.data }
  const shown = { ...session, form: refusals.form ?? session.form }
  const answer = await paint(flow, screen.id, shown, inquiry, {
    typed,
    latest: request.data,
    refused: refusals.fields,
    ...(refusals.snackbar === undefined ? {} : { snackbar: refusals.snackbar.words }),
  })
  if (wayOut === undefined) return { kind: 'stay', answer, session: turn.session, refused }
  const judged = keepingLeft(flow, counted(session, screen.id, count), screen.id)
  const kept = moved(judged, request, answer, pathTo(session.path, screen.id), session.form)
  return { kind: 'move', answer, session: { ...kept, lastRequest: `${JUDGED}${request.fingerprint}` }, refused }
}

/** What a screen kept before belongs to answers it no longer has. */
function withoutKept({ keep }: Screen, form: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(form).filter(([name]) => !keep.has(name)))
}

/** The session with this many refusals of a screen in a row. */
export function counted(session: Session, screen: string, count: number): Session {
  const { [screen]: before = 0, ...others } = session.progress.refusals
  if (before === count) return session
  return {
    ...session,
    progress: { ...session.progress, refusals: count === 0 ? others : { ...others, [screen]: count } },
  }
}

/** The session with what checks came to. */
export function withOutcomes(session: Session, outcomes: Readonly<Record<string, CheckOutcome>>): Session {
  if (Object.keys(outcomes).length === 0) return session
  return { ...session, progress: { ...session.progress, checks: { ...session.progress.checks, ...outcomes } } }
}
