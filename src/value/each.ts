import type { RawCondition } from '../config/schema/value.ts'
import type { Json } from '../plugin/json.ts'
import { computedMs } from './computed-ms.ts'
import { compileCondition } from './condition.ts'
import { constant, type DirectivePlace, fault, type RawMembers, under } from './directive-place.ts'
import { listOf } from './list-of.ts'
import { compilePath } from './path.ts'
import { type CompiledValue, ITEM_ROOTS, type Scope } from './scope.ts'
import { ValueError } from './value-error.ts'

/** Keys that stand beside `each` alone. */
export const EACH_KEYS: readonly string[] = ['where', 'as']

/** What one `each` may use. */
export const EACH_LIMITS = {
  /** Items of the list. */
  items: 1000,
  /** Characters and values of what it makes: as much as an answer to Meta may hold, 1 MiB. */
  size: 1_048_576,
  /** Milliseconds of computing, the last resort. */
  computingMs: 300,
} as const

/**
 * `each: <path>` with `where` and `as`: what `as` makes of every item that `where` keeps. Absent where there is no list.
 * `position` is the place an item has, or would have, among those kept, from 1.
 */
export function compileEach(raw: RawMembers, place: DirectivePlace): CompiledValue {
  if (place.roots.includes('item')) {
    fault(place, 'each', 'an `each` cannot stand inside another: let the source answer one list, or use `expr`')
    return constant(undefined)
  }
  const roots = [...place.roots, ...ITEM_ROOTS]
  const list = compilePath(raw['each'], place.report, under(place, 'each'), place.roots)
  const where =
    'where' in raw
      ? compileCondition(raw['where'] as RawCondition, place.report, under(place, 'where'), { roots })
      : undefined
  const as = 'as' in raw ? place.inner(raw['as'], under(place, 'as'), { roots, objects: 'literal' }) : ITEM
  const inner = [...(where?.paths ?? []), ...as.paths].filter((path) => !isOfItem(path))
  return {
    paths: [...new Set([...(list === undefined ? [] : [list.text]), ...inner])],
    evaluate: async (scope) => {
      const items = list && listOf(list.read(scope), 'each', list.text)
      if (items === undefined) return undefined
      if (items.length > EACH_LIMITS.items) throw beyond(`the list has more than ${EACH_LIMITS.items} items`)
      const kept: Json[] = []
      const spend = spending()
      for (const item of items) {
        const here: Scope = { ...scope, item, position: kept.length + 1 }
        const made = where === undefined || where.test(here) ? await as.evaluate(here) : undefined
        if (made !== undefined) kept.push(made)
        spend(made)
      }
      return kept
    },
  }
}

/** What an item is made into without `as`. */
const ITEM: CompiledValue = { paths: [], evaluate: ({ item }) => Promise.resolve(item ?? undefined) }

function isOfItem(path: string): boolean {
  const [root] = path.split('.')
  return ITEM_ROOTS.some((known) => known === root)
}

/** Counts what the items use together; throws a ValueError where that is too much. */
function spending(): (made: Json | undefined) => void {
  const begunAtMs = computedMs()
  let left: number = EACH_LIMITS.size
  return (made) => {
    left -= sizeOf(made, left)
    if (left < 0) throw beyond('makes too much')
    if (computedMs() - begunAtMs > EACH_LIMITS.computingMs) throw beyond('takes too long')
  }
}

/** Characters and values, everything in it counted each time it occurs; counted no further than just beyond `most`. */
function sizeOf(value: Json | undefined, most: number): number {
  if (typeof value === 'string') return 1 + value.length
  if (typeof value !== 'object' || value === null) return 1
  let size = 1
  for (const [key, member] of Object.entries(value)) {
    size += Array.isArray(value) ? 0 : key.length
    if (size > most) break
    size += sizeOf(member, most - size)
  }
  return size
}

function beyond(why: string): ValueError {
  return new ValueError('FG_VALUE_LIST', `each: ${why}`)
}
