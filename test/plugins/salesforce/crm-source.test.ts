import assert from 'node:assert/strict'
import { test } from 'node:test'
import crmSource from '../../../plugins/crm-source/index.ts'
import { pluginContext } from '../../support/plugin-context.ts'
import { call, failureOf, lead, salesforceStage } from './salesforce-stage.ts'

const config = {
  destination: 'salesforce',
  queries: {
    lead: { object: 'Lead', by: 'Email', fields: ['FirstName', 'Status', 'Vip__c'] },
    contact: { object: 'Contact', by: 'WhatsApp_Id__c', fields: ['LastName', 'Account.Name'] },
  },
}

test('a flow looks records of the org up while the person waits', async () => {
  await using stage = await salesforceStage()
  const source = await crmSource.configure(config, pluginContext({ crm: async () => stage.crm }))
  const fields = { Email: 'ana@acme.com', FirstName: 'Ana', Status: 'Working', Vip__c: true }
  const { id } = await stage.crm.deliver(lead('5511911', fields), call('one'))
  const account = stage.org.insert('Account', { Name: 'Acme' }, false)
  const values = { LastName: 'Lima', WhatsApp_Id__c: '5511922', AccountId: account.id }
  const contact = stage.org.insert('Contact', values, false)
  const read = (query: string, parameters: Record<string, string>) => source.read(query, parameters, call('asked'))
  assert.deepEqual(await read('lead', { Email: 'ANA@acme.com' }), [
    { id, FirstName: 'Ana', Status: 'Working', Vip__c: true },
  ])
  assert.deepEqual(await read('lead', { Email: "x' OR Id != '" }), [])
  assert.deepEqual(await read('contact', { WhatsApp_Id__c: '5511922' }), [
    { id: contact.id, LastName: 'Lima', 'Account.Name': 'Acme' },
  ])
  stage.standIn.refuseSessions()
  const failure = await failureOf(read('lead', { Email: 'ana@acme.com' }))
  assert.equal(failure.code, 'FG_SALESFORCE_CREDENTIALS')
})
