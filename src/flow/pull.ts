import type { Json } from '../plugin/json.ts'
import { canonicalText } from '../value/hash.ts'
import { checkAnswers } from './check-answers.ts'
import { takingAlong } from './divert.ts'
import type { Screen, Trigger } from './model.ts'
import { paint } from './paint.ts'
import { pathTo } from './previous-screen.ts'
import { JUDGED, refuse, withOutcomes } from './refuse.ts'
import { keepingLeft } from './resume.ts'
import { atFirstRound, withOwnList } from './rounds.ts'
import { runChecks } from './run-checks.ts'
import type { Session } from './session.ts'
import type { Step } from './step.ts'
import { moved, type Turn } from './turn.ts'

/** The trigger a request pulls, where it is no submit of its screen. */
export async function triggerOf({ session, inquiry }: Turn, screen: Screen): Promise<Trigger | undefined> {
  if (screen.triggers.length === 0) return undefined
  const scope = await inquiry.scope(
    session,
    screen.id,
    screen.triggers.flatMap(({ when }) => when.paths),
  )
  return screen.triggers.find(({ when }) => when.test(scope))
}

/** Something was selected, or is to be verified: keeps the answers that came, runs checks, and shows the data anew. */
export async function pull(turn: Turn, screen: Screen, trigger: Trigger): Promise<Step> {
  const { flow, session, request, inquiry } = turn
  const { form: sent, refused } = checkAnswers(flow, screen, request.data, session.form, 'some')
  const form = withOwnList(screen, session, sent)
  if (refused.size > 0) return refuse(turn, screen, { fields: refused, right: form })
  const kept: Record<string, Json> = { ...form }
  for (const name of trigger.clear) delete kept[name]
  const answered: Session = { ...session, form: kept }
  const checks = screen.checks.filter(({ id }) => trigger.checks.includes(id))
  const checked = await runChecks(flow, answered, screen.id, checks, inquiry)
  const judged = withOutcomes(keepingLeft(flow, answered, screen.id), checked.outcomes)
  const shown = trigger.show ?? screen.id
  const entered = shown === screen.id ? judged : atFirstRound(flow, shown, judged)
  const told = trigger.tell && shown === screen.id ? checked : { refused: new Map(), snackbar: undefined }
  const answer = await takingAlong(entered, [], () =>
    paint(flow, shown, entered, inquiry, {
      typed: entered.form,
      refused: told.refused,
      ...(told.snackbar === undefined ? {} : { snackbar: told.snackbar.words }),
    }),
  )
  const path = pathTo(pathTo(session.path, screen.id), shown)
  const after = { ...moved(entered, request, answer, path, entered.form), lastRequest: JUDGED + request.fingerprint }
  const amiss = [...told.refused.keys(), ...(told.snackbar === undefined ? [] : ['(form)'])]
  return {
    kind: isSame(session, after) ? 'stay' : 'move',
    answer,
    session: after,
    ...(amiss.length === 0 ? {} : { refused: amiss }),
  }
}

/** Whether nothing is worth storing: the same selection again. */
function isSame(one: Session, other: Session): boolean {
  const kept = ({ screen, path, form, progress }: Session): string =>
    canonicalText({ screen, path, form, progress } as unknown as Json)
  const shown = ({ lastAnswer }: Session): string => canonicalText((lastAnswer ?? null) as unknown as Json)
  // What was shown may be large, with images in it.
  return one.revision > 0 && kept(one) === kept(other) && shown(one) === shown(other)
}
