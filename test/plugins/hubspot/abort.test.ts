import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exchange, UnansweredError } from '../../../plugins/hubspot/calls/exchange.ts'
import { ACCOUNT, again, call, contact, deal, failureOf, hubspotStage, LINK, UPSERT } from './hubspot-stage.ts'

for (const route of [ACCOUNT, UPSERT, LINK]) {
  test(`an abort ends a call that hangs in ${route} and closes its socket`, async () => {
    await using stage = await hubspotStage()
    const { crm, standIn } = stage
    const person = await (await stage.another()).deliver(contact('ana@acme.com'), call('contact'))
    standIn.misbehave({ route, fault: { kind: 'hang' } })
    const before = standIn.requestsTo(route).length
    const abort = new AbortController()
    const failing = failureOf(crm.deliver(deal('Acme', person.id), call('deal', { signal: abort.signal })))
    await standIn.until(() => standIn.requestsTo(route).length > before)
    abort.abort()
    const failure = await failing
    await standIn.until(() => standIn.requestsTo(route).at(-1)?.aborted === true, 1_000)
    assert.equal(failure.kind, 'retryable')
    assert.equal(failure.code, 'FG_HUBSPOT_TIMEOUT')
    standIn.behave()
    await crm.deliver(deal('Acme', person.id), call('deal', again))
    assert.equal(standIn.deals().length, 1)
    assert.equal(standIn.associations().length, 1)
  })
}

test('a call that was ended before it began sends nothing', async () => {
  await using stage = await hubspotStage()
  const failure = await failureOf(
    stage.crm.deliver(contact('ana@acme.com'), call('one', { signal: AbortSignal.abort() })),
  )
  assert.equal(failure.code, 'FG_HUBSPOT_TIMEOUT')
  assert.equal(stage.standIn.requests.length, 0)
})

test('a server that never answers is given up without the caller asking for it', async () => {
  await using stage = await hubspotStage()
  stage.standIn.misbehave({ route: ACCOUNT, fault: { kind: 'hang' } })
  const request = { method: 'GET', url: `${stage.standIn.url}/account-info/v3/details`, headers: {} }
  const patience = { signal: new AbortController().signal, withinMs: 50 }
  await assert.rejects(
    exchange(request, patience),
    (error) => error instanceof UnansweredError && error.reason === 'deadline',
  )
  await stage.standIn.until(() => stage.standIn.requests.at(-1)?.aborted === true, 1_000)
})
