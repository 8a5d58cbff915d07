import type { Flow } from '../../flow/model.ts'
import { nearest } from '../../value/nearest.ts'
import type { FlowFile } from '../schema/flow.ts'
import { fallbackScreens, targetsOf } from './targets.ts'

/**
 * Screens a person can come to, from the first one along what `flow.yaml` shows and the Flow JSON's own `navigate`
 * actions. A mistyped target counts as the screen it most likely means, so that one slip is not told twice.
 */
export function reachableScreens(
  { file, flow }: { readonly file: FlowFile; readonly flow: Flow },
  starts: readonly string[],
  misnamed: ReadonlyMap<string, string>,
): ReadonlySet<string> {
  const known = [...flow.flowJson.screens.keys()]
  const meant = new Map([...misnamed].map(([id, name]) => [name, id]))
  const likely = (id: string): string => (known.includes(id) ? id : (meant.get(id) ?? nearest(id, known) ?? id))
  const reached = new Set<string>()
  const open = [...starts, ...shownInstead(file)].map(likely)
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (reached.has(id)) continue
    reached.add(id)
    const name = misnamed.get(id) ?? id
    const own = Object.hasOwn(file.screens, name) ? file.screens[name] : undefined
    open.push(...targetsOf(name, own).map(({ screen }) => likely(screen)))
    open.push(...(flow.flowJson.screens.get(id)?.navigatesTo ?? []))
  }
  return reached
}

/** Screens the endpoint itself answers: first ones, those that are shown, those repainted after an error or on BACK. */
export function screensShown(
  { file, flow }: { readonly file: FlowFile; readonly flow: Flow },
  starts: readonly string[],
): ReadonlySet<string> {
  const { screens, routing } = flow.flowJson
  const shown = new Set([...starts, ...shownInstead(file)])
  for (const [id, own] of Object.entries(file.screens)) {
    for (const { screen } of targetsOf(id, own)) shown.add(screen)
  }
  for (const { id, asksEndpoint } of screens.values()) {
    if (asksEndpoint) shown.add(id)
    for (const to of routing.get(id) ?? []) if (screens.get(to)?.refreshOnBack === true) shown.add(id)
  }
  return new Set([...shown].filter((id) => screens.has(id)))
}

/** What asks show where their source cannot answer. */
function shownInstead(file: FlowFile): readonly string[] {
  return [...fallbackScreens(file).values()].flatMap((shown) => shown.map(({ screen }) => screen))
}
