import assert from 'node:assert/strict'
import { assertNothingForeign } from './failure-checks.ts'
import { holdsWithin, late, lateAfter } from './late.ts'
import { failureOfQuestion, lacking, read, type SourceConformanceCheck, troubleOf } from './source-trial.ts'
import { call, describe, failureOf, rejection } from './trial.ts'

/** How a source speaks of trouble, so that the gateway can fall back in time and tell operators. */
export const sourceFailureChecks: readonly SourceConformanceCheck[] = [
  {
    name: 'an unavailable source is retryable',
    about: 'trouble',
    async run(trial) {
      await troubleOf(trial.stage).unavailable()
      const failure = await failureOfQuestion(trial, trial.stage.config, trial.stage.known(0), answered)
      const cure = 'Classify 5xx answers and broken connections as retryable.'
      assert.equal(failure?.kind, 'retryable', `A source that is down was reported as ${describe(failure)}. ${cure}`)
    },
  },
  {
    name: 'there are no retries inside',
    about: 'trouble',
    async run(trial) {
      const trouble = troubleOf(trial.stage)
      await trouble.unavailable()
      const before = await trouble.asked()
      await failureOfQuestion(trial, trial.stage.config, trial.stage.known(0), answered)
      const requests = (await trouble.asked()) - before
      const cure =
        "Turn the client's own retries off and ask once: a person is waiting, and the gateway has a fallback."
      assert.equal(requests, 1, `One question to a source that is down made ${requests} requests. ${cure}`)
    },
  },
  {
    name: 'a rate limit says how long',
    about: 'rate limits',
    async run(trial) {
      const trouble = troubleOf(trial.stage)
      assert.ok(trouble.limited, lacking('rate limits'))
      await trouble.limited(7)
      const failure = await failureOfQuestion(trial, trial.stage.config, trial.stage.known(0), answered)
      const cure = 'Classify it as rate-limited with retryAfterSeconds from the answer (Retry-After).'
      assert.equal(failure?.kind, 'rate-limited', `A rate limit was reported as ${describe(failure)}. ${cure}`)
      const seconds = failure?.kind === 'rate-limited' ? failure.retryAfterSeconds : undefined
      assert.equal(seconds, 7, `A rate limit of 7 s was reported as ${seconds} s. ${cure}`)
    },
  },
  {
    name: 'refused credentials stop the source',
    about: 'credentials',
    async run(trial) {
      const { refusedConfig } = trial.stage
      assert.ok(refusedConfig !== undefined, lacking('credentials'))
      const failure = await failureOfQuestion(trial, refusedConfig, trial.stage.known(0), answered)
      const cure = 'Classify refused, expired and revoked credentials as permanent with scope destination.'
      assert.ok(
        failure?.kind === 'permanent' && failure.scope === 'destination',
        `Refused credentials were reported as ${describe(failure)}. ${cure}`,
      )
      const source = await trial.configure(refusedConfig)
      const health = await source.health(call('health'))
      await source.close()
      assert.ok(!health.ok, 'With refused credentials health said yes. Ask with them, and return the refusal.')
    },
  },
  {
    name: 'a foreign error is not claimed',
    run: async ({ plugin }) => assertNothingForeign(plugin),
  },
  {
    name: 'an abort ends a hanging question',
    about: 'trouble',
    async run(trial) {
      const { plugin, stage } = trial
      const trouble = troubleOf(stage)
      await trouble.hang()
      const before = await trouble.asked()
      const source = await trial.configure(stage.config)
      const abort = new AbortController()
      const reading = read(source, stage.known(0), abort.signal)
      const rejected = rejection(reading, 'A question that was never answered resolved. Resolve only with an answer.')
      rejected.catch(() => undefined)
      const arrived = holdsWithin(5_000, async () => (await trouble.asked()) > before)
      const seen = await Promise.race([arrived, rejected])
      assert.notEqual(
        seen,
        false,
        'A question never arrived where it was to hang. Ask, or correct asked() of the stage.',
      )
      abort.abort(new DOMException('the deadline passed', 'TimeoutError'))
      const error = await Promise.race([rejected, lateAfter(1_000)])
      const passSignal = 'Pass call.signal to the client, or end the request yourself: a race alone leaves it running.'
      assert.notEqual(error, late, `A hanging question was still pending 1 s after its abort. ${passSignal}`)
      const ended = await holdsWithin(1_000, () => trouble.aborted())
      assert.ok(ended, `A hanging question went on where it was asked after its abort. ${passSignal}`)
      await source.close()
      const failure = failureOf(plugin, error)
      assert.notEqual(failure?.kind, 'permanent', `An abort was reported as ${describe(failure)}. It is retryable.`)
    },
  },
]

const answered = 'A question that could not be answered resolved. Throw whenever the system did not answer it.'
