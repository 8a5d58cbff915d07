import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compileExpression } from '../../src/value/expression.ts'
import { FLOW_ROOTS, MAPPING_ROOTS } from '../../src/value/options.ts'
import { EMPTY_SCOPE, ITEM_ROOTS, ROOTS } from '../../src/value/scope.ts'
import { compileValue } from '../../src/value/value.ts'
import { faultless, findings, scopeOf } from './scope-of.ts'

test('every root is known in flows or in mappings, and a scope has them all', () => {
  assert.deepEqual(FLOW_ROOTS, ['form', 'person', 'session', 'flow', 'data', 'sent', 'asked', 'values', 'checks'])
  assert.deepEqual(MAPPING_ROOTS, ['form', 'person', 'session', 'flow', 'data', 'records'])
  assert.deepEqual(new Set(ROOTS), new Set([...FLOW_ROOTS, ...MAPPING_ROOTS]))
  assert.deepEqual(Object.keys(EMPTY_SCOPE), [...ROOTS])
  assert.deepEqual(
    ROOTS.filter((root) => ITEM_ROOTS.includes(root)),
    [],
  )
})

describe('a root', () => {
  const scope = scopeOf({
    sent: { trigger: 'date_selected' },
    asked: { slot: { at: '09:00' }, none: null },
    checks: { coupon: { ok: true, value: { percent: 10 } } },
  })

  test('of one request is read as any other', async () => {
    const read = (from: string) => compileValue({ from }, faultless, []).evaluate(scope)
    assert.equal(await read('sent.trigger'), 'date_selected')
    assert.equal(await read('asked.slot.at'), '09:00')
    assert.equal(await read('asked.none'), undefined)
    assert.equal(await read('asked.unasked.at'), undefined)
    assert.equal(await read('checks.coupon.value.percent'), 10)
    const expression = compileExpression('asked.slot.at & sent.trigger', faultless, [], FLOW_ROOTS)
    assert.deepEqual(expression.paths, ['asked.slot.at', 'sent.trigger'])
    assert.equal(await expression.evaluate(scope), '09:00date_selected')
  })

  test('that belongs to one request is refused in mappings', () => {
    for (const root of ['sent', 'asked', 'checks']) {
      const found = findings()
      compileValue([{ from: `${root}.a` }, { expr: `${root}.a` }], found.report, [], { roots: MAPPING_ROOTS })
      assert.equal(found.all.length, 2)
      for (const message of found.messages()) {
        assert.ok(message.startsWith(`\`${root}\` is not known here: only \`form\``), message)
      }
    }
  })

  test('whose members are asked one by one needs a name, since all of them would have to be asked', () => {
    const found = findings()
    const raw = [
      { from: 'asked' },
      { template: '{asked}' },
      { expr: '$keys(asked)' },
      { expr: '$lookup(asked, form.a)' },
    ]
    compileValue(raw, found.report, [])
    assert.equal(found.all.length, 4)
    for (const message of found.messages()) assert.match(message, /name the ask: `asked\.<name>`/)
  })

  test('makes a literal look like a reference only where it is known', () => {
    const advised = (raw: string, roots = FLOW_ROOTS) => {
      const found = findings()
      compileValue(raw, found.report, [], { roots })
      return found.all.map(({ code }) => code)
    }
    assert.deepEqual(advised('asked.slot.at'), ['FG_CONFIG_LITERAL'])
    assert.deepEqual(advised('At {asked.slot.at}'), ['FG_CONFIG_LITERAL'])
    assert.deepEqual(advised('asked.slot.at', MAPPING_ROOTS), [])
    assert.deepEqual(advised('Braces {a} of {records.a.id}'), [])
  })
})
