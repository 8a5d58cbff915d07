import assert from 'node:assert/strict'
import { test } from 'node:test'
import { failureOf, receiptOf } from '../../src/deliver/verdict.ts'
import { FailureError } from '../../src/plugin/failure.ts'
import { keptLog } from '../support/log.ts'
import { limited } from './scripted-vendor.ts'

test('a rate limit asks for a sensible time, whatever the plugin says', () => {
  const { log } = keptLog()
  const waits = [5, 0.5, -3, Number.NaN, Number.POSITIVE_INFINITY, 1e9].map((seconds) => {
    const failure = failureOf(new FailureError(limited(seconds)), undefined, log)
    return failure.kind === 'rate-limited' ? failure.retryAfterSeconds : undefined
  })
  assert.deepEqual(waits, [5, 0.5, 0, 10, 10, 259_200])
})

test('anything can be thrown', () => {
  const { log, lines } = keptLog()
  for (const thrown of ['text', undefined, null, 7, { kind: 'retryable' }, new Error('x')]) {
    assert.equal(failureOf(thrown, undefined, log).code, 'FG_DELIVERY_UNCLASSIFIED')
  }
  assert.equal(lines.length, 6)
})

test('a receipt has an outcome and an id', () => {
  assert.deepEqual(receiptOf({ outcome: 'sent', id: '1', url: 'https://x', more: 1 }), {
    outcome: 'sent',
    id: '1',
    url: 'https://x',
  })
  assert.deepEqual(receiptOf({ outcome: 'updated', id: '1', url: 7 }), { outcome: 'updated', id: '1' })
  for (const value of [
    undefined,
    null,
    'ok',
    {},
    { outcome: 'done', id: '1' },
    { outcome: 'sent', id: 1 },
    { outcome: 'sent', id: '' },
  ]) {
    assert.equal(receiptOf(value), undefined)
  }
})
