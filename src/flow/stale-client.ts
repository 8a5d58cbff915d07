import type { World } from './inquiry.ts'
import { paint } from './paint.ts'
import type { Step } from './step.ts'
import type { Turn } from './turn.ts'

/**
 * Where a phone is brought back to that answers another screen than the one it was shown last: there, or to the furthest
 * screen of its way that an edge leads to. `undefined` where the flow does not mind, or no edge leads back: the answer is
 * then heard, for else its person could never go on.
 */
export function staleTarget({ flow, session, request }: Turn): string | undefined {
  if (flow.staleClient === 'accept' || session.revision === 0 || session.path.length === 0) return undefined
  if (reachedAlone(flow.flowJson.screens, session.screen).has(request.screen)) return undefined
  const { routing } = flow.flowJson
  const isLinked = (screen: string): boolean =>
    routing.get(request.screen)?.has(screen) === true || routing.get(screen)?.has(request.screen) === true
  return isLinked(session.screen) ? session.screen : session.path.findLast(isLinked)
}

/**
 * Whether the run has left the screen of this request by a press that came together with it, so that the phone is shown the
 * next screen already. Only for what raced: whoever went back may select something anew at any later time.
 */
export function hasJustLeft({ flow, session, request }: Turn, { raced }: World): boolean {
  if (!raced) return false
  const { path, screen, lastAnswer } = session
  // A form that was opened again keeps the path it had.
  if (path.at(-2) !== request.screen || path.at(-1) !== screen || lastAnswer?.screen !== screen) return false
  return !reachedAlone(flow.flowJson.screens, screen).has(request.screen)
}

/** Shows `screen` again to a phone that went elsewhere by itself, and says so. */
export async function repaint({ flow, session, inquiry }: Turn, screen: string): Promise<Step> {
  const answer = await paint(flow, screen, session, inquiry, { typed: session.form, snackbar: flow.messages.moved })
  return { kind: 'stay', answer, session }
}

/** The screen itself, and those a phone reaches from it by `navigate` without asking. */
function reachedAlone(
  screens: ReadonlyMap<string, { readonly navigatesTo: ReadonlySet<string> }>,
  from: string,
): ReadonlySet<string> {
  const reached = new Set<string>()
  const open = [from]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (reached.has(id)) continue
    reached.add(id)
    open.push(...(screens.get(id)?.navigatesTo ?? []))
  }
  return reached
}
