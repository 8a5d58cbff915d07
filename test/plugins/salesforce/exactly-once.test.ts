import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CrmRecord, Receipt } from 'flowgate/plugin'
import { SALESFORCE_WRITES, UPSERT } from '../../stand-ins/salesforce.ts'
import { errorAnswer } from '../../stand-ins/salesforce-answers.ts'
import {
  again,
  call,
  created,
  failureOf,
  lead,
  opportunity,
  type SalesforceStage,
  salesforceStage,
} from './salesforce-stage.ts'

const photo = { name: 'house.jpg', mediaType: 'image/jpeg', read: async () => Buffer.from('pixels') }

/** Delivers a record until it stays delivered, as the gateway does, and says how often that took a new attempt. */
async function untilDelivered(stage: SalesforceStage, record: CrmRecord, key: string): Promise<Receipt> {
  for (let attempt = 1; attempt <= 12; attempt += 1) {
    const uncertain = attempt > 1
    const outcome = await stage.crm.deliver(record, call(key, { attempt, uncertain })).then(
      (receipt) => receipt,
      async (error: unknown) => failureOf(Promise.reject(error)),
    )
    if ('outcome' in outcome) return outcome
    assert.ok(['retryable', 'rate-limited'].includes(outcome.kind), `${outcome.code}: ${outcome.message}`)
  }
  throw new Error('The record was not delivered in twelve attempts')
}

const lock = errorAnswer(400, 'UNABLE_TO_LOCK_ROW', 'unable to obtain exclusive access to this record')
const limit = errorAnswer(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.')
const trouble = {
  'lost replies': (stage: SalesforceStage) => {
    for (const route of SALESFORCE_WRITES) stage.standIn.misbehave({ route, times: 15, fault: { kind: 'lose-after' } })
  },
  'requests that never arrive': (stage: SalesforceStage) => {
    for (const route of SALESFORCE_WRITES) stage.standIn.misbehave({ route, times: 15, fault: { kind: 'lose-before' } })
  },
  'lock errors': (stage: SalesforceStage) => {
    for (const route of SALESFORCE_WRITES)
      stage.standIn.misbehave({ route, times: 15, fault: { kind: 'status', ...lock } })
  },
  'the limit of calls': (stage: SalesforceStage) => {
    stage.standIn.misbehave({ route: '* /services/data/*', times: 15, fault: { kind: 'status', ...limit } })
  },
  '503 from everywhere': (stage: SalesforceStage) => {
    stage.standIn.misbehave({ route: '* /services/*', times: 15, fault: { kind: 'status', status: 503, body: 'busy' } })
  },
  'sessions that end': (stage: SalesforceStage) => stage.standIn.endSessions(),
}

for (const [name, begin] of Object.entries(trouble)) {
  test(`twenty submissions at once under ${name} leave one lead, one opportunity, one link and one file`, async () => {
    await using stage = await salesforceStage()
    const { crm, org } = stage
    const { id: account } = await crm.deliver(created('Account', { Name: 'Acme' }), call('account'))
    const { id: contact } = await crm.deliver(created('Contact', { LastName: 'Souza' }), call('contact'))
    begin(stage)
    const links = [
      { object: 'Account', id: account },
      { object: 'Contact', id: contact },
    ]
    const deal = { ...opportunity('Acme', links), files: [photo] }
    const leads = Array.from({ length: 20 }, (_, index) => untilDelivered(stage, lead('5511911'), `lead-${index}`))
    const deals = Array.from({ length: 20 }, () => untilDelivered(stage, deal, 'deal'))
    assert.equal(new Set((await Promise.all(leads)).map(({ id }) => id)).size, 1)
    const receipts = await Promise.all(deals)
    assert.deepEqual(new Set(receipts.map(({ outcome }) => outcome)), new Set(['created']))
    const counts = ['Lead', 'Opportunity', 'OpportunityContactRole', 'ContentVersion'].map(
      (each) => org.records(each).length,
    )
    assert.deepEqual(counts, [1, 1, 1, 1])
    assert.equal(org.records('Opportunity')[0]?.values['AccountId'], account)
  })
}

test('a create whose reply was lost exists once and is reported as created', async () => {
  await using stage = await salesforceStage()
  const { crm, org, standIn } = stage
  standIn.misbehave({ route: UPSERT, times: 1, fault: { kind: 'lose-after' } })
  assert.equal((await failureOf(crm.deliver(opportunity('Acme'), call('deal')))).kind, 'retryable')
  const receipt = await (await stage.another()).deliver(opportunity('Acme'), call('deal', again))
  assert.equal(receipt.outcome, 'created')
  assert.equal(org.records('Opportunity').length, 1)
})

test('a lead that only a query finds exists once after a lost reply, also when its nickname was changed since', async () => {
  await using stage = await salesforceStage()
  const { crm, org, standIn } = stage
  const record = lead('1', { Nickname__c: 'Ana' }, { match: 'Nickname__c' })
  standIn.misbehave({ route: UPSERT, times: 1, fault: { kind: 'lose-after' } })
  assert.equal((await failureOf(crm.deliver(record, call('one')))).kind, 'retryable')
  org.set(org.records('Lead')[0]?.id ?? '', { Nickname__c: 'Ana Maria' })
  const receipt = await crm.deliver(record, call('one', again))
  assert.equal(receipt.outcome, 'created')
  assert.equal(org.records('Lead').length, 1)
})

test('two processes that create one record at the same moment leave one: the loser tries again', async () => {
  await using stage = await salesforceStage()
  const { crm, org, standIn } = stage
  const clash = errorAnswer(
    400,
    'DUPLICATE_VALUE',
    'duplicate value found: <unknown> duplicates value on record with id: <unknown>',
    [],
  )
  standIn.misbehave({ route: UPSERT, times: 1, fault: { kind: 'status', ...clash } })
  const failure = await failureOf(crm.deliver(lead('1'), call('one')))
  assert.deepEqual([failure.kind, failure.code], ['retryable', 'FG_SALESFORCE_CONFLICT'])
  await crm.deliver(lead('1'), call('one', again))
  assert.equal(org.records('Lead').length, 1)
})

test('a clash over another unique field names the record that has the value', async () => {
  await using stage = await salesforceStage()
  const { crm, org } = stage
  const { id } = await crm.deliver(lead('1'), call('one'))
  const failure = await failureOf(crm.deliver(lead('1', { Nickname__c: 'Ana' }, { match: 'Nickname__c' }), call('two')))
  assert.equal(failure.code, 'FG_SALESFORCE_VALUE_TAKEN')
  assert.deepEqual(failure.kind === 'permanent' && failure.candidates, [id.slice(0, 15)])
  assert.equal(org.records('Lead').length, 1)
})

for (const route of [
  'GET /services/data/*',
  'PATCH /services/data/*',
  'POST /services/data/*',
  'POST /services/oauth2/token',
]) {
  test(`a 503 to ${route} is answered to the gateway and not asked again, by the plugin or by jsforce`, async () => {
    await using stage = await salesforceStage({}, { prepared: false })
    const fault = stage.standIn.misbehave({ route, fault: { kind: 'status', status: 503 } })
    const queried = lead('1', { Nickname__c: 'x' }, { match: 'Nickname__c' })
    const record = route.startsWith('PATCH') ? lead('1') : queried
    const failure = await failureOf(stage.crm.deliver(record, call('one')))
    assert.deepEqual([failure.kind, fault.struck], ['retryable', 1])
  })
}
