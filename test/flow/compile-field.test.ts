import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Finding } from '../../src/config/issue.ts'
import type { FieldFile } from '../../src/config/schema/field.ts'
import { compileField } from '../../src/flow/compile-field.ts'

function findings(settings: FieldFile, name = 'answer'): readonly string[] {
  const found: Finding[] = []
  compileField(name, settings, ['fields', 'answer'], (finding) => found.push(finding))
  return found.map(({ path, code, message }) => `${path.join('.')} ${code} ${message}`)
}

const at = (key: string, message: string) => [`fields.answer.${key} FG_CONFIG_FIELD_SETTING ${message}`]

test('settings that fit their type say nothing', () => {
  assert.deepEqual(findings({ type: 'integer', min: 1, max: 10, required: true, message: 'How many?' }), [])
  assert.deepEqual(findings({ type: 'date', min: '2026-01-31', max: '2026-02-28' }), [])
  assert.deepEqual(findings({ type: 'text', min_length: 2, max_length: 2, pattern: '^[a-z]+$' }), [])
  assert.deepEqual(findings({ type: 'choices', of: ['a', 'b'], min: 1, max: 2 }), [])
  assert.deepEqual(findings({ type: 'phone', country: 'BR' }), [])
})

test('a setting that the type would silently ignore is refused', () => {
  assert.deepEqual(
    findings({ type: 'integer', pattern: '^1' }),
    at('pattern', '`pattern` means nothing for a field of type integer: it goes with text, email, phone'),
  )
  assert.deepEqual(
    findings({ type: 'text', of: ['a'] }),
    at('of', '`of` means nothing for a field of type text: it goes with choice, choices'),
  )
})

test('bounds of the wrong type, and bounds no answer fits, are refused', () => {
  assert.deepEqual(
    findings({ type: 'date', min: '31.01.2026' }),
    at('min', '`min` of a date is a date such as "2026-01-31"'),
  )
  assert.deepEqual(
    findings({ type: 'date', max: '2026-02-30' }),
    at('max', '`max` of a date is a date such as "2026-01-31"'),
  )
  assert.deepEqual(findings({ type: 'number', min: '3' }), at('min', '`min` of a field of type number is a number'))
  assert.deepEqual(findings({ type: 'integer', min: 3, max: 2 }), at('max', 'max is below min: no answer fits'))
  assert.deepEqual(
    findings({ type: 'text', min_length: 3, max_length: 2 }),
    at('max_length', 'max_length is below min_length: no answer fits'),
  )
})

test('an unknown country is refused', () => {
  assert.deepEqual(
    findings({ type: 'phone', country: 'ZZ' }),
    at('country', '"ZZ" is not a country code: write two letters such as BR or DE (ISO 3166-1)'),
  )
})

test('a pattern is tested, and a bad one is named', () => {
  const field = compileField('plate', { type: 'text', pattern: '^[A-Z]{3}$' }, [], () => assert.fail('no finding'))
  assert.equal(field.matches?.('ABC'), true)
  assert.equal(field.matches?.('ABCD'), false)
  assert.match(findings({ type: 'text', pattern: '(' })[0] ?? '', /^fields\.answer\.pattern FG_CONFIG_PATTERN /u)
})

test('a name that the protocol keeps for error notifications is refused', () => {
  for (const name of ['error', 'error_key']) {
    assert.match(findings({ type: 'text' }, name)[0] ?? '', /FG_CONFIG_RESERVED `error(_key)?` in a payload/u)
  }
  assert.deepEqual(findings({ type: 'text' }, 'errors'), [])
})
