import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CREATE, DESCRIBE, SIGN_IN, UPDATE, UPSERT } from '../../stand-ins/salesforce.ts'
import { call, created, failureOf, lead, salesforceStage } from './salesforce-stage.ts'

test('an upsert by an external id creates the record, then updates it, and links to its Lightning page', async () => {
  await using stage = await salesforceStage()
  const { crm, org, standIn } = stage
  const first = await crm.deliver(lead('5511911'), call('one'))
  const second = await crm.deliver(lead('5511911', { Status: 'Working' }), call('two'))
  const { id } = org.records('Lead')[0] ?? { id: '' }
  assert.deepEqual(first, { outcome: 'created', id, url: `${standIn.url}/lightning/r/Lead/${id}/view` })
  assert.deepEqual([second.outcome, second.id], ['updated', id])
  assert.equal(org.records('Lead')[0]?.values['Status'], 'Working')
})

test('the session and what the org looks like are asked for once', async () => {
  await using stage = await salesforceStage()
  for (const waId of ['1', '2', '3']) await stage.crm.deliver(lead(waId), call(waId))
  assert.deepEqual(
    stage.standIn.requests.map(({ route }) => route),
    [SIGN_IN, DESCRIBE, UPSERT, UPSERT, UPSERT],
  )
})

test('every value is sent as Salesforce takes it: numbers, booleans, lists, and nothing that clears', async () => {
  await using stage = await salesforceStage()
  const { crm, org } = stage
  await crm.deliver(
    lead('1', { Budget__c: 7500.5, Vip__c: true, Interests__c: ['Cars', 'Boats'], Phone: '1', Description: 'x' }),
    call('one'),
  )
  await crm.deliver(lead('1', { Phone: null, Interests__c: [] }), call('two'))
  const held = org.records('Lead')[0]?.values
  const values = ['Budget__c', 'Vip__c', 'Interests__c', 'Phone', 'Description'].map((name) => held?.[name])
  assert.deepEqual(values, [7500.5, true, 'Cars;Boats', null, 'x'])
})

test('a value that no field holds is refused with the name of its field, and nothing is sent', async () => {
  await using stage = await salesforceStage()
  const failure = await failureOf(stage.crm.deliver(lead('1', { Phone: { home: '1' } }), call('one')))
  assert.equal(failure.code, 'FG_SALESFORCE_VALUE_SHAPE')
  assert.deepEqual(failure.kind === 'permanent' && failure.fields, ['Phone'])
  assert.equal(stage.standIn.requests.length, 0)
})

test('a match by a field that only a query finds updates what is there and creates what is not', async () => {
  await using stage = await salesforceStage()
  const { crm, org, standIn } = stage
  const byNickname = (nickname: string, fields = {}) =>
    lead('1', { Nickname__c: nickname, ...fields }, { match: 'Nickname__c' })
  const first = await crm.deliver(byNickname("O'Neil\\"), call('one'))
  const second = await crm.deliver(byNickname("o'neil\\", { Status: 'Closed' }), call('two'))
  assert.deepEqual([first.outcome, second.outcome, second.id], ['created', 'updated', first.id])
  assert.equal(org.records('Lead').length, 1)
  assert.deepEqual(standIn.requestsTo(UPDATE).length, 1)
})

test('where the submission field is missing, an upsert by a query still creates, and a create says what is missing', async () => {
  await using stage = await salesforceStage({}, { prepared: false })
  const { crm, org, standIn } = stage
  const receipt = await crm.deliver(lead('1', { Nickname__c: 'Ana' }, { match: 'Nickname__c' }), call('one'))
  assert.equal(receipt.outcome, 'created')
  assert.equal(standIn.requestsTo(CREATE).length, 1)
  const failure = await failureOf(crm.deliver(created('Account', { Name: 'Acme' }), call('two')))
  assert.equal(failure.code, 'FG_SALESFORCE_NOT_PREPARED')
  assert.equal(failure.kind === 'permanent' && failure.scope, 'destination')
  assert.equal(org.records('Account').length, 0)
})

test('a submission field that cannot find records is asked for by a query before anything is created', async () => {
  await using stage = await salesforceStage({}, { prepared: false })
  const { crm, org } = stage
  org.setField('Task', { name: 'Flowgate_Submission__c', type: 'string', length: 80 })
  const first = await crm.deliver(created('Task', { Subject: 'Call back' }), call('one'))
  const second = await crm.deliver(
    created('Task', { Subject: 'Call back' }),
    call('one', { attempt: 2, uncertain: true }),
  )
  assert.deepEqual([second.id, second.outcome], [first.id, 'created'])
  assert.equal(org.records('Task').length, 1)
})

test('a record whose id is known is written there: nothing is looked for, nothing is created', async () => {
  await using stage = await salesforceStage()
  const { crm, org, standIn } = stage
  const { id } = await crm.deliver(lead('1'), call('one'))
  const existing = { id: 'lead', object: 'Lead', operation: 'upsert', match: 'WhatsApp_Id__c', links: [] } as const
  const receipt = await crm.deliver({ ...existing, existing: id, fields: { Status: 'Closed' } }, call('two'))
  assert.deepEqual([receipt.id, receipt.outcome], [id, 'updated'])
  assert.deepEqual(standIn.requestsTo(UPDATE).length, 1)
  assert.equal(org.records('Lead')[0]?.values['Status'], 'Closed')
  org.remove(id)
  const failure = await failureOf(crm.deliver({ ...existing, existing: id, fields: { Status: 'Open' } }, call('three')))
  assert.deepEqual([failure.kind, failure.code], ['retryable', 'FG_SALESFORCE_GONE'])
})

test('a match by Id writes that record and creates none', async () => {
  await using stage = await salesforceStage()
  const { crm, org } = stage
  const { id } = await crm.deliver(lead('1'), call('one'))
  const byId = (value: string) => lead('1', { Id: value, Status: 'Closed' }, { match: 'Id' })
  assert.equal((await crm.deliver(byId(id), call('two'))).id, id)
  for (const strange of ['00Q5g0000009999AAA', '../Account/001', 'x']) {
    const failure = await failureOf(crm.deliver(byId(strange), call('three')))
    assert.equal(failure.code, 'FG_SALESFORCE_NOT_FOUND')
  }
  assert.equal(org.records('Lead').length, 1)
})

test('records that share an external id wait for a person to choose', async () => {
  await using stage = await salesforceStage()
  const { crm, org } = stage
  const values = { LastName: 'Souza', Company: 'Acme', Shared_Id__c: 'S-1' }
  const ids = [org.insert('Lead', values, false).id, org.insert('Lead', values, false).id]
  const failure = await failureOf(
    crm.deliver(lead('1', { Shared_Id__c: 'S-1' }, { match: 'Shared_Id__c' }), call('one')),
  )
  assert.equal(failure.code, 'FG_SALESFORCE_AMBIGUOUS')
  assert.deepEqual(failure.kind === 'permanent' && failure.candidates, ids)
})

test('several records of one nickname wait for a person to choose', async () => {
  await using stage = await salesforceStage()
  const { crm, org } = stage
  const values = { LastName: 'Souza', Company: 'Acme', Nickname__c: 'Ana' }
  const ids = [org.insert('Lead', values, false).id, org.insert('Lead', values, false).id]
  const failure = await failureOf(crm.deliver(lead('1', { Nickname__c: 'ana' }, { match: 'Nickname__c' }), call('one')))
  assert.equal(failure.code, 'FG_SALESFORCE_AMBIGUOUS')
  assert.deepEqual(failure.kind === 'permanent' && failure.candidates, ids)
})

test('a field that only a new record takes is left out when the record is there', async () => {
  await using stage = await salesforceStage()
  const { crm, org } = stage
  const account = await crm.deliver(created('Account', { Name: 'Acme' }), call('account'))
  const visit = created('Visit__c', { Name: 'First', Account__c: account.id })
  const first = await crm.deliver(visit, call('visit'))
  const second = await crm.deliver(visit, call('visit', { attempt: 2, uncertain: true }))
  assert.deepEqual(second, first)
  assert.equal(org.records('Visit__c').length, 1)
})

test('an org whose answers to upserts name no record is asked which one it was', async () => {
  await using stage = await salesforceStage({ api_version: '45.0' })
  const { crm, org, standIn } = stage
  standIn.misbehave({
    route: UPSERT,
    fault: { kind: 'answer', answer: (real) => (real.status === 200 ? { status: 204 } : real) },
  })
  const first = await crm.deliver(lead('1'), call('one'))
  const second = await crm.deliver(lead('1'), call('two'))
  assert.deepEqual([second.id, second.outcome], [first.id, 'updated'])
  assert.equal(org.records('Lead').length, 1)
  assert.ok(standIn.requests.every(({ path, route }) => route === SIGN_IN || path.startsWith('/services/data/v45.0/')))
})

test('every request asks the budget first', async () => {
  await using stage = await salesforceStage()
  const spent: string[] = []
  const crm = await stage.another({}, { spend: async (endpointClass) => void spent.push(endpointClass) })
  await crm.deliver(lead('1'), call('one'))
  const asked = stage.standIn.requests.filter(({ route }) => route !== SIGN_IN)
  assert.deepEqual(
    spent,
    asked.map(() => 'all'),
  )
})

test('an org that nears its limit of calls is told of once', async () => {
  await using stage = await salesforceStage()
  stage.standIn.setUsage(14_000)
  for (const waId of ['1', '2']) await stage.crm.deliver(lead(waId), call(waId))
  const line = { event: 'salesforce.limit_near', destination: 'salesforce', used: 14_000, limit: 15_000 }
  assert.deepEqual(
    stage.logged.map((each) => JSON.parse(each)),
    [line],
  )
})
