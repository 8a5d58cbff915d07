import { setTimeout as delay } from 'node:timers/promises'

const LOOK_AGAIN_AFTER_MS = 15

export interface EventuallyOptions {
  /** Default 30,000. Generous: it is only waited out where something is broken. */
  readonly withinMs?: number
}

/**
 * Calls `check` until it neither throws nor answers `false` or `undefined`, and resolves with its answer.
 * Rejects after `withinMs` with what stood in the way the last time.
 */
export async function eventually<Result>(
  check: () => Result | Promise<Result>,
  { withinMs = 30_000 }: EventuallyOptions = {},
): Promise<Exclude<Result, false | undefined>> {
  const deadline = Date.now() + withinMs
  for (;;) {
    let lastly: unknown
    try {
      const result = await check()
      if (result !== false && result !== undefined) return result as Exclude<Result, false | undefined>
      lastly = `it answered ${result}`
    } catch (error) {
      lastly = error
    }
    if (Date.now() > deadline) {
      const why = lastly instanceof Error ? lastly.message : lastly
      throw new Error(`Not within ${withinMs} ms: ${why}\nCondition: ${check}`, { cause: lastly })
    }
    await delay(LOOK_AGAIN_AFTER_MS)
  }
}
