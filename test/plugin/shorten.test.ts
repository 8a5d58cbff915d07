import assert from 'node:assert/strict'
import { test } from 'node:test'
import { oneLine, shorten } from '../../src/plugin/shorten.ts'

test('text that fits is left alone', () => {
  assert.equal(shorten('Zoë 李 👋', 20), 'Zoë 李 👋')
  assert.equal(shorten('12345', 5), '12345')
})

test('text that does not fit ends in an ellipsis within the limit', () => {
  assert.equal(shorten('123456', 5), '1234…')
})

test('a long beginning of control characters still ends in an ellipsis', () => {
  assert.equal(shorten(`${'\u0000'.repeat(9)}a${'b'.repeat(99)}`, 5), 'a…')
})

test('no half of a character is left', () => {
  assert.equal(shorten('abc👋def', 5), 'abc…')
  assert.equal(shorten('abc\uD83D', 10), 'abc\uFFFD')
})

test('control characters are dropped, but tabs and line feeds stay', () => {
  assert.equal(shorten('a\u0000b\u001Bc\r\nd\te', 10), 'abc\nd\te')
})

test('text on one line keeps its words and nothing that could begin another', () => {
  assert.equal(oneLine('  a\r\nb\u2028\tc  '), 'a b c')
})
