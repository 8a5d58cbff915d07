import type { Receipt } from '../plugin/delivery.ts'
import type { Failure } from '../plugin/failure.ts'
import type { Delivery, DeliveryChange } from '../store/deliveries.ts'
import type { DestinationState } from '../store/destinations.ts'
import { isByHand, keptWith } from './by-hand.ts'
import { healthDelaySeconds, probeDelaySeconds, retryDelaySeconds, trialDelaySeconds } from './schedule.ts'

/**
 * What one attempt came to. `unmapped`: the destination was never called, because no input could be made. `postponed`:
 * neither, because somebody else could not be asked now what the input needs.
 */
export type AttemptResult =
  | { readonly kind: 'delivered'; readonly receipt: Receipt }
  | { readonly kind: 'skipped' }
  | { readonly kind: 'unmapped' | 'postponed'; readonly failure: Failure }
  | { readonly kind: 'failed'; readonly failure: Failure }

export type Progress = Pick<Delivery, 'counted' | 'resend' | 'rateLimitedSince'>

/** What an operator must hear of. */
export type Trouble = 'delivery.failed' | 'delivery.unknown' | 'destination.paused' | 'circuit.open'

export interface Outcome {
  readonly delivery: DeliveryChange
  /** The destination's new state, `undefined` where nothing about it changes. */
  readonly destination: DestinationState | undefined
  readonly troubles: readonly Trouble[]
}

export interface Situation {
  readonly delivery: Progress
  readonly destination: DestinationState
  /** Others wait with the very failure that paused the destination, and this delivery never had it: its success proves nothing. */
  readonly refusesOthers: boolean
  readonly onUnknown: 'resend_marked' | 'hold'
  /** The attempt was the one that an open circuit lets through. */
  readonly probe: boolean
  /** What the settings are known by again, where the failure is one that only a person can mend. */
  readonly settingsPrint?: string | undefined
  readonly now: Date
  /** 0 to 1, for the jitter. */
  readonly random: number
}

const FAILURES_THAT_OPEN = 5
const RATE_LIMITED_AT_MOST_SECONDS = 72 * 3_600

/** The outcome table: what an attempt's result means for its delivery and its destination. Pure. */
export function decide(result: AttemptResult, situation: Situation): Outcome {
  switch (result.kind) {
    case 'delivered':
      return settle(situation, { state: 'delivered', receipt: result.receipt }, healed(situation))
    case 'skipped':
      return settle(situation, { state: 'skipped' }, probeReturned(situation))
    case 'unmapped':
      return settle(situation, { state: 'failed', failure: result.failure }, probeReturned(situation), [
        'delivery.failed',
      ])
    case 'postponed':
      return afterPostponement(result.failure, situation)
    case 'failed':
      return afterFailure(result.failure, situation)
  }
}

/** The trouble is another destination's, so it says nothing of this one. */
function afterPostponement(failure: Failure, situation: Situation): Outcome {
  const { delivery, now, random } = situation
  const counted = delivery.counted + 1
  const delay = retryDelaySeconds(counted, random)
  const after = probeReturned(situation)
  if (delay === undefined) return settle(situation, { state: 'failed', counted, failure }, after, ['delivery.failed'])
  const wait = failure.kind === 'rate-limited' ? Math.max(delay, failure.retryAfterSeconds) : delay
  return retry(situation, { failure, counted, at: later(now, wait) }, after)
}

function afterFailure(failure: Failure, situation: Situation): Outcome {
  switch (failure.kind) {
    case 'retryable':
      return afterRetryable(failure, situation)
    case 'rate-limited':
      return afterRateLimit(failure, situation)
    case 'permanent':
      return failure.scope === 'record'
        ? // The vendor has judged this record, so it works: that ends a row of failures as a success does.
          settle(situation, { state: 'failed', failure }, healed(situation), ['delivery.failed'])
        : afterDestinationFailure(failure, situation)
    case 'unknown':
      return afterUnknown(failure, situation)
  }
}

function afterRetryable(failure: Failure, situation: Situation): Outcome {
  const { destination, now, random } = situation
  if (destination.openSince !== undefined) {
    // While the circuit is open nothing counts: neither its probe nor what was under way when it opened.
    return retry(situation, { failure, at: now }, probeFailed(situation))
  }
  const failuresInRow = destination.failuresInRow + 1
  const opens = failuresInRow >= FAILURES_THAT_OPEN
  const after: DestinationState = opens
    ? { ...destination, failuresInRow, openSince: now, ...nextProbe(undefined, now) }
    : { ...destination, failuresInRow }
  const opened: readonly Trouble[] = opens ? ['circuit.open'] : []
  const counted = situation.delivery.counted + 1
  const delay = retryDelaySeconds(counted, random)
  if (delay === undefined) {
    return settle(situation, { state: 'failed', counted, failure }, after, ['delivery.failed', ...opened])
  }
  return retry(situation, { failure, counted, at: later(now, delay) }, after, opened)
}

function afterRateLimit(failure: Failure & { kind: 'rate-limited' }, situation: Situation): Outcome {
  const { delivery, destination, now, random } = situation
  const since = delivery.rateLimitedSince ?? now
  const blockedUntil = latest(destination.blockedUntil, later(now, failure.retryAfterSeconds))
  const after: DestinationState = {
    ...destination,
    failuresInRow: destination.openSince === undefined ? 0 : destination.failuresInRow,
    blockedUntil,
    ...(situation.probe ? { probeAt: blockedUntil } : {}),
  }
  if (secondsBetween(since, now) >= RATE_LIMITED_AT_MOST_SECONDS) {
    return settle(situation, { state: 'failed', failure }, after, ['delivery.failed'])
  }
  const delay = Math.max(failure.retryAfterSeconds, retryDelaySeconds(delivery.counted + 1, random) ?? 0)
  return retry(situation, { failure, at: later(now, delay), rateLimitedSince: since }, after)
}

function afterDestinationFailure(failure: Failure, situation: Situation): Outcome {
  const { destination, settingsPrint, now } = situation
  const pending = { failure, at: now }
  // What ends by itself gives way to what does not, lest its health resume it.
  const worse = destination.pausedBy === 'failure' && isByHand(failure) && !isByHand(destination.failure)
  if (destination.paused && !worse) return retry(situation, pending, undefined)
  const kept = settingsPrint === undefined ? failure : keptWith(failure, settingsPrint)
  return retry(situation, pending, pausedByFailure(destination, kept, now), ['destination.paused'])
}

function afterUnknown(failure: Failure, situation: Situation): Outcome {
  const { delivery, now, random, onUnknown } = situation
  const after = probeFailed(situation)
  if (onUnknown === 'resend_marked' && !delivery.resend) {
    const counted = delivery.counted + 1
    const delay = retryDelaySeconds(counted, random)
    if (delay !== undefined) return retry(situation, { failure, counted, at: later(now, delay), resend: true }, after)
  }
  return settle(situation, { state: 'unknown', failure }, after, ['delivery.unknown'])
}

/**
 * The destination paused because of this failure; its health is asked soon, or ever more rarely where that had resumed it for
 * nothing. Where only a person can mend it, its settings are looked at then.
 */
export function pausedByFailure(destination: DestinationState, failure: Failure, now: Date): DestinationState {
  // A failure that is still kept says: resumed by its health, and nothing was delivered since. Then the trouble is the same.
  const onTrial = destination.failure !== undefined
  const troubledSince = onTrial ? (destination.changedAt ?? now) : now
  const delaySeconds = onTrial ? trialDelaySeconds(secondsBetween(troubledSince, now)) : healthDelaySeconds(0)
  return {
    ...closedCircuit(destination),
    paused: true,
    pausedBy: 'failure',
    failure,
    changedAt: troubledSince,
    healthAt: later(now, delaySeconds),
  }
}

/** The destination has answered for itself: no row of failures, no open circuit, its trial passed. `undefined` where that was so already. */
function healed({ destination, refusesOthers }: Situation): DestinationState | undefined {
  const trialPassed = destination.failure !== undefined && !destination.paused && !refusesOthers
  if (destination.failuresInRow === 0 && destination.openSince === undefined && !trialPassed) return undefined
  return { ...closedCircuit(destination), ...(trialPassed ? { failure: undefined } : {}) }
}

function closedCircuit(destination: DestinationState): DestinationState {
  return { ...destination, failuresInRow: 0, openSince: undefined, probeAt: undefined, probeDelaySeconds: undefined }
}

function probeFailed({ destination, probe, now }: Situation): DestinationState | undefined {
  if (!probe || destination.openSince === undefined) return undefined
  return { ...destination, ...nextProbe(destination.probeDelaySeconds, now) }
}

/** The probe called nobody, so another delivery may probe at once. */
function probeReturned({ destination, probe, now }: Situation): DestinationState | undefined {
  return probe && destination.openSince !== undefined ? { ...destination, probeAt: now } : undefined
}

function nextProbe(previousSeconds: number | undefined, now: Date) {
  const seconds = probeDelaySeconds(previousSeconds)
  return { probeAt: later(now, seconds), probeDelaySeconds: seconds }
}

interface Settled {
  readonly state: 'delivered' | 'skipped' | 'failed' | 'unknown'
  readonly counted?: number
  readonly receipt?: Receipt
  readonly failure?: Failure
}

function settle(
  { delivery }: Situation,
  settled: Settled,
  destination: DestinationState | undefined,
  troubles: readonly Trouble[] = [],
): Outcome {
  return {
    delivery: {
      state: settled.state,
      counted: settled.counted ?? delivery.counted,
      nextAttemptAt: undefined,
      rateLimitedSince: undefined,
      resend: delivery.resend,
      receipt: settled.receipt,
      failure: settled.failure,
    },
    destination,
    troubles,
  }
}

interface Retry {
  readonly failure: Failure
  readonly at: Date
  readonly counted?: number
  readonly resend?: boolean
  readonly rateLimitedSince?: Date
}

function retry(
  { delivery }: Situation,
  next: Retry,
  destination: DestinationState | undefined,
  troubles: readonly Trouble[] = [],
): Outcome {
  return {
    delivery: {
      state: 'pending',
      counted: next.counted ?? delivery.counted,
      nextAttemptAt: next.at,
      rateLimitedSince: next.rateLimitedSince,
      resend: next.resend ?? delivery.resend,
      receipt: undefined,
      failure: next.failure,
    },
    destination,
    troubles,
  }
}

function later(from: Date, seconds: number): Date {
  return new Date(from.getTime() + Math.round(seconds * 1_000))
}

function latest(a: Date | undefined, b: Date): Date {
  return a !== undefined && a > b ? a : b
}

function secondsBetween(from: Date, to: Date): number {
  return (to.getTime() - from.getTime()) / 1_000
}
