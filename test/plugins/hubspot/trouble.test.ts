import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Failure } from 'flowgate/plugin'
import type { Fault } from 'flowgate/plugin/testing'
import { hubspotTrouble as trouble } from '../../stand-ins/hubspot-trouble.ts'
import { again, call, contact, deal, failureOf, hubspotStage, LINK, UPSERT } from './hubspot-stage.ts'

interface Case {
  readonly name: string
  readonly fault: Fault
  readonly expected: Partial<Extract<Failure, { kind: 'permanent' }>> | Partial<Failure>
}

const invalidOption = { name: 'hs_lead_status', code: 'INVALID_OPTION', text: 'Ana Souza was not one of the options' }

const cases: readonly Case[] = [
  { name: '409', fault: trouble.conflict(), expected: { kind: 'retryable', code: 'FG_HUBSPOT_CONFLICT' } },
  {
    name: '207 with a conflict',
    fault: trouble.rowError('CONFLICT', 'Contact already exists. Existing ID: 12345'),
    expected: { kind: 'retryable', code: 'FG_HUBSPOT_CONFLICT' },
  },
  {
    name: '207 with a refused property',
    fault: trouble.refusedRow(invalidOption),
    expected: { kind: 'permanent', scope: 'record', code: 'FG_HUBSPOT_FIELD_REFUSED', fields: ['hs_lead_status'] },
  },
  {
    name: '207 with an error of HubSpot itself',
    fault: trouble.rowError('INTERNAL_ERROR', 'internal error'),
    expected: { kind: 'retryable', code: 'FG_HUBSPOT_UNAVAILABLE' },
  },
  {
    name: '200 with empty results',
    fault: trouble.nothingWritten(),
    expected: { kind: 'retryable', code: 'FG_HUBSPOT_NOTHING_WRITTEN' },
  },
  { name: '423', fault: trouble.locked(), expected: { kind: 'retryable', code: 'FG_HUBSPOT_LOCKED' } },
  {
    name: '429 with Retry-After',
    fault: trouble.rateLimit('TEN_SECONDLY_ROLLING', 7),
    expected: { kind: 'rate-limited', code: 'FG_HUBSPOT_RATE_LIMIT', retryAfterSeconds: 7 },
  },
  {
    name: '429 for the ten-second limit',
    fault: trouble.rateLimit('TEN_SECONDLY_ROLLING'),
    expected: { kind: 'rate-limited', retryAfterSeconds: 10 },
  },
  {
    name: '429 for the second',
    fault: trouble.rateLimit('SECONDLY'),
    expected: { kind: 'rate-limited', retryAfterSeconds: 1 },
  },
  {
    name: '429 for the day',
    fault: trouble.rateLimit('DAILY'),
    expected: { kind: 'rate-limited', retryAfterSeconds: 3600 },
  },
  {
    name: '477',
    fault: trouble.migration(86_400),
    expected: { kind: 'rate-limited', code: 'FG_HUBSPOT_MIGRATION', retryAfterSeconds: 86_400 },
  },
  {
    name: '502 with a page',
    fault: trouble.page(502),
    expected: { kind: 'retryable', code: 'FG_HUBSPOT_UNAVAILABLE' },
  },
  {
    name: '524 with a page',
    fault: trouble.page(524),
    expected: { kind: 'retryable', code: 'FG_HUBSPOT_UNAVAILABLE' },
  },
  {
    name: '200 with a page',
    fault: trouble.page(200),
    expected: { kind: 'retryable', code: 'FG_HUBSPOT_UNREADABLE' },
  },
  {
    name: 'a reply that never came',
    fault: { kind: 'lose-before' },
    expected: { kind: 'retryable', code: 'FG_HUBSPOT_UNREACHABLE' },
  },
  {
    name: '403',
    fault: trouble.scopes('crm.objects.contacts.write'),
    expected: { kind: 'permanent', scope: 'destination', code: 'FG_HUBSPOT_SCOPES' },
  },
  {
    name: 'a redirect',
    fault: { kind: 'status', status: 301, headers: { location: 'https://example.com/' } },
    expected: { kind: 'permanent', scope: 'destination', code: 'FG_HUBSPOT_ADDRESS' },
  },
  {
    name: '404 that is not HubSpot speaking',
    fault: trouble.page(404),
    expected: { kind: 'permanent', scope: 'destination', code: 'FG_HUBSPOT_ADDRESS' },
  },
]

for (const { name, fault, expected } of cases) {
  test(`${name} is sent once, classified, and leaves the next try clean`, async () => {
    await using stage = await hubspotStage()
    const { crm, standIn } = stage
    const struck = standIn.misbehave({ route: UPSERT, fault })
    const failure = await failureOf(crm.deliver(contact('ana@acme.com', { firstname: 'Ana Souza' }), call('one')))
    assert.deepEqual({ ...failure, ...expected }, failure)
    assert.equal(struck.struck, 1)
    standIn.behave()
    await crm.deliver(contact('ana@acme.com'), call('one', again))
    assert.equal(standIn.contacts().length, 1)
  })
}

test('a link that HubSpot accepts and does not make is asked for once more', async () => {
  for (const fault of [
    trouble.nothingWritten(),
    { kind: 'status', status: 200, body: { status: 'COMPLETE' } } as const,
    { kind: 'status', status: 204 } as const,
  ]) {
    await using stage = await hubspotStage()
    const { crm, standIn } = stage
    const person = await crm.deliver(contact('ana@acme.com'), call('contact'))
    standIn.misbehave({ route: LINK, fault, times: 1 })
    const receipt = await crm.deliver(deal('Acme', person.id), call('deal'))
    assert.deepEqual(
      standIn.associations().map(({ from }) => from.id),
      [receipt.id],
    )
    assert.equal(standIn.requestsTo(LINK).length, 2)
  }
})

test('a link that HubSpot never names is believed the second time', async () => {
  await using stage = await hubspotStage()
  const { crm, standIn } = stage
  const person = await crm.deliver(contact('ana@acme.com'), call('contact'))
  const unnamed = { status: 200, body: { status: 'COMPLETE', results: [] } }
  standIn.misbehave({ route: LINK, fault: { kind: 'answer', answer: () => unnamed } })
  await crm.deliver(deal('Acme', person.id), call('deal'))
  assert.deepEqual([standIn.associations().length, standIn.requestsTo(LINK).length], [1, 2])
})

test('a server that is not there is retryable', async () => {
  const stage = await hubspotStage()
  await stage.standIn.close()
  const failure = await failureOf(stage.crm.deliver(contact('ana@acme.com'), call('one', again)))
  assert.equal(failure.kind, 'retryable')
  assert.match(failure.message, /ECONNREFUSED/)
})

test('an answer in JSON without a content type is read all the same', async () => {
  await using stage = await hubspotStage()
  const body = JSON.stringify({ status: 'COMPLETE', results: [{ id: '7', new: true }] })
  const headers = { 'content-type': 'application/octet-stream' }
  stage.standIn.misbehave({ route: UPSERT, fault: { kind: 'status', status: 201, body, headers } })
  const receipt = await stage.crm.deliver(contact('ana@acme.com'), call('one'))
  assert.equal(receipt.id, '7')
  assert.equal(receipt.outcome, 'created')
})

test('a token that was revoked stops the destination, and health says so until a valid one is set', async () => {
  await using stage = await hubspotStage()
  const { crm, standIn } = stage
  standIn.acceptOnly('pat-eu1-new')
  const failure = await failureOf(crm.deliver(contact('ana@acme.com'), call('one')))
  const health = await crm.health(call('health'))
  const renewed = await (await stage.another({ access_token: 'pat-eu1-new\n' })).health(call('health'))
  assert.equal(failure.code, 'FG_HUBSPOT_CREDENTIALS')
  assert.equal(failure.kind === 'permanent' && failure.scope, 'destination')
  assert.equal(health.ok ? undefined : health.failure.code, failure.code)
  assert.deepEqual(renewed, { ok: true, account: `HubSpot account ${standIn.portalId} (${standIn.uiDomain})` })
})
