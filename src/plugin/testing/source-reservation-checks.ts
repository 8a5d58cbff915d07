import assert from 'node:assert/strict'
import type { Source } from '../definition.ts'
import type { Json } from '../json.ts'
import type { StageReservations } from './source-stage.ts'
import { reservationsOf, type SourceConformanceCheck } from './source-trial.ts'
import { call, describe, failureOf, rejection } from './trial.ts'

/** What is held is held by one, and given back by the one who holds it. */
export const reservationChecks: readonly SourceConformanceCheck[] = [
  {
    name: 'the same key reserves once and finds it held again',
    about: 'reservations',
    async run(trial) {
      const things = reservationsOf(trial.stage)
      const source = await trial.configure(trial.stage.config)
      const first = await reserve(source, things, 0, 'one')
      const second = await reserve(source, things, 0, 'one')
      await source.close()
      const cure = 'Keep call.idempotencyKey with what is held, and answer alike where that key already holds it.'
      assert.notEqual(first, undefined, 'Nobody held it, and it was reported as taken. Resolve with what is now held.')
      assert.notEqual(second, undefined, `The same key was told that its own hold is somebody else's. ${cure}`)
      assert.deepEqual(second, first, `The same key was answered something else the second time. ${cure}`)
      await assertHeld(things, 0, 1)
    },
  },
  {
    name: 'what one key holds is taken for every other',
    about: 'reservations',
    async run(trial) {
      const things = reservationsOf(trial.stage)
      const source = await trial.configure(trial.stage.config)
      await reserve(source, things, 1, 'one')
      const cure = 'That somebody else has it is no failure: resolve with undefined.'
      const other = await reserve(source, things, 1, 'other').catch((error: unknown) =>
        assert.fail(`What is taken was reported as ${describe(failureOf(trial.plugin, error))}. ${cure}`),
      )
      await source.close()
      assert.equal(other, undefined, `What one key holds was given to another. ${cure}`)
      await assertHeld(things, 1, 1)
    },
  },
  {
    name: 'of ten who reserve at once one wins',
    about: 'reservations',
    async run(trial) {
      const things = reservationsOf(trial.stage)
      const source = await trial.configure(trial.stage.config)
      const keys = Array.from({ length: 10 }, (_, index) => `at-once-${index}`)
      const settled = await Promise.allSettled(keys.map((key) => reserve(source, things, 2, key)))
      await source.close()
      const won = settled.filter((result) => result.status === 'fulfilled' && result.value !== undefined).length
      const cure = 'Look and take in one step, such as a conditional update: not first the one, then the other.'
      assert.equal(won, 1, `Of 10 who reserved the same thing at once ${won} were told they have it. ${cure}`)
      await assertHeld(things, 2, 1)
    },
  },
  {
    name: 'a release gives back what its own key holds, and twice is harmless',
    about: 'reservations',
    async run(trial) {
      const things = reservationsOf(trial.stage)
      const source = await trial.configure(trial.stage.config)
      const free = (key: string) => release(source, things, 3, key)
      const harmless = 'Let release do nothing where its key holds nothing.'
      await free('one').catch(() => assert.fail(`A release of what nobody holds failed. ${harmless}`))
      await reserve(source, things, 3, 'one')
      await free('one')
      await assertHeld(things, 3, 0)
      await reserve(source, things, 3, 'other')
      await free('one').catch(() => assert.fail(`The second release failed. ${harmless}`))
      await source.close()
      const cure = 'Give back only what is held under call.idempotencyKey.'
      assert.equal(await things.held(3), 1, `A release gave back what another key holds. ${cure}`)
    },
  },
  {
    name: 'a lost reply leaves it held by its key',
    about: 'reservations',
    async run(trial) {
      const { plugin, stage } = trial
      const things = reservationsOf(stage)
      const source = await trial.configure(stage.config)
      await things.loseReply()
      const losing = reserve(source, things, 4, 'lost')
      const error = await rejection(losing, 'A reservation whose reply was lost resolved. Resolve only with an answer.')
      const failure = failureOf(plugin, error)
      const passing = failure === undefined || failure.kind === 'retryable' || failure.kind === 'unknown'
      assert.ok(passing, `A lost reply was reported as ${describe(failure)}. Classify it as retryable.`)
      const otherProcess = await trial.configure(stage.config)
      const found = await reserve(otherProcess, things, 4, 'lost')
      await source.close()
      await otherProcess.close()
      const cure = 'Keep call.idempotencyKey with what is held, where every process finds it.'
      assert.notEqual(found, undefined, `After a lost reply the same key was told that it is taken. ${cure}`)
      await assertHeld(things, 4, 1)
    },
  },
]

function reserve(source: Source, things: StageReservations, index: number, key: string): Promise<Json | undefined> {
  const { reserve: query } = things
  return source.reserve?.(query, things.parameters(index), call(key)) ?? assert.fail(`There is no reserve. ${both}`)
}

async function release(source: Source, things: StageReservations, index: number, key: string): Promise<void> {
  assert.ok(source.release, `There is no release. ${both}`)
  await source.release(things.release, things.parameters(index), call(key))
}

const both = 'A source that reserves has reserve and release.'

async function assertHeld(things: StageReservations, index: number, expected: 0 | 1): Promise<void> {
  const held = await things.held(index)
  const cure = 'One thing is held once, until it is released.'
  assert.equal(held, expected, `It is held ${held} times, not ${expected}. ${cure}`)
}
