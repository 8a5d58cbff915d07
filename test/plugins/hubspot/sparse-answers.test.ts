import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FailureError } from 'flowgate/plugin'
import {
  ACCOUNT,
  again,
  call,
  contact,
  deal,
  failureOf,
  type HubspotStage,
  hubspotStage,
  LINK,
  UPSERT,
} from './hubspot-stage.ts'

const LINKS = 'GET /crm/v4/objects/:from/:fromId/associations/:to'
const NO_ROUTE = { kind: 'status', status: 404, body: '<pre>Cannot GET</pre>' } as const
const NOT_IMPLEMENTED = { kind: 'status', status: 501, body: { message: 'not implemented' } } as const

/** A contact, and then an account that says yes to every link and makes none. */
async function unlinking({ crm, standIn }: HubspotStage): Promise<string> {
  const { id } = await crm.deliver(contact('ana@acme.com'), call('contact'))
  standIn.misbehave({ route: LINK, fault: { kind: 'status', status: 200, body: { status: 'COMPLETE', results: [] } } })
  return id
}

test('an answer that is JSON and no object, or holds lists of anything else, is retryable, wherever it comes', async () => {
  const lists = ['{"results":{}}', '{"results":[null]}', '{"results":[7]}', '{"results":[],"errors":[null]}']
  for (const body of ['null', '[]', '"ok"', '7', ...lists]) {
    await using stage = await hubspotStage()
    const { crm, standIn } = stage
    const { id } = await crm.deliver(contact('ana@acme.com'), call('contact'))
    for (const route of [UPSERT, LINK]) {
      const fault = standIn.misbehave({ route, fault: { kind: 'status', status: 200, body }, times: 1 })
      const failure = await failureOf(crm.deliver(deal('Acme', id), call('deal', again)))
      assert.deepEqual([failure.kind, failure.code, fault.struck], ['retryable', 'FG_HUBSPOT_UNREADABLE', 1])
    }
    await crm.deliver(deal('Acme', id), call('deal', again))
    assert.deepEqual([standIn.deals().length, standIn.associations().length], [1, 1])
  }
})

test('a link that HubSpot says yes to and never makes is not delivered', async () => {
  await using stage = await hubspotStage()
  const { crm, standIn } = stage
  const id = await unlinking(stage)
  const failure = await failureOf(crm.deliver(deal('Acme', id), call('deal')))
  assert.deepEqual([failure.kind, failure.code], ['retryable', 'FG_HUBSPOT_NOTHING_WRITTEN'])
  standIn.behave()
  await crm.deliver(deal('Acme', id), call('deal', again))
  assert.deepEqual([standIn.deals().length, standIn.associations().length], [1, 1])
})

test('a link that HubSpot says yes to is believed where its links cannot be listed', async () => {
  await using stage = await hubspotStage()
  const id = await unlinking(stage)
  stage.standIn.misbehave({ route: LINKS, fault: NO_ROUTE })
  assert.equal((await stage.crm.deliver(deal('Acme', id), call('deal'))).outcome, 'created')
})

test('a name that can be no object reaches no path', async () => {
  await using stage = await hubspotStage()
  const { crm, standIn } = stage
  const record = { object: '', id: '7' }
  for (const object of ['', '.', '..', '../deals', 'deals?x', 'a b', '\ud800']) {
    const named = { ...record, object }
    const failures = [
      await failureOf(crm.deliver({ ...contact('ana@acme.com'), object }, call('one'))),
      await failureOf(crm.deliver({ ...contact('ana@acme.com'), links: [named] }, call('two'))),
      await failureOf(crm.update?.(named, { email: 'x' }, call('three')) ?? assert.fail()),
      await failureOf(crm.find?.({ object, field: 'email', value: 'x', fields: [] }, call('four')) ?? assert.fail()),
    ]
    for (const failure of failures) {
      assert.equal(failure.code, 'FG_HUBSPOT_NOT_FOUND')
      assert.equal(failure.kind === 'permanent' && failure.scope, 'record')
    }
    assert.deepEqual(await crm.describe?.([object], call('five')), [])
  }
  assert.equal(standIn.requests.length, 0)
})

test('stages go to HubSpot as the mapping has them where pipelines cannot be asked for', async () => {
  await using stage = await hubspotStage()
  stage.standIn.misbehave({ route: 'GET /crm/v3/pipelines/:object', fault: NOT_IMPLEMENTED })
  const fields = { dealname: 'Acme', dealstage: 'closedwon' }
  await stage.crm.deliver({ ...deal('Acme'), fields }, call('one'))
  assert.equal(stage.standIn.deals()[0]?.properties['dealstage'], 'closedwon')
})

test('a record is searched for where nobody says whether the property is unique', async () => {
  await using stage = await hubspotStage()
  const { crm, standIn } = stage
  const { id } = await crm.deliver(contact('ana@acme.com', { firstname: 'Ana' }), call('one'))
  standIn.misbehave({ route: 'GET /crm/v3/properties/:object/:name', fault: NO_ROUTE })
  const look = { object: 'contacts', field: 'firstname', value: 'Ana', fields: [] }
  assert.deepEqual(await crm.find?.(look, call('two')), { id })
})

test('health needs no account details: that the token may write is enough, and that it may not is told', async () => {
  await using stage = await hubspotStage()
  const { crm, standIn, another } = stage
  for (const fault of [NO_ROUTE, NOT_IMPLEMENTED, { kind: 'status', status: 403 } as const]) {
    standIn.misbehave({ route: ACCOUNT, fault })
    const account = `HubSpot at ${new URL(standIn.url).host}`
    assert.deepEqual(await crm.health(call('health')), { ok: true, account })
    const stranger = await another({ access_token: 'wrong' })
    const health = await stranger.health(call('health'))
    assert.equal(health.ok ? 'ok' : health.failure.code, 'FG_HUBSPOT_CREDENTIALS')
    standIn.behave()
  }
  standIn.misbehave({ route: '* /*', fault: NO_ROUTE })
  const health = await crm.health(call('health'))
  assert.equal(health.ok ? 'ok' : health.failure.code, 'FG_HUBSPOT_ADDRESS')
})

test('account details without a body are met like any passing trouble', async () => {
  await using stage = await hubspotStage()
  const { crm, standIn } = stage
  standIn.misbehave({ route: ACCOUNT, fault: { kind: 'status', status: 200 }, times: 1 })
  const failure = await failureOf(crm.deliver(contact('ana@acme.com'), call('one')))
  assert.deepEqual([failure.kind, standIn.contacts().length], ['retryable', 0])
  assert.ok((await crm.deliver(contact('ana@acme.com'), call('one', again))).url)
})

test('trouble with the account that lasts costs first attempts nothing more than the link', async () => {
  let now = new Date('2026-11-21T10:00:00Z')
  await using stage = await hubspotStage({}, {}, { now: () => now })
  const { crm, standIn } = stage
  standIn.misbehave({ route: ACCOUNT, fault: { kind: 'status', status: 503 } })
  assert.equal((await failureOf(crm.deliver(contact('ana@acme.com'), call('one')))).kind, 'retryable')
  now = new Date('2026-11-21T10:00:06Z')
  assert.equal((await crm.deliver(contact('bea@acme.com'), call('two'))).url, undefined)
  standIn.behave()
  assert.ok((await crm.deliver(contact('cid@acme.com'), call('three'))).url)
  assert.equal(standIn.contacts().length, 2)
})

test('whoever looks up or asks what there is gets FailureErrors, also where lists hold anything else', async () => {
  await using stage = await hubspotStage()
  const { crm, standIn } = stage
  for (const body of ['{"results":{}}', '{"results":[null]}']) {
    standIn.misbehave({ route: '* /*', fault: { kind: 'status', status: 200, body } })
    const look = { object: 'contacts', field: 'firstname', value: 'Ana', fields: [] }
    for (const asking of [crm.find?.(look, call('one')), crm.describe?.(['contacts'], call('two'))]) {
      const thrown = await asking?.catch((error: unknown) => error)
      assert.ok(thrown instanceof FailureError)
      assert.equal(thrown.failure.code, 'FG_HUBSPOT_UNREADABLE')
    }
    standIn.behave()
  }
})
