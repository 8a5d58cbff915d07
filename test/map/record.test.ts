import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { mapRecord } from '../../src/map/record.ts'
import { scopeOf } from '../value/scope-of.ts'
import { deliveredAs, rawRecord, recordOf } from './mapping-of.ts'

const scope = scopeOf({
  form: {
    email: ' ANA@Acme.com ',
    name: 'Ana Souza',
    budget: 'over_50k',
    blank: ' ',
    none: [],
    size: 0,
    agreed: false,
  },
  flow: { title: 'Leads' },
})
const NOTHING = new Map()

describe('a record', () => {
  test('is mapped with its fields in the order written', async () => {
    const record = recordOf({
      operation: 'upsert',
      match: 'email',
      fields: {
        email: { from: 'form.email', apply: ['trim', 'lower'] },
        firstname: { from: 'form.name', apply: ['first_word'] },
        size: { from: 'form.size' },
        agreed: { from: 'form.agreed' },
        stage: 'lead',
      },
    })
    const result = await mapRecord(record, scope, NOTHING)
    assert.deepEqual(result, {
      kind: 'mapped',
      input: {
        id: 'contact',
        object: 'contacts',
        operation: 'upsert',
        match: 'email',
        fields: { email: 'ana@acme.com', firstname: 'Ana', size: 0, agreed: false, stage: 'lead' },
        links: [],
      },
      media: [],
    })
    assert.equal(JSON.stringify(result).indexOf('"match"') > 0, true)
  })

  test('leaves absent and blank values out', async () => {
    const fields = {
      absent: { from: 'form.missing' },
      blank: { from: 'form.blank' },
      empty: { from: 'form.none' },
      nothing: { value: null },
      text: '',
      title: { from: 'flow.title' },
    }
    const result = await mapRecord(recordOf({ fields }), scope, NOTHING)
    assert.ok(result.kind === 'mapped')
    assert.deepEqual(result.input.fields, { title: 'Leads' })
    assert.ok(!('match' in result.input))
  })

  test('has `null` for what a blank answer clears, and not what is never written but for what finds it', async () => {
    const record = recordOf({
      operation: 'upsert',
      match: 'email',
      fields: {
        a: { from: 'form.missing', clear: true },
        email: { from: 'form.email', write: 'never' },
        b: { from: 'form.blank', clear: true },
        c: { from: 'form.name', write: 'never' },
        d: { from: 'form.none' },
      },
    })
    const result = await mapRecord(record, scope, NOTHING)
    assert.ok(result.kind === 'mapped')
    assert.deepEqual(Object.entries(result.input.fields), [
      ['a', null],
      ['email', ' ANA@Acme.com '],
      ['b', null],
    ])
  })

  test('has the media answers whose files belong to it, in one list, and fails where one cannot be worked out', async () => {
    const form = { photos: [{ media_id: '1' }, { media_id: '2' }], id: { media_id: '3' }, word: 'x' }
    const files = [{ from: 'form.photos' }, { from: 'form.missing' }, { from: 'form.id' }]
    const result = await mapRecord(recordOf({ fields: { a: 1 }, files }), scopeOf({ form }), NOTHING)
    assert.ok(result.kind === 'mapped')
    assert.deepEqual(result.media, [...form.photos, form.id])
    const broken = recordOf({ fields: { a: 1 }, files: [{ from: 'form.word', apply: ['number'] }] })
    const failed = await mapRecord(broken, scopeOf({ form }), NOTHING)
    assert.ok(failed.kind === 'failed' && failed.failure.kind === 'permanent')
    assert.deepEqual(failed.failure.fields, ['files 1'])
  })

  test('is skipped where its condition is false', async () => {
    const record = recordOf({ when: { 'form.budget': 'small' } })
    assert.deepEqual(await mapRecord(record, scope, NOTHING), { kind: 'skipped', because: 'when' })
  })

  test('sees the receipts of records delivered before it and is linked to them', async () => {
    const record = recordOf(
      {
        id: 'deal',
        links: ['company', 'contact'],
        fields: {
          url: { from: 'records.contact.url' },
          id: { from: 'records.contact.id' },
          new: { from: 'records.contact.outcome' },
        },
        when: { 'records.contact.id': { exists: true } },
      },
      [rawRecord(), rawRecord({ id: 'company' })],
    )
    const delivered = new Map([deliveredAs('contact', { url: 'https://crm.example/1', outcome: 'updated' })])
    const result = await mapRecord(record, scope, delivered)
    assert.ok(result.kind === 'mapped')
    assert.deepEqual(result.input.fields, { url: 'https://crm.example/1', id: 'contact-1', new: 'updated' })
    // The company was skipped: a link to nothing is no link.
    assert.deepEqual(result.input.links, [{ object: 'contacts', id: 'contact-1' }])
  })

  test('fails naming every field that cannot be worked out, without the answers', async () => {
    const record = recordOf({
      fields: {
        phone: { from: 'form.name', apply: [{ phone: 'BR' }] },
        stage: { from: 'form.budget', lookup: { small: 'S' } },
        title: 'x',
      },
    })
    const result = await mapRecord(record, scope, NOTHING)
    assert.deepEqual(result, {
      kind: 'failed',
      failure: {
        kind: 'permanent',
        scope: 'record',
        code: 'FG_MAP_VALUE',
        message:
          'record `contact`: cannot work out `phone` (phone: not a valid number for BR), `stage` (lookup: the value is not in the table and there is no `default`). Correct the mapping, or set on_fail, then replay.',
        fields: ['phone', 'stage'],
      },
    })
    assert.ok(!JSON.stringify(result).includes('Ana'))
  })

  test('fails where the value that finds it is absent, blank or no text', async () => {
    for (const from of ['form.missing', 'form.blank', 'form.agreed']) {
      const record = recordOf({ operation: 'upsert', match: 'email', fields: { email: { from } } })
      const result = await mapRecord(record, scope, NOTHING)
      assert.ok(result.kind === 'failed' && result.failure.kind === 'permanent', from)
      assert.deepEqual(
        [result.failure.code, result.failure.scope, result.failure.fields],
        ['FG_MAP_MATCH_ABSENT', 'record', ['email']],
      )
      assert.match(result.failure.message, /`email` finds the record and has no value/)
    }
  })

  test('does not hide an error of our own', async () => {
    const broken = scopeOf()
    Object.defineProperty(broken, 'form', {
      enumerable: true,
      value: new Proxy({}, { getOwnPropertyDescriptor: () => assert.fail('ours') }),
    })
    await assert.rejects(mapRecord(recordOf({ fields: { a: { from: 'form.a' } } }), broken, NOTHING), /ours/)
  })
})
