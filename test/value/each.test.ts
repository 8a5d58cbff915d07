import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { RawCondition, RawValue } from '../../src/config/schema/value.ts'
import { EACH_LIMITS } from '../../src/value/each.ts'
import { MAPPING_ROOTS } from '../../src/value/options.ts'
import { compileValue } from '../../src/value/value.ts'
import { computesAtMost } from '../support/computes-at-most.ts'
import { faultless, findings, scopeOf } from './scope-of.ts'

const scope = scopeOf({
  form: { day: '2026-03-02', interests: ['crm', 'chat'], lone: 'crm', blank: '', none: [], holes: ['a', null, 'b'] },
  asked: {
    slots: [
      { id: 1, day: '2026-03-01', at: '09:00', doctor: 'a' },
      { id: 2, day: '2026-03-02', at: '10:30', doctor: 'b' },
      { id: 3, day: '2026-03-02', at: '11:00' },
      { id: 4, day: '2026-03-03', at: '09:00', doctor: 'a' },
    ],
    doctors: [
      { id: 'a', title: 'Dr. Lima' },
      { id: 'b', title: 'Dr. Souza' },
    ],
  },
})

function given(raw: RawValue) {
  return compileValue(raw, faultless, []).evaluate(scope)
}

const TABLE: readonly (readonly [string, RawValue, unknown])[] = [
  ['gives the items themselves without `as`', { each: 'form.interests' }, ['crm', 'chat']],
  ['takes what `where` keeps', { each: 'asked.slots', where: { 'item.at': '09:00' }, as: { from: 'item.id' } }, [1, 4]],
  [
    'compares an item with an answer',
    { each: 'asked.slots', where: { 'item.day': { from: 'form.day' } }, as: { from: 'item.at' } },
    ['10:30', '11:00'],
  ],
  [
    'compares an answer with an item',
    { each: 'asked.slots', where: { 'form.day': { gte: { from: 'item.day' } } }, as: { from: 'item.id' } },
    [1, 2, 3],
  ],
  ['gives an empty list where nothing is kept', { each: 'asked.slots', where: { 'item.id': 9 } }, []],
  [
    'counts those it keeps',
    { each: 'asked.slots', where: { 'item.day': '2026-03-02' }, as: { template: '{position}/{item.id}' } },
    ['1/2', '2/3'],
  ],
  [
    'stops after as many as `where` lets through',
    {
      each: 'asked.slots',
      where: { 'item.day': { gt: '2026-03-01' }, position: { lte: 2 } },
      as: { from: 'item.id' },
    },
    [2, 3],
  ],
  ['leaves out what is absent', { each: 'asked.slots', as: { from: 'item.doctor' } }, ['a', 'b', 'a']],
  [
    'leaves out members that are absent',
    { each: 'asked.slots', as: { d: { from: 'item.doctor' } } },
    [{ d: 'a' }, { d: 'b' }, {}, { d: 'a' }],
  ],
  ['leaves out null', { each: 'form.holes' }, ['a', 'b']],
  [
    'reads the item as a whole',
    { each: 'form.interests', as: { id: { from: 'item' } } },
    [{ id: 'crm' }, { id: 'chat' }],
  ],
  ['is absent where there is no list', { each: 'form.missing' }, undefined],
  ['is absent where the answer is blank', { each: 'form.blank' }, undefined],
  ['keeps an empty list', { each: 'form.none' }, []],
  ['has a default like any value', { each: 'form.none', default: ['x'] }, ['x']],
  [
    'is transformed as a whole',
    { each: 'asked.slots', as: { from: 'item.day' }, apply: ['unique', 'last'] },
    '2026-03-03',
  ],
  ['is not worked out where `when` does not hold', { each: 'form.lone', when: { 'form.day': 'x' } }, undefined],
  ['is left out where it fails and may be', { each: 'form.lone', on_fail: 'leave_out' }, undefined],
  [
    'holds every other directive',
    {
      each: 'asked.slots',
      where: { 'item.id': { lte: 2 } },
      as: {
        id: { from: 'item.id', apply: [{ mask: 0 }] },
        title: { from: 'item.doctor', pick: { in: 'asked.doctors' } },
        tag: { choose: [{ when: { position: 1 }, value: 'first' }, { value: { expr: 'item.id * 2' } }] },
        'on-select': { that: { 'item.day': { from: 'form.day' } } },
      },
    },
    [
      { id: '•', title: 'Dr. Lima', tag: 'first', 'on-select': false },
      { id: '•', title: 'Dr. Souza', tag: 4, 'on-select': true },
    ],
  ],
  [
    'finds an item’s own members inside the filter of an expression, and the answers from `$$`',
    { each: 'form.interests', as: { expr: '$count(asked.slots[day = $$.form.day]) & item' } },
    ['2crm', '2chat'],
  ],
]

describe('`each`', () => {
  for (const [what, raw, expected] of TABLE) {
    test(what, async () => assert.deepEqual(await given(raw), expected))
  }

  test('refers to its list and to what is said inside of anything but the item', () => {
    const raw: RawValue = {
      each: 'asked.slots',
      where: { 'item.day': { from: 'form.day' }, position: { lt: { from: 'session.round' } } },
      as: {
        id: { from: 'item' },
        price: { expr: 'asked.prices[id = $$.item.id].price + position' },
        title: { from: 'item.doctor', pick: { in: 'asked.doctors' } },
      },
      when: { 'form.kind': 'x' },
    }
    assert.deepEqual(compileValue(raw, faultless, []).paths.toSorted(), [
      ...['asked.doctors', 'asked.prices', 'asked.slots', 'form.day', 'form.kind', 'session.round'],
    ])
  })

  test('is known in mappings too', async () => {
    const raw: RawValue = { each: 'form.interests', as: { template: '{item}!' }, apply: ['join'] }
    const field = compileValue(raw, faultless, [], { roots: MAPPING_ROOTS, objects: 'refused', write: true })
    assert.equal(await field.evaluate(scope), 'crm!, chat!')
  })

  test('fails where something else than a list stands at its path, and does not repeat it', async () => {
    await assert.rejects(given({ each: 'form.lone' }), {
      code: 'FG_VALUE_LIST',
      message: 'each: `form.lone` holds no list',
    })
  })
})

const MISTAKES: readonly (readonly [unknown, string, readonly (string | number)[]])[] = [
  [{ each: 3 }, 'a path is text', ['each']],
  [{ each: 'askd.slots' }, 'did you mean `asked`?', ['each']],
  [{ each: 'asked' }, 'name the ask: `asked.<name>`', ['each']],
  [{ each: 'form.a', wher: { 'item.a': 1 } }, 'unknown key `wher` beside `each`: did you mean `where`?', ['wher']],
  [{ each: 'form.a', where: { 'itme.a': 1 } }, 'did you mean `item`?', ['where', 'itme.a']],
  [{ each: 'form.a', where: { 'item.a': { gte3: 1 } } }, 'did you mean `gte`?', ['where', 'item.a', 'gte3']],
  [{ each: 'form.a', as: { x: [{ from: 'itm.a' }] } }, 'did you mean `item`?', ['as', 'x', 0, 'from']],
  [{ each: 'form.a', as: { expr: 'itm.a' } }, 'unknown root `itm`', ['as', 'expr']],
  [{ each: 'form.a', as: { from: 'item.a', write: 'overwrite' } }, 'belongs to a field of a record', ['as', 'write']],
  [{ each: 'form.a', when: { 'item.a': 1 } }, '`item` is known only inside `each`', ['when', 'item.a']],
  [{ from: 'item.a' }, '`item` is known only inside `each`', ['from']],
  [{ template: '{position}' }, '`position` is known only inside `each`', ['template']],
  [{ from: 'form.a', where: { 'form.a': 1 } }, '`where` belongs to `each`: it does nothing beside `from`', ['where']],
  [{ from: 'form.a', as: 'x' }, '`as` belongs to `each`', ['as']],
  [{ each: 'form.a', as: { each: 'form.b' } }, 'an `each` cannot stand inside another', ['as', 'each']],
  [
    { each: 'form.a', as: { choose: [{ value: { each: 'item.b' } }] } },
    'an `each` cannot stand inside another',
    ['as', 'choose', 0, 'value', 'each'],
  ],
]

describe('a mistaken `each`', () => {
  for (const [raw, message, path] of MISTAKES) {
    test(`${JSON.stringify(raw)} is reported where it stands and can still be evaluated`, async () => {
      const found = findings()
      const value = compileValue(raw as RawValue, found.report, ['data', 'x'])
      await value.evaluate(scopeOf())
      assert.equal(found.all.length, 1, found.messages().join(' | '))
      assert.ok(found.all[0]?.message.includes(message), found.all[0]?.message)
      assert.deepEqual([found.all[0]?.severity, found.all[0]?.path], ['error', ['data', 'x', ...path]])
    })
  }
})

describe('one `each` cannot hold the event loop or fill the memory:', () => {
  const many = (count: number) => Array.from({ length: count }, (_, id) => ({ id }))
  const evil = scopeOf({
    form: { long: 'x'.repeat(50_000), evil: `${abs(2_000)}!` },
    asked: { full: many(EACH_LIMITS.items), one: many(1), over: many(EACH_LIMITS.items + 1), rows: many(300) },
  })
  const slow: RawCondition = { 'form.evil': { matches: '^[ab]*a[ab]{300}$' } }
  const attempt = (raw: RawValue) => compileValue(raw, faultless, []).evaluate(evil)

  test('as many items as are allowed are worked out, one more is not', async () => {
    const all = await attempt({ each: 'asked.full', as: { from: 'item.id' } })
    assert.ok(Array.isArray(all) && all.length === EACH_LIMITS.items)
    await assert.rejects(attempt({ each: 'asked.over' }), { message: 'each: the list has more than 1000 items' })
  })

  test('what a person typed is not repeated without end', async () => {
    await assert.rejects(attempt({ each: 'asked.full', as: { note: { template: '{form.long}{item.id}' } } }), {
      code: 'FG_VALUE_LIST',
      message: 'each: makes too much',
    })
    await assert.rejects(attempt({ each: 'asked.full', as: { all: { from: 'asked.full' } } }), {
      message: 'each: makes too much',
    })
  })

  for (const [what, raw] of [
    ['a condition of slow patterns', { each: 'asked.full', where: { any: Array.from({ length: 5 }, () => slow) } }],
    ['a slow expression', { each: 'asked.full', as: { expr: 'asked.rows[id = $$.item.id].id' } }],
  ] as const) {
    test(`${what} ends after a while`, async () => {
      // It is looked at between items, so what is beyond the limit is the work of an item; all of them are a thousand.
      await computesAtMost({
        work: () => assert.rejects(attempt(raw), { message: 'each: takes too long' }),
        // An item can be slow enough to be refused by itself.
        reference: () => attempt({ ...raw, each: 'asked.one' }).catch(() => undefined),
        most: (itemMs) => 2 * EACH_LIMITS.computingMs + 20 * itemMs,
      })
    })
  }
})

/** Letters a and b without a pattern in them. */
function abs(length: number): string {
  let seed = 7
  return Array.from({ length }, () => {
    seed = (seed * 16_807) % 2_147_483_647
    return seed % 2 === 0 ? 'a' : 'b'
  }).join('')
}
