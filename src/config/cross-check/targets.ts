import { didYouMean } from '../../value/nearest.ts'
import type { Path } from '../issue.ts'
import type { FlowFile, ScreenFile } from '../schema/flow.ts'
import type { FlowParts } from './parts.ts'

/** A place in `flow.yaml` that names a screen to show. */
export interface Target {
  readonly screen: string
  readonly at: Path
  /** The screen it is shown after. */
  readonly from: string
  /** Why it must be terminal: nothing follows it. */
  readonly ends?: 'submit' | 'escalate'
}

/** Every screen that the rules, triggers and way out of a screen may show. */
export function targetsOf(id: string, screen: ScreenFile | undefined): readonly Target[] {
  const path = ['screens', id]
  const rules = (screen?.next ?? []).flatMap((rule, index) => {
    const ends = rule.submit === true ? 'submit' : undefined
    return [
      ...target(id, rule.show, [...path, 'next', index, 'show'], ends),
      ...takeover(id, rule.escalate, [...path, 'next', index]),
    ]
  })
  const triggers = (screen?.triggers ?? []).flatMap(({ show }, index) =>
    target(id, show, [...path, 'triggers', index, 'show']),
  )
  const wayOut = [
    ...target(id, screen?.way_out?.show, [...path, 'way_out', 'show']),
    ...takeover(id, screen?.way_out?.escalate, [...path, 'way_out']),
  ]
  return [...rules, ...triggers, ...wayOut]
}

function target(from: string, screen: string | undefined, at: Path, ends?: Target['ends']): readonly Target[] {
  return screen === undefined ? [] : [{ screen, at, from, ...(ends === undefined ? {} : { ends }) }]
}

function takeover(from: string, screen: string | undefined, at: Path): readonly Target[] {
  return target(from, screen, [...at, 'escalate'], 'escalate')
}

/** Screens that an ask's fallbacks show, by the name of the ask. */
export function fallbackScreens(file: FlowFile): ReadonlyMap<string, readonly { screen: string; at: Path }[]> {
  return new Map(
    Object.entries(file.asks ?? {}).map(([name, { if_unavailable: raw }]) => {
      const at = ['asks', name, 'if_unavailable']
      const each = Array.isArray(raw) ? raw.map((one, index) => [one, [...at, index]] as const) : [[raw, at] as const]
      return [
        name,
        each.flatMap(([one, place]) =>
          typeof one === 'object' && 'show' in one ? [{ screen: one.show, at: [...place, 'show'] }] : [],
        ),
      ]
    }),
  )
}

const ENDS: Readonly<Record<NonNullable<Target['ends']>, string>> = {
  submit: 'the form is finished there',
  escalate: 'people take over there',
}

/** Each target exists, an edge leads there or from there, and it is terminal where nothing follows. */
export function checkTargets(parts: FlowParts, id: string): void {
  const { file, flow, report } = parts
  const { screens, routing } = flow.flowJson
  for (const { screen, at, from, ends } of targetsOf(id, file.screens[id])) {
    const problem = (code: string, message: string): void => report({ severity: 'error', path: at, code, message })
    if (!screens.has(screen)) checkExists(parts, screen, at)
    else if (ends !== undefined && screens.get(screen)?.terminal !== true) {
      const message = `${ENDS[ends]}, so screen \`${screen}\` must be the last one: give it "terminal": true in the Flow JSON`
      problem('FG_CONFIG_NOT_TERMINAL', message)
    } else if (from !== screen && screens.has(from) && !hasEdge(routing, from, screen)) {
      const message = `routing_model has no edge from \`${from}\` to \`${screen}\`: WhatsApp would refuse this answer`
      problem('FG_CONFIG_NO_ROUTE', message)
    }
  }
}

/** Whether an answer to `from` may show `to`: forward along an edge, or back along one. */
export function hasEdge(routing: ReadonlyMap<string, ReadonlySet<string>>, from: string, to: string): boolean {
  return routing.get(from)?.has(to) === true || routing.get(to)?.has(from) === true
}

/** A screen that the Flow JSON lacks; one that `flow.yaml` describes is told there. */
export function checkExists({ file, flow, report }: FlowParts, screen: string, at: Path): void {
  const { screens } = flow.flowJson
  if (screens.has(screen) || Object.hasOwn(file.screens, screen)) return
  const message = `screen \`${screen}\` does not exist${didYouMean(screen, screens.keys())}`
  report({ severity: 'error', path: at, code: 'FG_CONFIG_SCREEN_UNKNOWN', message })
}
