import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compilePattern, PatternLimitError, regexFault, SafeRegex } from '../../src/value/pattern.ts'
import { faultless, findings } from './scope-of.ts'

test('a pattern is searched for anywhere unless it is anchored', () => {
  const pattern = compilePattern('[0-9]{2}', faultless, [])
  assert.ok(pattern.test('a12b'))
  assert.ok(!pattern.test('a1b'))
  assert.ok(!compilePattern('^[0-9]{2}$', faultless, []).test('a12b'))
  assert.ok(compilePattern('(?i)^ação$', faultless, []).test('AÇÃO'))
})

test('a text is split at every match', () => {
  assert.deepEqual(compilePattern('[;,]\\s*', faultless, []).split('a; b,c,'), ['a', 'b', 'c', ''])
})

test('what RE2 does not have is named with what to do instead', () => {
  const found = findings()
  for (const text of ['(?=a)', '(?<!a)b', '(a)\\1', '\\k<n>', 'a++', '(?>a)', '\\u00e9', 'a{1001}', '(a', '[']) {
    const pattern = compilePattern(text, found.report, ['pattern'])
    assert.ok(!pattern.test(text))
    assert.deepEqual(pattern.split('a b'), ['a b'])
  }
  const words = [
    'look-ahead',
    'look-ahead',
    'back-references',
    'back-references',
    'possessive',
    'possessive',
    '\\x{00e9}',
  ]
  const expected = [...words, 'counts to 1000', 'missing closing )', 'missing closing ]']
  assert.equal(found.all.length, expected.length)
  found.all.forEach(({ code, message }, index) => {
    assert.equal(code, 'FG_CONFIG_PATTERN')
    assert.ok(message.includes(expected[index] ?? '-'), message)
  })
})

test('a pattern whose repetitions make it huge is refused', () => {
  const found = findings()
  compilePattern('[a-z]{1000}[a-z]{1000}[a-z]{1000}', found.report, [])
  assert.match(found.messages().join(), /too large/)
})

test('a text too long for its pattern does not match and stays whole', () => {
  const pattern = compilePattern('a', faultless, [])
  const text = 'a'.repeat(1_000_000)
  assert.ok(!pattern.test(text))
  assert.deepEqual(pattern.split(text), [text])
  assert.ok(pattern.test('a'.repeat(10_000)))
})

test('the engine of expressions finds groups, goes on after a match and ends', () => {
  const regex = new SafeRegex(/(a)(b)?/i)
  const first = regex.exec('xABa')
  assert.deepEqual([first?.[0], first?.[1], first?.[2], first?.index, first?.input], ['AB', 'A', 'B', 1, 'xABa'])
  assert.equal(regex.lastIndex, 3)
  const second = regex.exec('xABa')
  assert.deepEqual([second?.[0], second?.[2], second?.index], ['a', undefined, 3])
  assert.equal(regex.exec('xABa'), null)
  assert.equal(regex.lastIndex, 0)
})

test('the engine of expressions knows lines and refuses endless searches', () => {
  assert.equal(new SafeRegex(/^b$/m).exec('a\nb')?.index, 2)
  assert.equal(new SafeRegex(/^b$/).exec('a\nb'), null)
  assert.throws(() => new SafeRegex(/a/).exec('b'.repeat(1_000_000)), PatternLimitError)
})

test('a regular expression inside an expression is checked as any other pattern', () => {
  assert.equal(regexFault(/^\d+\/é$/), undefined)
  assert.match(regexFault(/(?=a)/) ?? '', /look-ahead/)
})
