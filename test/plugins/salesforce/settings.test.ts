import assert from 'node:assert/strict'
import { test } from 'node:test'
import { configSchema, readSettings } from '../../../plugins/salesforce/settings.ts'
import { checkSettings } from '../../../src/config/schema-check.ts'

const working = { login_url: 'https://acme.my.salesforce.com/', client_id: 'key', client_secret: 'secret' }

function messages(config: object): readonly string[] {
  const found: string[] = []
  checkSettings(configSchema, config, ({ message }) => void found.push(message))
  return found
}

test('settings that work pass, and leave nothing to guess', () => {
  assert.deepEqual(
    messages({ ...working, link_fields: { 'Opportunity.Contact': 'Main__c' }, duplicates: 'refuse' }),
    [],
  )
  const { loginUrl, apiVersion, submissionField, duplicates, convertedLeads } = readSettings(working)
  assert.deepEqual(
    [loginUrl, apiVersion, submissionField, duplicates, convertedLeads],
    ['https://acme.my.salesforce.com', '62.0', 'Flowgate_Submission__c', 'update', 'contact'],
  )
})

test('settings that cannot work are found by a check of the configuration', () => {
  const wrong = [
    { ...working, login_url: 'acme.my.salesforce.com' },
    { ...working, api_version: 'latest' },
    { ...working, api_version: '62' },
    { ...working, duplicates: 'merge' },
    { ...working, username: 'ana@acme.com' },
    { ...working, link_fields: { Opportunity: 'ContactId' } },
    { ...working, link_fields: { 'Opportunity.Contact': 'Contact Id' } },
    { ...working, password: 'x' },
    { login_url: working.login_url, client_secret: 'secret' },
  ]
  for (const config of wrong) {
    const found = messages(config)
    assert.equal(found.length, 1, JSON.stringify(found))
  }
})
