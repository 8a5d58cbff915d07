import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { RawValue } from '../../src/config/schema/value.ts'
import { compileMapping } from '../../src/map/compile.ts'
import { mapNotification } from '../../src/map/notification.ts'
import { findings, scopeOf } from '../value/scope-of.ts'
import { deliveredAs, mappingOf, notificationOf, rawNotification, rawRecord } from './mapping-of.ts'

const records = [rawRecord(), rawRecord({ id: 'deal' })]
const NOTHING = new Map()
const scope = scopeOf({ form: { budget: 'over_50k', email: 'form@acme.com' }, person: { email: 'ana@acme.com' } })

/** Whom a message with this recipient is for. */
async function recipient(raw: RawValue, of = scope) {
  const result = await mapNotification(notificationOf({ recipient: raw }, records), of, NOTHING)
  return result.kind === 'mapped' ? result.input.recipient : result
}

describe('a recipient', () => {
  test('is a name, as it stands or by value', async () => {
    assert.deepEqual(await recipient('vip'), { kind: 'named', name: 'vip' })
    const byBudget = { from: 'form.budget', lookup: { over_50k: 'vip' }, default: 'everyone' }
    assert.deepEqual(await recipient(byBudget), { kind: 'named', name: 'vip' })
    assert.deepEqual(await recipient(byBudget, scopeOf()), { kind: 'named', name: 'everyone' })
  })

  test('that has no value is the destination’s own choice', async () => {
    assert.equal(await recipient({ from: 'form.missing' }), undefined)
    assert.equal(await recipient(' '), undefined)
  })

  test('that cannot be worked out fails the message and names the field', async () => {
    const result = await recipient({ from: 'form.budget', lookup: { small: 'a' } })
    assert.ok(result?.kind === 'failed' && result.failure.kind === 'permanent')
    assert.deepEqual([result.failure.code, result.failure.fields], ['FG_MAP_VALUE', ['recipient']])
  })

  test('who owns a record is not known here: the message names whom to tell instead', async () => {
    assert.deepEqual(await recipient({ owner_of: 'contact', default: 'everyone' }), { kind: 'named', name: 'everyone' })
    assert.equal(await recipient({ owner_of: 'contact' }), undefined)
    const { recipient: compiled, waitsFor } = notificationOf(
      { recipient: { owner_of: 'deal', default: 'all' } },
      records,
    )
    assert.deepEqual([compiled, waitsFor], [{ kind: 'owner', record: 'deal', otherwise: 'all' }, ['deal']])
  })

  test('is the person by what came with the token, never by what the form says', async () => {
    assert.deepEqual(await recipient({ person: 'email' }), { kind: 'person', email: 'ana@acme.com' })
    assert.deepEqual(await recipient({ person: 'phone' }, scopeOf({ person: { phone: '+5511' } })), {
      kind: 'person',
      phone: '+5511',
    })
    for (const person of [{}, { email: ' ' }, { email: null }]) {
      const result = await recipient({ person: 'email' }, scopeOf({ form: { email: 'form@acme.com' }, person }))
      assert.ok(result?.kind === 'failed')
      assert.equal(result.failure.code, 'FG_MAP_RECIPIENT_ABSENT')
      assert.match(result.failure.message, /person\.email: \{ exists: true \}/)
    }
  })

  for (const [what, raw, message, at] of [
    [
      'a mistyped owner_of',
      { owner_off: 'contact' },
      'unknown key `owner_off`: did you mean `owner_of`?',
      ['owner_off'],
    ],
    ['a mistyped person', { persons: 'email' }, 'unknown key `persons`: did you mean `person`?', ['persons']],
    [
      'another key beside owner_of',
      { owner_of: 'contact', defalt: 'a' },
      'unknown key `defalt` beside `owner_of`: did you mean `default`?',
      ['defalt'],
    ],
    ['a key beside person', { person: 'email', default: 'a' }, 'beside `person`: there is `person`', ['default']],
    ['a record that is no name', { owner_of: ['contact'] }, '`owner_of` names a record', ['owner_of']],
    ['a default that is no name', { owner_of: 'contact', default: 3 }, '`default` beside `owner_of`', ['default']],
    ['an odd address', { person: 'e-mail' }, '`person` is one of email, phone: did you mean `email`?', ['person']],
  ] as const) {
    test(`with ${what} is a mistake`, () => {
      const found = findings()
      compileMapping({ records, notifications: [rawNotification({ recipient: raw as RawValue })] }, found.report)
      const [first, ...others] = found.all
      assert.deepEqual([first?.code, others], ['FG_CONFIG_RECIPIENT', []])
      assert.ok(first?.message.includes(message), first?.message)
      assert.deepEqual(first?.path, ['notifications', 0, 'recipient', ...at])
    })
  }

  test('that is an odd value, or names no record, is told as everywhere', () => {
    for (const [raw, code, message] of [
      [{ owner_of: 'contcat' }, 'FG_CONFIG_RECORD', 'did you mean `contact`?'],
      [{ form: 'form.budget' }, 'FG_CONFIG_VALUE', 'unknown key `form`: did you mean `from`?'],
      [{ from: 'fom.budget' }, 'FG_CONFIG_PATH', 'did you mean `form`?'],
    ] as const) {
      const found = findings()
      compileMapping({ records, notifications: [rawNotification({ recipient: raw as RawValue })] }, found.report)
      assert.equal(found.all[0]?.code, code)
      assert.ok(found.all[0].message.includes(message), found.all[0].message)
    }
  })
})

describe('a late notice', () => {
  const link = { label: 'Open', url: '{records.contact.url}' }

  test('comes 15 minutes after the submission where a message waits for records, unless the mapping says otherwise', () => {
    const after = (parts: object) => notificationOf({ after: ['contact'], ...parts }, records).lateAfterSeconds
    assert.deepEqual([after({}), after({ notify_late_after: '2h' })], [900, 7_200])
    assert.equal(after({ notify_late_after: 'never' }), undefined)
    assert.equal(after({ when: { 'records.contact.outcome': 'created' } }), undefined)
    assert.equal(notificationOf({}, records).lateAfterSeconds, undefined)
  })

  for (const [what, parts, code, message] of [
    ['no duration', { after: ['contact'], notify_late_after: 'off' }, 'FG_CONFIG_DURATION', 'or `never`'],
    ['of what waits for nothing', { notify_late_after: '5m' }, 'FG_CONFIG_LATE', 'leave `notify_late_after` out'],
    [
      'of what nobody can tell yet',
      { when: { 'records.contact.outcome': 'created' }, notify_late_after: '5m' },
      'FG_CONFIG_LATE',
      'write `never`',
    ],
  ] as const) {
    test(`with a time that is ${what} is a mistake`, () => {
      const found = findings()
      compileMapping(
        { records, notifications: [rawNotification({ ...parts, after: [...('after' in parts ? parts.after : [])] })] },
        found.report,
      )
      assert.equal(found.all[0]?.code, code)
      assert.ok(found.all[0].message.includes(message))
      assert.deepEqual(found.all[0].path, ['notifications', 0, 'notify_late_after'])
    })
  }

  test('says what can be said without the records, and has no link to one that is not confirmed', async () => {
    const notification = notificationOf(
      {
        title: 'Lead {form.budget} {records.contact.id}',
        text: '{records.contact.id}',
        facts: { Budget: { from: 'form.budget' }, Deal: { expr: '$round($string(records.deal.id) & "x")' } },
        link,
      },
      records,
    )
    const late = await mapNotification(notification, scope, NOTHING, 'late')
    assert.deepEqual(late.kind === 'mapped' && late.input, {
      title: 'Lead over_50k ',
      facts: [{ label: 'Budget', value: 'over_50k' }],
      late: true,
    })
    const known = new Map([deliveredAs('contact', { url: 'https://crm.example/1' })])
    const one = await mapNotification(notification, scope, known, 'late')
    assert.ok(one.kind === 'mapped')
    assert.deepEqual(
      [one.input.title, one.input.link],
      ['Lead over_50k contact-1', { ...link, url: 'https://crm.example/1' }],
    )
  })

  test('keeps a link that needs no record, and fails for what its records have nothing to do with', async () => {
    const fixed = notificationOf({ after: ['contact'], link: { label: 'Desk', url: 'https://desk.example' } }, records)
    const kept = await mapNotification(fixed, scope, NOTHING, 'late')
    assert.deepEqual(kept.kind === 'mapped' && kept.input.link, { label: 'Desk', url: 'https://desk.example' })
    const bad = notificationOf(
      { after: ['contact'], facts: { N: { from: 'form.email', apply: ['integer'] } } },
      records,
    )
    const failed = await mapNotification(bad, scope, NOTHING, 'late')
    assert.equal(failed.kind, 'failed')
  })

  test('leaves the hash of a mapping that says nothing of it as it was', () => {
    const file = { records, notifications: [rawNotification({ after: ['contact'] })] }
    const stored = JSON.parse(JSON.stringify(file))
    assert.deepEqual(mappingOf(stored).content, stored)
    assert.equal(mappingOf(stored).hash, mappingOf(file).hash)
  })
})
