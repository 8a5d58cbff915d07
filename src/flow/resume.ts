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

/**
 * The session before its path ends at `screen` again: how far it went stays known, for only a submit decides against going
 * on there.
 */
export function keepingLeft(flow: Flow, session: Session, screen: string): Session {
  const left = flow.resume.offer ? leftBehind(session, screen) : []
  if (left.length === 0 || left === session.progress.left) return session
  return { ...session, progress: { ...session.progress, left } }
}

/**
 * The furthest screen of what was left that an edge of the routing model leads to from `screen`. Nobody is led past a screen
 * that reserves something their run does not hold any more.
 */
export function resumeAt(flow: Flow, session: Session, screen: string): string | undefined {
  const left = leftBehind(session, screen)
  const onward = left.slice(left.indexOf(screen) + 1)
  const { reservations } = session.progress
  const lost = onward.findIndex((id) =>
    [...(flow.screens.get(id)?.reserves.keys() ?? [])].some((name) => !Object.hasOwn(reservations, name)),
  )
  return onward
    .slice(0, lost === -1 ? undefined : lost + 1)
    .findLast((id) => flow.screens.has(id) && flow.flowJson.routing.get(screen)?.has(id) === true)
}
