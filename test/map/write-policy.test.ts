import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { RawDirective } from '../../src/config/schema/value.ts'
import { withEntry } from '../../src/map/dated-entry.ts'
import { applyPolicies, needsReading } from '../../src/map/write-policy.ts'
import type { Json } from '../../src/plugin/json.ts'
import { recordOf } from './mapping-of.ts'

const AT = new Date('2026-11-21T14:03:59Z')
const ENTRY = '[2026-11-21 14:03] hello'
const ORDER = ['lead', 'opportunity', 'customer']

/** Left out, or written as this; `fails` with a code. `absent`: the record has no such field. */
type Expected = { readonly written: Json } | { readonly left: string } | { readonly fails: string }
const ABSENT = undefined
const NO_RECORD = 'no record'

const TABLE: readonly (readonly [Partial<RawDirective>, Json, Json | undefined | typeof NO_RECORD, Expected])[] = [
  [{}, 'hello', NO_RECORD, { written: 'hello' }],
  [{}, 'hello', ABSENT, { written: 'hello' }],
  [{}, 'hello', 'there', { written: 'hello' }],
  [{ write: 'overwrite' }, 'hello', 'there', { written: 'hello' }],
  [{ write: 'overwrite' }, 0, 1, { written: 0 }],

  [{ write: 'if_empty' }, 'hello', NO_RECORD, { written: 'hello' }],
  [{ write: 'if_empty' }, 'hello', ABSENT, { written: 'hello' }],
  [{ write: 'if_empty' }, 'hello', null, { written: 'hello' }],
  [{ write: 'if_empty' }, 'hello', '', { written: 'hello' }],
  [{ write: 'if_empty' }, 'hello', ' \n', { written: 'hello' }],
  [{ write: 'if_empty' }, 'hello', [], { written: 'hello' }],
  [{ write: 'if_empty' }, 'hello', 'there', { left: 'not_empty' }],
  [{ write: 'if_empty' }, 'hello', 0, { left: 'not_empty' }],
  [{ write: 'if_empty' }, 'hello', false, { left: 'not_empty' }],

  [{ write: 'create_only' }, 'hello', NO_RECORD, { written: 'hello' }],
  [{ write: 'create_only' }, 'hello', ABSENT, { left: 'not_new' }],
  [{ write: 'create_only' }, 'hello', 'there', { left: 'not_new' }],

  [{ write: 'append' }, 'hello', NO_RECORD, { written: ENTRY }],
  [{ write: 'append' }, 'hello', ABSENT, { written: ENTRY }],
  [{ write: 'append' }, ' hello ', ' ', { written: ENTRY }],
  [{ write: 'append' }, 'hello', 'there', { written: `there\n${ENTRY}` }],
  [{ write: 'append' }, 'hello', 'there\n\n', { written: `there\n${ENTRY}` }],
  [{ write: 'append' }, 'hello', `there\n${ENTRY}`, { left: 'said_already' }],
  [{ write: 'append' }, 'hello', `${ENTRY}\r\nlater`, { left: 'said_already' }],
  [{ write: 'append' }, 'hello', `${ENTRY} again`, { written: `${ENTRY} again\n${ENTRY}` }],
  [{ write: 'append' }, 7, 5, { written: '5\n[2026-11-21 14:03] 7' }],

  [{ write: 'forward_only' }, 'lead', NO_RECORD, { written: 'lead' }],
  [{ write: 'forward_only' }, 'customer', ABSENT, { written: 'customer' }],
  [{ write: 'forward_only' }, 'customer', 'lead', { written: 'customer' }],
  [{ write: 'forward_only' }, 'customer', ' opportunity ', { written: 'customer' }],
  [{ write: 'forward_only' }, 'lead', 'customer', { left: 'not_forward' }],
  [{ write: 'forward_only' }, 'lead', 'lead', { left: 'not_forward' }],
  [{ write: 'forward_only' }, 'customer', 'evangelist', { left: 'unknown_place' }],
  [{ write: 'forward_only' }, 'fan', NO_RECORD, { fails: 'FG_WRITE_ORDER_VALUE' }],
  [{ write: 'forward_only' }, 'fan', 'lead', { fails: 'FG_WRITE_ORDER_VALUE' }],
  [{ write: 'forward_only', order: [1, 2, 3] }, '3', 2, { written: '3' }],
  [{ write: 'forward_only', order: [1, 2, 3] }, 1, '2', { left: 'not_forward' }],

  [{ clear: true }, null, NO_RECORD, { left: 'nothing' }],
  [{ clear: true }, null, 'there', { written: null }],
  [{ clear: true }, 'hello', 'there', { written: 'hello' }],
]

describe('a field', () => {
  for (const [policy, value, stands, expected] of TABLE) {
    const standing = stands === NO_RECORD ? undefined : stands === ABSENT ? {} : { a: stands }
    test(`${JSON.stringify(policy)} of ${JSON.stringify(value)} over ${JSON.stringify(standing)}: ${JSON.stringify(expected)}`, () => {
      const result = applied(policy, value, standing)
      if ('fails' in expected) {
        assert.ok(result.kind === 'failed' && result.failure.kind === 'permanent')
        assert.deepEqual(
          [result.failure.code, result.failure.scope, result.failure.fields],
          [expected.fails, 'record', ['a']],
        )
        return
      }
      assert.ok(result.kind === 'ready')
      if ('written' in expected) assert.deepEqual([result.fields, [...result.leftOut]], [{ a: expected.written }, []])
      else assert.deepEqual([result.fields, result.leftOut.get('a') ?? 'nothing'], [{}, expected.left])
    })
  }

  test('whose order nobody knows fails, and the failure names it and not its value', () => {
    const result = applied({ write: 'forward_only' }, 'secret', { a: 'lead' }, () => undefined)
    assert.ok(result.kind === 'failed')
    assert.equal(result.failure.code, 'FG_WRITE_ORDER_UNKNOWN')
    assert.match(result.failure.message, /`a`/)
    assert.ok(!result.failure.message.includes('secret'))
  })
})

function applied(
  policy: Partial<RawDirective>,
  value: Json,
  standing: Record<string, Json> | undefined,
  orderOf = () => ORDER as readonly string[] | undefined,
) {
  const mapping = recordOf({ operation: 'upsert', match: 'm', fields: { m: 'x', a: { from: 'form.a', ...policy } } })
  const record = { id: 'contact', object: 'contacts', operation: 'upsert', fields: { a: value }, links: [] } as const
  return applyPolicies(record, mapping, { standing, acceptedAt: AT, orderOf })
}

test('the field that finds the record is written into a new one whatever its policy, and never into one that stands', () => {
  for (const write of ['overwrite', 'never', 'create_only', 'if_empty']) {
    const mapping = recordOf({ operation: 'upsert', match: 'm', fields: { m: { value: 'x', write }, a: 1 } })
    const record = {
      id: 'c',
      object: 'o',
      operation: 'upsert',
      match: 'm',
      fields: { m: 'x', a: 1 },
      links: [],
    } as const
    const apply = (standing: Record<string, Json> | undefined) => {
      const result = applyPolicies(record, mapping, { standing, acceptedAt: AT, orderOf: () => undefined })
      return result.kind === 'ready' && result.fields
    }
    assert.deepEqual(apply(undefined), { m: 'x', a: 1 }, write)
    assert.deepEqual(apply({ m: 'X' }), { a: 1 }, write)
  }
})

test('what stands there matters only to an upsert that keeps it, or to a policy of a field with a value', () => {
  const fields = {
    m: { value: 'x', write: 'create_only' },
    a: { from: 'form.a', write: 'if_empty' },
    b: 1,
    c: { value: 1, write: 'never' },
  }
  const upsert = { id: 'c', object: 'o', operation: 'upsert', match: 'm', fields: { m: 'x', b: 1 }, links: [] } as const
  const mapping = recordOf({ operation: 'upsert', match: 'm', fields })
  assert.equal(needsReading(upsert, mapping), false)
  assert.equal(needsReading({ ...upsert, fields: { ...upsert.fields, a: 1 } }, mapping), true)
  assert.equal(needsReading(upsert, recordOf({ operation: 'upsert', match: 'm', fields, keep_before: true })), true)
  const create = recordOf({ operation: 'create', fields })
  assert.equal(needsReading({ ...upsert, operation: 'create', fields: { a: 1 } }, create), false)
})

test('an entry is known again in whatever spacing a CRM keeps it, also when it has several lines', () => {
  const entry = withEntry(undefined, 'one  two\n\nthree', AT)
  assert.equal(entry, '[2026-11-21 14:03] one  two\n\nthree')
  for (const kept of [entry, `before\n${entry}\nafter`, '[2026-11-21 14:03] one two\r\nthree  ', `  ${entry}`]) {
    assert.equal(withEntry(kept, 'one  two\n\nthree', AT), undefined, JSON.stringify(kept))
  }
  for (const other of ['[2026-11-21 14:03] one two', '[2026-11-21 14:04] one two\nthree', 'three']) {
    assert.notEqual(withEntry(other, 'one  two\n\nthree', AT), undefined, other)
  }
})
