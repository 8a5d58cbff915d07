/** Replaceable time. Everything that decides by time asks a clock, so tests can move it. */
export interface Clock {
  now(): Date
}

export const systemClock: Clock = { now: () => new Date() }
