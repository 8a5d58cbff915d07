import type { Flow } from './model.ts'

/**
 * The screen behind `left` on the way back: the one before it on the path; where no edge joins the two or the path does not
 * know it (the client walked on by itself), the nearest earlier screen of the path with an edge to it; else any screen that
 * leads to it; else itself, for phones go along edges alone; of a screen that is not known the first one.
 */
export function previousScreen(flow: Flow, path: readonly string[], left: string): string {
  const { routing, screens } = flow.flowJson
  const at = path.lastIndexOf(left)
  const before = at > 0 ? path[at - 1] : undefined
  const leadsThere = (screen: string): boolean => routing.get(screen)?.has(left) === true
  if (before !== undefined && (leadsThere(before) || routing.get(left)?.has(before) === true)) return before
  const onPath = path.slice(0, at === -1 ? undefined : at).findLast(leadsThere)
  return onPath ?? [...routing.keys()].find(leadsThere) ?? (screens.has(left) ? left : flow.firstScreen)
}

/** The path up to and with `screen`; where it is not on the path, the path with `screen` at its end. */
export function pathTo(path: readonly string[], screen: string): readonly string[] {
  const at = path.lastIndexOf(screen)
  return at === -1 ? [...path, screen] : path.slice(0, at + 1)
}
