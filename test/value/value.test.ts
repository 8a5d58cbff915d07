import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type RawValue, WRITE_POLICIES } from '../../src/config/schema/value.ts'
import { compileValue } from '../../src/value/value.ts'
import { ValueError } from '../../src/value/value-error.ts'
import { faultless, findings, scopeOf } from './scope-of.ts'

const scope = scopeOf({
  form: {
    email: ' ANA@Acme.com ',
    name: 'Ana Souza',
    budget: 'over_50k',
    choices: ['crm', 'odd'],
    size: 7,
    blank: ' ',
    nothing: null,
    agreed: true,
  },
  person: { phone: '+5511999990000' },
})

function given(raw: RawValue) {
  return compileValue(raw, faultless, []).evaluate(scope)
}

const TABLE: readonly (readonly [RawValue, unknown])[] = [
  ['lead', 'lead'],
  [3, 3],
  [null, null],
  [{ from: 'form.size' }, 7],
  [{ from: 'form.missing' }, undefined],
  [{ from: 'form.nothing' }, undefined],
  [{ from: 'form.choices.0' }, 'crm'],
  [{ first_of: ['form.missing', 'form.blank', 'person.phone', 'form.name'] }, '+5511999990000'],
  [{ first_of: ['form.missing', 'form.blank'] }, ' '],
  [{ first_of: ['form.missing', 'form.absent'] }, undefined],
  [{ template: 'For {form.name}' }, 'For Ana Souza'],
  [{ value: { from: 'form.size' } }, { from: 'form.size' }],
  [{ value: null }, null],
  [{ expr: 'form.size * 2' }, 14],
  [{ from: 'form.email', apply: ['trim', 'lower'] }, 'ana@acme.com'],
  [{ from: 'form.choices', apply: ['upper', { join: ';' }] }, 'CRM;ODD'],
  [{ from: 'form.missing', apply: ['phone'] }, undefined],
  [{ from: 'form.blank', apply: ['phone'] }, ' '],
  [{ from: 'form.budget', lookup: { over_50k: 'IN_PROGRESS' } }, 'IN_PROGRESS'],
  [{ from: 'form.budget', apply: ['upper'], lookup: { OVER_50K: 1 } }, 1],
  [{ from: 'form.size', lookup: { 7: 'seven' } }, 'seven'],
  [{ from: 'form.agreed', lookup: { true: 'YES' } }, 'YES'],
  [{ from: 'form.name', lookup: { x: 1 }, default: 'NEW' }, 'NEW'],
  [{ from: 'form.choices', lookup: { crm: 'CRM' }, default: 'OTHER' }, ['CRM', 'OTHER']],
  [{ from: 'form.name', lookup: { constructor: 1 }, default: 2 }, 2],
  [{ from: 'form.email', apply: ['trim', 'after_first_word'], lookup: { x: 1 } }, ''],
  [{ from: 'form.email', apply: ['trim', 'after_first_word'], lookup: { x: 1 }, default: 'NEW' }, 'NEW'],
  [{ from: 'form.missing', default: 'NEW' }, 'NEW'],
  [{ from: 'form.blank', default: 0 }, 0],
  [{ from: 'form.missing', default: 'NEW', when: { 'form.size': 8 } }, undefined],
  [{ from: 'form.size', when: { 'form.size': 7 } }, 7],
  [{ from: 'form.name', apply: ['upper', 'number'], on_fail: 'keep' }, 'Ana Souza'],
  [{ from: 'form.name', apply: ['number'], on_fail: 'leave_out' }, undefined],
  [{ from: 'form.name', apply: ['number'], on_fail: 'leave_out', default: 5 }, undefined],
  [{ from: 'form.name', lookup: { x: 1 }, on_fail: 'keep' }, 'Ana Souza'],
  [{ expr: 'form.name * 2', on_fail: 'leave_out' }, undefined],
  [
    [{ from: 'form.size' }, { from: 'form.missing' }, 'x'],
    [7, 'x'],
  ],
  [
    { id: { from: 'form.size' }, gone: { from: 'form.missing' }, deep: { list: [{ a: { template: '{form.size}' } }] } },
    { id: 7, deep: { list: [{ a: '7' }] } },
  ],
]

describe('a value', () => {
  for (const [raw, expected] of TABLE) {
    test(`${JSON.stringify(raw)} gives ${JSON.stringify(expected)}`, async () => {
      assert.deepEqual(await given(raw), expected)
    })
  }

  test('lists every path it refers to, its condition’s included', () => {
    const raw: RawValue = [
      { first_of: ['form.a', 'form.b'], when: { 'form.c': 1 } },
      { x: { expr: 'form.d + form.a' } },
    ]
    assert.deepEqual(compileValue(raw, faultless, []).paths, ['form.a', 'form.b', 'form.c', 'form.d'])
  })

  test('fails with the transform’s name and without the answer', async () => {
    await assert.rejects(given({ from: 'form.name', apply: ['trim', 'number'] }), (error: unknown) => {
      assert.ok(error instanceof ValueError)
      assert.deepEqual([error.code, error.transform], ['FG_VALUE_TRANSFORM', 'number'])
      assert.ok(!error.message.includes('Ana'))
      return true
    })
  })

  test('fails where a look-up has neither the value nor a default', async () => {
    await assert.rejects(given({ from: 'form.name', lookup: { x: 1 } }), {
      code: 'FG_VALUE_LOOKUP',
      transform: undefined,
    })
  })

  test('that has nothing to keep fails under `keep`', async () => {
    await assert.rejects(given({ expr: 'form.name * 2', on_fail: 'keep' }), { code: 'FG_VALUE_EXPRESSION' })
  })

  test('passes an error of our own on whatever on_fail says', async () => {
    const broken = scopeOf()
    Object.defineProperty(broken, 'form', { get: () => assert.fail('ours') })
    await assert.rejects(compileValue({ from: 'form.a', on_fail: 'leave_out' }, faultless, []).evaluate(broken), /ours/)
  })
})

const FIELD = { objects: 'refused', write: true } as const

const MISTAKES: readonly (readonly [unknown, string, readonly (string | number)[]])[] = [
  [{ form: 'form.email' }, 'unknown key `form`: did you mean `from`?', ['form']],
  [{ colour: 1 }, 'unknown key `colour`: write one of from', ['colour']],
  [{}, 'an empty object is no value', []],
  [{ apply: ['trim'] }, '`apply` has nothing to work on', ['apply']],
  [{ from: 'form.a', template: 'x' }, '`template` beside `from`', ['template']],
  [{ from: 'form.a', aply: ['trim'] }, 'unknown key `aply` beside `from`: did you mean `apply`?', ['aply']],
  [{ value: 1, title: 'x' }, 'unknown key `title` beside `value`: write `value:`', ['title']],
  [{ from: 'froms.a' }, '`froms.a` does not begin with', ['from']],
  [{ from: 3 }, 'a path is text', ['from']],
  [{ first_of: 'form.a' }, '`first_of` holds a list of paths', ['first_of']],
  [{ first_of: ['form.a', 'fomr.b'] }, 'did you mean `form`?', ['first_of', 1]],
  [{ template: 3 }, '`template` is text', ['template']],
  [{ template: '{form.a' }, 'never closed', ['template']],
  [{ expr: '$eval(form.a)' }, '`$eval` is not available', ['expr']],
  [{ from: 'form.a', apply: 'trim' }, '`apply` holds a list', ['apply']],
  [{ from: 'form.a', apply: ['trm'] }, 'unknown transform `trm`: did you mean `trim`?', ['apply', 0]],
  [{ from: 'form.a', apply: ['colour'] }, 'unknown transform `colour`: there are trim', ['apply', 0]],
  [{ from: 'form.a', apply: [3] }, 'a step is a name', ['apply', 0]],
  [{ from: 'form.a', apply: [{ trim: null, lower: null }] }, 'a step is a name', ['apply', 0]],
  [{ from: 'form.a', apply: [['trim']] }, 'a step is a name', ['apply', 0]],
  [{ from: 'form.a', apply: [{ trim: 3 }] }, '`trim` has no options', ['apply', 0, 'trim']],
  [
    { from: 'form.a', apply: [{ phone: { contry: 'BR' } }] },
    'unknown option `contry`: did you mean `country`?',
    ['apply', 0, 'phone', 'contry'],
  ],
  [{ from: 'form.a', apply: [{ phone: 'br' }] }, 'phone: `country`: Two letters', ['apply', 0, 'phone']],
  [{ from: 'form.a', apply: [{ phone: 'XX' }] }, '`XX` is not a country', ['apply', 0, 'phone']],
  [{ from: 'form.a', apply: ['truncate'] }, 'truncate: `to` is missing', ['apply', 0]],
  [{ from: 'form.a', apply: [{ truncate: 0 }] }, '`to` is at least 1', ['apply', 0, 'truncate']],
  [{ from: 'form.a', apply: [{ truncate: 1.5 }] }, '`to` is a whole number', ['apply', 0, 'truncate']],
  [{ from: 'form.a', apply: [{ join: 3 }] }, '`with` is text', ['apply', 0, 'join']],
  [{ from: 'form.a', apply: [{ split: { by: ',', pattern: ',' } }] }, 'not both', ['apply', 0, 'split']],
  [{ from: 'form.a', apply: [{ split: { pattern: '(?=a)' } }] }, 'look-ahead', ['apply', 0, 'split', 'pattern']],
  [
    { from: 'form.a', apply: [{ date: 'dd/MM' }] },
    '`from` is a form with yyyy, MM and dd',
    ['apply', 0, 'date', 'from'],
  ],
  [{ from: 'form.a', apply: [{ date: { to: 'DD.MM.yyyy' } }] }, 'or `unix_ms`', ['apply', 0, 'date', 'to']],
  [{ from: 'form.a', apply: ['add_days'] }, 'add_days: `days` is missing', ['apply', 0]],
  [{ from: 'form.a', apply: [{ add_days: 1.5 }] }, '`days` is a whole number', ['apply', 0, 'add_days']],
  [{ from: 'form.a', apply: [{ mask: { with: 'xx' } }] }, '`with`: The one character', ['apply', 0, 'mask', 'with']],
  [{ from: 'form.a', apply: [{ mask: { keep: -1 } }] }, '`keep` is at least 0', ['apply', 0, 'mask', 'keep']],
  [{ from: 'form.a', apply: [{ first: 2 }] }, '`first` has no options', ['apply', 0, 'first']],
  [{ from: 'form.a', apply: [{ format_number: 16 }] }, '`decimals` is at most 15', ['apply', 0, 'format_number']],
  [
    { from: 'form.a', apply: [{ format_number: { decimals: 2, group: '.' } }] },
    '`group` and `point` are the same sign',
    ['apply', 0, 'format_number'],
  ],
  [{ from: 'form.a', lookup: ['x'] }, '`lookup` is a table', ['lookup']],
  [{ from: 'form.a', lookup: { x: { from: 'form.b' } } }, '`x`: the right side of a lookup is a literal', ['lookup']],
  [{ from: 'form.a', default: { from: 'form.b' } }, 'use `first_of` for a second path', ['default']],
  [{ from: 'form.a', when: { 'form.b': { gt3: 1 } } }, 'unknown comparison `gt3`', ['when', 'form.b', 'gt3']],
  [{ from: 'form.a', on_fail: 'leaveout' }, 'did you mean `leave_out`?', ['on_fail']],
  [{ from: 'form.a', write: 'always' }, 'unknown write policy `always`: there are overwrite, if_empty', ['write']],
  [{ from: 'form.a', write: 'if_emty' }, 'unknown write policy `if_emty`: did you mean `if_empty`?', ['write']],
  [{ from: 'form.a', write: null }, 'unknown write policy `null`', ['write']],
  [{ from: 'form.a', wirte: 'append' }, 'unknown key `wirte` beside `from`: did you mean `write`?', ['wirte']],
  [{ write: 'append' }, '`write` has nothing to work on', ['write']],
  [{ from: 'form.a', clear: 'yes' }, '`clear` is true or false', ['clear']],
  [{ from: 'form.a', clear: true, write: 'create_only' }, 'only what is overwritten can be cleared', ['clear']],
  [{ from: 'form.a', order: ['a', 'b'] }, '`order` belongs to `write: forward_only`', ['order']],
  [{ from: 'form.a', write: 'forward_only', order: 'a, b' }, '`order` is a list of at least two', ['order']],
  [{ from: 'form.a', write: 'forward_only', order: ['a'] }, '`order` is a list of at least two', ['order']],
  [
    { from: 'form.a', write: 'forward_only', order: ['1', 1] },
    '`order` is a list of at least two different',
    ['order'],
  ],
  [
    { value: 'leed', write: 'forward_only', order: ['lead', 'customer'] },
    '`leed` is not in the order of this field: did you mean `lead`?',
    ['value'],
  ],
  [
    { from: 'form.a', lookup: { x: 'small', y: 'other' }, write: 'forward_only', order: ['small', 'big'] },
    '`other` is not in the order of this field: it has small, big',
    ['lookup', 'y'],
  ],
  [
    { from: 'form.a', default: 'c', write: 'forward_only', order: ['a', 'b'] },
    '`c` is not in the order of this field',
    ['default'],
  ],
  [[{ from: 'form.a', write: 'append' }], '`write` belongs to a field of a record', [0, 'write']],
  [Number.NaN, 'a number must be finite', []],
]

describe('a mistaken value', () => {
  for (const [raw, message, path] of MISTAKES) {
    test(`${JSON.stringify(raw)} is reported where it stands and can still be evaluated`, async () => {
      const found = findings()
      const value = compileValue(raw as RawValue, found.report, ['fields', 'x'], FIELD)
      await value.evaluate(scopeOf())
      assert.equal(found.all.length, 1, found.messages().join(' | '))
      assert.ok(found.all[0]?.message.includes(message), found.all[0]?.message)
      assert.deepEqual([found.all[0]?.severity, found.all[0]?.path], ['error', ['fields', 'x', ...path]])
    })
  }

  test('is found with all its mistakes in one pass', () => {
    const found = findings()
    const raw = {
      from: 'x.a',
      expr: '(',
      aply: 1,
      apply: ['trm', { phone: { contry: 1 } }],
      on_fail: 'no',
      write: 'sometimes',
    }
    compileValue(raw, found.report, [], FIELD)
    assert.equal(found.all.length, 7)
  })

  test('every write policy is taken where a field is written, and nothing of the kind elsewhere', () => {
    for (const write of WRITE_POLICIES) compileValue({ from: 'form.a', write }, faultless, [], FIELD)
    compileValue({ from: 'form.a', write: 'forward_only', order: ['a', 2] }, faultless, [], FIELD)
    compileValue({ value: 'a', apply: ['upper'], write: 'forward_only', order: ['A', 'B'] }, faultless, [], FIELD)
    const found = findings()
    compileValue({ from: 'form.a', write: 'overwrite', clear: true, order: [] }, found.report, [])
    assert.deepEqual(
      found.messages(),
      ['write', 'clear', 'order'].map((key) => `\`${key}\` belongs to a field of a record: nothing is written here`),
    )
  })

  test('that is blank clears its field only where that is said, and not where it is left out on purpose', async () => {
    const cleared = (raw: RawValue) =>
      compileValue(raw, faultless, [], FIELD).evaluate(scopeOf({ form: { b: ' ', c: 'x' } }))
    assert.equal(await cleared({ from: 'form.a', clear: true }), null)
    assert.equal(await cleared({ from: 'form.b', clear: true }), null)
    assert.equal(await cleared({ from: 'form.c', clear: true }), 'x')
    assert.equal(await cleared({ from: 'form.b', clear: true, default: 'd' }), 'd')
    assert.equal(await cleared({ from: 'form.a', clear: true, when: { 'form.c': 'y' } }), undefined)
    assert.equal(await cleared({ from: 'form.c', apply: ['number'], clear: true, on_fail: 'leave_out' }), undefined)
    assert.equal(await cleared({ from: 'form.b', clear: false }), ' ')
  })

  test('that looks like a forgotten reference is advised about and kept as it is', async () => {
    const found = findings()
    assert.equal(await compileValue('form.email', found.report, []).evaluate(scope), 'form.email')
    assert.equal(await compileValue('Hi {form.name}', found.report, []).evaluate(scope), 'Hi {form.name}')
    assert.equal(await compileValue('form. Thanks {you}', found.report, []).evaluate(scope), 'form. Thanks {you}')
    assert.deepEqual(
      found.all.map(({ severity, code }) => [severity, code]),
      [
        ['advice', 'FG_CONFIG_LITERAL'],
        ['advice', 'FG_CONFIG_LITERAL'],
      ],
    )
  })
})
