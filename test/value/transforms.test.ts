import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compileSteps } from '../../src/value/apply.ts'
import { TRANSFORMS } from '../../src/value/transforms/table.ts'
import type { Example } from '../../src/value/transforms/transform.ts'
import { ValueError } from '../../src/value/value-error.ts'
import { faultless } from './scope-of.ts'

const NAMED = [
  ...['trim', 'lower', 'upper', 'title', 'squeeze', 'first_word', 'after_first_word', 'digits', 'phone', 'email'],
  ...['date', 'number', 'integer', 'boolean', 'split', 'join', 'slice', 'hash', 'truncate'],
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
