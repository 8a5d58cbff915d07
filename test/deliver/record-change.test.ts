import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { changeOf, wasCreated } from '../../src/deliver/record-change.ts'
import type { JsonObject } from '../../src/plugin/json.ts'
import type { RecordChange } from '../../src/store/changes.ts'

const AT = { destination: 'crm', object: 'contacts' }
const earlier = (id: string | null, before: JsonObject, written: JsonObject): RecordChange => ({
  ...AT,
  id,
  before,
  written,
})
const found = (fields: JsonObject, id = '1') => ({ id, fields })
const change = (standing: ReturnType<typeof found> | undefined, written: JsonObject, of?: RecordChange) => {
  const { id, before, written: all } = changeOf({ ...AT, standing, written }, of)
  return { id, before, written: all }
}

describe('what a delivery changes', () => {
  test('at its first try: what stands there, blank fields left out, and what is written', () => {
    assert.deepEqual(change(found({ a: 'x', other: 1 }), { a: 'y', b: 2, c: null }), {
      ...{ id: '1', before: { a: 'x' }, written: { a: 'y', b: 2, c: null } },
    })
    assert.deepEqual(change(undefined, { a: 'y' }), { id: null, before: {}, written: { a: 'y' } })
  })

  test('after a try that landed: what stood before that one, also of fields that are not written again', () => {
    const first = earlier('1', { a: 'x', note: 'n' }, { a: 'y', b: 2, note: 'n\ne' })
    assert.deepEqual(change(found({ a: 'y', b: '2.0', note: 'n\ne' }), { a: 'y' }, first), {
      ...{ id: '1', before: { a: 'x', note: 'n' }, written: { a: 'y', b: 2, note: 'n\ne' } },
    })
  })

  test('after a try that did not land, or was changed over: what stands there now', () => {
    const first = earlier('1', { a: 'x' }, { a: 'y', b: 2 })
    assert.deepEqual(change(found({ a: 'x2' }), { a: 'y' }, first), {
      id: '1',
      before: { a: 'x2' },
      written: { a: 'y' },
    })
  })

  test('after a creation that landed: nothing stood there; else it was somebody else who made the record', () => {
    const first = earlier(null, {}, { email: 'e', a: 'y' })
    assert.deepEqual(change(found({ email: 'e', a: 'y' }), {}, first), {
      id: null,
      before: {},
      written: { email: 'e', a: 'y' },
    })
    assert.deepEqual(change(found({ email: 'e', a: 'other' }), { a: 'y' }, first), {
      ...{ id: '1', before: { a: 'other' }, written: { a: 'y' } },
    })
    assert.equal(wasCreated({ email: 'e' }, undefined), false)
    assert.equal(wasCreated({ email: 'e', a: 'y' }, earlier('1', {}, { email: 'e' })), false)
  })

  test('says nothing of another record', () => {
    const first = earlier('1', { a: 'x' }, { a: 'y' })
    assert.deepEqual(change(found({ a: 'y' }, '2'), { b: 1 }, first), { id: '2', before: {}, written: { b: 1 } })
    assert.deepEqual(change(undefined, { b: 1 }, first), { id: null, before: {}, written: { b: 1 } })
  })
})
