import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Json } from '../../src/plugin/json.ts'
import { compileSteps } from '../../src/value/apply.ts'
import { TRANSFORMS } from '../../src/value/transforms/table.ts'
import type { Example } from '../../src/value/transforms/transform.ts'
import { ValueError } from '../../src/value/value-error.ts'
import { faultless } from './scope-of.ts'

const NAMED = [
  ...['trim', 'lower', 'upper', 'title', 'squeeze', 'first_word', 'after_first_word', 'digits', 'phone', 'email'],
  ...['date', 'number', 'integer', 'boolean', 'split', 'join', 'slice', 'hash', 'truncate'],
  ...['add_days', 'first', 'last', 'unique', 'mask', 'format_number'],
]

test('the list of transforms is the documented one', () => {
  assert.deepEqual([...TRANSFORMS.keys()].toSorted(), NAMED.toSorted())
})

for (const [name, transform] of TRANSFORMS) {
  describe(name, () => {
    const run = ({ input, options }: Example) =>
      compileSteps([options === undefined ? name : { [name]: options }], faultless, [])(input)

    test('has three examples or more, of which one fails', () => {
      assert.ok(transform.examples.length >= 3)
      assert.ok(transform.examples.some((example) => 'fails' in example))
      assert.ok(transform.examples.some((example) => 'output' in example))
    })

    for (const example of transform.examples) {
      if ('fails' in example) {
        test(`refuses ${JSON.stringify(example.input)} and does not repeat it`, () => {
          assert.throws(
            () => run(example),
            (error: unknown) => {
              assert.ok(error instanceof ValueError)
              assert.equal(error.code, 'FG_VALUE_TRANSFORM')
              assert.equal(error.transform, name)
              assert.equal(error.message, `${name}: ${example.fails}`)
              if (typeof example.input === 'string') assert.ok(!error.message.includes(example.input))
              return true
            },
          )
        })
      } else {
        test(`makes ${JSON.stringify(example.output)} of ${JSON.stringify(example.input)} ${JSON.stringify(example.options ?? '')}`, () => {
          assert.deepEqual(run(example), example.output)
        })
      }
    }

    test('passes blank values on untouched', () => {
      const options = transform.examples[0]?.options
      const steps = compileSteps([options === undefined ? name : { [name]: options }], faultless, [])
      assert.equal(steps(''), '')
      assert.equal(steps('  '), '  ')
      assert.equal(steps(null), null)
    })
  })
}

test('numbers are written with the digits people see, whatever the machine keeps of them', () => {
  const written = (input: Json, options: Json = {}) => compileSteps([{ format_number: options }], faultless, [])(input)
  assert.equal(written(0.1 + 0.2), '0.3')
  assert.equal(written(2.675, 2), '2.68')
  assert.equal(written(-2.675, 2), '-2.68')
  assert.equal(written(-0.001, 2), '0.00')
  assert.equal(written(1e21), '1,000,000,000,000,000,000,000')
  assert.equal(written('999999.995', 2), '1,000,000.00')
  assert.equal(written([1000, '2000'], { group: ' ' })?.toString(), '1 000,2 000')
})

test('days are counted in the calendar, whatever the clocks do', () => {
  const after = (input: string, days: number) => compileSteps([{ add_days: days }], faultless, [])(input)
  assert.equal(after('2026-03-28', 1), '2026-03-29')
  assert.equal(after('2026-10-25', 1), '2026-10-26')
  assert.equal(after('2026-01-31', 365), '2027-01-31')
  assert.equal(after('2026-01-01', 0), '2026-01-01')
  assert.throws(() => after('2026-01-01', 1e15), { message: 'add_days: there is no such day' })
})

test('masked text keeps what people count as its last characters', () => {
  const masked = (input: Json, options: Json = {}) => compileSteps([{ mask: options }], faultless, [])(input)
  assert.equal(masked('ab👍🏽', 1), '••👍🏽')
  assert.equal(masked('secret', 0), '••••••')
  assert.equal(masked('1234'), '••••')
  assert.deepEqual(masked(['12345', '67890'], { keep: 2, with: '*' }), ['***45', '***90'])
})
