import assert from 'node:assert/strict'
import { test } from 'node:test'
import { didYouMean, nearest } from '../../src/value/nearest.ts'

test('a missing, wrong, extra or swapped letter still finds the name', () => {
  const known = ['from', 'first_of', 'template', 'value', 'expr']
  assert.equal(nearest('form', known), 'from')
  assert.equal(nearest('tempalte', known), 'template')
  assert.equal(nearest('vlue', known), 'value')
  assert.equal(nearest('FIRST_OF', known), 'first_of')
})

test('a name that is far from all is not guessed', () => {
  assert.equal(nearest('colour', ['from', 'value']), undefined)
  assert.equal(nearest('x', []), undefined)
})

test('of several near names the nearest is taken', () => {
  assert.equal(nearest('emial', ['emails', 'email']), 'email')
})

test('the tail of a message is empty without a near name', () => {
  assert.equal(didYouMean('fomr', ['form']), ': did you mean `form`?')
  assert.equal(didYouMean('fomr', ['session']), '')
})
