import assert from 'node:assert/strict'
import { test } from 'node:test'
import { attemptDelivery } from '../../src/deliver/attempt.ts'
import { beginDelivery } from '../../src/deliver/begin.ts'
import { recordResult } from '../../src/deliver/record.ts'
import { readAttempts } from '../../src/store/attempts.ts'
import { deliveryStage } from './delivery-stage.ts'

test('of many workers that take the same delivery at once exactly one calls the plugin', async () => {
  await using stage = await deliveryStage()
  const { contact } = await stage.submit()
  const results = await Promise.all(Array.from({ length: 8 }, () => stage.attempt(contact)))
  assert.equal(results.filter((result) => result === 'ended').length, 1)
  assert.equal(results.filter((result) => result === 'not-now').length, 7)
  assert.equal(stage.crm.calls.length, 1)
  assert.equal((await readAttempts(stage.pool, contact ?? '')).length, 1)
})

test('an attempt whose process died is handed out again with the same number and key, and as uncertain', async () => {
  await using stage = await deliveryStage()
  const { contact = '' } = await stage.submit()
  const died = await beginDelivery({ ...stage.delivering, worker: 'prc_died' }, contact)
  assert.ok(typeof died !== 'string')
  assert.deepEqual([died.attempt.number, died.attempt.uncertain], [1, false])
  assert.equal(await stage.attempt(contact), 'not-now')
  assert.equal(await stage.jobs(contact), 2, 'a job comes back when the lease ends')
  stage.clock.advance(15_000)
  assert.equal(await stage.attempt(contact), 'ended')
  const { call } = stage.crm.calls[0] ?? assert.fail()
  assert.deepEqual([call.attempt, call.uncertain], [1, true])
  const attempts = await readAttempts(stage.pool, contact)
  assert.deepEqual(
    attempts.map(({ number, worker }) => [number, worker]),
    [[1, 'prc_test']],
  )
  assert.equal((await stage.delivery(contact)).attempts, 1)
})

test('a result that comes after the lease has passed to another is discarded', async () => {
  await using stage = await deliveryStage()
  const { contact = '' } = await stage.submit()
  const slow = await beginDelivery(stage.delivering, contact)
  assert.ok(typeof slow !== 'string')
  stage.clock.advance(15_000)
  await stage.attempt(contact)
  const receipt = { outcome: 'created', id: 'late' } as const
  assert.equal(await recordResult(stage.delivering, slow, { kind: 'delivered', receipt }, undefined), undefined)
  assert.equal((await stage.delivery(contact)).receipt?.id, 'crm-1')
})

test('a job for a delivery that is settled, waits or does not exist does nothing', async () => {
  await using stage = await deliveryStage()
  const { contact, deal } = await stage.submit()
  assert.equal(await stage.attempt(deal), 'not-now')
  await stage.attempt(contact)
  assert.equal(await stage.attempt(contact), 'not-now')
  assert.equal(await stage.attempt('dlv_none'), 'not-now')
  assert.equal(stage.crm.calls.length, 1)
})

test('a job that comes a little early, because two clocks differ, comes back at the right time', async () => {
  await using stage = await deliveryStage()
  const { contact } = await stage.submit()
  stage.crm.answers({ kind: 'retryable', code: 'X', message: 'x' })
  await stage.attempt(contact)
  stage.clock.advance(1_500)
  assert.equal(await stage.jobs(contact), 2)
  assert.equal(await stage.attempt(contact), 'not-now')
  assert.equal(await stage.jobs(contact), 3)
})

test('an attempt broken off because the process stops is given back: begun, uncounted, and with a job', async () => {
  await using stage = await deliveryStage()
  const { contact = '' } = await stage.submit()
  const stopping = new AbortController()
  stage.crm.answers((_, { signal }) => {
    stopping.abort()
    return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  })
  stage.clock.advance(1)
  assert.equal(await attemptDelivery(stage.delivering, contact, stopping.signal), 'stopped')
  const { state, counted, leasedUntil } = await stage.delivery(contact)
  assert.deepEqual([state, counted, leasedUntil], ['pending', 0, undefined])
  assert.equal(await stage.jobs(contact), 2)
  await stage.attempt(contact)
  assert.deepEqual(
    stage.crm.calls.map(({ call }) => [call.attempt, call.uncertain]),
    [
      [1, false],
      [1, true],
    ],
  )
})
