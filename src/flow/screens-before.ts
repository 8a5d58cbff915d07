import type { FlowJson } from '../whatsapp/flow-json.ts'
import { screensOf } from './compile-next.ts'
import type { Screen } from './model.ts'

/**
 * For each screen those that every way to it passes, from the screens a flow opens at, along `next` and the Flow JSON's
 * own `navigate` actions. Whoever is on a screen must have been on these.
 */
export function screensBefore(
  screens: ReadonlyMap<string, Screen>,
  flowJson: FlowJson,
  starts: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const onward = (id: string): readonly string[] => [
    ...leadsTo(screens.get(id)),
    ...(flowJson.screens.get(id)?.navigatesTo ?? []),
  ]
  const reachable = reachedFrom(starts, onward)
  const before = new Map<string, string[]>([...reachable].map((id) => [id, []]))
  for (const avoided of reachable) {
    const reached = reachedFrom(starts, onward, avoided)
    for (const id of reachable) {
      // What cannot be reached around a screen lies behind it.
      if (id !== avoided && !reached.has(id)) before.get(id)?.push(avoided)
    }
  }
  return before
}

function reachedFrom(
  starts: readonly string[],
  onward: (id: string) => readonly string[],
  avoided?: string,
): ReadonlySet<string> {
  const reached = new Set<string>()
  const open = [...starts]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === avoided || reached.has(id)) continue
    reached.add(id)
    open.push(...onward(id))
  }
  return reached
}

/** Screens an answer may show after this one. A run that resumes has been where it goes on. */
function leadsTo(screen: Screen | undefined): readonly string[] {
  if (screen === undefined) return []
  const outcomes = [...screen.next, ...(screen.wayOut === undefined ? [] : [screen.wayOut])].map(
    ({ outcome }) => outcome,
  )
  const pulled = screen.triggers.flatMap(({ show }) => (show === undefined ? [] : [show]))
  return [...outcomes.flatMap(screensOf), ...pulled]
}
