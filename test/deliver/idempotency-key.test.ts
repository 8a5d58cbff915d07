import assert from 'node:assert/strict'
import { test } from 'node:test'
import { idempotencyKey } from '../../src/deliver/idempotency-key.ts'

const submissionId = 'sub_01k9x2v7m3n4p5q6r7s8t9v0w1'

test('a key is readable, tells records from notifications, and is never longer than 64 characters', () => {
  assert.equal(idempotencyKey({ submissionId, kind: 'record', item: 'contact' }), `${submissionId}.contact`)
  assert.equal(idempotencyKey({ submissionId, kind: 'notification', item: 'contact' }), `${submissionId}!contact`)
  const late = { submissionId, kind: 'notification', item: 'contact', stage: 'late' } as const
  assert.equal(idempotencyKey(late), `${submissionId}!contact.late`)
  const item = 'x'.repeat(40)
  assert.notEqual(idempotencyKey({ ...late, item }), idempotencyKey({ ...late, item, stage: 'whole' }))
  assert.equal(idempotencyKey({ ...late, item }).length, 64)
  const long = ['a', 'b'].map((last) => idempotencyKey({ submissionId, kind: 'record', item: 'x'.repeat(39) + last }))
  assert.notEqual(long[0], long[1])
  for (const key of long) assert.equal(key.length, 64)
})
