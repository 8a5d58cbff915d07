import type { Json } from '../../plugin/json.ts'
import type { Path } from '../issue.ts'

/** One constant a condition compares a path with, and where it stands. */
interface Compared {
  readonly literal: string | number | boolean
  readonly at: Path
}

/** Every constant that conditions inside `raw` want this path to equal: `{ path: a }`, `{ path: { in: [a, b] } }`. */
export function* comparedWith(reference: string, raw: unknown, at: Path): Generator<Compared> {
  if (typeof raw !== 'object' || raw === null) return
  for (const [key, member] of Object.entries(raw)) {
    const here = [...at, Array.isArray(raw) ? Number(key) : key]
    if (key === reference && !Array.isArray(raw)) yield* literals(member as Json, here)
    else yield* comparedWith(reference, member, here)
  }
}

function* literals(right: Json, at: Path): Generator<Compared> {
  if (typeof right === 'string' || typeof right === 'number' || typeof right === 'boolean') {
    yield { literal: right, at }
  } else if (typeof right === 'object' && right !== null && 'in' in right && Array.isArray(right.in)) {
    for (const [index, item] of right.in.entries()) yield* literals(item, [...at, 'in', index])
  }
}
