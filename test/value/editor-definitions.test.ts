import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { DIRECTIVES, type RawValue } from '../../src/config/schema/value.ts'
import { valueDefinitions } from '../../src/config/value-definitions.ts'
import { MODIFIERS, WRITE_KEYS } from '../../src/value/directive-place.ts'
import { EACH_KEYS } from '../../src/value/each.ts'
import { FLOW_ROOTS, MAPPING_ROOTS } from '../../src/value/options.ts'
import type { Root } from '../../src/value/scope.ts'
import { compileValue } from '../../src/value/value.ts'
import { faultless, findings } from './scope-of.ts'

const images = new Map([['a.png', 'YQ==']])

function editor(roots: readonly Root[]) {
  const ajv = new Ajv2020({
    allErrors: true,
    strict: true,
    strictTypes: false,
    strictRequired: false,
    allowUnionTypes: true,
  })
  return ajv.compile({ $defs: valueDefinitions(roots), $ref: '#/$defs/value' })
}

const RIGHT: readonly RawValue[] = [
  { each: 'asked.slots' },
  { each: 'asked.slots', where: { 'item.free': true, position: { lte: 10 } }, as: { id: { from: 'item.id' } } },
  { each: 'form.list', as: { template: '{position}' }, apply: ['unique', 'first'], default: 'x' },
  { choose: [{ when: { 'form.a': 1 }, value: { from: 'sent.b' } }, { value: [1] }] },
  { by_language: { en: 'a', pt_BR: { from: 'form.b' } } },
  { that: { 'checks.coupon.ok': true } },
  { image: 'a.png', when: { 'form.a': 1 } },
  { id: 'a', title: 'A', image: 'YQ==' },
  { start: { image: { image: 'a.png' }, 'alt-text': 'A' } },
  { from: 'form.a', pick: { in: 'asked.doctors', by: 'id', take: 'title' } },
  { from: 'form.a', pick: { in: [{ id: 'a', title: 'A' }] } },
  { from: 'form.a', apply: [{ add_days: 3 }, { mask: { keep: 2, with: 'x' } }, { format_number: 2 }, 'last'] },
  { from: 'form.a', when: { 'form.a': { in: { from: 'asked.codes' } }, 'form.b': { lt: { from: 'session.today' } } } },
  { from: 'form.a', when: { 'form.a': { in: { from: 'asked.slots', by: 'id' } } } },
]

const WRONG: readonly unknown[] = [
  { each: 'asked.slots', were: {} },
  { from: 'form.a', as: 'x' },
  { from: 'form.a', where: { 'form.a': 1 } },
  { each: ['a'] },
  { choose: [] },
  { choose: [{ when: { 'form.a': 1 } }] },
  { choose: [{ value: 1, from: 'form.a' }] },
  { choose: [{ value: { from: 'frm.a' } }] },
  { by_language: {} },
  { by_language: { 'pt-BR': 'a' } },
  { that: 'form.a' },
  { image: 'a.png', from: 'form.a' },
  { from: 'form.a', pick: 'asked.doctors' },
  { from: 'form.a', pick: { by: 'id' } },
  { from: 'form.a', pick: { in: 'asked.doctors', tkae: 'id' } },
  { from: 'form.a', apply: ['add_days'] },
  { from: 'form.a', apply: [{ format_number: 99 }] },
  { from: 'form.a', apply: [{ mask: { with: 'xx' } }] },
  { from: 'form.a', when: { 'form.a': { in: { from: 'asked.codes', bye: 'id' } } } },
  { from: 'records.a.id' },
]

describe('an editor', () => {
  const validate = editor(FLOW_ROOTS)

  for (const raw of RIGHT) {
    test(`takes ${JSON.stringify(raw)}, as the gateway does`, () => {
      compileValue(raw, faultless, [], { images })
      assert.ok(validate(raw), JSON.stringify(validate.errors))
    })
  }

  for (const raw of WRONG) {
    test(`marks ${JSON.stringify(raw)}, as the gateway does`, () => {
      const found = findings()
      compileValue(raw as RawValue, found.report, [], { images })
      assert.ok(found.all.length > 0)
      assert.equal(validate(raw), false)
    })
  }

  test('of a mapping knows neither images nor what belongs to one request', () => {
    const mapping = editor(MAPPING_ROOTS)
    assert.ok(mapping({ each: 'form.list', as: { from: 'item.a' } }))
    assert.equal(mapping({ from: 'asked.slots' }), false)
    assert.equal(JSON.stringify(valueDefinitions(MAPPING_ROOTS)).includes('"image"'), false)
  })

  test('offers every key of a directive, and no other', () => {
    const { directive } = valueDefinitions(FLOW_ROOTS) as { directive: { properties: object } }
    assert.deepEqual(
      Object.keys(directive.properties).toSorted(),
      [...DIRECTIVES, ...MODIFIERS, ...EACH_KEYS].toSorted(),
    )
    const { directive: ofMapping } = valueDefinitions(MAPPING_ROOTS) as { directive: { properties: object } }
    const [ours, theirs] = [Object.keys(ofMapping.properties), Object.keys(directive.properties)]
    assert.deepEqual(
      ours.filter((key) => !theirs.includes(key)),
      WRITE_KEYS,
    )
  })
})
