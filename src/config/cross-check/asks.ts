import { nearest } from '../../value/nearest.ts'
import type { FlowParts } from './parts.ts'
import { placeOf } from './place-of.ts'
import { type Written, writtenInFlow } from './written.ts'

/** What the asks of a flow say about one another, and whether anything needs them. */
export function checkAsks(parts: FlowParts): void {
  if (parts.flow.asks.size + parts.flow.values.size === 0) return
  const written = [...writtenInFlow(parts)]
  checkCircles(parts, written)
  adviseOnUnused(parts, written)
}

/** Where in a flow the roots of asks and of its own values are written. */
const NAMED = { asked: 'asks', values: 'values' } as const

/** What these paths refer to among the asks and values of a flow, as `asked.x` and `values.x`. */
function namedIn(paths: readonly string[]): readonly string[] {
  return paths.flatMap((path) => {
    const [root = '', name] = path.split('.')
    return Object.hasOwn(NAMED, root) && name !== undefined ? [`${root}.${name}`] : []
  })
}

/** Names of the asks these paths refer to. */
function asksIn(paths: readonly string[]): readonly string[] {
  return namedIn(paths).flatMap((path) => (path.startsWith('asked.') ? [path.slice('asked.'.length)] : []))
}

/** The ask or value that something belongs to. */
function nodeOf({ part, owner }: Written): string | undefined {
  return part === 'ask' ? `asked.${owner}` : part === 'value' ? `values.${owner}` : undefined
}

/** Which asks and values each ask and value needs. */
function needsOf(written: readonly Written[]): ReadonlyMap<string, readonly string[]> {
  const needs = new Map<string, readonly string[]>()
  for (const each of written) {
    const node = nodeOf(each)
    if (node !== undefined) needs.set(node, [...(needs.get(node) ?? []), ...namedIn(each.paths)])
  }
  return needs
}

/** For the paths of a value: the asks they refer to, and those that these need in turn. */
export function askFinder(written: readonly Written[]): (paths: readonly string[]) => ReadonlySet<string> {
  const needs = needsOf(written)
  return (paths) => {
    const found = new Set<string>()
    const open = [...namedIn(paths)]
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (found.has(node)) continue
      found.add(node)
      open.push(...(needs.get(node) ?? []))
    }
    return new Set(asksIn([...found]))
  }
}

/** Asks and values that wait for one another could never be known. Each circle is told once, where it closes. */
function checkCircles({ report }: FlowParts, written: readonly Written[]): void {
  const needs = needsOf(written)
  const done = new Set<string>()
  const visit = (name: string, trail: readonly string[]): void => {
    const from = trail.indexOf(name)
    if (from === -1) {
      if (done.has(name)) return
      for (const needed of needs.get(name) ?? []) visit(needed, [...trail, name])
      done.add(name)
      return
    }
    const circle = [...trail.slice(from), name]
    const message = `these wait for one another in a circle: ${circle.map((one) => `\`${one}\``).join(' → ')}`
    report({ severity: 'error', code: 'FG_CONFIG_ASK_CIRCLE', message, ...closingPlace(circle, written) })
  }
  for (const name of needs.keys()) visit(name, [])
}

/** Where the last ask of a circle names the first. */
function closingPlace(circle: readonly string[], written: readonly Written[]) {
  const [last = '', first = ''] = circle.slice(-2)
  for (const each of written) {
    const path = each.paths.find((one) => namedIn([one]).includes(first))
    if (nodeOf(each) === last && path !== undefined) return placeOf(path, each.raw, each.at)
  }
  const [root = 'asked', name = ''] = last.split('.')
  return { path: [root === 'values' ? 'values' : 'asks', name] }
}

/** An ask that nothing refers to is never asked. Where a reference is mistyped, that is the mistake. */
function adviseOnUnused({ flow, report }: FlowParts, written: readonly Written[]): void {
  const known = [...flow.asks.keys()]
  const used = new Set(
    written
      .filter(({ part, owner, paths }) => !(part === 'ask' && asksIn(paths).includes(owner)))
      .flatMap(({ paths }) => asksIn(paths))
      .map((name) => (known.includes(name) ? name : nearest(name, known))),
  )
  for (const name of known) {
    if (used.has(name)) continue
    const message = `nothing refers to \`asked.${name}\`: it is never asked`
    report({ severity: 'advice', path: ['asks', name], code: 'FG_CONFIG_ASK_UNUSED', message, atKey: true })
  }
}
