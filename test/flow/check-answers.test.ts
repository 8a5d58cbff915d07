import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { FieldFile } from '../../src/config/schema/flow.ts'
import { checkAnswers } from '../../src/flow/check-answers.ts'
import type { Json } from '../../src/plugin/json.ts'
import { flowJsonOf, flowOf } from '../support/flow.ts'

function checkOne(settings: FieldFile, typed?: Json): { value?: Json; refused?: string } {
  const file = {
    flow: 'one',
    title: 'One',
    version: '1',
    first_screen: 'ONLY',
    screens: { ONLY: { fields: { it: settings }, next: [{ submit: true as const }] } },
  }
  const flow = flowOf(file, flowJsonOf({ ONLY: { sends: ['it'], terminal: true } }, { ONLY: [] }))
  const screen = flow.screens.get('ONLY')
  assert.ok(screen)
  const { form, refused } = checkAnswers(flow, screen, typed === undefined ? {} : { it: typed }, { it: 'before' })
  const refusal = refused.get('it')
  if (refusal?.words === flow.messages.required) return { refused: 'required' }
  if (refusal?.words === flow.messages.invalid) return { refused: 'invalid' }
  if (refusal !== undefined) return { refused: 'own' }
  return form['it'] === undefined ? {} : { value: form['it'] }
}

const cases: readonly (readonly [string, FieldFile, Json | undefined, { value?: Json; refused?: string }])[] = [
  ['text is trimmed', { type: 'text' }, '  Ana  ', { value: 'Ana' }],
  ['a number typed as text stays text in a text field', { type: 'text' }, 12, { value: '12' }],
  ['an object is no text', { type: 'text' }, { a: 1 }, { refused: 'invalid' }],
  ['text within its lengths', { type: 'text', min_length: 2, max_length: 3 }, 'abc', { value: 'abc' }],
  ['text that is too long', { type: 'text', max_length: 2 }, 'abc', { refused: 'invalid' }],
  ['text that is too short', { type: 'text', min_length: 2 }, 'a', { refused: 'invalid' }],
  ['letters are counted, not code units', { type: 'text', max_length: 1 }, '🧑', { value: '🧑' }],
  ['text that fits its pattern', { type: 'text', pattern: '^[A-Z]{2}\\d{3}$' }, 'AB123', { value: 'AB123' }],
  [
    'text that does not fit its pattern',
    { type: 'text', pattern: '^[A-Z]{2}\\d{3}$' },
    'ab123',
    { refused: 'invalid' },
  ],
  ['an e-mail keeps its case', { type: 'email' }, ' Ana@Acme.com ', { value: 'Ana@Acme.com' }],
  ['an e-mail without a domain', { type: 'email' }, 'ana@', { refused: 'invalid' }],
  ['an e-mail with two signs', { type: 'email' }, 'a@b@c.de', { refused: 'invalid' }],
  ['a phone with its country code', { type: 'phone' }, '+55 11 99999-0000', { value: '+55 11 99999-0000' }],
  [
    'a phone dialled inside a known country',
    { type: 'phone', country: 'BR' },
    '(11) 99999-0000',
    { value: '(11) 99999-0000' },
  ],
  ['a phone of another country’s shape', { type: 'phone', country: 'BR' }, '123', { refused: 'invalid' }],
  ['a phone of no known country', { type: 'phone' }, '11 99999-0000', { value: '11 99999-0000' }],
  ['letters are no phone', { type: 'phone' }, 'call me', { refused: 'invalid' }],
  ['an integer typed as text', { type: 'integer' }, ' 120 ', { value: 120 }],
  ['half a person', { type: 'integer' }, '1.5', { refused: 'invalid' }],
  ['an integer beyond what is exact', { type: 'integer' }, '9007199254740993', { refused: 'invalid' }],
  ['a number', { type: 'number', min: 0.5, max: 2 }, '1.5', { value: 1.5 }],
  ['a number under its least', { type: 'number', min: 0.5 }, '0.4', { refused: 'invalid' }],
  ['a number over its most', { type: 'number', max: 2 }, 3, { refused: 'invalid' }],
  ['no number at all', { type: 'number' }, '1e999', { refused: 'invalid' }],
  ['a list is no number', { type: 'number' }, ['1'], { refused: 'invalid' }],
  ['a tick', { type: 'boolean' }, true, { value: true }],
  ['a tick as text', { type: 'boolean' }, 'false', { value: false }],
  ['a word is no tick', { type: 'boolean' }, 'yes', { refused: 'invalid' }],
  ['a consent that was not given', { type: 'boolean', required: true }, false, { refused: 'required' }],
  ['a date', { type: 'date', min: '2026-01-01' }, '2026-02-28', { value: '2026-02-28' }],
  ['a date in milliseconds', { type: 'date' }, '1772409600000', { value: '2026-03-02' }],
  ['a day that does not exist', { type: 'date' }, '2026-02-30', { refused: 'invalid' }],
  ['a date before the first', { type: 'date', min: '2026-03-01' }, '2026-02-28', { refused: 'invalid' }],
  ['a date after the last', { type: 'date', max: '2026-03-01' }, '2026-03-02', { refused: 'invalid' }],
  ['no date', { type: 'date' }, 'tomorrow', { refused: 'invalid' }],
  ['a choice that is offered', { type: 'choice', of: ['a', 'b'] }, 'b', { value: 'b' }],
  ['a choice that is not offered', { type: 'choice', of: ['a', 'b'] }, 'c', { refused: 'invalid' }],
  ['a numeric choice sent as text', { type: 'choice', of: [1, 2] }, '2', { value: 2 }],
  ['a choice where the list comes from elsewhere', { type: 'choice' }, 'z', { value: 'z' }],
  ['choices', { type: 'choices', of: ['a', 'b'] }, ['b', 'a'], { value: ['b', 'a'] }],
  ['a single choice among choices', { type: 'choices', of: ['a'] }, 'a', { value: ['a'] }],
  ['one choice too many', { type: 'choices', max: 1 }, ['a', 'b'], { refused: 'invalid' }],
  ['choices with a stranger', { type: 'choices', of: ['a'] }, ['a', 'x'], { refused: 'invalid' }],
  ['anything in a json field', { type: 'json' }, { lines: [1] }, { value: { lines: [1] } }],
  ['a missing answer takes the earlier one out', { type: 'text' }, undefined, {}],
  ['a blank answer takes the earlier one out', { type: 'text' }, '   ', {}],
  ['null is blank', { type: 'text' }, null, {}],
  ['an empty list is blank', { type: 'choices', required: true }, [], { refused: 'required' }],
  ['a missing answer that is required', { type: 'text', required: true }, undefined, { refused: 'required' }],
  ['a field may say it in its own words', { type: 'email', message: 'Which e-mail?' }, 'x', { refused: 'own' }],
]

describe('an answer', () => {
  for (const [name, settings, typed, expected] of cases) {
    test(name, () => assert.deepEqual(checkOne(settings, typed), expected))
  }
})
