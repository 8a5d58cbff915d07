import assert from 'node:assert/strict'
import { test } from 'node:test'
import { flowJsonOf, flowOf } from '../support/flow.ts'

const text = { type: 'text' as const, required: true }

test('screens before another are those that every way to it passes', () => {
  const json = flowJsonOf(
    { A: { sends: ['a'] }, B: { sends: ['b'] }, C: { sends: ['c'] }, D: { sends: ['d'], terminal: true } },
    { A: ['B', 'C'], B: ['D'], C: ['D'], D: [] },
  )
  const file = {
    flow: 'ways',
    title: 'Ways',
    version: '1',
    first_screen: 'A',
    screens: {
      A: { fields: { a: text }, next: [{ when: { 'form.a': 'b' }, show: 'B' }, { show: 'C' }] },
      B: { fields: { b: text }, next: [{ show: 'D' }] },
      C: { fields: { c: text }, next: [{ show: 'D' }] },
      D: { fields: { d: text }, next: [{ submit: true as const }] },
    },
  }
  const { before } = flowOf(file, json)
  assert.deepEqual(Object.fromEntries(before), { A: [], B: ['A'], C: ['A'], D: ['A'] })
  const opened = flowOf({ ...file, also_opens_at: ['C'] }, json)
  assert.deepEqual(Object.fromEntries(opened.before), { A: [], B: ['A'], C: [], D: [] })
})
