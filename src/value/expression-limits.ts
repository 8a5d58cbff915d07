import { computedMs } from './computed-ms.ts'

/** What one evaluation may use. Counted, not timed, wherever possible: the same answers then always give the same result. */
export const EXPRESSION_LIMITS = {
  /** Characters of the expression itself. */
  characters: 1000,
  /** Steps of the evaluation: about 15 ms. */
  steps: 10_000,
  /** Items of any list that is made on the way. */
  items: 1000,
  /**
   * Characters and values that any intermediate result may hold, everything in it counted each time it occurs: room for
   * a source's answer of some hundred rows.
   */
  size: 50_000,
  /** Nested evaluations. */
  depth: 100,
  /** The last resort: milliseconds of computing. Waiting for the machine's other work does not count against an expression. */
  computingMs: 300,
  /** And milliseconds by the clock, for what even that does not see. */
  timeMs: 10_000,
} as const

/** How often the time used is looked at; it costs about as much as a step. */
const LOOK_EVERY_STEPS = 16

/** An evaluation went beyond a limit. */
export class ExpressionLimitError extends Error {
  override readonly name = 'ExpressionLimitError'
  readonly code = 'LIMIT'
}

/** Watches the evaluations of one expression through the engine's entry and exit hooks. */
export class Watch {
  readonly #evaluations = new WeakMap<object, { steps: number; readonly begunAtMs: number }>()
  readonly #sizes = new WeakMap<object, number>()

  /** Before each step. `evaluation` is the same object throughout one evaluation. */
  enter(evaluation: object): void {
    const under = this.#evaluations.get(evaluation) ?? { steps: 0, begunAtMs: computedMs() }
    if (under.steps === 0) this.#evaluations.set(evaluation, under)
    under.steps += 1
    if (under.steps > EXPRESSION_LIMITS.steps) throw new ExpressionLimitError('takes too many steps')
    if (under.steps % LOOK_EVERY_STEPS !== 0) return
    if (computedMs() - under.begunAtMs > EXPRESSION_LIMITS.computingMs) throw new ExpressionLimitError('takes too long')
  }

  /**
   * After each step: no result may be larger than the limit, so no single call of a function can be given too much. The
   * engine counts the items of its own lists, but not of those that functions make.
   */
  leave(result: unknown, node: { readonly type: string }): void {
    const called = node.type === 'function' || node.type === 'apply'
    if (called && Array.isArray(result) && result.length > EXPRESSION_LIMITS.items) {
      throw new ExpressionLimitError('makes too long a list')
    }
    const size = this.#members(result)
    if (size > EXPRESSION_LIMITS.size) throw new ExpressionLimitError('makes too much text or too long a list')
  }

  /** Lists and objects share their members, so a size is remembered: a value doubled thirty times is never walked. */
  #size(value: unknown): number {
    if (typeof value !== 'object' || value === null) return this.#members(value)
    const known = this.#sizes.get(value)
    if (known !== undefined) return known
    const size = this.#members(value)
    this.#sizes.set(value, size)
    return size
  }

  #members(value: unknown): number {
    if (typeof value === 'string') return 1 + value.length
    if (typeof value !== 'object' || value === null) return 1
    let size = 1
    // The result itself is counted anew each time: the engine still adds to its own lists.
    for (const member of Array.isArray(value) ? value : Object.values(value)) size += this.#size(member)
    return size
  }
}
