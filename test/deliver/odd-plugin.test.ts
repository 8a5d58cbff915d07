import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Failure } from '../../src/plugin/failure.ts'
import { readAttempts } from '../../src/store/attempts.ts'
import { deliveryStage } from './delivery-stage.ts'

const odd = (failure: object) => ({ ...failure }) as Failure

test('a receipt with letters that the database refuses is written down all the same, and nothing is sent again', async () => {
  await using stage = await deliveryStage()
  const { contact } = await stage.submit()
  stage.crm.answers({ outcome: 'created', id: 'a\0b', url: 'https://x/\ud83d' })
  assert.equal(await stage.attempt(contact), 'ended')
  const { state, receipt } = await stage.delivery(contact)
  assert.deepEqual([state, receipt], ['delivered', { outcome: 'created', id: 'ab', url: 'https://x/\ufffd' }])
  assert.equal(stage.crm.calls.length, 1)
})

test('whatever a plugin says of its failure, the attempt ends and is counted', async () => {
  await using stage = await deliveryStage()
  const { contact } = await stage.submit()
  const failures = [
    odd({ kind: 'retryable', code: 'X', message: 'cut in the middle \ud83d' }),
    odd({ kind: 'sad', code: 'X', message: 'm' }),
    odd({ kind: 'retryable' }),
    odd({ kind: 'permanent', scope: 'record', code: 'X', message: 'NUL \0', fields: 'email' }),
  ]
  stage.crm.answers(...failures)
  for (const _ of failures) assert.equal(await stage.attemptWhenDue(contact), 'ended')
  const { state, counted } = await stage.delivery(contact)
  assert.deepEqual([state, counted], ['failed', 3])
  const attempts = await readAttempts(stage.pool, contact ?? '')
  assert.deepEqual(
    attempts.map(({ failure }) => failure?.code),
    ['X', 'FG_DELIVERY_UNCLASSIFIED', 'FG_DELIVERY_UNCLASSIFIED', 'X'],
  )
})
