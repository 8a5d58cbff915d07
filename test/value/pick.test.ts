import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { RawValue } from '../../src/config/schema/value.ts'
import { compileValue } from '../../src/value/value.ts'
import { faultless, findings, scopeOf } from './scope-of.ts'

const scope = scopeOf({
  form: { doctor: 7, doctors: ['8', 9, 7], code: ' B ', none: 'x', blank: '', lone: { id: 7 }, flag: true },
  asked: {
    doctors: [
      { id: '7', title: 'Dr. Lima', price: { amount: 120 }, days: ['Mon', 'Tue'] },
      { id: '7', title: 'second of that id' },
      { id: 8, title: 'Dr. Souza', price: { amount: 90 } },
      { id: 10 },
      { title: 'without an id' },
      'no object',
      null,
    ],
    flags: [{ id: true, title: 'Yes' }],
  },
})

function given(raw: RawValue) {
  return compileValue(raw, faultless, []).evaluate(scope)
}

const inDoctors = { in: 'asked.doctors' }
const plans = [
  { code: 'a', name: 'Basic' },
  { code: 'b', name: 'Plus' },
]

const TABLE: readonly (readonly [RawValue, unknown])[] = [
  [{ from: 'form.doctor', pick: inDoctors }, 'Dr. Lima'],
  [{ from: 'form.doctors', pick: inDoctors }, ['Dr. Souza', 'Dr. Lima']],
  [{ from: 'form.doctors', pick: { in: 'asked.doctors', take: 'price.amount' } }, [90, 120]],
  [{ value: '8', pick: { in: 'asked.doctors', take: 'price' } }, { amount: 90 }],
  [{ value: [7, 8], pick: { in: 'asked.doctors', take: 'days' } }, [['Mon', 'Tue']]],
  [{ value: 'Dr. Souza', pick: { in: 'asked.doctors', by: 'title', take: 'id' } }, 8],
  [{ from: 'form.none', pick: inDoctors }, undefined],
  [{ from: 'form.none', pick: inDoctors, default: 'nobody' }, 'nobody'],
  [{ value: ['x', 'y'], pick: inDoctors }, []],
  [{ value: ['x', 'y'], pick: inDoctors, default: ['nobody'] }, ['nobody']],
  [{ value: 10, pick: inDoctors }, undefined],
  [{ from: 'form.doctor', pick: { in: 'asked.nothing' }, default: 'nobody' }, 'nobody'],
  [{ from: 'form.blank', pick: inDoctors }, ''],
  [{ from: 'form.flag', pick: { in: 'asked.flags' } }, 'Yes'],
  [{ value: 'B', apply: ['lower'], pick: { in: plans, by: 'code', take: 'name' } }, 'Plus'],
  [{ from: 'form.code', apply: ['trim', 'lower'], pick: { in: plans, by: 'code', take: 'name' } }, 'Plus'],
  [{ value: 2, lookup: { 2: 'b' }, pick: { in: plans, by: 'code', take: 'name' } }, 'Plus'],
  [{ value: [2, 3], lookup: { 2: 'b', 3: 'z' }, pick: { in: plans, by: 'code', take: 'name' } }, ['Plus']],
  [{ value: 4, lookup: { 2: 'b' }, pick: { in: plans, by: 'code', take: 'name' }, default: 'a' }, 'a'],
  [{ choose: [{ value: 'a' }], pick: { in: plans, by: 'code', take: 'name' } }, 'Basic'],
  [{ from: 'form.doctor', pick: { in: 'form.lone' }, on_fail: 'keep' }, 7],
  [{ from: 'form.doctor', pick: { in: 'form.lone' }, on_fail: 'leave_out' }, undefined],
]

describe('`pick`', () => {
  for (const [raw, expected] of TABLE) {
    test(`${JSON.stringify(raw)} gives ${JSON.stringify(expected)}`, async () => {
      assert.deepEqual(await given(raw), expected)
    })
  }

  test('refers to the path of its list', () => {
    assert.deepEqual(compileValue({ from: 'form.doctor', pick: inDoctors }, faultless, []).paths, [
      ...['form.doctor', 'asked.doctors'],
    ])
    assert.deepEqual(compileValue({ from: 'form.a', pick: { in: plans } }, faultless, []).paths, ['form.a'])
  })

  test('fails where something else than a list stands at its path', async () => {
    await assert.rejects(given({ from: 'form.doctor', pick: { in: 'form.lone' } }), {
      code: 'FG_VALUE_LIST',
      message: 'pick: `form.lone` holds no list',
    })
  })
})

const MISTAKES: readonly (readonly [unknown, string, readonly (string | number)[]])[] = [
  ['asked.doctors', '`pick` is such as `{ in: asked.slots, by: id, take: title }`', []],
  [[{ id: 'a' }], '`pick` is such as', []],
  [{ by: 'id' }, '`pick` needs `in`', []],
  [{ in: 'askd.doctors' }, 'did you mean `asked`?', ['in']],
  [{ in: 3 }, 'a path is text', ['in']],
  [{ in: [{ id: 'a' }, 'b'] }, 'an item to pick from is an object', ['in', 1]],
  [{ in: 'asked.doctors', bye: 'id' }, 'unknown key `bye` in `pick`: did you mean `by`?', ['bye']],
  [{ in: 'asked.doctors', colour: 'id' }, 'unknown key `colour` in `pick`: it is such as', ['colour']],
  [{ in: 'asked.doctors', by: 3 }, '`by` names a member of the items, such as `id`', ['by']],
  [{ in: 'asked.doctors', take: 'a b' }, '`take` names a member of the items, such as `title`', ['take']],
]

describe('a mistaken `pick`', () => {
  for (const [pick, message, path] of MISTAKES) {
    test(`${JSON.stringify(pick)} is reported where it stands and can still be evaluated`, async () => {
      const found = findings()
      const value = compileValue({ from: 'form.a', pick } as RawValue, found.report, ['data', 'x'])
      await value.evaluate(scopeOf({ form: { a: 'x' } }))
      assert.equal(found.all.length, 1, found.messages().join(' | '))
      assert.ok(found.all[0]?.message.includes(message), found.all[0]?.message)
      assert.deepEqual([found.all[0]?.severity, found.all[0]?.path], ['error', ['data', 'x', 'pick', ...path]])
    })
  }

  test('stands beside a directive, not alone', () => {
    const found = findings()
    compileValue({ pick: { in: 'asked.doctors' } }, found.report, [], { objects: 'refused' })
    assert.match(found.messages().join(), /`pick` has nothing to work on/)
  })
})
