import type { Report } from '../config/issue.ts'
import type { RecordMapping } from './model.ts'
import type { Draft, Reference } from './references.ts'

/** Records by id, each with the records it names and the places where it names them. */
type Edges = ReadonlyMap<string, Map<string, readonly Reference[]>>

/**
 * Reports records that wait for one another, once for each reference that has to go. `links` and values say what a record
 * is made of; an `after` only says when, so it is the one to blame where there is one.
 */
export function checkCircles(records: readonly Draft<RecordMapping>[], report: Report): void {
  const edges: Edges = new Map(records.map(({ item, references }) => [item.id, byTarget(references)]))
  for (const circle of circlesIn(edges)) {
    const [first = ''] = circle
    const steps = circle.map((from, index) => ({ from, to: circle[index + 1] ?? first }))
    const places = steps.map(({ from, to }) => ({ from, to, references: edges.get(from)?.get(to) ?? [] }))
    const blamed = places.findLast(({ references }) => references.every(({ by }) => by === 'after')) ?? places.at(-1)
    const [place] = blamed?.references ?? []
    if (blamed === undefined || place === undefined) return
    const names = [...circle, first].map((name) => `\`${name}\``)
    const message = `records wait for one another in a circle: ${names.join(' → ')}`
    report({ severity: 'error', path: place.path, code: 'FG_CONFIG_CIRCLE', message })
    edges.get(blamed.from)?.delete(blamed.to)
  }
}

function byTarget(references: readonly Reference[]): Map<string, readonly Reference[]> {
  const targets = new Map<string, readonly Reference[]>()
  for (const reference of references) targets.set(reference.id, [...(targets.get(reference.id) ?? []), reference])
  return targets
}

/** One circle after the other; whoever takes one breaks it before the next is looked for. */
function* circlesIn(edges: Edges): Generator<readonly string[]> {
  for (let circle = circleIn(edges); circle !== undefined; circle = circleIn(edges)) yield circle
}

/** The ids along one circle, found depth first; `undefined` where there is none. */
function circleIn(edges: Edges): readonly string[] | undefined {
  const done = new Set<string>()
  const visit = (id: string, trail: readonly string[]): readonly string[] | undefined => {
    if (done.has(id)) return undefined
    const from = trail.indexOf(id)
    if (from >= 0) return trail.slice(from)
    for (const to of edges.get(id)?.keys() ?? []) {
      const circle = visit(to, [...trail, id])
      if (circle !== undefined) return circle
    }
    done.add(id)
    return undefined
  }
  for (const id of edges.keys()) {
    const circle = visit(id, [])
    if (circle !== undefined) return circle
  }
  return undefined
}
