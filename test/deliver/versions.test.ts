import assert from 'node:assert/strict'
import { test } from 'node:test'
import { prepareDestination } from '../../src/deliver/ask.ts'
import { replayDelivery } from '../../src/deliver/replay.ts'
import type { ObjectUse } from '../../src/plugin/definition.ts'
import { leadMappingFile, mappingOf } from '../support/flow.ts'
import { deliveryStage } from './delivery-stage.ts'
import { rejected } from './scripted-vendor.ts'

const latest = { mapping: 'latest' } as const
const [contact, deal] = leadMappingFile.records ?? []
if (contact === undefined || deal === undefined) throw new Error('the lead mapping has two records')

const elsewhere = {
  ...leadMappingFile,
  records: [contact, { ...deal, fields: { dealname: { template: 'Old: {flow.title} {flow.version}' } } }],
}

test('the newest mapping for a replay is that of the version the submission came with', async () => {
  await using stage = await deliveryStage()
  const { contact: first, deal: id = '' } = await stage.submit(undefined, undefined, { version: '0.9' })
  await stage.attempt(first)
  stage.crm.answers(rejected)
  await stage.attempt(id)
  stage.configure({ older: { '0.9': elsewhere }, mapping: { records: [contact], notifications: [] } })
  assert.equal((await replayDelivery(stage.delivering, id, latest)).kind, 'replayed')
  await stage.attempt(id)
  assert.equal((await stage.delivery(id)).mappingHash, mappingOf(elsewhere).hash)
  const sent = stage.crm.calls.at(-1)?.input
  assert.ok(sent !== undefined && 'fields' in sent)
  assert.deepEqual(sent.fields, { dealname: 'Old: Lead, version 0.9 0.9' })
})

test('where that version is gone the newest one stands in', async () => {
  await using stage = await deliveryStage()
  const { contact: first, deal: id = '' } = await stage.submit(undefined, undefined, { version: '0.1' })
  await stage.attempt(first)
  stage.crm.answers(rejected)
  await stage.attempt(id)
  stage.configure({ older: { '0.9': elsewhere } })
  assert.equal((await replayDelivery(stage.delivering, id, latest)).kind, 'replayed')
  assert.equal((await stage.delivery(id)).mappingHash, mappingOf(leadMappingFile).hash)
})

test('what exactly-once needs is asked for what the mappings of all versions and occasions write', async () => {
  await using stage = await deliveryStage()
  const asked: unknown[] = []
  const prepare = async (uses: readonly ObjectUse[]) => {
    asked.push(uses.map(({ object, creates, matches }) => [object, creates, ...matches]))
    return []
  }
  Object.assign(stage.crm, { prepare })
  const ticket = { ...deal, id: 'ticket', object: 'tickets', links: [] }
  stage.configure({
    older: { '0.9': { records: [contact, { ...deal, object: 'orders', links: [] }] } },
    mapping: { ...leadMappingFile, hand_over: { records: [ticket] } },
  })
  await prepareDestination(stage.delivering, 'crm', { apply: false })
  const contacts = ['contacts', false, 'email']
  assert.deepEqual(asked, [[contacts, ['deals', true], ['orders', true], ['tickets', true]]])
})

test('the records and messages of a hand-over are delivered as those of a submission are', async () => {
  await using stage = await deliveryStage()
  const mapping = mappingOf({
    ...leadMappingFile,
    hand_over: {
      records: [{ ...deal, id: 'ticket', object: 'tickets', links: [] }],
      notifications: [{ id: 'call', to: 'chat', title: 'See {records.ticket.id}' }],
    },
  })
  const ids = await stage.submit(undefined, mapping, { occasion: 'handed_over' })
  assert.deepEqual(Object.keys(ids), ['ticket', 'call'])
  await stage.attempt(ids['ticket'])
  await stage.attempt(ids['call'])
  assert.equal((await stage.delivery(ids['call'])).state, 'delivered')
  const { receipt } = await stage.delivery(ids['ticket'])
  const told = stage.chat.calls[0]?.input
  assert.equal(told !== undefined && 'title' in told && told.title, `See ${receipt?.id}`)
})
