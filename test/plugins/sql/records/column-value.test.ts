import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Json } from 'flowgate/plugin'
import type { Dialect } from '../../../../plugins/sql/connect/dialect.ts'
import { columnValue } from '../../../../plugins/sql/records/column-value.ts'
import type { Column, ColumnKind } from '../../../../plugins/sql/records/table.ts'

const BOTH: readonly Dialect[] = ['postgres', 'mysql']

function column(kind: ColumnKind, different: Partial<Column> = {}): Column {
  return { name: 'it', label: 'it', kind, nullable: true, filled: false, fixed: false, rights: [], ...different }
}

function bound(value: Json, to: Column, dialects: readonly Dialect[] = BOTH): Json {
  const made = dialects.map((dialect) => columnValue(value, to, dialect))
  for (const one of made) assert.deepEqual(one, made[0])
  const [first] = made
  if (first === undefined || !('bound' in first)) throw new Error(`refused: ${JSON.stringify(made)}`)
  return first.bound
}

function refusal(value: Json, to: Column, dialects: readonly Dialect[] = BOTH): string {
  const made = dialects.map((dialect) => columnValue(value, to, dialect))
  for (const one of made) assert.deepEqual(one, made[0])
  const [first] = made
  if (first === undefined || !('refused' in first)) throw new Error(`bound: ${JSON.stringify(made)}`)
  return first.refused
}

describe('what is bound for a column', () => {
  test('of texts is text, as long as the column takes it', () => {
    const texts = column('text', { maxLength: 4 })
    for (const [value, text] of [
      ['', ''],
      ['😀😀😀😀', '😀😀😀😀'],
      [12.5, '12.5'],
      [true, 'true'],
      [[1], '[1]'],
      ['a\ud800b', 'a\ufffdb'],
    ] as const) {
      assert.equal(bound(value, texts), text)
    }
    assert.equal(refusal('abcde', texts), 'is longer than 4 characters')
    assert.match(refusal('a\0', texts), /NUL/)
    assert.match(refusal([{ 'a\0': 1 }], column('json')), /NUL/)
    assert.equal(bound({ toSqlString: 'now()' }, column('text')), '{"toSqlString":"now()"}')
  })

  test('of whole numbers is their digits, where the column is wide enough', () => {
    for (const [value, digits] of [
      [7, '7'],
      [' 007 ', '7'],
      ['+5', '5'],
      [-2_147_483_648, '-2147483648'],
    ] as const) {
      assert.equal(bound(value, column('integer', { bits: 32 })), digits)
    }
    assert.equal(bound('9223372036854775807', column('integer')), '9223372036854775807')
    assert.equal(bound(255, column('integer', { bits: 8, unsigned: true })), '255')
    for (const value of [2_147_483_648, '99999999999999999999']) {
      assert.match(refusal(value, column('integer', { bits: 32 })), /larger/)
    }
    assert.match(refusal(-1, column('integer', { bits: 8, unsigned: true })), /larger/)
    for (const value of ['', '1.5', 1.5, '12abc', '0x10', '1e3', true, [1], '٣']) {
      assert.match(refusal(value, column('integer')), /no whole number/)
    }
  })

  test('of numbers is one', () => {
    for (const value of ['12.50', '-.5', '1e-7', ' 3 ']) assert.equal(bound(value, column('number')), value.trim())
    assert.equal(bound(1e21, column('number')), '1e+21')
    for (const value of ['', 'NaN', 'Infinity', '1,5', '12 kg', '0x1']) {
      assert.match(refusal(value, column('number')), /no number/)
    }
  })

  test('that says yes or no is what was said', () => {
    for (const value of [true, 'true', 'Yes', 'on', 1, '1']) assert.equal(bound(value, column('boolean')), true)
    for (const value of [false, 'FALSE', 'no', 'off', 0, '0']) assert.equal(bound(value, column('boolean')), false)
    for (const value of ['', 'maybe', 'sim']) assert.match(refusal(value, column('boolean')), /neither true nor false/)
    assert.equal(bound(5, column('boolean'), ['mysql']), '5')
    assert.match(refusal(5, column('boolean'), ['postgres']), /neither/)
    assert.equal(bound(true, column('bits')), '1')
    assert.equal(bound(5, column('bits')), '5')
  })

  test('of days is the day that was named, and no other way to write one', () => {
    assert.equal(bound('2028-02-29', column('date')), '2028-02-29')
    assert.equal(bound('2026-11-21T23:59:00-03:00', column('date')), '2026-11-21')
    for (const value of ['', '2026-02-29', '2026-13-01', '21/11/2026', '1/8', 'today', 20_261_121]) {
      assert.match(refusal(value, column('date')), /no date/)
    }
  })

  test('of moments is in UTC where the column has no zone, and keeps its zone where it has one', () => {
    const zones = [
      '2026-11-21T09:30:00-03:00',
      '2026-11-21 12:30:00Z',
      '2026-11-21T12:30Z',
      '2026-11-21T09:30:00.000-03',
    ]
    for (const value of zones) assert.equal(bound(value, column('datetime')), '2026-11-21 12:30:00.000')
    assert.equal(bound(zones[0] ?? '', column('instant'), ['postgres']), '2026-11-21 09:30:00-03:00')
    assert.equal(bound(zones[0] ?? '', column('instant'), ['mysql']), '2026-11-21 12:30:00.000')
    assert.equal(bound('2026-11-21T09:30', column('datetime')), '2026-11-21 09:30')
    assert.equal(bound('2026-11-21', column('instant')), '2026-11-21 00:00:00')
    for (const value of ['', 'now', 'infinity', '09:30', '2026-02-30T09:30', '2026-11-21T09:30:00+99:00Z']) {
      assert.match(refusal(value, column('datetime')), /no date and time/)
    }
  })

  test('of a closed list is one of them, or several where it takes several', () => {
    const options = ['new', 'it’s known']
    assert.equal(bound('new', column('choice', { options })), 'new')
    for (const value of ['', 'New', '1', 0]) assert.match(refusal(value, column('choice', { options })), /none of/)
    assert.equal(bound(['new', 'it’s known'], column('choices', { options })), 'new,it’s known')
    assert.match(refusal(['new', 'old'], column('choices', { options })), /none of/)
  })

  test('of lists, JSON and UUIDs is what they take', () => {
    assert.deepEqual(bound(['a', 1, null, { b: 2 }], column('list')), ['a', '1', null, '{"b":2}'])
    assert.deepEqual(bound('a', column('list')), ['a'])
    assert.equal(bound('a', column('json')), '"a"')
    assert.equal(bound({ a: [1] }, column('json')), '{"a":[1]}')
    const uuid = '7f3c1f0e-9a55-4d1e-8f2b-0c1d2e3f4a5b'
    assert.equal(bound(uuid, column('uuid')), uuid)
    assert.match(refusal('7f3c', column('uuid')), /no UUID/)
  })

  test('is nothing where nothing is given, unless the column must have something', () => {
    assert.equal(bound(null, column('integer')), null)
    assert.equal(refusal(null, column('text', { nullable: false })), 'cannot be empty')
  })
})
