const SECOND = 1
const MINUTE = 60
const HOUR = 3_600

// After the first counted failure the first of these, and so on; after one failure more than these the delivery has failed.
const DELAYS_SECONDS = [
  2 * SECOND,
  10 * SECOND,
  30 * SECOND,
  2 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
  1 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
]

const JITTER = 0.2

/**
 * Seconds to wait after so many counted failures (1 for the first), ± 20 % by `random` (0 to 1), so that what failed
 * together does not come back together. `undefined`: no further attempt.
 */
export function retryDelaySeconds(counted: number, random: number): number | undefined {
  const delay = DELAYS_SECONDS[counted - 1]
  return delay === undefined ? undefined : delay * (1 - JITTER + 2 * JITTER * random)
}

const LONGEST_PROBE_DELAY_SECONDS = 60

/** Seconds until an open circuit is probed again: 1 s at first, doubling to 60 s. */
export function probeDelaySeconds(previous: number | undefined): number {
  return previous === undefined ? 1 : Math.min(previous * 2, LONGEST_PROBE_DELAY_SECONDS)
}

const SHORTEST_HEALTH_DELAY_SECONDS = 5
const LONGEST_HEALTH_DELAY_SECONDS = 60

/** Seconds until a paused destination whose health is bad is asked again: a tenth of how long it has been in trouble, 5 to 60 s. */
export function healthDelaySeconds(inTroubleForSeconds: number): number {
  return Math.min(Math.max(inTroubleForSeconds / 10, SHORTEST_HEALTH_DELAY_SECONDS), LONGEST_HEALTH_DELAY_SECONDS)
}

const LONGEST_TRIAL_DELAY_SECONDS = 600

/**
 * Seconds until a destination that refused again right after its health had resumed it is asked once more: half of how
 * long it has been in trouble, 5 to 600 s. Its health does not see the trouble, and each trial costs a refused call.
 */
export function trialDelaySeconds(inTroubleForSeconds: number): number {
  return Math.min(Math.max(inTroubleForSeconds / 2, SHORTEST_HEALTH_DELAY_SECONDS), LONGEST_TRIAL_DELAY_SECONDS)
}
