import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canonicalText, sha256 } from '../../src/value/hash.ts'

test('the order of keys does not matter, the order of a list does', () => {
  assert.equal(canonicalText({ b: 1, a: [2, { d: 1, c: null }] }), '{"a":[2,{"c":null,"d":1}],"b":1}')
  assert.notEqual(canonicalText([1, 2]), canonicalText([2, 1]))
})

test('half a surrogate pair becomes U+FFFD in values and keys', () => {
  assert.equal(canonicalText({ 'a\ud800': 'x\udc00' }), '{"a\ufffd":"x\ufffd"}')
})

test('a number that JSON lacks becomes null', () => {
  assert.equal(canonicalText([Number.NaN, Number.POSITIVE_INFINITY]), '[null,null]')
})

test('a key named __proto__ is kept as a key', () => {
  assert.equal(canonicalText(JSON.parse('{"__proto__":1}')), '{"__proto__":1}')
})

test('the hash is that of the UTF-8 bytes', () => {
  assert.equal(sha256('').toString('hex'), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
  assert.equal(sha256('é').toString('hex'), '4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c')
})
