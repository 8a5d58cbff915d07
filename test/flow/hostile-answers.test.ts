import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fieldTypes } from '../../src/flow/field-types.ts'
import { growsWithLength } from '../support/computes-at-most.ts'
import { Course } from '../support/course.ts'
import { flowOf, leadFlowFile, leadFlowJson } from '../support/flow.ts'

const texts: readonly ((length: number) => string)[] = [
  (length) => `${'1'.repeat(length)}x`,
  (length) => `${'1 '.repeat(length / 2)}x`,
  (length) => `a${' '.repeat(length)}b`,
  (length) => `a@${'a.'.repeat(length / 2)}@`,
  (length) => '@'.repeat(length),
  (length) => '+('.repeat(length / 2),
]

test('no text, however long, keeps a field type busy', async () => {
  for (const [type, read] of Object.entries(fieldTypes)) {
    const definition = { type: type as keyof typeof fieldTypes }
    for (const textOf of texts) {
      await growsWithLength(textOf, (text) => read(text, definition), `${type} of ${textOf(6)}…`)
    }
  }
})

test('more digits than a number can have are no number', () => {
  for (const type of ['number', 'integer'] as const)
    assert.equal(fieldTypes[type]('9'.repeat(400), { type }), undefined)
  assert.equal(fieldTypes.number('12.', { type: 'number' }), 12)
  assert.equal(fieldTypes.number('-.5', { type: 'number' }), -0.5)
})

test('a text input is refilled with text alone, whatever a phone sent for it', async () => {
  for (const full_name of [null, ['Ana'], { first: 'Ana' }]) {
    const course = new Course(flowOf(leadFlowFile, leadFlowJson))
    await course.open()
    const { answer } = await course.submit('CONTACT', { full_name, email: 'nobody' })
    assert.deepEqual(answer.data['before'], { email: 'nobody' })
  }
})
