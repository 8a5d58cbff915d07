import type { FlowParts } from './parts.ts'

const MANY_FIELDS = 10
const MANY_SCREENS = 10
const MANY_EXCHANGES = 5

/** What makes people give up (Meta, "Best practices"): long screens, long ways and many waits. Never an error. */
export function adviseOnLength({ file, flow, report }: FlowParts): void {
  for (const [id, { fields }] of Object.entries(file.screens)) {
    const count = Object.keys(fields ?? {}).length
    if (count <= MANY_FIELDS) continue
    const message = `screen \`${id}\` has ${count} fields: above ${MANY_FIELDS} people tend to leave`
    report({ severity: 'advice', path: ['screens', id, 'fields'], code: 'FG_CONFIG_MANY_FIELDS', message, atKey: true })
  }
  const { screens } = flow.flowJson
  const longest = longestPath(flow.flowJson.routing, () => 1)
  if (longest > MANY_SCREENS) {
    const message = `the longest way through the flow has ${longest} screens: above ${MANY_SCREENS} people tend to leave`
    report({ severity: 'advice', path: ['screens'], code: 'FG_CONFIG_MANY_SCREENS', message, atKey: true })
  }
  const exchanges = longestPath(flow.flowJson.routing, (id) => (screens.get(id)?.asksEndpoint === true ? 1 : 0))
  if (exchanges > MANY_EXCHANGES) {
    const message = `the longest way through the flow asks the endpoint on ${exchanges} screens: people wait at each one`
    report({ severity: 'advice', path: ['screens'], code: 'FG_CONFIG_MANY_EXCHANGES', message, atKey: true })
  }
}

/** The heaviest way along the routing model; an edge that closes a loop counts as an end. */
function longestPath(routing: ReadonlyMap<string, ReadonlySet<string>>, weigh: (id: string) => number): number {
  const known = new Map<string, number>()
  const from = (id: string): number => {
    const before = known.get(id)
    if (before !== undefined) return before
    known.set(id, 0)
    const rest = Math.max(0, ...[...(routing.get(id) ?? [])].map(from))
    const total = weigh(id) + rest
    known.set(id, total)
    return total
  }
  return Math.max(0, ...[...routing.keys()].map(from))
}
