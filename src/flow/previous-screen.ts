import type { Flow } from './model.ts'

/**
 * The screen behind `left` on the way back: the one before it on the path; where the path does not know it (the client
 * walked on by itself), the nearest screen of the path with an edge to it; else an entry screen that leads to it; else
 * the first screen.
 */
export function previousScreen(flow: Flow, path: readonly string[], left: string): string {
  const at = path.lastIndexOf(left)
  if (at > 0) return path[at - 1] ?? flow.firstScreen
  const leadsThere = (screen: string): boolean => flow.flowJson.routing.get(screen)?.has(left) === true
  const onPath = at === 0 ? undefined : path.findLast(leadsThere)
  return onPath ?? [...flow.flowJson.routing.keys()].find(leadsThere) ?? flow.firstScreen
}

/** The path up to and with `screen`; where it is not on the path, the path with `screen` at its end. */
export function pathTo(path: readonly string[], screen: string): readonly string[] {
  const at = path.lastIndexOf(screen)
  return at === -1 ? [...path, screen] : path.slice(0, at + 1)
}
