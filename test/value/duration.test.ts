import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseDuration } from '../../src/value/duration.ts'

test('a duration is a whole number with a unit', () => {
  assert.equal(parseDuration('30s'), 30)
  assert.equal(parseDuration('5m'), 300)
  assert.equal(parseDuration('48h'), 172_800)
  assert.equal(parseDuration('7d'), 604_800)
})

test('anything else is no duration', () => {
  for (const text of ['', '5', '5 m', '0s', '-5m', '1.5h', '5M', '5min', 'PT5M', '1234567d']) {
    assert.equal(parseDuration(text), undefined, text)
  }
})
