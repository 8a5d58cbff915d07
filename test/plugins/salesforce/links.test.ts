import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  call,
  created,
  failureOf,
  lead,
  opportunity,
  type SalesforceStage,
  salesforceStage,
} from './salesforce-stage.ts'

/** An account and a contact to link to. */
function people({ org }: SalesforceStage) {
  const account = org.insert('Account', { Name: 'Acme' }, false)
  const contact = org.insert('Contact', { LastName: 'Souza' }, false)
  return {
    account: { object: 'Account', id: account.id },
    contact: { object: 'Contact', id: contact.id },
  }
}

test('a link is written into the one lookup field that leads there, with the record itself', async () => {
  await using stage = await salesforceStage()
  const { account } = people(stage)
  await stage.crm.deliver(opportunity('Acme', [account]), call('one'))
  assert.equal(stage.org.records('Opportunity')[0]?.values['AccountId'], account.id)
  assert.equal(stage.standIn.requests.filter(({ method }) => method === 'PATCH').length, 1)
})

test('a task is linked to people and to things, each by its own field', async () => {
  await using stage = await salesforceStage()
  const { account, contact } = people(stage)
  await stage.crm.deliver(created('Task', { Subject: 'Call' }, [account, contact]), call('one'))
  const { WhoId, WhatId } = stage.org.records('Task')[0]?.values ?? {}
  assert.deepEqual([WhoId, WhatId], [contact.id, account.id])
})

test('an opportunity and a contact are linked by a contact role, once', async () => {
  await using stage = await salesforceStage()
  const { contact } = people(stage)
  const { id } = await stage.crm.deliver(opportunity('Acme', [contact]), call('one'))
  await stage.crm.deliver(opportunity('Acme', [contact]), call('one', { attempt: 2, uncertain: true }))
  const roles = stage.org.records('OpportunityContactRole').map(({ values }) => values)
  assert.deepEqual(roles, [{ OpportunityId: id, ContactId: contact.id }])
})

test('a lead becomes a member of a campaign, and a campaign may be linked to a lead', async () => {
  await using stage = await salesforceStage()
  const { crm, org } = stage
  const campaign = org.insert('Campaign', { Name: 'Fair' }, false)
  const { id } = await crm.deliver(lead('1', {}, { links: [{ object: 'Campaign', id: campaign.id }] }), call('one'))
  await crm.deliver(created('Campaign', { Name: 'Other' }, [{ object: 'Lead', id }]), call('two'))
  const members = org.records('CampaignMember').map(({ values }) => values['LeadId'])
  assert.deepEqual(members, [id, id])
})

test('where only the other record has a field, that one is written', async () => {
  await using stage = await salesforceStage()
  const { contact } = people(stage)
  const { id } = await stage.crm.deliver(created('Account', { Name: 'New Acme' }, [contact]), call('one'))
  assert.equal(stage.org.records('Contact')[0]?.values['AccountId'], id)
})

test('a field that takes a link only at creation holds it, and a repeat passes', async () => {
  await using stage = await salesforceStage()
  const { account } = people(stage)
  for (const attempt of [1, 2]) {
    const record = created('Visit__c', { Name: 'First' }, [account])
    assert.equal((await stage.crm.deliver(record, call('one', { attempt, uncertain: attempt > 1 }))).outcome, 'created')
  }
  assert.deepEqual(
    stage.org.records('Visit__c').map(({ values }) => values['Account__c']),
    [account.id],
  )
})

test('where several fields could hold a link, the settings choose, and without them nothing is written', async () => {
  await using stage = await salesforceStage()
  const { contact } = people(stage)
  const record = lead('1', {}, { links: [contact] })
  const failure = await failureOf(stage.crm.deliver(record, call('one')))
  assert.equal(failure.code, 'FG_SALESFORCE_LINK')
  assert.match(failure.message, /Referrer__c, Second_Referrer__c could hold it: name one in `link_fields`/)
  assert.equal(stage.org.records('Lead').length, 0)
  const chosen = await stage.another({ link_fields: { 'Lead.Contact': 'Second_Referrer__c' } })
  await chosen.deliver(record, call('one'))
  assert.equal(stage.org.records('Lead')[0]?.values['Second_Referrer__c'], contact.id)
})

test('a field that the mapping writes by itself keeps its value', async () => {
  await using stage = await salesforceStage()
  const { account } = people(stage)
  const other = stage.org.insert('Account', { Name: 'Other' }, false)
  const record = opportunity('Acme', [account])
  await stage.crm.deliver({ ...record, fields: { ...record.fields, AccountId: other.id } }, call('one'))
  assert.equal(stage.org.records('Opportunity')[0]?.values['AccountId'], other.id)
})

test('links that cannot be made are said before anything is written', async () => {
  await using stage = await salesforceStage()
  const { account, contact } = people(stage)
  const another = { object: 'Account', id: stage.org.insert('Account', { Name: 'Other' }, false).id }
  const wrong = [
    [{ object: 'Visit__c', id: 'a015g0000001001AAA' }],
    [{ object: 'Account', id: '../../Lead' }],
    [account, another],
  ]
  for (const links of wrong) {
    const failure = await failureOf(stage.crm.deliver(created('Contact', { LastName: 'Lima' }, links), call('one')))
    assert.equal(failure.code, 'FG_SALESFORCE_LINK')
  }
  assert.deepEqual(
    stage.org.records('Contact').map(({ id }) => id),
    [contact.id],
  )
})

test('a link to a record that was deleted is a failure of the record alone', async () => {
  await using stage = await salesforceStage()
  const { account } = people(stage)
  stage.org.remove(account.id)
  const failure = await failureOf(stage.crm.deliver(opportunity('Acme', [account]), call('one')))
  assert.deepEqual([failure.code, failure.kind === 'permanent' && failure.scope], ['FG_SALESFORCE_NOT_FOUND', 'record'])
})
