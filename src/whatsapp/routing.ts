import type { Path, Report } from '../config/issue.ts'
import type { Json } from '../plugin/json.ts'
import { isObject, itemsOf } from './json-shape.ts'
import type { ParsedScreen } from './parse-screen.ts'

export type Routing = ReadonlyMap<string, ReadonlySet<string>>

/** The reserved screen that ends a flow; it stands in neither `screens` nor `routing_model`. */
export const RESERVED_SCREEN = 'SUCCESS'

const MOST_BRANCHES = 10

/** Reads `routing_model` and reports what breaks Meta's rules for it ("Flow JSON", routing model). */
export function parseRouting(model: Json, screens: ReadonlyMap<string, ParsedScreen>, report: Report): Routing {
  const problem = (path: Path, message: string, atKey = false): void =>
    report({ severity: 'error', path: ['routing_model', ...path], code: 'FG_CONFIG_FLOW_JSON_ROUTING', message, atKey })
  const routing = new Map<string, Set<string>>()
  if (!isObject(model)) {
    problem([], 'routing_model must be an object: screen → list of next screens')
    return routing
  }
  for (const [from, targets] of Object.entries(model)) {
    if (!Array.isArray(targets)) problem([from], `the next screens of \`${from}\` must be a list`)
    if (!screens.has(from)) problem([from], unknownScreen(from), true)
    const edges = new Set<string>()
    for (const [index, to] of itemsOf(targets)) {
      const wrong = edgeFault(from, to, screens)
      if (wrong !== undefined) problem([from, index], wrong)
      else if (typeof to === 'string') edges.add(to)
    }
    if (edges.size > MOST_BRANCHES) {
      problem([from], `screen \`${from}\` leads to ${edges.size} screens: Meta allows ${MOST_BRANCHES}`)
    }
    if (screens.has(from)) routing.set(from, edges)
  }
  checkWhole(routing, model, screens, problem)
  adviseOnEnds(routing, screens, report)
  return routing
}

/** Screens no edge leads to. Without a routing model Meta opens the first screen. */
export function entryScreensOf(routing: Routing | undefined, screens: Iterable<string>): ReadonlySet<string> {
  const ids = [...screens]
  if (routing === undefined) return new Set(ids.slice(0, 1))
  const targets = new Set([...routing.values()].flatMap((edges) => [...edges]))
  return new Set(ids.filter((id) => !targets.has(id)))
}

function unknownScreen(id: string): string {
  if (id === RESERVED_SCREEN) return `\`${RESERVED_SCREEN}\` is reserved: leave it out of routing_model`
  return `routing_model names screen \`${id}\`, which does not exist`
}

function edgeFault(from: string, to: Json, screens: ReadonlyMap<string, ParsedScreen>): string | undefined {
  if (typeof to !== 'string') return `the next screens of \`${from}\` must be screen ids`
  if (to === from) return `screen \`${from}\` leads to itself: leave that out, a screen may always be shown again`
  return screens.has(to) ? undefined : unknownScreen(to)
}

type Problem = (path: Path, message: string, atKey?: boolean) => void

function checkWhole(
  routing: Routing,
  model: Readonly<Record<string, Json>>,
  screens: ReadonlyMap<string, ParsedScreen>,
  problem: Problem,
): void {
  const named = namedIn(routing)
  const forgotten = [...screens.keys()].filter((id) => !named.has(id))
  if (forgotten.length > 0)
    problem([], `routing_model leaves out ${forgotten.join(', ')}: every screen must be in it`, true)
  for (const [from, to] of loopsOf(routing)) {
    const index = [...itemsOf(model[from])].findIndex(([, target]) => target === to)
    problem(
      [from, index],
      `the edge from \`${from}\` to \`${to}\` closes a loop: routes only go forward, back is implied`,
    )
  }
}

/** Every screen the routing model speaks of. */
function namedIn(routing: Routing): ReadonlySet<string> {
  return new Set([...routing.keys(), ...[...routing.values()].flatMap((edges) => [...edges])])
}

/** A route that ends before a terminal screen: never an error, for Meta judges that when the flow is published. */
function adviseOnEnds(routing: Routing, screens: ReadonlyMap<string, ParsedScreen>, report: Report): void {
  for (const id of namedIn(routing)) {
    const end = screens.get(id)
    if (end === undefined || end.screen.terminal || (routing.get(id)?.size ?? 0) > 0) continue
    if (!end.hasFooter || isReadAside(id, routing, screens)) continue
    const message = `the route ends at \`${id}\`, which is not terminal: give it a next screen or "terminal": true`
    const path = ['routing_model', ...(routing.has(id) ? [id] : [])]
    report({ severity: 'advice', path, code: 'FG_CONFIG_FLOW_JSON_ROUTING', message, atKey: true })
  }
}

/** Components whose link opens a page to read, which the person leaves by going back (Meta's own "Book an appointment"). */
const ASIDE = ['OptIn', 'EmbeddedLink']

/** Whether a screen is reached by links beside a form only, as the terms a person agrees to are. */
function isReadAside(id: string, routing: Routing, screens: ReadonlyMap<string, ParsedScreen>): boolean {
  const before = [...routing].filter(([, edges]) => edges.has(id)).map(([from]) => from)
  const leadsAside = (from: string): boolean => {
    const ways = (screens.get(from)?.navigations ?? []).filter(({ to }) => to === id)
    return ways.length > 0 && ways.every(({ by }) => ASIDE.includes(by))
  }
  return before.length > 0 && before.every(leadsAside)
}

/** Edges that lead back to a screen on the way there, found depth first. */
function loopsOf(routing: Routing): readonly (readonly [from: string, to: string])[] {
  const loops: (readonly [string, string])[] = []
  const state = new Map<string, 'open' | 'done'>()
  const visit = (id: string): void => {
    state.set(id, 'open')
    for (const to of routing.get(id) ?? []) {
      if (state.get(to) === 'open') loops.push([id, to])
      else if (!state.has(to)) visit(to)
    }
    state.set(id, 'done')
  }
  for (const id of routing.keys()) if (!state.has(id)) visit(id)
  return loops
}
