import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type AttemptResult, decide, type Situation } from '../../src/deliver/outcome.ts'
import {
  healthDelaySeconds,
  probeDelaySeconds,
  retryDelaySeconds,
  trialDelaySeconds,
} from '../../src/deliver/schedule.ts'
import { type DestinationState, UNTROUBLED } from '../../src/store/destinations.ts'
import { limited, lost, rejected, revoked, unavailable } from './scripted-vendor.ts'

const now = new Date('2026-03-02T09:00:00Z')
const at = (seconds: number) => new Date(now.getTime() + seconds * 1_000)
const delivered: AttemptResult = { kind: 'delivered', receipt: { outcome: 'created', id: '1' } }
const open: DestinationState = { ...UNTROUBLED, failuresInRow: 5, openSince: now, probeAt: now, probeDelaySeconds: 8 }

function situation(changes: Partial<Situation> = {}): Situation {
  const delivery = { counted: 0, resend: false, rateLimitedSince: undefined }
  const about = { destination: UNTROUBLED, refusesOthers: false, onUnknown: 'hold', probe: false } as const
  return { delivery, ...about, now, random: 0.5, ...changes }
}

function failed(failure: (AttemptResult & { kind: 'failed' })['failure']): AttemptResult {
  return { kind: 'failed', failure }
}

test('each retry waits as the schedule says, give or take a fifth, and after the last there is none', () => {
  const seconds = [2, 10, 30, 120, 600, 1_800, 3_600, 10_800, 21_600, 43_200]
  assert.deepEqual(
    seconds.map((_, index) => retryDelaySeconds(index + 1, 0.5)),
    seconds,
  )
  assert.equal(retryDelaySeconds(1, 0), 1.6)
  assert.equal(retryDelaySeconds(1, 1)?.toFixed(3), '2.400')
  assert.equal(retryDelaySeconds(11, 0.5), undefined)
})

test('probes double from 1 s to 60 s, and health is asked after a tenth of the trouble, 5 to 60 s; trials wait half of it, 5 to 600 s', () => {
  assert.deepEqual([undefined, 1, 2, 32, 60].map(probeDelaySeconds), [1, 2, 4, 60, 60])
  assert.deepEqual([0, 100, 10_000].map(healthDelaySeconds), [5, 10, 60])
  assert.deepEqual([0, 100, 10_000].map(trialDelaySeconds), [5, 50, 600])
})

test('success on an untroubled destination changes nothing about it', () => {
  const { delivery, destination, troubles } = decide(delivered, situation())
  assert.deepEqual([delivery.state, delivery.receipt?.id, destination, troubles], ['delivered', '1', undefined, []])
})

test('success ends a row of failures, an open circuit and a resumption on trial', () => {
  assert.equal(
    decide(delivered, situation({ destination: { ...UNTROUBLED, failuresInRow: 4 } })).destination?.failuresInRow,
    0,
  )
  assert.equal(decide(delivered, situation({ destination: open })).destination?.openSince, undefined)
  const onTrial = { ...UNTROUBLED, failure: revoked }
  assert.equal(decide(delivered, situation({ destination: onTrial })).destination?.failure, undefined)
  assert.equal(decide(delivered, situation({ destination: onTrial, refusesOthers: true })).destination, undefined)
})

test('success of what was under way when its destination was paused does not resume it', () => {
  const paused = { ...UNTROUBLED, paused: true, failure: revoked, pausedBy: 'failure' } as const
  assert.equal(decide(delivered, situation({ destination: paused })).destination, undefined)
})

test('the fifth retryable failure in a row opens the circuit and still counts', () => {
  const { delivery, destination, troubles } = decide(
    failed(unavailable),
    situation({ destination: { ...UNTROUBLED, failuresInRow: 4 } }),
  )
  assert.deepEqual([delivery.counted, delivery.nextAttemptAt], [1, at(2)])
  assert.deepEqual([destination?.openSince, destination?.probeAt, destination?.probeDelaySeconds], [now, at(1), 1])
  assert.deepEqual(troubles, ['circuit.open'])
})

test('the last failure of the schedule that also opens the circuit is told of as both', () => {
  const delivery = { counted: 10, resend: false, rateLimitedSince: undefined }
  const destination = { ...UNTROUBLED, failuresInRow: 4 }
  const outcome = decide(failed(unavailable), situation({ delivery, destination }))
  assert.equal(outcome.delivery.state, 'failed')
  assert.deepEqual(outcome.troubles, ['delivery.failed', 'circuit.open'])
})

test('while the circuit is open a failure counts for nothing, and only a probe puts the next probe off', () => {
  const straggler = decide(failed(unavailable), situation({ destination: open }))
  assert.deepEqual(
    [straggler.delivery.counted, straggler.delivery.state, straggler.destination],
    [0, 'pending', undefined],
  )
  const probe = decide(failed(unavailable), situation({ destination: open, probe: true }))
  assert.deepEqual([probe.destination?.probeAt, probe.destination?.probeDelaySeconds], [at(16), 16])
})

test('a probe that called nobody, because nothing was to be sent, is given back', () => {
  for (const result of [{ kind: 'skipped' }, { kind: 'unmapped', failure: rejected }] as const) {
    const probed = decide(result, situation({ destination: { ...open, probeAt: at(15) }, probe: true }))
    assert.deepEqual(probed.destination?.probeAt, now)
    assert.equal(decide(result, situation()).destination, undefined)
  }
})

test('a rate limit is not counted and holds the destination at least as long as before', () => {
  const blocked = { ...UNTROUBLED, blockedUntil: at(90), failuresInRow: 3 }
  const { delivery, destination } = decide(failed(limited(30)), situation({ destination: blocked }))
  assert.deepEqual([delivery.counted, delivery.nextAttemptAt, delivery.rateLimitedSince], [0, at(30), now])
  assert.deepEqual([destination?.blockedUntil, destination?.failuresInRow], [at(90), 0])
})

test('a rate limit after the whole schedule was used up still waits as long as asked', () => {
  const delivery = { counted: 10, resend: false, rateLimitedSince: undefined }
  assert.deepEqual(decide(failed(limited(30)), situation({ delivery })).delivery.nextAttemptAt, at(30))
})

test('72 hours of rate limits, and not one second less, have failed', () => {
  const since = (seconds: number) => ({ counted: 0, resend: false, rateLimitedSince: at(-seconds) })
  const states = [259_199, 259_200].map(
    (seconds) => decide(failed(limited(1)), situation({ delivery: since(seconds) })).delivery.state,
  )
  assert.deepEqual(states, ['pending', 'failed'])
})

test('a failure of the destination pauses it once, whoever paused it', () => {
  const first = decide(failed(revoked), situation({ destination: open }))
  assert.deepEqual(
    [first.delivery.state, first.delivery.counted, first.troubles],
    ['pending', 0, ['destination.paused']],
  )
  const { paused, pausedBy, failure, healthAt, openSince } = first.destination ?? assert.fail()
  assert.deepEqual([paused, pausedBy, failure, healthAt, openSince], [true, 'failure', revoked, at(5), undefined])
  const operators = { ...UNTROUBLED, paused: true, pausedBy: 'operator' } as const
  assert.deepEqual(decide(failed(revoked), situation({ destination: operators })).destination, undefined)
  assert.deepEqual(decide(failed(revoked), situation({ destination: operators })).troubles, [])
})

test('an unknown outcome is sent again marked where the policy says so, but only once and never past the schedule', () => {
  const resend = { onUnknown: 'resend_marked' } as const
  const first = decide(failed(lost), situation(resend)).delivery
  assert.deepEqual([first.state, first.resend, first.counted, first.nextAttemptAt], ['pending', true, 1, at(2)])
  const again = { counted: 1, resend: true, rateLimitedSince: undefined }
  const exhausted = { counted: 10, resend: false, rateLimitedSince: undefined }
  for (const delivery of [again, exhausted]) {
    const { delivery: change, troubles } = decide(failed(lost), situation({ ...resend, delivery }))
    assert.deepEqual([change.state, troubles], ['unknown', ['delivery.unknown']])
  }
  assert.equal(decide(failed(lost), situation()).delivery.state, 'unknown')
})

test('an unknown outcome of a probe leaves the circuit open and puts the next probe off', () => {
  const { destination } = decide(failed(lost), situation({ destination: open, probe: true }))
  assert.deepEqual([destination?.openSince, destination?.probeAt], [now, at(16)])
})
