import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UPSERT } from '../../stand-ins/salesforce.ts'
import { call, failureOf, lead, salesforceStage } from './salesforce-stage.ts'

const VALUES = [
  '../../Account/001',
  '../../../../services/oauth2/revoke',
  'a/b?c#d',
  '%2e%2e/x',
  '..%2f..',
  '?updateOnly=true',
  'a b+c&d=e',
  '\\..\\x',
  "' OR Id != '",
  'ação 😀',
]

for (const value of VALUES) {
  test(`an external id ${JSON.stringify(value)} reaches its own record and no other path`, async () => {
    await using stage = await salesforceStage()
    const { crm, org, standIn } = stage
    const first = await crm.deliver(lead(value), call('one'))
    const second = await crm.deliver(lead(value), call('two'))
    assert.deepEqual([first.outcome, second.outcome, second.id], ['created', 'updated', first.id])
    assert.equal(org.records('Lead')[0]?.values['WhatsApp_Id__c'], value)
    const sent = standIn.requests.filter(({ method }) => method === 'PATCH')
    for (const { path } of sent) {
      assert.equal(path, `/services/data/v62.0/sobjects/Lead/WhatsApp_Id__c/${encodeURIComponent(value)}`)
    }
    assert.equal(standIn.requestsTo(UPSERT).length, 2)
  })
}

for (const value of ['.', '..', 'report.json', 'ana.xml', 'person@company.inc']) {
  test(`an external id ${JSON.stringify(value)} that a path would take for something else is found by a query`, async () => {
    await using stage = await salesforceStage()
    const { crm, org, standIn } = stage
    const first = await crm.deliver(lead(value), call('one'))
    const second = await crm.deliver(lead(value), call('two'))
    assert.deepEqual([first.outcome, second.outcome, second.id], ['created', 'updated', first.id])
    assert.deepEqual(
      org.records('Lead').map(({ values }) => values['WhatsApp_Id__c']),
      [value],
    )
    assert.ok(standIn.requests.every(({ path }) => !path.includes('WhatsApp_Id__c')))
  })
}

for (const [value, code] of [
  ['', 'FG_SALESFORCE_MATCH_EMPTY'],
  ['   ', 'FG_SALESFORCE_MATCH_EMPTY'],
  ['x'.repeat(300), 'FG_SALESFORCE_MATCH_UNFIT'],
  ['a\u0000b', 'FG_SALESFORCE_MATCH_UNFIT'],
  ['a\u001fb', 'FG_SALESFORCE_MATCH_UNFIT'],
  ['half \ud83d', 'FG_SALESFORCE_MATCH_UNFIT'],
] as const) {
  test(`an external id ${JSON.stringify(value).slice(0, 20)} is refused before anything is sent`, async () => {
    await using stage = await salesforceStage()
    const failure = await failureOf(stage.crm.deliver(lead(value), call('one')))
    assert.equal(failure.code, code)
    assert.equal(failure.kind === 'permanent' && failure.scope, 'record')
    assert.equal(stage.standIn.requests.length, 0)
  })
}

test('names that are no API names never become part of a path or a query', async () => {
  await using stage = await salesforceStage()
  const { crm, standIn } = stage
  const odd = ['../x', 'Lead/x', 'Lead WHERE Id != null', "Na'me", '', 'Name,Email']
  for (const name of odd) {
    const records = [
      lead('1', {}, { object: name }),
      lead('1', { [name]: 'x' }),
      lead('1', { [name]: 'x' }, { match: name }),
      lead('1', {}, { links: [{ object: name, id: '0035g00000010011' }] }),
    ]
    for (const record of records) {
      assert.equal((await failureOf(crm.deliver(record, call('one')))).code, 'FG_SALESFORCE_NAME')
    }
    const looks = [
      { object: name, field: 'Email', value: 'x', fields: [] },
      { object: 'Lead', field: name, value: 'x', fields: [] },
      { object: 'Lead', field: 'Email', value: 'x', fields: [name] },
    ]
    for (const look of looks) {
      assert.equal((await failureOf(crm.find?.(look, call('find')) ?? Promise.resolve())).code, 'FG_SALESFORCE_NAME')
    }
  }
  assert.equal(standIn.requests.length, 0)
})
