import assert from 'node:assert/strict'
import { test } from 'node:test'
import { call, created, failureOf, lead, type SalesforceStage, salesforceStage } from './salesforce-stage.ts'

/** A lead that somebody converted into a contact. */
async function convertedLead({ crm, org }: SalesforceStage, fields = {}) {
  const { id } = await crm.deliver(lead('5511911', { Email: 'ana@acme.com', ...fields }), call('before'))
  const contact = org.insert('Contact', { LastName: 'Souza', Email: 'ana@acme.com' }, false)
  org.set(id, { IsConverted: true, ConvertedContactId: contact.id })
  return { leadId: id, contactId: contact.id }
}

test('what is written to a converted lead goes to its contact, as far as contacts have the fields', async () => {
  await using stage = await salesforceStage()
  const { crm, org, standIn } = stage
  const { contactId } = await convertedLead(stage)
  const receipt = await crm.deliver(lead('5511911', { Phone: '+55 11', Status: 'Closed' }), call('one'))
  const url = `${standIn.url}/lightning/r/Contact/${contactId}/view`
  assert.deepEqual(receipt, { outcome: 'updated', id: contactId, url })
  const { Phone, WhatsApp_Id__c: waId } = org.records('Contact')[0]?.values ?? {}
  assert.deepEqual([Phone, waId], ['+55 11', '5511911'])
  assert.equal(org.records('Lead').length, 1)
})

test('fields that are named otherwise on contacts follow the settings', async () => {
  await using stage = await salesforceStage({ converted_lead_fields: { Nickname__c: 'Title' } })
  await convertedLead(stage)
  await stage.crm.deliver(lead('5511911', { Nickname__c: 'Boss' }), call('one'))
  assert.equal(stage.org.records('Contact')[0]?.values['Title'], 'Boss')
})

test('a converted lead that is matched by its e-mail leads to the contact, and a new lead is not made', async () => {
  await using stage = await salesforceStage()
  const { crm, org } = stage
  const { contactId } = await convertedLead(stage, { Nickname__c: 'Ana' })
  for (const match of ['Email', 'Nickname__c']) {
    const fields = { WhatsApp_Id__c: '2', Email: 'ana@acme.com', Nickname__c: 'Ana' }
    assert.equal((await crm.deliver(lead('2', fields, { match }), call(match))).id, contactId)
  }
  assert.equal(org.records('Lead').length, 1)
})

test('a lead that is alive is preferred to one that was converted', async () => {
  await using stage = await salesforceStage()
  const { crm, org } = stage
  await convertedLead(stage, { Nickname__c: 'Ana' })
  const living = org.insert('Lead', { LastName: 'Souza', Company: 'New Acme', Nickname__c: 'Ana' }, false)
  const receipt = await crm.deliver(lead('2', { Nickname__c: 'Ana' }, { match: 'Nickname__c' }), call('one'))
  assert.equal(receipt.id, living.id)
})

test('the contact a lead became is found, written, owned and linked by the id its receipt gave', async () => {
  await using stage = await salesforceStage()
  const { crm, org } = stage
  const { contactId } = await convertedLead(stage, { Nickname__c: 'Ana' })
  const look = { object: 'Lead', fields: ['Phone', 'Status', 'LastName'] }
  assert.deepEqual(await crm.find?.({ ...look, field: 'Nickname__c', value: 'ana' }, call('find')), {
    id: contactId,
    LastName: 'Souza',
  })
  assert.deepEqual(await crm.find?.({ ...look, field: 'id', value: contactId }, call('find')), {
    id: contactId,
    LastName: 'Souza',
  })
  await crm.update?.({ object: 'Lead', id: contactId }, { Phone: '1' }, call('update'))
  assert.equal(org.records('Contact')[0]?.values['Phone'], '1')
  assert.equal((await crm.ownerOf?.({ object: 'Lead', id: contactId }, call('owner')))?.id, org.user)
  const known = { ...lead('5511911', { Phone: '2' }), existing: contactId, fields: { Phone: '2' } }
  assert.equal((await crm.deliver(known, call('known'))).id, contactId)
  await crm.deliver(created('Task', { Subject: 'Call' }, [{ object: 'Lead', id: contactId }]), call('task'))
  assert.equal(org.records('Task')[0]?.values['WhoId'], contactId)
})

test('a guarded record is not written to the contact: it is named, to be written by what it holds', async () => {
  await using stage = await salesforceStage()
  const { crm, org } = stage
  const { contactId } = await convertedLead(stage)
  const record = lead('5511911', { Phone: '+55 11' }, { guarded: true })
  const failure = await failureOf(crm.deliver(record, call('one')))
  assert.ok(failure.kind === 'permanent')
  assert.deepEqual(
    [failure.scope, failure.code, failure.candidates, failure.adopt],
    ['record', 'FG_SALESFORCE_CONVERTED_LEAD', [contactId], true],
  )
  assert.equal(org.records('Contact')[0]?.values['Phone'], undefined)
  const adopted = await crm.deliver({ ...record, existing: contactId }, call('one'))
  assert.deepEqual([adopted.id, org.records('Contact')[0]?.values['Phone']], [contactId, '+55 11'])
})

test('a guarded lead that is converted between the look and the write is looked for again, and is the contact then', async () => {
  await using stage = await salesforceStage()
  const { crm, org } = stage
  const { leadId, contactId } = await convertedLead(stage)
  const record = lead('5511911', { Phone: '+55 11' }, { guarded: true, existing: leadId })
  const failure = await failureOf(crm.deliver(record, call('one')))
  assert.deepEqual([failure.kind, failure.code], ['retryable', 'FG_SALESFORCE_GONE'])
  assert.equal(org.records('Contact')[0]?.values['Phone'], undefined)
  const look = { object: 'Lead', field: 'WhatsApp_Id__c', value: '5511911', fields: ['Phone'] }
  assert.equal((await crm.find?.(look, call('two')))?.id, contactId)
})

test('with `refuse`, or without a contact, a converted lead is a failure of the record alone', async () => {
  await using stage = await salesforceStage()
  const { leadId } = await convertedLead(stage)
  const refusing = await stage.another({ converted_leads: 'refuse' })
  const refused = await failureOf(refusing.deliver(lead('5511911'), call('one')))
  assert.deepEqual(
    [refused.code, refused.kind === 'permanent' && refused.scope],
    ['FG_SALESFORCE_CONVERTED_LEAD', 'record'],
  )
  stage.org.set(leadId, { ConvertedContactId: null })
  const alone = await failureOf(stage.crm.deliver(lead('5511911'), call('two')))
  assert.equal(alone.code, 'FG_SALESFORCE_CONVERTED_LEAD')
})

test('a lead that was converted since is read as its contact by its own id too, so that undoing leaves what changed there', async () => {
  await using stage = await salesforceStage({ converted_lead_fields: { Nickname__c: 'Title' } })
  const { crm, org } = stage
  const { leadId, contactId } = await convertedLead(stage, { Phone: '+55 11', Nickname__c: 'Ana', Status: 'Open' })
  org.set(contactId, { Phone: '+55 12', Title: 'Boss' })
  const look = { object: 'Lead', field: 'Id', fields: ['Phone', 'Nickname__c', 'Status', 'Title'] }
  const found = { id: contactId, Phone: '+55 12', Nickname__c: 'Boss', Title: 'Boss' }
  for (const value of [leadId, leadId.slice(0, 15), contactId]) {
    assert.deepEqual(await crm.find?.({ ...look, value }, call('find')), found)
  }
  const refusing = await stage.another({ converted_leads: 'refuse' })
  const lone = await refusing.find?.({ ...look, value: leadId }, call('find'))
  assert.deepEqual([lone?.['id'], lone?.['Phone']], [leadId, '+55 11'])
})

test('what contacts call otherwise is read by that name, so that write policies go by what they hold', async () => {
  await using stage = await salesforceStage({ converted_lead_fields: { Nickname__c: 'Title' } })
  const { contactId } = await convertedLead(stage)
  stage.org.set(contactId, { Title: 'Boss' })
  const look = { object: 'Lead', field: 'WhatsApp_Id__c', value: '5511911', fields: ['Nickname__c'] }
  assert.deepEqual(await stage.crm.find?.(look, call('find')), { id: contactId, Nickname__c: 'Boss' })
})
