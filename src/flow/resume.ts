import type { Flow } from './model.ts'
import type { Session } from './session.ts'

/**
 * The path of an unfinished form that a person on `screen` may go on with: this run's own where it went further already,
 * else the one it took over from an earlier run. Empty where nothing was left.
 */
export function leftBehind(session: Session, screen: string): readonly string[] {
  const at = session.path.indexOf(screen)
  if (at !== -1 && at < session.path.length - 1) return session.path
  const { left } = session.progress
  return left.at(-1) === screen ? [] : left
}

/** The furthest screen of what was left that an edge of the routing model leads to from `screen`. */
export function resumeAt(flow: Flow, session: Session, screen: string): string | undefined {
  const left = leftBehind(session, screen)
  return left
    .slice(left.indexOf(screen) + 1)
    .findLast((id) => flow.screens.has(id) && flow.flowJson.routing.get(screen)?.has(id) === true)
}
