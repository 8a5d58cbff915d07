import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LookUp } from 'flowgate/plugin'
import { QUERY } from '../../stand-ins/salesforce.ts'
import { errorAnswer } from '../../stand-ins/salesforce-answers.ts'
import { call, failureOf, lead, type SalesforceStage, salesforceStage } from './salesforce-stage.ts'

const find = ({ crm }: SalesforceStage, look: Partial<LookUp>) =>
  crm.find?.({ object: 'Lead', field: 'Email', value: 'x', fields: [], ...look }, call('find')) ?? assert.fail()

test('one record is found by any field, with the fields asked for that are not blank, as the question spells them', async () => {
  await using stage = await salesforceStage()
  const { id } = await stage.crm.deliver(
    lead('1', { Email: 'ana@acme.com', Vip__c: true, Budget__c: 100, Nickname__c: "O'Neil" }),
    call('one'),
  )
  const fields = ['lastname', 'Vip__c', 'Budget__c', 'Phone', 'Unheard_Of__c']
  const expected = { id, lastname: 'Souza', Vip__c: true, Budget__c: 100 }
  const looks = [
    { field: 'Email', value: 'ANA@acme.com' },
    { field: 'Nickname__c', value: "O'Neil" },
    { field: 'Budget__c', value: '100' },
    { field: 'Vip__c', value: 'true' },
    { field: 'id', value: id },
    { field: 'Id', value: id.slice(0, 15) },
  ]
  for (const look of looks) assert.deepEqual(await find(stage, { ...look, fields }), expected)
})

test('a field of the record a lookup leads to is answered by its path', async () => {
  await using stage = await salesforceStage()
  const account = stage.org.insert('Account', { Name: 'Acme' }, false)
  const contact = stage.org.insert('Contact', { LastName: 'Souza', AccountId: account.id }, false)
  const found = await find(stage, { object: 'Contact', field: 'LastName', value: 'Souza', fields: ['Account.Name'] })
  assert.deepEqual(found, { id: contact.id, 'Account.Name': 'Acme' })
})

test('nothing is found for values that no such record can have, mostly without asking', async () => {
  await using stage = await salesforceStage()
  await stage.crm.deliver(lead('1', { Email: 'ana@acme.com' }), call('one'))
  const before = stage.standIn.requestsTo(QUERY).length
  const looks = [
    { value: '' },
    { value: ' ' },
    { value: 'x'.repeat(1_001) },
    { value: 'a\u0000b' },
    { value: 'half \ud83d' },
    { value: 'x'.repeat(81) },
    { field: 'Budget__c', value: 'a lot' },
    { field: 'Vip__c', value: 'perhaps' },
    { field: 'id', value: '../Account/1' },
  ]
  for (const look of looks) assert.equal(await find(stage, look), null)
  assert.equal(stage.standIn.requestsTo(QUERY).length, before)
  assert.equal(await find(stage, { value: 'bea@acme.com' }), null)
  assert.equal(await find(stage, { field: 'id', value: '00Q5g0000009999AAA' }), null)
})

test('an answer in a query stays an answer', async () => {
  await using stage = await salesforceStage()
  await stage.crm.deliver(lead('1', { Email: 'ana@acme.com', Nickname__c: 'x' }), call('one'))
  for (const value of ["x' OR Id != '", "\\' OR Id != null --", "x'", '\\', '%', "'; DELETE"]) {
    assert.equal(await find(stage, { field: 'Nickname__c', value }), null)
  }
})

test('several records are a failure of the look-up with their ids', async () => {
  await using stage = await salesforceStage()
  const values = { LastName: 'Souza', Company: 'Acme', Email: 'ana@acme.com' }
  const ids = [stage.org.insert('Lead', values, false).id, stage.org.insert('Lead', values, false).id]
  const failure = await failureOf(find(stage, { value: 'ana@acme.com' }))
  assert.equal(failure.code, 'FG_SALESFORCE_AMBIGUOUS')
  assert.deepEqual(failure.kind === 'permanent' && failure.candidates, ids)
})

test('an object or a field that cannot be looked up by is named', async () => {
  await using stage = await salesforceStage()
  for (const look of [{ object: 'Nothing__c' }, { field: 'Unheard_Of__c' }]) {
    const failure = await failureOf(find(stage, look))
    assert.equal(failure.code, 'FG_SALESFORCE_FIND_REFUSED')
    assert.equal(failure.kind === 'permanent' && failure.scope, 'record')
  }
})

test('trouble while looking up is told as what it is', async () => {
  await using stage = await salesforceStage()
  const { standIn } = stage
  const trouble = [
    [{ kind: 'status', status: 503 }, 'FG_SALESFORCE_UNAVAILABLE'],
    [{ kind: 'status', ...errorAnswer(403, 'REQUEST_LIMIT_EXCEEDED', 'x') }, 'FG_SALESFORCE_RATE_LIMIT'],
    [{ kind: 'status', status: 200, body: { hello: 'world' } }, 'FG_SALESFORCE_UNREADABLE'],
    [{ kind: 'lose-before' }, 'FG_SALESFORCE_UNREACHABLE'],
  ] as const
  for (const [fault, code] of trouble) {
    const standing = standIn.misbehave({ route: QUERY, fault })
    const thrown = await find(stage, {}).catch((error: unknown) => error)
    assert.equal(thrown instanceof Error && thrown.name, 'FailureError')
    assert.equal((await failureOf(Promise.reject(thrown))).code, code)
    standing.clear()
  }
})

test('fields of one record are set and cleared by its id, and nothing is created', async () => {
  await using stage = await salesforceStage()
  const { crm, org } = stage
  const { id } = await crm.deliver(lead('1', { Phone: '1', Status: 'Open' }), call('one'))
  await crm.update?.({ object: 'Lead', id }, { Phone: null, Status: 'Closed' }, call('undo'))
  const { Phone, Status } = org.records('Lead')[0]?.values ?? {}
  assert.deepEqual([Phone, Status], [null, 'Closed'])
  const lost = { object: 'Lead', id: '00Q5g0000009999AAA' }
  for (const record of [lost, { object: 'Lead', id: '../x' }]) {
    const thrown = await crm.update?.(record, { Phone: '1' }, call('undo')).catch((error: unknown) => error)
    assert.equal(thrown instanceof Error && thrown.name, 'FailureError')
  }
  assert.equal(org.records('Lead').length, 1)
})
