import assert from 'node:assert/strict'
import { test } from 'node:test'
import { personKey } from '../../src/flow/person-key.ts'
import { sha256 } from '../../src/value/hash.ts'

const of = (text: string) => sha256(text).toString('base64url')

test('a person is named by the strongest identity there is', () => {
  const all = { user_id: 'BR.123', phone: '+5511999990000', email: 'ana@acme.com' }
  const { user_id: _id, ...unnamed } = all
  assert.equal(personKey(all), of('user_id:BR.123'))
  assert.equal(personKey(unnamed), of('phone:+5511999990000'))
  assert.equal(personKey({ email: all.email, plan: 'gold' }), of('email:ana@acme.com'))
  assert.equal(personKey({ plan: 'gold' }), undefined)
  assert.equal(personKey({}), undefined)
})

test('one person is one however their number is grouped, their address capitalised or their id typed', () => {
  for (const phone of ['+55 11 99999-0000', ' +55 (11) 99999.0000 ', '+5511999990000']) {
    assert.equal(personKey({ phone }), of('phone:+5511999990000'))
  }
  assert.equal(personKey({ phone: 5511999990000 }), personKey({ phone: '5511 99999 0000' }))
  assert.equal(personKey({ email: ' Ana@ACME.com' }), of('email:ana@acme.com'))
  assert.equal(personKey({ user_id: 123 }), personKey({ user_id: ' 123 ' }))
})

test('two people are never one: other kinds, other numbers, the same digits of another country', () => {
  const people = [
    { user_id: '5511999990000' },
    { phone: '5511999990000' },
    { phone: '+5511999990000' },
    { user_id: 'ana@acme.com' },
    { email: 'ana@acme.com' },
    { user_id: 'ANA@acme.com' },
  ]
  assert.equal(new Set(people.map(personKey)).size, people.length)
})

test('what cannot be an identity is passed over', () => {
  const email = 'ana@acme.com'
  const empty: readonly object[] = [{ user_id: ' ' }, { user_id: null }, { user_id: ['x'] }, { user_id: {} }]
  const none: readonly object[] = [
    { phone: 'unknown' },
    { phone: '' },
    { phone: '+' },
    { phone: '12' },
    { phone: true },
  ]
  for (const odd of [...empty, ...none]) assert.equal(personKey({ ...odd, email }), of(`email:${email}`))
  assert.equal(personKey({ email: 'nobody' }), undefined)
  assert.equal(personKey(JSON.parse('{"__proto__":{"user_id":"x"}}')), undefined)
})
