import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { decide, type KnownPerson } from '../../src/identify/decide.ts'
import { KEY_KINDS, keysOf, type PersonKey } from '../../src/identify/keys-of.ts'

const userId: PersonKey = { kind: 'user_id', value: 'BR.1a2b', verified: true }
const phone: PersonKey = { kind: 'phone', value: '+5511987654321', verified: true }
const typed: PersonKey = { kind: 'email', value: 'ana@acme.com', verified: false }

function person(
  id: string,
  by: PersonKey,
  userIds: readonly string[] = [],
  phones: readonly string[] = [],
): KnownPerson {
  return { id, by, userIds, phones }
}

describe('whose a submission is', () => {
  test('nobody known is a new person with all keys', () => {
    assert.deepEqual(decide([userId, typed], []), { kind: 'new', keys: [userId, typed] })
  })

  test('one known person gets the other keys too', () => {
    const known = person('per_a', phone)
    assert.deepEqual(decide([userId, phone, typed], [known]), {
      kind: 'known',
      person: 'per_a',
      merge: [],
      keys: [userId, phone, typed],
    })
  })

  test('two verified keys on one submission make the two they led to one', () => {
    const found = [person('per_a', userId, [userId.value]), person('per_b', phone)]
    assert.deepEqual(decide([userId, phone], found), {
      kind: 'known',
      person: 'per_a',
      merge: ['per_b'],
      keys: [userId, phone],
    })
  })

  test('a typed address of somebody else merges nobody and stays theirs', () => {
    const found = [person('per_a', userId, [userId.value]), person('per_b', typed)]
    assert.deepEqual(decide([userId, typed], found), {
      kind: 'asked',
      person: 'per_a',
      persons: ['per_a', 'per_b'],
      because: ['user_id', 'email'],
      keys: [userId],
    })
  })

  test('a typed address beside two verified keys is in nobody’s way', () => {
    const found = [person('per_a', userId, [userId.value]), person('per_b', phone), person('per_b', typed)]
    const decision = decide([userId, phone, typed], found)
    assert.deepEqual(decision, { kind: 'known', person: 'per_a', merge: ['per_b'], keys: [userId, phone, typed] })
  })

  test('a typed address gives nobody the number of somebody else: that is a new person and a question', () => {
    const found = [person('per_b', typed, [], ['+5511912345678'])]
    assert.deepEqual(decide([phone, typed], found), {
      kind: 'asked',
      person: undefined,
      persons: ['per_b'],
      because: ['email'],
      keys: [phone],
    })
    const spelled = [person('per_b', typed, [], ['+551187654321'])]
    assert.deepEqual(decide([phone, typed], spelled), {
      kind: 'known',
      person: 'per_b',
      merge: [],
      keys: [phone, typed],
    })
    const changed = [person('per_a', userId, [userId.value], ['+5511912345678'])]
    assert.equal(decide([userId, phone], changed).kind, 'known', 'who is known by a verified key may have a new number')
  })

  test('an address of somebody with another WhatsApp id is a new person and a question', () => {
    const found = [person('per_b', typed, ['BR.other'])]
    assert.deepEqual(decide([userId, typed], found), {
      kind: 'asked',
      person: undefined,
      persons: ['per_b'],
      because: ['email'],
      keys: [userId],
    })
  })

  test('two people with different WhatsApp ids are never merged, however verified the keys', () => {
    const found = [person('per_a', userId, [userId.value]), person('per_b', phone, ['BR.other'])]
    assert.equal(decide([userId, phone], found).kind, 'asked')
  })
})

describe('keys of a submission', () => {
  test('WhatsApp’s number without a plus sign is E.164, an address is in small letters', () => {
    const submission = { person: { user_id: 'BR.1a2b', phone: '5511987654321' }, form: { email: ' ANA@Acme.com ' } }
    assert.deepEqual(keysOf(submission, KEY_KINDS), [userId, phone, typed])
  })

  test('what is no sound key is none, and the mapping says which count', () => {
    const form = { user_id: 'BR.typed', phone: 'call me', email: 'ana at acme' }
    assert.deepEqual(keysOf({ person: { user_id: 'somebody', phone: null }, form }, KEY_KINDS), [])
    assert.deepEqual(keysOf({ person: { phone: '5511987654321' }, form: {} }, ['email']), [])
  })
})
