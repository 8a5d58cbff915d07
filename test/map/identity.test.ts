import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { dedupeKey } from '../../src/map/dedupe.ts'
import { identityOf } from '../../src/map/identity.ts'
import type { JsonObject } from '../../src/plugin/json.ts'
import { growsWithLength } from '../support/computes-at-most.ts'

const IDENTITY = ['user_id', 'phone', 'email']

function identity(person: JsonObject, form: JsonObject = {}) {
  return identityOf({ identity: IDENTITY }, { person, form })
}

describe('a person', () => {
  test('is known by the first name that has a value, person before form', () => {
    assert.deepEqual(identity({ user_id: 'BR.13491', phone: '+55' }), { name: 'user_id', value: 'BR.13491' })
    assert.deepEqual(identity({ email: 'x@y.z' }, { phone: '11 99999-0000' }), { name: 'phone', value: '11999990000' })
    assert.deepEqual(identity({ email: 'p@y.z' }, { email: 'f@y.z' }), { name: 'email', value: 'p@y.z' })
  })

  test('is the same however the address or number is typed', () => {
    assert.deepEqual(identity({ email: ' ANA@Acme.com ' }), identity({ email: 'ana@acme.com' }))
    assert.deepEqual(identity({ phone: '+55 (11) 99999-0000' }), identity({ phone: 5511999990000 }))
  })

  test('is not known by blanks, lists, objects or inherited members', () => {
    assert.equal(identity({ user_id: ' ', phone: null, email: ['x'] }, { email: { a: 1 }, phone: false }), undefined)
    assert.equal(identityOf({ identity: ['constructor'] }, { person: {}, form: {} }), undefined)
  })
})

test('a person is found at once, whatever stands in place of a number', async () => {
  for (const digit of ['1', '1-']) {
    await growsWithLength(
      (length) => `${digit.repeat(length / digit.length)}x`,
      (text) => assert.deepEqual(identity({ phone: text }), { name: 'phone', value: text }),
    )
  }
})

describe('the key of a submission', () => {
  const base = {
    flow: 'lead-gen',
    identity: undefined,
    session: 'ses_1',
    form: { a: 1, b: { c: [1, 2] } },
    ignore: new Set<string>(),
    unique: 'sub_1',
  }
  const key = (parts: Partial<Parameters<typeof dedupeKey>[0]> = {}) =>
    dedupeKey({ ...base, ...parts }).key.toString('hex')

  test('is 32 bytes and the same for the same person and answers, whatever the session', () => {
    const person = { name: 'email', value: 'ana@acme.com' }
    assert.equal(dedupeKey(base).key.length, 32)
    assert.equal(key({ identity: person }), key({ identity: person, session: 'ses_2', unique: 'sub_2' }))
    assert.equal(key(), key({ form: { b: { c: [1, 2] }, a: 1 }, unique: 'sub_2' }))
  })

  test('differs by flow, person, session and any answer', () => {
    const person = { name: 'email', value: 'ana@acme.com' }
    const keys = [
      key(),
      key({ flow: 'other' }),
      key({ session: 'ses_2' }),
      key({ form: { a: '1', b: { c: [1, 2] } } }),
      key({ form: { a: 1, b: { c: [2, 1] } } }),
      key({ identity: person }),
      key({ identity: { ...person, value: 'bob@acme.com' } }),
      key({ identity: { ...person, name: 'user_id' } }),
      key({ identity: { name: 'session', value: 'ses_1' } }),
    ]
    assert.equal(new Set(keys).size, keys.length)
  })

  test('leaves ignored fields out', () => {
    const ignore = new Set(['client_time'])
    assert.equal(key({ ignore, form: { a: 1, client_time: 5 } }), key({ ignore, form: { a: 1, client_time: 9 } }))
    assert.notEqual(key({ ignore, form: { a: 1 } }), key({ ignore, form: { a: 2 } }))
  })

  test('is unique and marked as a possible repeat where neither person nor session is known', () => {
    const unknown = dedupeKey({ ...base, session: undefined })
    assert.ok(unknown.possibleRepeat)
    assert.notEqual(key({ session: undefined }), key({ session: undefined, unique: 'sub_2' }))
    assert.ok(!dedupeKey(base).possibleRepeat)
    assert.ok(!dedupeKey({ ...base, session: undefined, identity: { name: 'a', value: 'b' } }).possibleRepeat)
  })

  test('exists for odd letters too', () => {
    assert.equal(key({ form: { a: '\ud83d' } }), key({ form: { a: '\ufffd' } }))
  })
})
