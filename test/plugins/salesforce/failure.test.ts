import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { StandInAnswer } from 'flowgate/plugin/testing'
import { CREATE, DESCRIBE, UPSERT } from '../../stand-ins/salesforce.ts'
import { errorAnswer, errorsAnswer } from '../../stand-ins/salesforce-answers.ts'
import { call, created, failureOf, lead, salesforceStage } from './salesforce-stage.ts'

const trigger = (text: string) => errorAnswer(400, 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', text, [])
const several = (...codes: readonly string[]) =>
  errorsAnswer(
    400,
    codes.map((errorCode) => ({ errorCode, message: `about ${errorCode}`, fields: ['Status'] })),
  )
const after = (seconds: number) => ({ 'retry-after': String(seconds) })

const ANSWERS: Readonly<
  Record<string, readonly [answer: StandInAnswer, kind: string, code: string, seconds?: number]>
> = {
  'a row lock': [errorAnswer(400, 'UNABLE_TO_LOCK_ROW', 'x', []), 'retryable', 'FG_SALESFORCE_LOCKED'],
  'a trigger that met a row lock': [
    trigger('FooTrigger: System.DmlException: UNABLE_TO_LOCK_ROW, unable to obtain'),
    'retryable',
    'FG_SALESFORCE_LOCKED',
  ],
  'a trigger that asked too much at once': [
    trigger('FooTrigger: System.LimitException: Too many SOQL queries: 101'),
    'retryable',
    'FG_SALESFORCE_LOCKED',
  ],
  'a trigger that failed': [trigger('FooTrigger: NullPointerException'), 'record', 'FG_SALESFORCE_AUTOMATION'],
  'a flow that failed': [errorAnswer(400, 'CANNOT_EXECUTE_FLOW_TRIGGER', 'x'), 'record', 'FG_SALESFORCE_AUTOMATION'],
  'an unknown code with a status of trouble': [
    errorAnswer(500, 'INTERNAL_SERVER_ERROR', 'x'),
    'retryable',
    'FG_SALESFORCE_UNAVAILABLE',
  ],
  'a query whose pages are gone': [
    errorAnswer(400, 'INVALID_QUERY_LOCATOR', 'x'),
    'retryable',
    'FG_SALESFORCE_UNAVAILABLE',
  ],
  'Apex that failed': [errorAnswer(500, 'APEX_ERROR', 'x'), 'record', 'FG_SALESFORCE_AUTOMATION'],
  'a success that lists errors': [errorAnswer(200, 'UNABLE_TO_LOCK_ROW', 'x'), 'retryable', 'FG_SALESFORCE_LOCKED'],
  'a success that saved nothing': [
    {
      status: 200,
      body: { success: false, errors: [{ statusCode: 'STRING_TOO_LONG', message: 'x', fields: ['Status'] }] },
    },
    'record',
    'FG_SALESFORCE_FIELD_REFUSED',
  ],
  'a success that saved nothing and does not say why': [
    { status: 200, body: { id: null, success: false, errors: [] } },
    'retryable',
    'FG_SALESFORCE_UNREADABLE',
  ],
  'a busy server': [errorAnswer(503, 'SERVER_UNAVAILABLE', 'x'), 'retryable', 'FG_SALESFORCE_UNAVAILABLE'],
  'an unknown exception': [errorAnswer(500, 'UNKNOWN_EXCEPTION', 'x'), 'retryable', 'FG_SALESFORCE_UNAVAILABLE'],
  'a query that took too long': [errorAnswer(400, 'QUERY_TIMEOUT', 'x'), 'retryable', 'FG_SALESFORCE_UNAVAILABLE'],
  'a gateway of a proxy': [{ status: 502, body: '<html>' }, 'retryable', 'FG_SALESFORCE_UNAVAILABLE'],
  'a 408': [{ status: 408 }, 'retryable', 'FG_SALESFORCE_UNAVAILABLE'],
  'a 423': [{ status: 423 }, 'retryable', 'FG_SALESFORCE_LOCKED'],
  'a firewall': [{ status: 403, body: '<html>' }, 'destination', 'FG_SALESFORCE_ACCESS'],
  'a success that is no JSON': [{ status: 200, body: 'hello' }, 'retryable', 'FG_SALESFORCE_UNREADABLE'],
  'the daily limit': [
    errorAnswer(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.'),
    'rate-limited',
    'FG_SALESFORCE_RATE_LIMIT',
    60,
  ],
  'the limit of calls at once': [
    errorAnswer(403, 'REQUEST_LIMIT_EXCEEDED', 'ConcurrentRequests (Concurrent API Requests) Limit exceeded.'),
    'rate-limited',
    'FG_SALESFORCE_RATE_LIMIT',
    10,
  ],
  'a limit that says how long': [
    { ...errorAnswer(403, 'REQUEST_LIMIT_EXCEEDED', 'x'), headers: after(33) },
    'rate-limited',
    'FG_SALESFORCE_RATE_LIMIT',
    33,
  ],
  'a 429 with a date': [
    { status: 429, headers: { 'retry-after': 'Fri, 20 Nov 2026 10:01:00 GMT', date: 'Fri, 20 Nov 2026 10:00:00 GMT' } },
    'rate-limited',
    'FG_SALESFORCE_RATE_LIMIT',
    60,
  ],
  'an API that is off': [errorAnswer(403, 'API_DISABLED', 'x'), 'destination', 'FG_SALESFORCE_ACCESS'],
  'an API switched off': [errorAnswer(403, 'API_DISABLED_FOR_ORG', 'x'), 'destination', 'FG_SALESFORCE_ACCESS'],
  'a full org': [errorAnswer(400, 'STORAGE_LIMIT_EXCEEDED', 'x'), 'destination', 'FG_SALESFORCE_STORAGE'],
  'a version that is gone': [errorAnswer(410, 'UNSUPPORTED_API_VERSION', 'x'), 'destination', 'FG_SALESFORCE_VERSION'],
  'a broken header': [errorAnswer(401, 'INVALID_AUTH_HEADER', 'x'), 'destination', 'FG_SALESFORCE_CREDENTIALS'],
  'a 404 of something else': [{ status: 404, body: '<html>' }, 'destination', 'FG_SALESFORCE_ADDRESS'],
  'a redirect': [
    { status: 302, headers: { location: 'https://evil.example' } },
    'destination',
    'FG_SALESFORCE_ADDRESS',
  ],
  'a deleted record': [errorAnswer(404, 'ENTITY_IS_DELETED', 'x', []), 'record', 'FG_SALESFORCE_NOT_FOUND'],
  'a field that is hidden': [
    errorAnswer(400, 'INVALID_FIELD_FOR_INSERT_UPDATE', 'x', ['Status']),
    'record',
    'FG_SALESFORCE_FIELD_REFUSED',
  ],
  'no access': [errorAnswer(403, 'INSUFFICIENT_ACCESS_OR_READONLY', 'x', []), 'record', 'FG_SALESFORCE_RECORD_REFUSED'],
  'a 400 of something else': [{ status: 400, body: 'no' }, 'record', 'FG_SALESFORCE_RECORD_REFUSED'],
  'several that pass': [several('UNABLE_TO_LOCK_ROW', 'QUERY_TIMEOUT'), 'retryable', 'FG_SALESFORCE_LOCKED'],
  'several of which one never passes': [
    several('UNABLE_TO_LOCK_ROW', 'STRING_TOO_LONG'),
    'record',
    'FG_SALESFORCE_FIELD_REFUSED',
  ],
}

for (const [name, [answer, kind, code, seconds]] of Object.entries(ANSWERS)) {
  test(`${name} is ${kind}, as ${code}`, async () => {
    await using stage = await salesforceStage()
    stage.standIn.misbehave({ route: UPSERT, fault: { kind: 'status', ...answer } })
    const failure = await failureOf(stage.crm.deliver(lead('1'), call('one')))
    assert.equal(failure.code, code)
    assert.equal(failure.kind === 'permanent' ? failure.scope : failure.kind, kind)
    if (seconds !== undefined) assert.equal(failure.kind === 'rate-limited' && failure.retryAfterSeconds, seconds)
  })
}

test('every field at fault is named: too long, no option, no address, missing and unknown', async () => {
  await using stage = await salesforceStage()
  const fields = {
    LastName: 'x'.repeat(81),
    Status: 'Gone',
    Email: 'ana',
    Company: '',
    Nothing__c: '1',
    IsConverted: true,
  }
  const failure = await failureOf(stage.crm.deliver(lead('1', fields), call('one')))
  assert.equal(failure.code, 'FG_SALESFORCE_FIELD_REFUSED')
  assert.ok(failure.kind === 'permanent')
  assert.deepEqual([...(failure.fields ?? [])].sort(), [
    'Company',
    'Email',
    'IsConverted',
    'LastName',
    'Nothing__c',
    'Status',
  ])
  assert.equal(stage.org.records('Lead').length, 0)
})

test('a validation rule speaks in its own words, without the values that were sent', async () => {
  await using stage = await salesforceStage()
  const message = 'Ana Souza, a budget of 12,500.00 needs a VIP. Ask ana@acme.com or +55 11 98888-7777!'
  stage.org.validationRules.push({ object: 'Lead', field: 'Vip__c', message, refuses: () => true })
  const failure = await failureOf(stage.crm.deliver(lead('1', { FirstName: 'Ana' }), call('one')))
  assert.equal(failure.code, 'FG_SALESFORCE_RULE')
  assert.deepEqual(failure.kind === 'permanent' && failure.fields, ['Vip__c'])
  assert.match(failure.message, /refused the record: "….*a budget of … needs a VIP\. Ask … or …!"/)
  for (const word of ['Ana', 'Souza', '12,500', 'acme', '9888']) assert.ok(!failure.message.includes(word), word)
})

test('an object that is not there, and a network that is not, are told apart', async () => {
  await using stage = await salesforceStage()
  const missing = await failureOf(stage.crm.deliver(created('Nothing__c', { Name: 'x' }), call('one')))
  assert.equal(missing.code, 'FG_SALESFORCE_NOT_FOUND')
  stage.standIn.misbehave({ route: UPSERT, fault: { kind: 'lose-before' } })
  assert.equal((await failureOf(stage.crm.deliver(lead('1'), call('two')))).code, 'FG_SALESFORCE_UNREACHABLE')
})

test('an org that describes nothing is still written to, and what it is made of is asked for anew after a refusal', async () => {
  await using stage = await salesforceStage()
  const { crm, org, standIn } = stage
  const blind = standIn.misbehave({ route: DESCRIBE, fault: { kind: 'status', status: 404 } })
  const account = org.insert('Account', { Name: 'Acme' }, false)
  await crm.deliver(created('Contact', { LastName: 'Souza' }, [{ object: 'Account', id: account.id }]), call('one'))
  assert.equal(org.records('Contact')[0]?.values['AccountId'], account.id)
  blind.clear()
  await crm.deliver(lead('1'), call('two'))
  const described = standIn.requestsTo(DESCRIBE).length
  await failureOf(crm.deliver(lead('1', { Status: 'Gone' }), call('three')))
  await crm.deliver(lead('1'), call('four'))
  assert.equal(standIn.requestsTo(DESCRIBE).length, described + 1)
  assert.equal(standIn.requestsTo(CREATE).length, 0)
})

test('an answer that accepts the record and names none is tried again', async () => {
  await using stage = await salesforceStage()
  stage.standIn.misbehave({ route: CREATE, fault: { kind: 'status', status: 201, body: { success: true } } })
  stage.org.setField('Task', { name: 'Flowgate_Submission__c', type: 'string', length: 80 })
  const failure = await failureOf(stage.crm.deliver(created('Task', { Subject: 'x' }), call('one')))
  assert.deepEqual([failure.kind, failure.code], ['retryable', 'FG_SALESFORCE_NOTHING_WRITTEN'])
})
