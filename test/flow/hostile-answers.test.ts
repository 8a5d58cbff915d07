import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fieldTypes } from '../../src/flow/field-types.ts'

const LENGTH = 200_000
const texts: readonly string[] = [
  `${'1'.repeat(LENGTH)}x`,
  `${'1 '.repeat(LENGTH / 2)}x`,
  `a${' '.repeat(LENGTH)}b`,
  `a@${'a.'.repeat(LENGTH / 2)}@`,
  '@'.repeat(LENGTH),
  '+('.repeat(LENGTH / 2),
]

test('no text, however long, keeps a field type busy', () => {
  for (const [type, read] of Object.entries(fieldTypes)) {
    for (const text of texts) {
      const from = performance.now()
      read(text, { type: type as keyof typeof fieldTypes })
      const tookMs = performance.now() - from
      assert.ok(tookMs < 1_000, `${type} took ${tookMs} ms for ${text.slice(0, 10)}…`)
    }
  }
})

test('more digits than a number can have are no number', () => {
  for (const type of ['number', 'integer'] as const)
    assert.equal(fieldTypes[type]('9'.repeat(400), { type }), undefined)
  assert.equal(fieldTypes.number('12.', { type: 'number' }), 12)
  assert.equal(fieldTypes.number('-.5', { type: 'number' }), -0.5)
})
