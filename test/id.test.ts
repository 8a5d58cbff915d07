import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId } from '../src/id.ts'

test('ids carry their prefix, sort by time and never repeat', () => {
  const earlier = newId('sub', new Date('2026-03-02T09:00:00.000Z'))
  const later = newId('sub', new Date('2026-03-02T09:00:00.001Z'))
  assert.match(earlier, /^sub_[0-9a-hjkmnp-tv-z]{26}$/u)
  assert.ok(earlier < later)
  const now = new Date()
  assert.equal(new Set(Array.from({ length: 5000 }, () => newId('dlv', now))).size, 5000)
})
