import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { MappingFile } from '../../src/config/schema/mapping.ts'
import { mappingHash } from '../../src/map/mapping-hash.ts'
import { plan } from '../../src/map/plan.ts'
import { mappingOf, rawNotification, rawRecord } from './mapping-of.ts'

const LEADS: MappingFile = {
  identity: ['user_id', 'email'],
  dedupe: { window: '10m', ignore: ['client_time'], on_repeat: 'new' },
  personal: ['full_name', 'email'],
  records: [
    rawRecord({
      operation: 'upsert',
      match: 'email',
      fields: { email: { from: 'form.email', apply: ['trim', 'lower'] }, lifecyclestage: 'lead' },
    }),
    rawRecord({
      id: 'deal',
      object: 'deals',
      when: { 'form.budget': { in: ['10k_50k'] } },
      links: ['contact'],
      fields: { dealname: { template: '{form.full_name}: {flow.title}' } },
    }),
  ],
  notifications: [
    rawNotification({
      after: ['contact'],
      title: 'New lead: {form.full_name}',
      text: '{records.deal.url}',
      facts: { Budget: { from: 'form.budget' } },
      link: { label: 'Open', url: '{records.contact.url}' },
    }),
  ],
}

describe('a mapping', () => {
  const mapping = mappingOf(LEADS)

  test('keeps identity, deduplication and personal fields', () => {
    assert.deepEqual(mapping.identity, ['user_id', 'email'])
    assert.deepEqual(mapping.dedupe, { windowSeconds: 600, ignore: new Set(['client_time']), onRepeat: 'new' })
    assert.deepEqual(mapping.personal, new Set(['full_name', 'email']))
    assert.equal(mapping.content, LEADS)
  })

  test('has defaults for everything', () => {
    const empty = mappingOf({})
    assert.deepEqual(empty.identity, ['user_id', 'phone', 'email'])
    assert.deepEqual(empty.dedupe, { windowSeconds: 300, ignore: new Set(), onRepeat: 'drop' })
    assert.deepEqual([empty.personal.size, empty.records, empty.notifications], [0, [], []])
    assert.equal(mappingOf({ dedupe: { on_repeat: 'drop' } }).dedupe.onRepeat, 'drop')
  })

  test('waits for what is named in after, links and every value', () => {
    const [contact, deal] = mapping.records
    assert.deepEqual([contact?.waitsFor, deal?.waitsFor], [[], ['contact']])
    assert.deepEqual(mapping.notifications[0]?.waitsFor, ['contact', 'deal'])
    const told = mappingOf({
      records: [
        rawRecord({ id: 'a' }),
        rawRecord({ id: 'b' }),
        rawRecord({ id: 'c', fields: { x: { from: 'records.a.id' } }, after: ['b'] }),
      ],
      notifications: [
        rawNotification({
          when: { 'records.a.outcome': 'created' },
          title: '{records.b.id}',
          facts: { C: { expr: 'records.c.id' } },
        }),
      ],
    })
    assert.deepEqual(told.records[2]?.waitsFor, ['b', 'a'])
    assert.deepEqual(told.notifications[0]?.waitsFor, ['a', 'b', 'c'])
  })

  test('is planned as deliveries, records first', () => {
    assert.deepEqual(plan(mapping, 'submitted'), [
      { kind: 'record', item: 'contact', destination: 'crm', waitsFor: [] },
      { kind: 'record', item: 'deal', destination: 'crm', waitsFor: ['contact'] },
      {
        kind: 'notification',
        item: 'tell-sales',
        destination: 'chat',
        waitsFor: ['contact', 'deal'],
        lateAfterSeconds: 900,
      },
    ])
  })
})

describe('the hash of a mapping', () => {
  test('is the same whatever the order of keys, and for a copy that went through JSON', () => {
    const turned = Object.fromEntries(Object.entries(LEADS).toReversed())
    assert.equal(mappingHash(turned), mappingHash(LEADS))
    assert.equal(mappingOf(JSON.parse(JSON.stringify(LEADS))).hash, mappingHash(LEADS))
    assert.match(mappingHash(LEADS), /^[0-9a-f]{64}$/)
  })

  test('changes with any value and with the order of records', () => {
    const records = LEADS.records ?? []
    const hashes = [LEADS, { ...LEADS, personal: [] }, { ...LEADS, records: records.toReversed() }, {}].map(mappingHash)
    assert.equal(new Set(hashes).size, hashes.length)
  })
})
