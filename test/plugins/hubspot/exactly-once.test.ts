import assert from 'node:assert/strict'
import { test } from 'node:test'
import { again, call, contact, deal, failureOf, hubspotStage, LINK, UPSERT } from './hubspot-stage.ts'

test('twenty deliveries of one contact at once leave one contact', async () => {
  await using stage = await hubspotStage()
  const { crm, standIn } = stage
  const deliveries = Array.from({ length: 20 }, (_, index) =>
    crm.deliver(contact('ana@acme.com'), call(`key-${index}`)),
  )
  const receipts = await Promise.all(deliveries)
  assert.equal(standIn.contacts().length, 1)
  assert.equal(new Set(receipts.map(({ id }) => id)).size, 1)
  assert.equal(receipts.filter(({ outcome }) => outcome === 'created').length, 1)
})

test('two creates with one key leave one deal, two keys leave two', async () => {
  await using stage = await hubspotStage()
  const { crm, standIn } = stage
  const first = await crm.deliver(deal('Acme'), call('key-1'))
  const same = await crm.deliver(deal('Acme'), call('key-1', again))
  const other = await crm.deliver(deal('Acme'), call('key-2'))
  assert.deepEqual(same, first)
  assert.notEqual(other.id, first.id)
  assert.equal(standIn.deals().length, 2)
})

test('a deal whose reply was lost exists once, is linked, and is reported as created', async () => {
  await using stage = await hubspotStage()
  const { crm, standIn } = stage
  const person = await crm.deliver(contact('ana@acme.com'), call('contact'))
  standIn.misbehave({ route: UPSERT, times: 1, fault: { kind: 'lose-after' } })
  assert.equal((await failureOf(crm.deliver(deal('Acme', person.id), call('deal')))).kind, 'retryable')
  assert.equal(standIn.deals().length, 1)
  const receipt = await (await stage.another()).deliver(deal('Acme', person.id), call('deal', again))
  assert.equal(receipt.outcome, 'created')
  assert.equal(standIn.deals().length, 1)
  assert.equal(standIn.associations().length, 1)
})

test('a link whose reply was lost leaves one deal and one link', async () => {
  await using stage = await hubspotStage()
  const { crm, standIn } = stage
  const person = await crm.deliver(contact('ana@acme.com'), call('contact'))
  standIn.misbehave({ route: LINK, times: 1, fault: { kind: 'lose-after' } })
  assert.equal((await failureOf(crm.deliver(deal('Acme', person.id), call('deal')))).kind, 'retryable')
  const receipt = await crm.deliver(deal('Acme', person.id), call('deal', again))
  assert.equal(receipt.outcome, 'created')
  assert.equal(standIn.deals().length, 1)
  assert.equal(standIn.associations().length, 1)
})

test('a contact whose reply was lost exists once', async () => {
  await using stage = await hubspotStage()
  const { crm, standIn } = stage
  standIn.misbehave({ route: UPSERT, times: 1, fault: { kind: 'lose-after' } })
  assert.equal((await failureOf(crm.deliver(contact('ana@acme.com'), call('contact')))).kind, 'retryable')
  await crm.deliver(contact('ana@acme.com'), call('contact', again))
  assert.equal(standIn.contacts().length, 1)
})

test('a clash over the key of a create is retried, for the next try finds the record', async () => {
  await using stage = await hubspotStage()
  const { crm, standIn } = stage
  const text = 'Cannot set the property. 12345 already has that value.'
  const errors = [
    { message: text, code: 'CONFLICTING_UNIQUE_VALUE', context: { propertyName: ['flowgate_submission'] } },
  ]
  const body = { status: 'error', category: 'VALIDATION_ERROR', message: text, errors }
  standIn.misbehave({ route: UPSERT, times: 1, fault: { kind: 'status', status: 400, body } })
  const failure = await failureOf(crm.deliver(deal('Acme'), call('deal')))
  assert.equal(failure.kind, 'retryable')
  assert.equal(failure.code, 'FG_HUBSPOT_CONFLICT')
})

test('a clash over another unique property is the mapping to correct', async () => {
  await using stage = await hubspotStage()
  const { crm, standIn } = stage
  standIn.addProperty('contacts', { name: 'member_id', type: 'string', unique: true })
  await crm.deliver(contact('ana@acme.com', { member_id: '7' }), call('one'))
  const failure = await failureOf(crm.deliver(contact('bea@acme.com', { member_id: '7' }), call('two')))
  assert.equal(failure.code, 'FG_HUBSPOT_FIELD_REFUSED')
  assert.deepEqual(failure.kind === 'permanent' && failure.fields, ['member_id'])
})
