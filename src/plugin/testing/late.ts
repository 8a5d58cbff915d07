import { setTimeout as delay } from 'node:timers/promises'

/** What `lateAfter` resolves with. */
export const late = Symbol('late')

/** Loses a race against whatever takes less than this. Keeps no process alive. */
export function lateAfter(afterMs: number): Promise<typeof late> {
  return delay(afterMs, late, { ref: false })
}

/** Looks again and again until the condition holds; `false` where it does not within `withinMs`. */
export async function holdsWithin(withinMs: number, condition: () => boolean | Promise<boolean>): Promise<boolean> {
  const end = performance.now() + withinMs
  while (performance.now() < end) {
    if (await condition()) return true
    await delay(5)
  }
  return await condition()
}
