import { paint } from './paint.ts'
import type { Step } from './step.ts'
import type { Turn } from './turn.ts'

/** Whether a phone answers another screen than the one it was shown last, and the flow minds. */
export function isStale({ flow, session, request }: Turn): boolean {
  if (flow.staleClient === 'accept' || session.revision === 0 || session.path.length === 0) return false
  return !reachedAlone(flow.flowJson.screens, session.screen).has(request.screen)
}

/** Brings the person back to the screen they were shown last; to the one they are on where no edge leads there. */
export async function repaint({ flow, session, request, inquiry }: Turn): Promise<Step> {
  const { routing } = flow.flowJson
  const linked =
    routing.get(request.screen)?.has(session.screen) === true ||
    routing.get(session.screen)?.has(request.screen) === true
  const screen = linked ? session.screen : request.screen
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
