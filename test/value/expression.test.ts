import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compileExpression } from '../../src/value/expression.ts'
import { ROOTS } from '../../src/value/scope.ts'
import { ValueError } from '../../src/value/value-error.ts'
import { faultless, scopeOf } from './scope-of.ts'

const scope = scopeOf({
  form: {
    size: 7.6,
    name: 'Ana Souza',
    nothing: null,
    items: [
      { price: 1, kind: 'a' },
      { price: 5, kind: 'b' },
    ],
    one: [{ v: 1 }],
  },
  records: { contact: { url: 'https://crm.example/1' } },
  sent: { trigger: 'tenure' },
  asked: {
    rates: [
      { tenure: 12, emi: 930.5 },
      { tenure: 24, emi: 480.25 },
    ],
    slots: Array.from({ length: 600 }, (_, id) => ({
      id,
      day: `2026-03-${(id % 30) + 1}`,
      free: id % 2 === 0,
      at: '09:00',
    })),
    cart: [
      { price: 12.5, count: 2 },
      { price: 4, count: 1 },
    ],
    text: '1200',
  },
  checks: { coupon: { ok: true, value: { percent: 10 } } },
})

function given(text: string) {
  return compileExpression(text, faultless, [], ROOTS).evaluate(scope)
}

const TABLE: readonly (readonly [string, unknown, readonly string[]])[] = [
  ['$round(form.size)', 8, ['form.size']],
  ['form.size * 2 + 1', 16.2, ['form.size']],
  ['form.name & "!"', 'Ana Souza!', ['form.name']],
  ['form.missing', undefined, ['form.missing']],
  ['form.nothing', undefined, ['form.nothing']],
  ['null', undefined, []],
  ['form.missing ?? "none"', 'none', ['form.missing']],
  ['form.missing ?: form.name', 'Ana Souza', ['form.missing', 'form.name']],
  ['form.size > 5 ? "large" : "small"', 'large', ['form.size']],
  ['form.name in ["x", "Ana Souza"]', true, ['form.name']],
  ['form.items[price > 3].kind', 'b', ['form.items']],
  ['form.items[0].kind', 'a', ['form.items']],
  ['form.items.price', [1, 5], ['form.items.price']],
  ['$sum(form.items.price)', 6, ['form.items.price']],
  ['form.items^(>price).kind', ['b', 'a'], ['form.items']],
  ['form.items{kind: price}', { a: 1, b: 5 }, ['form.items']],
  ['form.items[price < $$.form.size].kind', ['a', 'b'], ['form.items', 'form.size']],
  ['form.one.{"v": v}[]', [{ v: 1 }], ['form.one']],
  ['{"kinds": form.items.kind, "gone": form.missing}', { kinds: ['a', 'b'] }, ['form.items.kind', 'form.missing']],
  ['form.name ~> $uppercase()', 'ANA SOUZA', ['form.name']],
  ['form.name.$uppercase()', 'ANA SOUZA', ['form.name']],
  ['($trim(form.name); form.size)', 7.6, ['form.name', 'form.size']],
  ['$split(form.name, " ")[0]', 'Ana', ['form.name']],
  ['$match(form.name, /(S)ou/).groups[0]', 'S', ['form.name']],
  ['$replace(form.name, /a/i, "[$0]")', '[A]n[a] Souz[a]', ['form.name']],
  ['$split(form.name, /\\s+/)', ['Ana', 'Souza'], ['form.name']],
  ['$contains(form.name, /^b/)', false, ['form.name']],
  ['$.form.size', 7.6, ['form.size']],
  ['form.`name`', 'Ana Souza', ['form.name']],
  ['{"whole": form.one, "gone": form.nothing}', { whole: [{ v: 1 }] }, ['form.one', 'form.nothing']],
  ['(form; form.size)', 7.6, ['form', 'form.size']],
  ['records.contact.url', 'https://crm.example/1', ['records.contact.url']],
  ['$formatNumber(form.size, "#,##0.00")', '7.60', ['form.size']],
  ['form.size.$formatNumber("0")', '8', ['form.size']],
  ['asked.rates[tenure = 24].emi', 480.25, ['asked.rates']],
  ['asked.rates[tenure = $$.form.tenure].emi', undefined, ['asked.rates', 'form.tenure']],
  ['asked.rates[$string(tenure) = "12"].emi', 930.5, ['asked.rates']],
  ['$sum(asked.cart.(price * count))', 29, ['asked.cart']],
  [
    '$round($sum(asked.cart.price) * (1 - checks.coupon.value.percent / 100), 2)',
    14.85,
    ['asked.cart.price', 'checks.coupon.value.percent'],
  ],
  ['$max(asked.rates.emi) - $min(asked.rates.emi)', 450.25, ['asked.rates.emi']],
  ['$average(asked.cart.count)', 1.5, ['asked.cart.count']],
  ['$append(asked.cart, asked.more)[0].price', 12.5, ['asked.cart', 'asked.more']],
  ['$count($append(asked.cart, asked.rates))', 4, ['asked.cart', 'asked.rates']],
  ['$join(asked.rates.$string(tenure), " / ")', '12 / 24', ['asked.rates']],
  ['$exists(asked.rates[tenure = 36]) or sent.trigger = "tenure"', true, ['asked.rates', 'sent.trigger']],
  ['$number(asked.text) + 1', 1201, ['asked.text']],
  ['$count(asked.slots[day = "2026-03-3" and free])', 20, ['asked.slots']],
  [
    'asked.slots[day = "2026-03-3" and free][0].{"id": $string(id), "title": at}',
    { id: '2', title: '09:00' },
    ['asked.slots'],
  ],
  ['$count($keys(asked.slots{day: 1}))', 30, ['asked.slots']],
  ['asked.rates^(>emi)[0].tenure', 12, ['asked.rates']],
  ['$fromMillis(0)', '1970-01-01T00:00:00.000Z', []],
  ['[1..3]', [1, 2, 3], []],
  ['-form.size', -7.6, ['form.size']],
  ['$lookup(form, "constructor")', undefined, ['form']],
  ['form.constructor', undefined, ['form.constructor']],
]

describe('an expression', () => {
  for (const [text, expected, paths] of TABLE) {
    test(`${text} gives ${JSON.stringify(expected)}`, async () => {
      assert.deepEqual(await given(text), expected)
      assert.deepEqual(compileExpression(text, faultless, [], ROOTS).paths.toSorted(), paths.toSorted())
    })
  }

  test('returns plain JSON without the engine’s marks', async () => {
    const result = await given('form.items.price')
    assert.deepEqual(Object.getOwnPropertyNames(result).toSorted(), ['0', '1', 'length'])
  })

  test('sees only what it names, and changes nothing', async () => {
    const before = JSON.stringify(scope)
    assert.equal(await given('$string()'), '{}')
    assert.deepEqual(await given('form.$keys()'), ['size', 'name', 'nothing', 'items', 'one'])
    assert.equal(JSON.stringify(scope), before)
  })

  test('gives the same when two evaluations run at once', async () => {
    const expression = compileExpression('$sum([1..500].($ + $$.form.size))', faultless, [], ROOTS)
    const at = (size: number) => expression.evaluate(scopeOf({ form: { size } }))
    assert.deepEqual(await Promise.all([at(0), at(1), at(2)]), [125_250, 125_750, 126_250])
  })
})

const FAILING: readonly (readonly [string, string])[] = [
  ['1 / 0', 'the expression gives a number that does not exist, such as 1 / 0'],
  ['[1 / 0]', 'the expression gives a number that does not exist, such as 1 / 0'],
  ['/a/', 'the expression gives a pattern or a function instead of a value'],
  ['{"f": /a/}', 'the expression gives a pattern or a function instead of a value'],
  ['form.size * form.name', 'the expression needs a number right of the operator (column 11 of the expression)'],
  ['form.name > 3', 'the expression compares a number with a text (column 11 of the expression)'],
  ['$number(form.name)', 'the expression makes a number of something that is none (column 8 of the expression)'],
  ['$toMillis(form.name)', 'the expression needs an ISO date (column 10 of the expression)'],
  [
    '$formatInteger(form.size, "?")',
    'the expression cannot be worked out for these answers (JSONata D3130) (column 15 of the expression)',
  ],
  [
    '$formatInteger(1e15, "I")',
    'the expression cannot be worked out for these answers (JSONata error) (column 15 of the expression)',
  ],
]

describe('a failing expression', () => {
  for (const [text, message] of FAILING) {
    test(`${text} says why without the answer`, async () => {
      await assert.rejects(given(text), (error: unknown) => {
        assert.ok(error instanceof ValueError)
        assert.deepEqual([error.code, error.message], ['FG_VALUE_EXPRESSION', message])
        assert.ok(!error.message.includes('Ana'))
        return true
      })
    })
  }
})
