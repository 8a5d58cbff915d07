import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { mapNotification } from '../../src/map/notification.ts'
import { scopeOf } from '../value/scope-of.ts'
import { deliveredAs, notificationOf, rawRecord } from './mapping-of.ts'

const scope = scopeOf({
  form: { name: 'Ana <Souza>', list: ['crm', 'support'], size: 0, blank: '' },
  flow: { title: 'Leads' },
})
const NOTHING = new Map()
const CONTACT = [rawRecord()]

async function message(
  parts: Parameters<typeof notificationOf>[0],
  delivered = new Map<string, ReturnType<typeof deliveredAs>[1]>(NOTHING),
) {
  const result = await mapNotification(notificationOf(parts, [...CONTACT, rawRecord({ id: 'deal' })]), scope, delivered)
  assert.ok(result.kind === 'mapped')
  return result.input
}

describe('a notification', () => {
  test('is plain text with facts in the order written', async () => {
    const input = await message({
      title: 'New lead: {form.name}',
      text: 'From {flow.title}',
      facts: {
        Interests: { from: 'form.list' },
        Size: { from: 'form.size' },
        Gone: { from: 'form.missing' },
        Blank: { from: 'form.blank' },
        Fixed: 'yes',
      },
    })
    assert.deepEqual(input, {
      title: 'New lead: Ana <Souza>',
      text: 'From Leads',
      facts: [
        { label: 'Interests', value: 'crm, support' },
        { label: 'Size', value: '0' },
        { label: 'Fixed', value: 'yes' },
      ],
    })
  })

  test('leaves text and link out where they are absent', async () => {
    const input = await message({ text: '{form.missing}', link: { label: 'Open', url: '{records.contact.url}' } })
    assert.deepEqual(input, { title: 'New lead', facts: [] })
  })

  test('links to the record and says whether it is new or known', async () => {
    const parts = { after: ['contact'], link: { label: 'Open', url: '{records.contact.url}' } }
    const at = (outcome: 'created' | 'updated' | 'unchanged' | 'sent') =>
      message(parts, new Map([deliveredAs('contact', { outcome, url: 'https://crm.example/1' })]))
    assert.deepEqual(await at('created'), {
      title: 'New lead',
      facts: [],
      link: { label: 'Open', url: 'https://crm.example/1' },
      record: 'new',
    })
    assert.equal((await at('updated')).record, 'known')
    assert.equal((await at('unchanged')).record, 'known')
    assert.equal((await at('sent')).record, undefined)
  })

  test('goes late with the link of a record that is confirmed, and says of none whether it is new', async () => {
    const late = async (url: string) => {
      const notification = notificationOf({ after: ['contact', 'deal'], link: { label: 'Open', url } }, [
        ...CONTACT,
        rawRecord({ id: 'deal' }),
      ])
      const delivered = new Map([deliveredAs('contact', { outcome: 'created', url: 'https://crm.example/1' })])
      const result = await mapNotification(notification, scope, delivered, 'late')
      assert.ok(result.kind === 'mapped')
      return result.input
    }
    const message = { title: 'New lead', facts: [], late: true }
    const link = { label: 'Open', url: 'https://crm.example/1' }
    assert.deepEqual(await late('{records.contact.url}'), { ...message, link })
    assert.deepEqual(await late('{records.deal.url}'), message)
    assert.deepEqual(await late('{records.contact.url}?deal={records.deal.id}'), message)
  })

  test('is about the first record waited for that was delivered', async () => {
    const delivered = new Map([deliveredAs('deal', { outcome: 'updated' })])
    assert.equal((await message({ after: ['contact', 'deal'] }, delivered)).record, 'known')
    delivered.set(...deliveredAs('contact'))
    assert.equal((await message({ after: ['contact', 'deal'] }, delivered)).record, 'new')
    assert.equal((await message({}, delivered)).record, undefined)
  })

  test('whose title is absent carries the flow’s title, else its own id', async () => {
    assert.equal((await message({ title: '{form.missing}' })).title, 'Leads')
    const bare = await mapNotification(notificationOf({ title: '{form.missing}' }), scopeOf(), NOTHING)
    assert.ok(bare.kind === 'mapped')
    assert.equal(bare.input.title, 'tell-sales')
  })

  test('is skipped where its condition is false', async () => {
    const notification = notificationOf({ when: { 'form.size': { gt: 0 } } })
    assert.deepEqual(await mapNotification(notification, scope, NOTHING), { kind: 'skipped', because: 'when' })
  })

  test('fails naming the part that cannot be worked out', async () => {
    const notification = notificationOf({ facts: { Phone: { from: 'form.name', apply: ['phone'] } } })
    const result = await mapNotification(notification, scope, NOTHING)
    assert.ok(result.kind === 'failed' && result.failure.kind === 'permanent')
    assert.deepEqual([result.failure.code, result.failure.fields], ['FG_MAP_VALUE', ['facts.Phone']])
    assert.ok(!result.failure.message.includes('Ana'))
  })
})
