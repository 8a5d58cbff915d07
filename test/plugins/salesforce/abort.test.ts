import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CallTransport } from '../../../plugins/salesforce/transport.ts'
import { CREATE, DESCRIBE, LIMITS, QUERY, SIGN_IN, UPSERT } from '../../stand-ins/salesforce.ts'
import { again, call, failureOf, lead, opportunity, salesforceStage } from './salesforce-stage.ts'

const photo = { name: 'house.jpg', mediaType: 'image/jpeg', read: async () => Buffer.from('pixels') }

for (const route of [SIGN_IN, DESCRIBE, UPSERT, QUERY, CREATE]) {
  test(`an abort ends a call that hangs in ${route} and closes its socket`, async () => {
    await using stage = await salesforceStage()
    const { crm, org, standIn } = stage
    const contact = org.insert('Contact', { LastName: 'Souza' }, false)
    const record = { ...opportunity('Acme', [{ object: 'Contact', id: contact.id }]), files: [photo] }
    standIn.misbehave({ route, fault: { kind: 'hang' } })
    const abort = new AbortController()
    const failing = failureOf(crm.deliver(record, call('deal', { signal: abort.signal })))
    await standIn.until(() => standIn.requestsTo(route).length > 0)
    abort.abort()
    const failure = await failing
    await standIn.until(() => standIn.requestsTo(route).at(-1)?.aborted === true, 1_000)
    assert.deepEqual([failure.kind, failure.code], ['retryable', 'FG_SALESFORCE_TIMEOUT'])
    standIn.behave()
    await crm.deliver(record, call('deal', again))
    const counts = ['Opportunity', 'OpportunityContactRole', 'ContentVersion'].map((each) => org.records(each).length)
    assert.deepEqual(counts, [1, 1, 1])
  })
}

test('a call that was ended before it began sends nothing', async () => {
  await using stage = await salesforceStage()
  const failure = await failureOf(stage.crm.deliver(lead('1'), call('one', { signal: AbortSignal.abort() })))
  assert.equal(failure.code, 'FG_SALESFORCE_TIMEOUT')
  assert.equal(stage.standIn.requests.length, 0)
})

test('a call that waits for another one of the same record ends with its own deadline', async () => {
  await using stage = await salesforceStage()
  const { crm, org, standIn } = stage
  const hang = standIn.misbehave({ route: UPSERT, fault: { kind: 'hang' } })
  const first = new AbortController()
  const second = new AbortController()
  const hanging = failureOf(crm.deliver(lead('1'), call('one', { signal: first.signal })))
  await standIn.until(() => standIn.requestsTo(UPSERT).length > 0)
  const waiting = failureOf(crm.deliver(lead('1'), call('two', { signal: second.signal })))
  second.abort()
  assert.equal((await waiting).code, 'FG_SALESFORCE_TIMEOUT')
  first.abort()
  assert.equal((await hanging).code, 'FG_SALESFORCE_TIMEOUT')
  hang.clear()
  await crm.deliver(lead('1'), call('one', again))
  assert.equal(org.records('Lead').length, 1)
})

test('a server that never answers is given up without the caller asking for it', async () => {
  await using stage = await salesforceStage()
  stage.standIn.misbehave({ route: LIMITS, fault: { kind: 'hang' } })
  const transport = new CallTransport({ signal: new AbortController().signal, withinMs: 50 })
  const request = { method: 'GET', url: `${stage.standIn.url}/services/data/v62.0/limits` } as const
  const failure = await failureOf(Promise.resolve(transport.httpRequest(request)))
  assert.equal(failure.code, 'FG_SALESFORCE_TIMEOUT')
  await stage.standIn.until(() => stage.standIn.requests.at(-1)?.aborted === true, 1_000)
})
