import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readPayload } from '../../src/receive/payload.ts'

const read = (text: string) => readPayload(Buffer.from(text))

test('no key can stand for the prototype, however it is spelt', () => {
  const payload = read('{"__proto__":{"action":"ping"},"__pro\\u0000to__":{"action":"ping"},"constructor":1}')
  assert.deepEqual(Object.keys(payload ?? {}), ['constructor'])
  assert.equal(Object.getPrototypeOf(payload), Object.prototype)
  assert.equal(payload?.['action'], undefined)
})

test('a number too large for JSON is no number', () => {
  assert.deepEqual(read('{"a":1e400,"b":[-1e400,1e308]}'), { a: null, b: [null, 1e308] })
})

test('more values or levels than any form has are not read', () => {
  const list = (length: number) => `{"data":[${'0,'.repeat(length - 1)}0]}`
  assert.ok(read(list(19_000)))
  assert.equal(read(list(21_000)), undefined)
  const nested = (depth: number) => `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`
  assert.ok(read(nested(30)))
  assert.equal(read(nested(400_000)), undefined)
})

test('letters no database can hold are lost at any depth, in keys and values, and the form is not', () => {
  const payload = read('{"flow_token":"t\\u0000","data":{"a\\u0000":["b\\u0000",{"c":"\\ud800"},null,1]}}')
  assert.deepEqual(payload, { flow_token: 't', data: { a: ['b', { c: '\ufffd' }, null, 1] } })
})
