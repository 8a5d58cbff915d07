import type { FlowJson } from '../whatsapp/flow-json.ts'
import { screensOf } from './compile-next.ts'
import type { Screen } from './model.ts'

/**
 * For each screen those that every way to it passes, from the screens a flow opens at, along `next` and the Flow JSON's
 * own `navigate` actions. Whoever is on a screen must have answered these: ways that lead on from a screen without its
 * answers are ways around it.
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
  const around = (id: string): Iterable<string> => screens.get(id)?.aside ?? []
  const reachable = reachedFrom(starts, onward, around)
  const before = new Map<string, string[]>([...reachable].map((id) => [id, []]))
  for (const avoided of reachable) {
    const reached = reachedFrom(starts, onward, around, avoided)
    for (const id of reachable) {
      // What cannot be reached around a screen lies behind it.
      if (id !== avoided && !reached.has(id)) before.get(id)?.push(avoided)
    }
  }
  return before
}

/** The screens that are reached from `starts`, these included: `around` leads on even from a screen that is avoided. */
export function reachedFrom(
  starts: readonly string[],
  onward: (id: string) => readonly string[],
  around: (id: string) => Iterable<string> = () => [],
  avoided?: string,
): ReadonlySet<string> {
  const reached = new Set<string>()
  const open = [...starts]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (reached.has(id)) continue
    reached.add(id)
    open.push(...around(id), ...(id === avoided ? [] : onward(id)))
  }
  return reached
}

/** Screens an answer may show after this one was answered. A run that resumes has been where it goes on. */
function leadsTo(screen: Screen | undefined): readonly string[] {
  return screen === undefined ? [] : screen.next.flatMap(({ outcome }) => screensOf(outcome))
}
