import type { Flow } from '../../flow/model.ts'
import { nearest } from '../../value/nearest.ts'

/**
 * Screens a person can come to, from the first one along `next` and the Flow JSON's own `navigate` actions. A mistyped
 * target counts as the screen it most likely means, so that one slip is not told twice.
 */
export function reachableScreens(
  flow: Flow,
  starts: readonly string[],
  misnamed: ReadonlyMap<string, string>,
): ReadonlySet<string> {
  const known = [...flow.flowJson.screens.keys()]
  const meant = new Map([...misnamed].map(([id, name]) => [name, id]))
  const likely = (id: string): string => (known.includes(id) ? id : (meant.get(id) ?? nearest(id, known) ?? id))
  const reached = new Set<string>()
  const open = starts.map(likely)
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (reached.has(id)) continue
    reached.add(id)
    const { next = [] } = flow.screens.get(misnamed.get(id) ?? id) ?? {}
    for (const { then } of next) if (then !== 'submit') open.push(likely(then.show))
    open.push(...(flow.flowJson.screens.get(id)?.navigatesTo ?? []))
  }
  return reached
}

/** Screens the endpoint itself answers: first ones, those a rule shows, those repainted after an error or on BACK. */
export function screensShown(flow: Flow, starts: readonly string[]): ReadonlySet<string> {
  const { screens, routing } = flow.flowJson
  const shown = new Set(starts)
  for (const { next } of flow.screens.values()) {
    for (const { then } of next) if (then !== 'submit') shown.add(then.show)
  }
  for (const { id, asksEndpoint } of screens.values()) {
    if (asksEndpoint) shown.add(id)
    for (const to of routing.get(id) ?? []) if (screens.get(to)?.refreshOnBack === true) shown.add(id)
  }
  return new Set([...shown].filter((id) => screens.has(id)))
}
