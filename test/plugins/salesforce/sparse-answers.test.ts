import assert from 'node:assert/strict'
import { test } from 'node:test'
import { errorAnswer } from '../../stand-ins/salesforce-answers.ts'
import { again, call, failureOf, lead, opportunity, type SalesforceStage, salesforceStage } from './salesforce-stage.ts'

const SIGN_IN = 'POST /services/oauth2/token'
const LIMITS = 'GET /services/data/:version/limits'
const DESCRIBE = 'GET /services/data/:version/sobjects/:object/describe'
const UPSERT = 'PATCH /services/data/:version/sobjects/:object/:field/:value'
const QUERY = 'GET /services/data/:version/query'
const ROLES = '* /services/data/:version/sobjects/OpportunityContactRole'
const NO_ROUTE = { kind: 'status', status: 404, body: '<pre>Cannot GET</pre>' } as const
const NOT_IMPLEMENTED = { kind: 'status', status: 501, body: { message: 'not implemented' } } as const

/** A contact to link opportunities to. */
function contactIn({ org }: SalesforceStage) {
  return { object: 'Contact', id: org.insert('Contact', { LastName: 'Souza' }, false).id }
}

/** What opportunities and their contact roles hold of the link. */
function linksIn({ org }: SalesforceStage) {
  const of = (object: string) => org.records(object).map(({ values }) => values['ContactId'])
  return { fields: of('Opportunity'), roles: of('OpportunityContactRole') }
}

test('a session that is over is renewed, with whatever status Salesforce says so', async () => {
  for (const status of [400, 401, 403]) {
    await using stage = await salesforceStage()
    const fault = { kind: 'status', ...errorAnswer(status, 'INVALID_SESSION_ID', 'Session expired') } as const
    const struck = stage.standIn.misbehave({ route: UPSERT, fault, times: 1 })
    assert.equal((await stage.crm.deliver(lead('1'), call('one'))).outcome, 'created')
    assert.deepEqual([struck.struck, stage.standIn.tokens().length], [1, 2])
  }
})

test('a sign-in that meets a passing trouble passes too', async () => {
  const cases = [
    [{ status: 200 }, 'retryable', 'FG_SALESFORCE_UNREADABLE'],
    [{ status: 200, body: {} }, 'retryable', 'FG_SALESFORCE_UNREADABLE'],
    [errorAnswer(403, 'REQUEST_LIMIT_EXCEEDED', 'Limit exceeded.'), 'rate-limited', 'FG_SALESFORCE_RATE_LIMIT'],
    [errorAnswer(400, 'UNABLE_TO_LOCK_ROW', 'x'), 'retryable', 'FG_SALESFORCE_LOCKED'],
    [{ status: 423 }, 'retryable', 'FG_SALESFORCE_LOCKED'],
    [errorAnswer(401, 'INVALID_SESSION_ID', 'x'), 'permanent', 'FG_SALESFORCE_CREDENTIALS'],
    [{ status: 501 }, 'permanent', 'FG_SALESFORCE_ADDRESS'],
  ] as const
  for (const [answer, kind, code] of cases) {
    await using stage = await salesforceStage()
    stage.standIn.misbehave({ route: SIGN_IN, fault: { kind: 'status', ...answer }, times: 1 })
    const failure = await failureOf(stage.crm.deliver(lead('1'), call('one')))
    assert.deepEqual([failure.kind, failure.code], [kind, code])
    await stage.crm.deliver(lead('1'), call('one', again))
    assert.equal(stage.org.records('Lead').length, 1)
  }
})

test('a token reply without an address leads back to where it was asked for', async () => {
  await using stage = await salesforceStage()
  const fault = {
    kind: 'answer',
    answer: ({ status, body }: { readonly status: number; readonly body?: unknown }) => ({
      status,
      body: { ...Object(body), instance_url: undefined },
    }),
  } as const
  stage.standIn.misbehave({ route: SIGN_IN, fault })
  assert.ok((await stage.crm.deliver(lead('1'), call('one'))).url?.startsWith(stage.standIn.url))
})

test('a record is written where its object cannot be described', async () => {
  const answers = [NO_ROUTE, NOT_IMPLEMENTED, { kind: 'status', ...errorAnswer(400, 'INVALID_TYPE', 'x') } as const]
  for (const fault of answers) {
    await using stage = await salesforceStage()
    stage.standIn.misbehave({ route: DESCRIBE, fault })
    assert.equal((await stage.crm.deliver(lead('1'), call('one'))).outcome, 'created')
  }
})

test('health needs neither limits nor who the user is, and a sign-in that fails is never taken for that', async () => {
  for (const fault of [NO_ROUTE, NOT_IMPLEMENTED]) {
    await using stage = await salesforceStage()
    const { crm, standIn } = stage
    standIn.misbehave({ route: LIMITS, fault })
    standIn.misbehave({ route: 'GET /services/oauth2/userinfo', fault })
    assert.equal((await crm.health(call('health'))).ok, true)
    standIn.misbehave({ route: SIGN_IN, fault })
    const stranger = await stage.another()
    assert.equal((await stranger.health(call('health'))).ok, false)
  }
})

test('a new opportunity names its contact itself, so that the link needs no role that can be seen', async () => {
  const shut = [
    [ROLES, NO_ROUTE],
    [QUERY, { kind: 'status', ...errorAnswer(400, 'INVALID_TYPE', 'not supported') } as const],
  ] as const
  for (const [route, fault] of shut) {
    await using stage = await salesforceStage()
    const contact = contactIn(stage)
    stage.standIn.misbehave({ route, fault })
    await stage.crm.deliver(opportunity('Acme', [contact]), call('one'))
    await stage.crm.deliver(opportunity('Acme', [contact]), call('one', again))
    assert.deepEqual(linksIn(stage), { fields: [contact.id], roles: [] })
  }
})

test('a second contact whose role cannot be made is told, and pauses nothing', async () => {
  await using stage = await salesforceStage()
  const [one, other] = [contactIn(stage), contactIn(stage)]
  stage.standIn.misbehave({ route: ROLES, fault: NO_ROUTE })
  const failure = await failureOf(stage.crm.deliver(opportunity('Acme', [one, other]), call('one')))
  assert.equal(failure.code, 'FG_SALESFORCE_LINK')
  assert.equal(failure.kind === 'permanent' && failure.scope, 'record')
})

test('where nothing can be described or asked, an opportunity still names its contact', async () => {
  await using stage = await salesforceStage()
  const contact = contactIn(stage)
  for (const route of [DESCRIBE, QUERY, ROLES]) stage.standIn.misbehave({ route, fault: NO_ROUTE })
  await stage.crm.deliver(opportunity('Acme', [contact]), call('one'))
  assert.deepEqual(linksIn(stage).fields, [contact.id])
})

test('a clash over a unique field with what a twin of the write created is a race, and with another record is not', async () => {
  await using stage = await salesforceStage()
  const { crm, org, standIn } = stage
  const twin = await crm.deliver(lead('1'), call('one'))
  const other = org.insert('Lead', { LastName: 'Other', Company: 'Acme' }, false)
  const clashes = [
    [twin.id, 'FG_SALESFORCE_CONFLICT'],
    [other.id, 'FG_SALESFORCE_VALUE_TAKEN'],
  ] as const
  for (const [holder, code] of clashes) {
    const text = `duplicate value found: Tax_Id__c duplicates value on record with id: ${holder.slice(0, 15)}`
    const fault = { kind: 'status', ...errorAnswer(400, 'DUPLICATE_VALUE', text) } as const
    standIn.misbehave({ route: UPSERT, fault, times: 1, when: ({ method }) => method === 'PATCH' })
    assert.equal((await failureOf(crm.deliver(lead('1'), call('two')))).code, code)
  }
  assert.equal((await crm.deliver(lead('1'), call('two', again))).id, twin.id)
})
