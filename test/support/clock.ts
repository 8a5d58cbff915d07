import type { Clock } from '../../src/clock.ts'

export interface TestClock extends Clock {
  advance(ms: number): void
}

/** A clock that stands still until it is moved. */
export function testClock(start: Date | string = '2026-03-02T09:00:00.000Z'): TestClock {
  let now = new Date(start).getTime()
  return {
    now: () => new Date(now),
    advance(ms) {
      now += ms
    },
  }
}
