import assert from 'node:assert/strict'
import type { Deliverer } from '../definition.ts'
import type { Call } from '../delivery.ts'
import type { ConformanceCheck } from './check.ts'
import { call, describe, failureOf, rejection, type Trial } from './trial.ts'

const outcomes = { crm: ['created', 'updated', 'unchanged'], notification: ['sent'] }
const again: Partial<Call> = { attempt: 2, uncertain: true }

/** What a delivery leaves behind, however often and however badly it went. */
export const deliveryChecks: readonly ConformanceCheck[] = [
  {
    name: 'a delivery is made once and confirmed',
    async run(trial) {
      const { stage } = trial
      const instance = await trial.configure(stage.config)
      const input = stage.sample(0)
      const receipt = await instance.deliver(input, call('once'))
      await instance.close()
      const effects = await stage.effects('once', input)
      assert.equal(effects, 1, `One delivery left ${effects} effects. Make exactly one write of the input in deliver.`)
      assert.ok(receipt.id, "The receipt has no id. Return the vendor's id of the record or message in Receipt.id.")
      const allowed = outcomes[trial.plugin.kind === 'crm' ? 'crm' : 'notification']
      assert.ok(
        allowed.includes(receipt.outcome),
        `The receipt says "${receipt.outcome}". A ${trial.plugin.kind} plugin returns one of: ${allowed.join(', ')}.`,
      )
      assert.ok(
        receipt.url === undefined || /^https?:\/\//.test(receipt.url),
        'Receipt.url is no http address. Give a link a person can open, or leave it out.',
      )
    },
  },
  {
    name: 'the same delivery made twice leaves one',
    async run(trial) {
      const { stage } = trial
      const instance = await trial.configure(stage.config)
      const first = await instance.deliver(stage.sample(0), call('twice'))
      const second = await repeat(trial, instance, 'twice')
      await instance.close()
      assert.ok(
        second === undefined || second === first.id,
        'The second receipt names another id than the first. Return the id of what is already there.',
      )
    },
  },
  {
    name: 'a lost reply leaves one',
    async run(trial) {
      const { plugin, stage } = trial
      const instance = await trial.configure(stage.config)
      stage.loseReply()
      await instance.deliver(stage.sample(0), call('lost')).catch((error: unknown) => {
        const failure = failureOf(plugin, error)
        assert.ok(
          failure === undefined || failure.kind === 'retryable' || failure.kind === 'unknown',
          `A lost reply was reported as ${describe(failure)}. Classify broken connections as retryable.`,
        )
      })
      const otherProcess = await trial.configure(stage.config)
      await repeat(trial, otherProcess, 'lost')
      await instance.close()
      await otherProcess.close()
    },
  },
  {
    name: 'concurrent calls do not mix',
    async run(trial) {
      const { stage } = trial
      const instance = await trial.configure(stage.config)
      const keys = Array.from({ length: 10 }, (_, index) => `concurrent-${index}`)
      const settled = await Promise.allSettled(
        keys.map((key, index) => instance.deliver(stage.sample(index), call(key))),
      )
      await instance.close()
      const ids = new Set<string>()
      for (const [index, result] of settled.entries()) {
        assert.equal(result.status, 'fulfilled', `One of 10 calls at once failed. ${keepApart}`)
        if (result.status === 'fulfilled') ids.add(result.value.id)
        const effects = await stage.effects(`concurrent-${index}`, stage.sample(index))
        assert.equal(effects, 1, `Of 10 calls at once one left ${effects} effects of its own. ${keepApart}`)
      }
      assert.equal(ids.size, 10, `10 calls at once answered ${ids.size} different ids. ${keepApart}`)
    },
  },
]

const keepApart = 'Keep what belongs to one call in the call, never on the instance or the module.'

/** Delivers sample 0 once more, uncertain, and checks that one effect is left. Answers the receipt's id, if there is one. */
async function repeat<Input, Config>(
  { plugin, stage }: Trial<Input, Config>,
  instance: Deliverer<Input>,
  key: string,
): Promise<string | undefined> {
  const input = stage.sample(0)
  const delivering = instance.deliver(input, call(key, again))
  if (stage.canTell) {
    const id = await delivering.then(
      (receipt) => receipt.id,
      (error: unknown) => {
        const lookFirst = 'When call.uncertain, look for the idempotency key at the vendor and return what is found.'
        assert.fail(`An uncertain repeat ended as ${describe(failureOf(plugin, error))}. ${lookFirst}`)
      },
    )
    assertOne(await stage.effects(key, input))
    return id
  }
  const error = await rejection(delivering, `An uncertain repeat was sent again. ${sayUnknown}`)
  const failure = failureOf(plugin, error)
  assert.equal(failure?.kind, 'unknown', `An uncertain repeat ended as ${describe(failure)}. ${sayUnknown}`)
  assertOne(await stage.effects(key, input))
  return undefined
}

const sayUnknown =
  'This vendor has no key and no look-up: when call.uncertain and not call.resend, throw a FailureError of kind unknown.'

function assertOne(effects: number): void {
  const cure = 'Give the vendor the idempotency key and, when call.uncertain, look for it there before writing again.'
  assert.equal(effects, 1, `After a repeat there are ${effects} effects, not one. ${cure}`)
}
