import type { Reservation } from './asking.ts'
import { screensOf } from './compile-next.ts'
import type { Flow, Screen } from './model.ts'
import { reachedFrom } from './screens-before.ts'
import type { Session } from './session.ts'

/**
 * A run at its end without what its person reserved on another way and then went back from: nobody asked for that any more,
 * and a submission would keep it for ever. The answers of such a screen go as well. It is a screen that the path does not
 * have and that no way through the flow passes together with one of the path: whatever may still be meant stays.
 */
export function withoutOtherWays(
  flow: Flow,
  session: Session,
  path: readonly string[],
): { readonly session: Session; readonly givesBack: readonly Reservation[] } {
  const held = Object.entries(session.progress.reservations)
  const screens = held.length === 0 ? [] : [...flow.screens.values()].filter(({ reserves }) => reserves.size > 0)
  const left = screens.filter(({ id }) => isOfAnotherWay(flow, id, path))
  const names = new Set(left.flatMap(({ reserves }) => [...reserves.keys()]))
  const givesBack = held.filter(([name]) => names.has(name))
  if (givesBack.length === 0) return { session, givesBack: [] }
  const others = [...flow.screens.values()].filter((screen) => !left.includes(screen)).flatMap(answersOf)
  const gone = new Set(left.flatMap(answersOf).filter((name) => !others.includes(name)))
  const form = Object.fromEntries(Object.entries(session.form).filter(([name]) => !gone.has(name)))
  const reservations = Object.fromEntries(held.filter(([name]) => !names.has(name)))
  return {
    session: { ...session, form, progress: { ...session.progress, reservations } },
    givesBack: givesBack.map(([, reservation]) => reservation),
  }
}

function isOfAnotherWay(flow: Flow, id: string, path: readonly string[]): boolean {
  if (path.includes(id)) return false
  const after = reachedFrom([id], (screen) => leadsOn(flow, screen))
  return path.some((one) => !after.has(one) && !reachedFrom([one], (screen) => leadsOn(flow, screen)).has(id))
}

/** Every screen that may follow, going back aside. Who resumes may be led along any edge. */
function leadsOn({ screens, flowJson }: Flow, id: string): readonly string[] {
  const { next = [], aside = [] } = screens.get(id) ?? {}
  const resumes = next.some(({ outcome }) => outcome.kind === 'resume')
  return [
    ...next.flatMap(({ outcome }) => screensOf(outcome)),
    ...aside,
    ...(flowJson.screens.get(id)?.navigatesTo ?? []),
    ...(resumes ? (flowJson.routing.get(id) ?? []) : []),
  ]
}

function answersOf({ fields, keep }: Screen): readonly string[] {
  return [...fields.keys(), ...keep.keys()]
}
