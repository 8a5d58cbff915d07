import assert from 'node:assert/strict'
import type { Failure } from '../failure.ts'
import type { ConformanceCheck } from './check.ts'
import { late, lateAfter } from './late.ts'
import { call, describe, failureOf, rejection, type Trial } from './trial.ts'

/** How a plugin speaks of trouble, so that the gateway can act on it. */
export const failureChecks: readonly ConformanceCheck[] = [
  {
    name: 'an unavailable vendor is retryable',
    async run(trial) {
      trial.stage.unavailable()
      const failure = await failing(trial, trial.stage.config, trial.stage.sample(0))
      const cure = 'Classify 5xx answers and broken connections as retryable.'
      assert.equal(failure?.kind, 'retryable', `A vendor that is down was reported as ${describe(failure)}. ${cure}`)
    },
  },
  {
    name: 'there are no retries inside',
    async run(trial) {
      trial.stage.unavailable()
      await failing(trial, trial.stage.config, trial.stage.sample(0))
      const writes = trial.stage.writes()
      const cure = "Turn the vendor SDK's own retries off and send once: the gateway alone decides on retries."
      assert.equal(writes, 1, `One call to a vendor that is down made ${writes} write requests. ${cure}`)
    },
  },
  {
    name: 'a rate limit says how long',
    about: 'rate limits',
    async run(trial) {
      trial.stage.limited?.(7)
      const failure = await failing(trial, trial.stage.config, trial.stage.sample(0))
      const cure = 'Classify it as rate-limited with retryAfterSeconds from the answer (Retry-After).'
      assert.equal(failure?.kind, 'rate-limited', `A rate limit was reported as ${describe(failure)}. ${cure}`)
      const seconds = failure?.kind === 'rate-limited' ? failure.retryAfterSeconds : undefined
      assert.equal(seconds, 7, `A rate limit of 7 s was reported as ${seconds} s. ${cure}`)
    },
  },
  {
    name: 'refused credentials stop the destination',
    async run(trial) {
      const { stage } = trial
      const failure = await failing(trial, stage.refusedConfig, stage.sample(0))
      const cure = 'Classify refused, expired and revoked credentials as permanent with scope destination.'
      assert.ok(
        failure?.kind === 'permanent' && failure.scope === 'destination',
        `Refused credentials were reported as ${describe(failure)}. ${cure}`,
      )
      const seen = 'Leave byHand out: health says no to them, so the gateway goes on by itself once they are mended.'
      assert.equal(failure.byHand, undefined, `Refused credentials were reported as mended by hand alone. ${seen}`)
    },
  },
  {
    name: 'a rejected record stops only itself',
    async run(trial) {
      const { stage } = trial
      const failure = await failing(trial, stage.config, stage.unacceptable)
      const cure = 'Classify what the vendor refuses for its content as permanent with scope record.'
      assert.ok(
        failure?.kind === 'permanent' && failure.scope === 'record',
        `An input the vendor refuses was reported as ${describe(failure)}. ${cure}`,
      )
      const instance = await trial.configure(stage.config)
      await rejection(instance.deliver(stage.unacceptable, call('refused')), confirmOnly)
      const next = instance.deliver(stage.sample(0), call('next'))
      await next.catch(() => assert.fail('After a refused input the next one failed. Keep no state of a failed call.'))
      await instance.close()
    },
  },
  {
    name: 'a foreign error is not claimed',
    run: async ({ plugin }) => assertNothingForeign(plugin),
  },
  {
    name: 'an abort ends a hanging call',
    async run(trial) {
      const { plugin, stage } = trial
      stage.hang()
      const instance = await trial.configure(stage.config)
      const abort = new AbortController()
      const delivering = instance.deliver(stage.sample(0), call('aborted', { signal: abort.signal }))
      const rejected = rejection(delivering, 'A call that was never answered resolved. Resolve only with an answer.')
      rejected.catch(() => undefined)
      await Promise.race([stage.until(() => stage.writes() > 0), rejected])
      abort.abort(new DOMException('the deadline passed', 'TimeoutError'))
      const error = await Promise.race([rejected, lateAfter(1_000)])
      assert.notEqual(error, late, `A hanging call was still pending 1 s after its abort. ${passSignal}`)
      await stage
        .until(() => stage.aborted(), 1_000)
        .catch(() => assert.fail(`A hanging call's socket was still open after its abort. ${passSignal}`))
      await instance.close()
      const failure = failureOf(plugin, error)
      assert.notEqual(failure?.kind, 'permanent', `An abort was reported as ${describe(failure)}. It is retryable.`)
    },
  },
]

const passSignal =
  "Pass call.signal to the vendor's client so that it destroys the socket; a race alone leaves it open."
const confirmOnly = 'A delivery that failed resolved. Throw whenever the vendor did not confirm the write.'
const foreignErrors: readonly unknown[] = [
  new Error('x'),
  new TypeError("Cannot read properties of undefined (reading 'id')"),
  new RangeError('Invalid array length'),
  { message: 'x' },
  { status: 503 },
  {},
  'x',
  42,
  null,
  undefined,
]

/** Fails where `classify` takes an error for its own that no SDK makes. */
export function assertNothingForeign(plugin: { classify(error: unknown): Failure | undefined }): void {
  for (const error of foreignErrors) {
    const failure = plugin.classify(error)
    const cure = "Answer undefined in classify for whatever is not the vendor SDK's error or your own."
    assert.equal(failure, undefined, `classify made ${describe(failure)} of an error that is not its own. ${cure}`)
  }
}

async function failing<Input, Config>(
  { plugin, configure }: Trial<Input, Config>,
  config: Config,
  input: Input,
): Promise<Failure | undefined> {
  const instance = await configure(config)
  const error = await rejection(instance.deliver(input, call('failing')), confirmOnly)
  await instance.close()
  return failureOf(plugin, error)
}
