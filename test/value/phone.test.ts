import assert from 'node:assert/strict'
import { test } from 'node:test'
import { knowsCountry, toE164 } from '../../src/value/phone.ts'

test('a national number needs its country', () => {
  assert.equal(toE164('(11) 99999-0000', 'BR'), '+5511999990000')
  assert.equal(toE164('(11) 99999-0000'), undefined)
})

test('an international number keeps its country whatever the default', () => {
  assert.equal(toE164(' +44 20 7946 0958 ', 'BR'), '+442079460958')
})

test('what no numbering plan has is refused', () => {
  for (const text of ['', 'call me', '+55119999', '+5215512345678', 'call +5511999990000', '+999 1234567']) {
    assert.equal(toE164(text, 'BR'), undefined, text)
  }
})

test('countries are two letters with a numbering plan', () => {
  assert.ok(knowsCountry('BR'))
  assert.ok(!knowsCountry('XX'))
  assert.ok(!knowsCountry('br'))
})
