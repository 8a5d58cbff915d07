import type { Clock } from '../clock.ts'

/** Leaves a source alone for a while once it keeps failing. Whoever is admitted tells once how it went. */
export interface Breaker {
  /** Whether nobody would be admitted now. */
  isOpen(): boolean
  /** Whether a call may be made now. After each rest one call alone may, to find out. */
  admit(): boolean
  /** The source answered. Resolves the doubt at once: tells whether this closed the breaker. */
  worked(): boolean
  /** The source failed. Tells whether this opened the breaker. */
  failed(): boolean
  /** The call was cut short and says nothing about the source. */
  abandoned(): void
}

/** A closed breaker. It opens at `failures` in a row, rests, and opens again for as long where the one call fails too. */
export function createBreaker(
  { failures, restMs }: { readonly failures: number; readonly restMs: number },
  clock: Clock,
): Breaker {
  let inARow = 0
  let restsUntil: number | undefined
  let trying = false
  const now = () => clock.now().getTime()
  const isOpen = () => restsUntil !== undefined && (trying || now() < restsUntil)
  return {
    isOpen,
    admit() {
      if (isOpen()) return false
      trying = restsUntil !== undefined
      return true
    },
    worked() {
      const closes = restsUntil !== undefined
      inARow = 0
      restsUntil = undefined
      trying = false
      return closes
    },
    failed() {
      inARow += 1
      if (restsUntil === undefined) {
        if (inARow < failures) return false
        restsUntil = now() + restMs
        return true
      }
      // Calls that were under way when it opened end one by one and must not make the rest longer.
      if (trying) restsUntil = now() + restMs
      trying = false
      return false
    },
    abandoned() {
      trying = false
    },
  }
}
