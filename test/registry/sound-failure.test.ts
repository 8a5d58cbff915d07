import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Failure } from '../../src/plugin/failure.ts'
import { soundFailure } from '../../src/registry/sound-failure.ts'

test('a failure as the contract has it passes unchanged', () => {
  const failures: readonly Failure[] = [
    { kind: 'retryable', code: 'A', message: 'm' },
    { kind: 'retryable', code: 'A', message: 'm', nothingWritten: true },
    { kind: 'rate-limited', code: 'A', message: 'm', retryAfterSeconds: 2.5 },
    { kind: 'permanent', code: 'A', message: 'm', scope: 'destination' },
    { kind: 'permanent', code: 'A', message: 'm', scope: 'destination', byHand: true },
    { kind: 'permanent', code: 'A', message: 'm', scope: 'record', fields: ['email'], candidates: ['7', '8'] },
    { kind: 'permanent', code: 'A', message: 'm', scope: 'record', candidates: ['7'], adopt: true },
    { kind: 'unknown', code: 'A', message: 'm' },
  ]
  for (const failure of failures) assert.deepEqual(soundFailure(failure), failure)
})

test('what is no failure of a known kind, or lacks its words, is none', () => {
  const words = { code: 'A', message: 'm' }
  const odd = [
    undefined,
    null,
    'x',
    {},
    { kind: 'sad', ...words },
    { kind: 'retryable' },
    { kind: 'permanent', ...words },
  ]
  for (const value of [...odd, { kind: 'retryable', code: 5, message: 'm' }])
    assert.equal(soundFailure(value), undefined)
})

test('texts are cut to a length an operator reads, and hold nothing that a database refuses', () => {
  const failure = soundFailure({
    kind: 'permanent',
    scope: 'record',
    code: 'A\0B',
    message: `half \ud83d ${'x'.repeat(50_000)}`,
    fields: ['email', 7, 'p\0hone'],
  })
  assert.deepEqual(failure, {
    kind: 'permanent',
    scope: 'record',
    code: 'AB',
    message: `half \ufffd ${'x'.repeat(993)}`,
    fields: ['email', 'phone'],
  })
})
