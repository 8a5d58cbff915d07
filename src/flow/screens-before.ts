import type { FlowJson } from '../whatsapp/flow-json.ts'
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
    ...(screens.get(id)?.next ?? []).flatMap(({ then }) => (then === 'submit' ? [] : [then.show])),
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
