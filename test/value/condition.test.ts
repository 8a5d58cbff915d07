import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { RawCondition } from '../../src/config/schema/value.ts'
import { compileCondition } from '../../src/value/condition.ts'
import { growsWithLength } from '../support/computes-at-most.ts'
import { faultless, findings, scopeOf } from './scope-of.ts'

const scope = scopeOf({
  form: {
    size: '120',
    count: 3,
    budget: 'over_50k',
    interests: ['crm', 'support'],
    other: ['crm', 'support'],
    blank: '  ',
    nothing: null,
    none: [],
    agreed: true,
    born: '1990-05-01',
    note: 'Please call',
    limit: 100,
    password: 's3cret',
    repeat: 's3cret',
    start: '2026-03-10',
    end: '2026-03-09',
    nine: '900',
    ten: '1000',
    padded: '007',
    slot: 2,
    many: ['x', 'b'],
  },
  session: { today: '2026-03-10' },
  asked: {
    codes: ['SPRING', 7],
    offer: { limit: '12000.50' },
    slots: [{ id: 1, key: { code: 'a' } }, { id: '2', key: { code: 'b' } }, { other: 3 }, 'c', null],
  },
})

function holds(raw: RawCondition): boolean {
  return compileCondition(raw, faultless, []).test(scope)
}

const TABLE: readonly (readonly [RawCondition, boolean])[] = [
  [{ 'form.budget': 'over_50k' }, true],
  [{ 'form.budget': 'Over_50k' }, false],
  [{ 'form.missing': 'x' }, false],
  [{ 'form.size': 120 }, true],
  [{ 'form.count': '3' }, true],
  [{ 'form.note': 3 }, false],
  [{ 'form.agreed': true }, true],
  [{ 'form.agreed': 'true' }, true],
  [{ 'form.missing': null }, true],
  [{ 'form.nothing': null }, true],
  [{ 'form.budget': null }, false],
  [{ 'form.size': { gte: 50 } }, true],
  [{ 'form.size': { gt: 120 } }, false],
  [{ 'form.size': { lt: 121, gte: 120 } }, true],
  [{ 'form.size': { lte: 119 } }, false],
  [{ 'form.note': { gt: 3 } }, false],
  [{ 'form.missing': { lt: 3 } }, false],
  [{ 'form.agreed': { gt: 0 } }, false],
  [{ 'form.born': { lt: '2008-01-01' } }, true],
  [{ 'form.born': { gte: '1990-05-01' } }, true],
  [{ 'form.budget': { in: ['10k_50k', 'over_50k'] } }, true],
  [{ 'form.size': { in: [1, 120] } }, true],
  [{ 'form.interests': { in: ['sales', 'crm'] } }, true],
  [{ 'form.budget': { in: { from: 'form.interests' } } }, false],
  [{ 'form.budget': { in: { from: 'form.count' } } }, false],
  [{ 'form.missing': { in: ['x'] } }, false],
  [{ 'form.interests': { contains: 'crm' } }, true],
  [{ 'form.interests': { contains: 'cr' } }, false],
  [{ 'form.note': { contains: 'call' } }, true],
  [{ 'form.size': { contains: 2 } }, true],
  [{ 'form.missing': { contains: '' } }, false],
  [{ 'form.note': { exists: true } }, true],
  [{ 'form.blank': { exists: true } }, false],
  [{ 'form.none': { exists: false } }, true],
  [{ 'form.missing': { exists: false } }, true],
  [{ 'form.note': { matches: '^(?i)please' } }, true],
  [{ 'form.interests': { matches: '^sup' } }, true],
  [{ 'form.missing': { matches: '' } }, false],
  [{ 'form.size': { gt: { from: 'form.limit' } } }, true],
  [{ 'form.size': { gt: { from: 'form.missing' } } }, false],
  [{ 'form.interests': { from: 'form.other' } }, true],
  [{ 'form.missing': { from: 'form.absent' } }, false],
  [{ 'form.password': { from: 'form.repeat' } }, true],
  [{ 'form.password': { from: 'form.note' } }, false],
  [{ not: { 'form.password': { from: 'form.note' } } }, true],
  [{ 'form.count': { from: 'form.size' } }, false],
  [{ 'form.end': { gte: { from: 'form.start' } } }, false],
  [{ 'form.start': { gte: { from: 'session.today' } } }, true],
  [{ 'form.start': { gt: { from: 'session.today' } } }, false],
  [{ 'form.end': { lt: { from: 'session.today' } } }, true],
  [{ 'form.nine': { lt: { from: 'form.ten' } } }, true],
  [{ 'form.nine': { gte: '1000' } }, false],
  [{ 'form.ten': { lte: { from: 'asked.offer.limit' } } }, true],
  [{ 'form.limit': { lt: { from: 'asked.offer.limit' } } }, true],
  [{ 'form.padded': { lt: '10' } }, true],
  [{ 'form.padded': '7' }, false],
  [{ 'form.padded': 7 }, true],
  [{ 'form.born': { lt: '1990' } }, false],
  [{ 'form.padded': { in: { from: 'asked.codes' } } }, true],
  [{ 'form.note': { in: { from: 'asked.codes' } } }, false],
  [{ 'form.note': { in: { from: 'asked.missing' } } }, false],
  [{ 'form.slot': { in: { from: 'asked.slots', by: 'id' } } }, true],
  [{ 'form.count': { in: { from: 'asked.slots', by: 'id' } } }, false],
  [{ 'form.many': { in: { from: 'asked.slots', by: 'key.code' } } }, true],
  [{ 'form.slot': { in: { from: 'asked.slots' } } }, false],
  [{ 'form.slot': { in: { from: 'asked.missing', by: 'id' } } }, false],
  [{ 'form.slot': { in: { from: 'asked.offer', by: 'id' } } }, false],
  [{ 'form.count': 3, 'form.agreed': true }, true],
  [{ 'form.count': 3, 'form.agreed': false }, false],
  [{ all: [{ 'form.count': 3 }, { 'form.agreed': true }] }, true],
  [{ all: [{ 'form.count': 3 }, { 'form.agreed': false }] }, false],
  [{ any: [{ 'form.count': 4 }, { 'form.agreed': true }] }, true],
  [{ any: [{ 'form.count': 4 }, { 'form.agreed': false }] }, false],
  [{ not: { 'form.count': 4 } }, true],
  [{ not: { any: [{ 'form.missing': 1 }] }, 'form.count': 3 }, true],
]

describe('a condition', () => {
  for (const [raw, expected] of TABLE) {
    test(`${JSON.stringify(raw)} is ${expected}`, () => assert.equal(holds(raw), expected))
  }

  test('lists every path it refers to once, those on the right included', () => {
    const raw: RawCondition = {
      any: [
        { 'form.a': { gt: { from: 'form.b' } } },
        { not: { 'form.a': { from: 'form.c' } } },
        { 'form.a': { in: { from: 'asked.d', by: 'id' } } },
      ],
    }
    assert.deepEqual(compileCondition(raw, faultless, []).paths, ['form.a', 'form.b', 'form.c', 'asked.d'])
  })
})

const MISTAKES: readonly (readonly [unknown, string, readonly (string | number)[]])[] = [
  [{ 'fomr.size': 1 }, 'unknown root `fomr` in `fomr.size`: did you mean `form`?', ['fomr.size']],
  [{ size: 1 }, '`size` does not begin with `form`', ['size']],
  [{ al: [{ 'form.a': 1 }] }, 'unknown key `al`: did you mean `all`?', ['al']],
  [{ 'form.a': { gte3: 1 } }, 'unknown comparison `gte3`: did you mean `gte`?', ['form.a', 'gte3']],
  [{ 'form.a': { colour: 1 } }, 'unknown comparison `colour`: use one of in, contains', ['form.a', 'colour']],
  [{ 'form.a': {} }, 'an empty comparison', ['form.a']],
  [{ 'form.a': ['x'] }, 'a list needs `in`', ['form.a']],
  [{ 'form.a': { in: 'x' } }, '`in` holds a list', ['form.a', 'in']],
  [{ 'form.a': { exists: 'yes' } }, '`exists` is true or false', ['form.a', 'exists']],
  [{ 'form.a': { matches: 3 } }, '`matches` holds a pattern', ['form.a', 'matches']],
  [{ 'form.a': { matches: '(?=x)' } }, 'look-ahead', ['form.a', 'matches']],
  [{ 'form.a': { from: 'froms.b' } }, 'does not begin with `form`', ['form.a', 'from']],
  [{ 'form.a': { gt: { from: 'form.b', plus: 1 } } }, '`plus` cannot stand beside `from`', ['form.a', 'gt', 'plus']],
  [{ 'form.a': { in: { from: 'form.b', by: 3 } } }, '`by` names a member', ['form.a', 'in', 'by']],
  [{ 'form.a': { in: { from: 'fomr.b', by: 'id' } } }, 'did you mean `form`?', ['form.a', 'in', 'from']],
  [{ 'form.a': { in: { by: 'id' } } }, '`in` holds a list', ['form.a', 'in']],
  [{ 'form.a': { in: { from: 'form.b', as: 1 } } }, '`as` cannot stand beside `from`', ['form.a', 'in', 'as']],
  [{ 'form.a': { gt: { from: 'form.b', by: 'id' } } }, '`by` cannot stand beside `from`', ['form.a', 'gt', 'by']],
  [{ all: [] }, '`all` holds a list of conditions', ['all']],
  [{ any: { 'form.a': 1 } }, '`any` holds a list of conditions', ['any']],
  [{ any: [3] }, 'a condition is an object', ['any', 0]],
  [{ not: ['x'] }, 'a condition is an object', ['not']],
  ['form.a', 'a condition is an object', []],
  [{}, 'a condition is an object', []],
]

describe('a mistaken condition', () => {
  for (const [raw, message, path] of MISTAKES) {
    test(`${JSON.stringify(raw)} is reported where it stands and never true, not even under \`not\``, () => {
      const found = findings()
      const condition = compileCondition(raw as RawCondition, found.report, ['when'])
      const scope = scopeOf({ form: { a: 'x', b: 'x' } })
      assert.equal(condition.test(scope), false)
      assert.equal(compileCondition({ not: raw as RawCondition }, () => undefined, []).test(scope), false)
      assert.equal(found.all.length, 1, found.messages().join(' | '))
      assert.ok(found.all[0]?.message.includes(message), found.all[0]?.message)
      assert.deepEqual(found.all[0]?.path, ['when', ...path])
    })
  }
})

test('a text of many digits is compared at once, and one of too many is no number', async () => {
  const { test: holds } = compileCondition({ 'form.a': { gte: 50 } }, () => undefined, [])
  await growsWithLength(
    (length) => `${'1'.repeat(length)}x`,
    (a) => assert.equal(holds(scopeOf({ form: { a } })), false),
  )
  assert.equal(holds(scopeOf({ form: { a: '9'.repeat(400) } })), false)
  assert.equal(holds(scopeOf({ form: { a: ' 50. ' } })), true)
})
