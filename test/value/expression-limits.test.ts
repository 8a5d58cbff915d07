import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compileCondition } from '../../src/value/condition.ts'
import { compileExpression } from '../../src/value/expression.ts'
import { EXPRESSION_LIMITS } from '../../src/value/expression-limits.ts'
import { ROOTS } from '../../src/value/scope.ts'
import { ValueError } from '../../src/value/value-error.ts'
import { computesAtMost } from '../support/computes-at-most.ts'
import { eventually } from '../support/eventually.ts'
import { faultless, scopeOf } from './scope-of.ts'

const scope = scopeOf({
  form: {
    evil: `${'a'.repeat(10_000)}!`,
    many: 'a'.repeat(10_000),
    list: Array.from({ length: 900 }, (_, index) => ({ index, same: 'x' })),
    n: 3,
    huge: 'a'.repeat(49_000),
    words: 'a,'.repeat(10_000),
  },
  asked: {
    rows: Array.from({ length: 900 }, (_, id) => ({ id, text: 'x'.repeat(45) })),
    more: Array.from({ length: 5_000 }, (_, id) => ({ id })),
    wide: Array.from({ length: 50 }, () => Object.fromEntries(Array.from({ length: 450 }, (_, id) => [`k${id}`, id]))),
    beyond: Array.from({ length: 900 }, () => ({ text: 'x'.repeat(200) })),
  },
})

const doubled = (seed: string, step: string) => `(${seed})${`.(${step})`.repeat(60)}`

/** Expressions that would hold the process or fill its memory, and why they end. */
const ATTACKS: readonly (readonly [string, RegExp])[] = [
  [doubled('"x"', '$ & $'), /too much text/],
  [`${doubled('"x"', '$ & $')} ~> $length()`, /too much text/],
  [`${doubled('[1, 1]', '[[$, $]]')} ~> $string()`, /too/],
  [doubled('[1, 1]', '$append($, $)'), /too long a list/],
  ['[1..10000000]', /too long a list/],
  ['[1..1000].([1..1000].(1))', /too many steps/],
  ['[1..1000].[1..1000].[1..1000]', /too/],
  ['$string([1..1000].[1..1000])', /too/],
  ['$join([1..1000].($$.form.many), "")', /too much text/],
  ['$replace(form.many, /a/, form.many)', /too/],
  ['$replace(form.many, "a", form.many)', /too much text/],
  ['$split(form.many, "")', /too/],
  ['$match(form.many, /a/)', /too/],
  ['$match(form.evil, /(a{1,30}){1,30}$/)', /too long for its pattern/],
  ['[1..1000].$match($$.form.evil, /(a|aa|aaa)+$/)', /too long/],
  ['$formatInteger(100000000, "I")', /cannot be worked out/],
  // What a source answered may be larger than what a person types, and each of these works on all of it again and again.
  ['$split(form.words, ",")', /too long a list/],
  ['$string(asked.rows) ~> $split("")', /too long a list/],
  ['$split(form.huge, "")', /too long a list/],
  ['$append(asked.rows, asked.rows)', /too long a list/],
  ['$append(asked.more, 1)', /too long a list/],
  ['asked.more.id', /too long a list/],
  ['asked.beyond', /too much text/],
  ['asked.rows.text & asked.beyond.text', /too much text/],
  ['[1..1000].($$.asked.rows)', /too/],
  ['[1..1000].($$.asked.rows = $$.asked.rows)', /too/],
  ['[1..1000].($$.asked.wide = $$.asked.wide)', /too/],
  ['[1..1000].$append($$.asked.rows, 1)', /too/],
  ['[1..1000].$merge($$.asked.wide)', /too/],
  ['[1..1000].$count($$.asked.rows[id > 3])', /too many steps/],
  ['[1..1000].$sum($$.asked.rows.id)', /too/],
  ['[1..1000].$length($$.form.huge)', /too/],
  ['[1..1000].$uppercase($$.form.huge)', /too much text/],
  ['[1..1000].$encodeUrlComponent($$.form.huge)', /too/],
  ['asked.rows[text in $$.asked.rows.text].id', /too/],
  ['asked.rows^(text).id', /too many steps/],
  ['asked.rows{$string(id): text}', /too/],
  ['$replace(form.huge, "a", form.huge)', /./],
  ['$join([1..1000].($$.form.huge), "")', /too much text/],
]

/** Catastrophic for a backtracking engine, harmless for RE2: they give their result. */
const PATTERNS: readonly string[] = [
  '$contains(form.evil, /^(a+)+$/)',
  '$contains(form.evil, /^(a|aa)+$/)',
  '$contains(form.evil, /^(a*)*$/)',
  '$contains(form.evil, /(x+x+)+y/)',
  '$contains(form.evil, /(.*)(.*)(.*)(.*)x$/)',
]

/** Reading some hundred rows of a source, a few times over. */
const rows = JSON.stringify(scope.asked)
const reference = () => {
  for (let time = 0; time < 5; time += 1) JSON.parse(rows)
}

/** What an evaluation may compute, the steps until that is noticed included. What is kept from it takes seconds and more. */
const most = (referenceMs: number) => 2 * EXPRESSION_LIMITS.computingMs + 20 * referenceMs

describe('an expression cannot hold the event loop:', () => {
  for (const [text, why] of ATTACKS) {
    test(text.slice(0, 70), async () => {
      const expression = compileExpression(text, faultless, [], ROOTS)
      let endedAsExpected = false
      const work = async () => {
        const error: unknown = await expression.evaluate(scope).catch((thrown) => thrown)
        assert.ok(error instanceof ValueError)
        endedAsExpected ||= why.test(error.message)
        // Where the machine is slow for a moment the last resort may come first, which is as good an end.
        if (!endedAsExpected) assert.match(error.message, /takes too long/)
      }
      await computesAtMost({ work, reference, most })
      await eventually(async () => endedAsExpected || ((await work()) ?? false))
    })
  }

  for (const text of PATTERNS) {
    test(text, async () => {
      const expression = compileExpression(text, faultless, [], ROOTS)
      await computesAtMost({ work: () => resultOf(expression.evaluate(scope)), reference, most })
      await eventually(async () => assert.equal(await resultOf(expression.evaluate(scope)), false) ?? true)
    })
  }
})

/** A search is also given up by what it computed, so a machine that is slow for a moment can end it. */
async function resultOf(evaluating: Promise<unknown>): Promise<unknown> {
  const result: unknown = await evaluating.catch((thrown) => thrown)
  if (!(result instanceof ValueError)) return result
  assert.match(result.message, /too long for its pattern/)
  return result.message
}

test('a pattern in a condition cannot hold the event loop either', async () => {
  for (const pattern of ['^(a+)+$', '^(a|aa)+$', '(x+x+)+y', '^(a{1,30}){1,30}$', '[ab]*a[ab]{20}!!']) {
    const condition = compileCondition({ 'form.evil': { matches: pattern } }, faultless, [])
    await computesAtMost({ work: () => assert.equal(condition.test(scope), false), reference, most }, pattern)
  }
})

test('compiling a long and deeply nested expression is quick', async () => {
  const text = `${'('.repeat(450)}1${')'.repeat(450)}`
  await computesAtMost({ work: () => compileExpression(text, faultless, [], ROOTS), reference, most })
})
