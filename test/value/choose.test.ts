import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { RawValue } from '../../src/config/schema/value.ts'
import { nearestLanguage } from '../../src/value/by-language.ts'
import { compileValue } from '../../src/value/value.ts'
import { faultless, findings, scopeOf } from './scope-of.ts'

const scope = scopeOf({
  form: { size: 120, name: 'Ana', end: '2026-03-09', start: '2026-03-10' },
  session: { language: 'pt_BR' },
})

function given(raw: RawValue) {
  return compileValue(raw, faultless, []).evaluate(scope)
}

const large = { 'form.size': { gte: 50 } }
const small = { 'form.size': { lt: 50 } }

const TABLE: readonly (readonly [RawValue, unknown])[] = [
  [{ choose: [{ when: large, value: 'large' }, { value: 'small' }] }, 'large'],
  [{ choose: [{ when: small, value: 'small' }, { value: 'large' }] }, 'large'],
  [{ choose: [{ when: small, value: 'small' }] }, undefined],
  [{ choose: [{ when: small, value: 'small' }], default: 'none' }, 'none'],
  [{ choose: [{ when: large, value: { from: 'form.missing' } }, { value: 'other' }] }, undefined],
  [{ choose: [{ value: { from: 'form.name' } }], apply: ['upper'] }, 'ANA'],
  [{ choose: [{ value: [{ id: { from: 'form.size' } }] }] }, [{ id: 120 }]],
  [{ choose: [{ when: large, value: { choose: [{ when: small, value: 1 }, { value: 2 }] } }] }, 2],
  [{ choose: [{ value: 'x' }], when: small, default: 'y' }, undefined],
  [{ that: large }, true],
  [{ that: small }, false],
  [{ that: { 'form.end': { lt: { from: 'form.start' } } } }, true],
  [{ that: small, default: true }, false],
  [{ that: { 'form.missing': { exists: true } }, lookup: { true: 'yes', false: 'no' } }, 'no'],
  [{ by_language: { en: 'Hello', pt_BR: 'Olá' } }, 'Olá'],
  [{ by_language: { en: 'Hello', pt: { template: 'Olá, {form.name}' } } }, 'Olá, Ana'],
  [{ by_language: { en: { from: 'form.name' } }, apply: ['upper'] }, 'ANA'],
  [{ by_language: { pt_BR: { from: 'form.missing' }, en: 'Hello' } }, undefined],
]

describe('a chosen value', () => {
  for (const [raw, expected] of TABLE) {
    test(`${JSON.stringify(raw)} gives ${JSON.stringify(expected)}`, async () => {
      assert.deepEqual(await given(raw), expected)
    })
  }

  test('refers to all its conditions and values, and a language to the one of the session', () => {
    const raw: RawValue = {
      choose: [
        { when: { 'form.a': { gt: { from: 'asked.b.c' } } }, value: { from: 'form.d' } },
        { value: { by_language: { en: { template: '{form.e}' }, de: 'x' } }, when: { 'form.a': 1 } },
        { value: { that: { 'checks.f.ok': true } } },
      ],
    }
    assert.deepEqual(compileValue(raw, faultless, []).paths, [
      ...['form.a', 'asked.b.c', 'form.d', 'session.language', 'form.e', 'checks.f.ok'],
    ])
  })

  test('works out no value but the chosen one', async () => {
    const failing = { expr: 'form.name * 2' }
    assert.equal(await given({ choose: [{ when: small, value: failing }, { value: 1 }] }), 1)
    assert.equal(await given({ by_language: { en: failing, pt: 1 } }), 1)
    await assert.rejects(given({ choose: [{ when: large, value: failing }] }), { code: 'FG_VALUE_EXPRESSION' })
  })
})

test('the nearest language is the same, then the general one, then one of another country, then the first', () => {
  const nearest = (known: readonly string[], language?: string) => nearestLanguage(known, language)
  assert.equal(nearest(['en', 'pt', 'pt_BR'], 'pt_BR'), 'pt_BR')
  assert.equal(nearest(['en', 'pt_PT', 'pt'], 'pt_BR'), 'pt')
  assert.equal(nearest(['en', 'pt_PT'], 'pt_BR'), 'pt_PT')
  assert.equal(nearest(['en', 'pt_PT'], 'pt'), 'pt_PT')
  assert.equal(nearest(['en', 'pt_PT'], 'de'), 'en')
  assert.equal(nearest(['en', 'pt_PT']), 'en')
  assert.equal(nearest([], 'en'), undefined)
})

test('a language is spoken from text alone, and the first one where the session names none', async () => {
  const hello = compileValue({ by_language: { en: 'Hello', de: 'Hallo' } }, faultless, [])
  for (const session of [{}, { language: 3 }, { language: 'constructor' }]) {
    assert.equal(await hello.evaluate(scopeOf({ session })), 'Hello')
  }
})

const MISTAKES: readonly (readonly [unknown, string, readonly (string | number)[]])[] = [
  [{ choose: 'x' }, '`choose` holds a list of choices', ['choose']],
  [{ choose: [] }, '`choose` holds a list of choices', ['choose']],
  [{ choose: ['x'] }, 'a choice is an object', ['choose', 0]],
  [{ choose: [{}] }, 'a choice needs `value`', ['choose', 0]],
  [{ choose: [{ when: { 'form.a': 1 } }] }, 'a choice needs `value`', ['choose', 0]],
  [{ choose: [{ valeu: 1 }] }, 'unknown key `valeu` in a choice: did you mean `value`?', ['choose', 0, 'valeu']],
  [{ choose: [{ value: 1, colour: 1 }] }, 'in a choice: it has `when` and `value`', ['choose', 0, 'colour']],
  [{ choose: [{ from: 'form.a' }] }, 'write `value: { from: … }`', ['choose', 0, 'from']],
  [{ choose: [{ when: { 'fomr.a': 1 }, value: 1 }] }, 'did you mean `form`?', ['choose', 0, 'when', 'fomr.a']],
  [{ choose: [{ when: 3, value: 1 }] }, 'a condition is an object', ['choose', 0, 'when']],
  [{ choose: [{ value: { from: 'fomr.a' } }] }, 'did you mean `form`?', ['choose', 0, 'value', 'from']],
  [{ choose: [{ value: 1 }, { value: 2 }] }, 'never reached: choice 1 before it has no `when`', ['choose', 1]],
  [
    { choose: [{ when: { 'form.a': 1 }, value: 1 }, { value: 2 }, { when: { 'form.a': 3 }, value: 3 }] },
    'never reached: choice 2 before it',
    ['choose', 2],
  ],
  [{ that: 'form.a' }, 'a condition is an object', ['that']],
  [{ that: { 'form.a': { gte3: 1 } } }, 'did you mean `gte`?', ['that', 'form.a', 'gte3']],
  [{ by_language: 'x' }, '`by_language` holds a value for each language', ['by_language']],
  [{ by_language: {} }, '`by_language` holds a value for each language', ['by_language']],
  [{ by_language: { 'pt-br': 'x' } }, '`pt-br` is not a language', ['by_language', 'pt-br']],
  [{ by_language: { 'pt-br': 'x' } }, 'did you mean `pt_BR`?', ['by_language', 'pt-br']],
  [{ by_language: { english: 'x' } }, ': write `en` or `pt_BR`', ['by_language', 'english']],
  [{ by_language: { en: { from: 'fomr.a' } } }, 'did you mean `form`?', ['by_language', 'en', 'from']],
  [{ chose: [{ value: 1 }] }, 'unknown key `chose`: did you mean `choose`?', ['chose']],
  [{ choose: [{ value: { colour: 1 } }] }, 'unknown key `colour`', ['choose', 0, 'value', 'colour']],
]

describe('a mistaken choice', () => {
  for (const [raw, message, path] of MISTAKES) {
    test(`${JSON.stringify(raw)} is reported where it stands and can still be evaluated: ${message}`, async () => {
      const found = findings()
      const value = compileValue(raw as RawValue, found.report, ['fields', 'x'], { objects: 'refused' })
      await value.evaluate(scopeOf())
      assert.equal(found.all.length, 1, found.messages().join(' | '))
      assert.ok(found.all[0]?.message.includes(message), found.all[0]?.message)
      assert.deepEqual([found.all[0]?.severity, found.all[0]?.path], ['error', ['fields', 'x', ...path]])
    })
  }
})
