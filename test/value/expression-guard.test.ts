import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compileExpression } from '../../src/value/expression.ts'
import { EXPRESSION_FUNCTIONS } from '../../src/value/expression-guard.ts'
import { FLOW_ROOTS } from '../../src/value/options.ts'
import { ROOTS } from '../../src/value/scope.ts'
import { findings, scopeOf } from './scope-of.ts'

const REFUSED: readonly (readonly [string, string])[] = [
  ['$eval("1")', '`$eval` is not available: it would run what a person typed (column 1'],
  [
    '1 + $now()',
    '`$now` is not available: a replay would give another result: use a date or number from the form (column 5',
  ],
  ['$millis()', 'a replay would give another result'],
  ['$random()', 'a replay would give another result'],
  ['$shuffle(form.a)', 'a replay would give another result'],
  ['$pad("x", 100000000)', 'one call can fill the memory'],
  ['$distinct(form.a)', 'takes too long'],
  ['$sort(form.a)', 'write `form.items^(price)`'],
  ['$map(form.a, $trim)', 'functions cannot be given to functions'],
  ['$filter(form.a, $exists)', 'functions cannot be given to functions'],
  ['$reduce(form.a, $append)', 'functions cannot be given to functions'],
  ['$each(form.a, $string)', 'functions cannot be given to functions'],
  ['$sift(form.a)', 'functions cannot be given to functions'],
  ['$single(form.a)', 'functions cannot be given to functions'],
  ['$error("x")', '`$error` is not available'],
  ['$assert(false, form.a)', '`$assert` is not available'],
  ['$uppercse(form.a)', '`$uppercse` is not available: did you mean `uppercase`?'],
  ['function($x){$x}', 'functions of one’s own are not available'],
  ['$substring(?, 1)', 'partly applied functions are not available'],
  ['($x := 1)', 'variables are not available'],
  ['$x', '`$x` is not available'],
  ['$uppercase', '`$uppercase` is not available: variables cannot be set'],
  ['form.a ~> $trim', 'right of `~>` stands a function call'],
  ['$replace(form.a, "a", $uppercase)', '`$uppercase` is not available'],
  ['|form|{"a": 1}|', 'the transform operator'],
  ['form.*', 'the wildcard `*` is not available'],
  ['form.**', 'the descendant wildcard'],
  ['form.a.%', 'the parent operator `%`'],
  ['form.a@$x', 'the bindings `@` and `#` are not available'],
  ['form.a#$i', 'the bindings `@` and `#` are not available'],
  ['form.a[0]#$i', 'the index binding `#` is not available'],
  ['(form.a)(1)', 'only functions with a name can be called'],
  ['$match(form.a, /(?=a)/)', 'look-ahead'],
  ['/a/ ?: 2', 'a pattern cannot stand here'],
  ['$toMillis(form.a, "[Y]")', '`$toMillis` takes an ISO date alone'],
  ['form.a ~> $toMillis("[Y]")', '`$toMillis` takes an ISO date alone'],
  ['$formatNumber(form.a, form.b)', 'the form that `$formatNumber` writes in is a text of its own'],
  ['form.a.$formatInteger(form.b)', 'the form that `$formatInteger` writes in'],
  ['form.a ~> $formatNumber(form.b)', 'the form that `$formatNumber` writes in'],
  ['$', '`$` is the whole scope here'],
  ['$$', '`$$` is the whole scope'],
  ['$keys($$)', '`$$` is the whole scope'],
  ['$$.("form")', 'name what you need'],
  ['fomr.a', 'unknown root `fomr` in `fomr.a`: did you mean `form`? (column 1'],
  ['email', '`email` does not begin with'],
  ['1 + $$.frm.a', 'unknown root `frm`'],
  ['records', 'name the record'],
  ['$lookup(records, "a")', 'name the record'],
  ['form.(a', 'Expected ")" before end of expression (column 7'],
  ['form..a', 'Syntax error'],
  ['form.a and', 'Unexpected end of expression'],
  ['', '`expr` is a JSONata expression'],
  [`"${'x'.repeat(999)}"`, '1000 characters at most, this one 1001'],
  [`${'('.repeat(9)}form.a${' ?: 1)'.repeat(9)}`, 'at most: use `first_of`'],
  // The same inside filters, groups, sorts, objects, branches and arguments.
  ['form.a[$now()]', '`$now`'],
  ['(form.a)[$now()]', '`$now`'],
  ['form.a{$now(): 1}', '`$now`'],
  ['form.a{"k": $now()}', '`$now`'],
  ['form.a^($random())', '`$random`'],
  ['{"k": $now()}', '`$now`'],
  ['form.a ? $now()', '`$now`'],
  ['form.a ~> $split($now())', '`$now`'],
  ['form.a ~> $split(" ")[$now()]', '`$now`'],
  ['$trim(form.a)[$now()]', '`$now`'],
  ['[$now()..3]', '`$now`'],
  ['form.($now())', '`$now`'],
]

describe('the guard of expressions refuses', () => {
  for (const [text, message] of REFUSED) {
    test(JSON.stringify(text.slice(0, 60)), async () => {
      const found = findings()
      const value = compileExpression(text, found.report, ['expr'], ROOTS)
      assert.ok(
        found.all.some((finding) => finding.severity === 'error' && finding.message.includes(message)),
        found.messages().join(' | '),
      )
      assert.ok(found.all.every(({ path, code }) => path[0] === 'expr' && code === 'FG_CONFIG_EXPRESSION'))
      assert.equal(await value.evaluate(scopeOf()), undefined)
      assert.deepEqual(value.paths, [])
    })
  }

  test('what is no text', () => {
    const found = findings()
    compileExpression(3, found.report, [], ROOTS)
    assert.equal(found.all.length, 1)
  })

  test('records where there are none', () => {
    const found = findings()
    compileExpression('records.contact.url', found.report, [], FLOW_ROOTS)
    assert.match(found.messages().join(), /`records` is not known here/)
  })
})

test('a root inside a filter is taken for a member: that is advised about, not refused', () => {
  const found = findings()
  compileExpression('form.items[form.size > 1]', found.report, [], ROOTS)
  assert.deepEqual(
    found.all.map(({ severity, message }) => [severity, message]),
    [
      [
        'advice',
        '`form` means a member of the item here: write `$$.form` for the answers (column 12 of the expression)',
      ],
    ],
  )
})

test('no function is on the list that gives another result next time, runs text or takes functions', () => {
  const never = [
    'eval',
    'now',
    'millis',
    'random',
    'shuffle',
    'pad',
    'map',
    'filter',
    'reduce',
    'each',
    'sift',
    'single',
    'sort',
  ]
  assert.deepEqual(
    never.filter((name) => EXPRESSION_FUNCTIONS.includes(name)),
    [],
  )
  assert.equal(new Set(EXPRESSION_FUNCTIONS).size, EXPRESSION_FUNCTIONS.length)
})
