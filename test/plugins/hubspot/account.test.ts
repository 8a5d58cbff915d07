import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readAccount, recordUrl } from '../../../plugins/hubspot/account/account.ts'
import { ACCOUNT, again, call, contact, failureOf, hubspotStage, UPSERT } from './hubspot-stage.ts'

const account = { portalId: '4711', uiDomain: 'app-eu1.hubspot.com' }

test('every object with a page of its own has a link to it', () => {
  const links = ['contacts', 'company', '0-3', 'tickets', '2-123'].map((object) => recordUrl(account, object, '9'))
  const base = 'https://app-eu1.hubspot.com/contacts/4711/record'
  assert.deepEqual(links, [`${base}/0-1/9`, `${base}/0-2/9`, `${base}/0-3/9`, `${base}/0-5/9`, `${base}/2-123/9`])
})

test('a custom object named by its name has no link', () => {
  assert.equal(recordUrl(account, 'p4711_spaceship', '9'), undefined)
})

test('account details are read with the number as HubSpot sends it', () => {
  assert.deepEqual(readAccount({ portalId: 4711, uiDomain: 'app-eu1.hubspot.com', accountType: 'STANDARD' }), account)
})

test('details that could put something else into a link are refused', () => {
  const strange = [
    null,
    'x',
    [],
    {},
    { portalId: 4711 },
    { portalId: 'x/../y', uiDomain: 'a.b' },
    { portalId: 1, uiDomain: 'evil.com/#' },
  ]
  for (const details of strange) assert.throws(() => readAccount(details), { name: 'UnansweredError' })
})

test('the account is asked for once, before the first write', async () => {
  await using stage = await hubspotStage()
  const { crm, standIn } = stage
  await crm.deliver(contact('ana@acme.com'), call('one'))
  await crm.deliver(contact('bea@acme.com'), call('two'))
  assert.deepEqual(
    standIn.requests.map(({ route }) => route),
    [ACCOUNT, UPSERT, UPSERT],
  )
})

test('trouble with the account on a first attempt is met before anything is written, and is not kept', async () => {
  await using stage = await hubspotStage()
  const { crm, standIn } = stage
  standIn.misbehave({ route: ACCOUNT, times: 1, fault: { kind: 'status', status: 502 } })
  const failure = await failureOf(crm.deliver(contact('ana@acme.com'), call('one')))
  assert.equal(failure.kind, 'retryable')
  assert.equal(standIn.contacts().length, 0)
  assert.ok((await crm.deliver(contact('ana@acme.com'), call('one', again))).url)
})

test('lasting trouble with the account costs the link, not the record', async () => {
  await using stage = await hubspotStage()
  const { crm, standIn, logged } = stage
  standIn.misbehave({ route: ACCOUNT, fault: { kind: 'status', status: 502 } })
  const receipt = await crm.deliver(contact('ana@acme.com'), call('one', { attempt: 2 }))
  assert.deepEqual(receipt, { id: receipt.id, outcome: 'created' })
  assert.deepEqual(
    logged.map((line) => JSON.parse(line)),
    [{ event: 'hubspot.account_unknown', destination: 'hubspot', code: 'FG_HUBSPOT_UNAVAILABLE' }],
  )
})

test('a token that may write but not read the account delivers without a link at once', async () => {
  await using stage = await hubspotStage()
  stage.standIn.misbehave({ route: ACCOUNT, fault: { kind: 'status', status: 403 } })
  const receipt = await stage.crm.deliver(contact('ana@acme.com'), call('one'))
  assert.deepEqual(receipt, { id: receipt.id, outcome: 'created' })
})

test('health says no when what answers is not HubSpot', async () => {
  await using stage = await hubspotStage()
  stage.standIn.misbehave({ route: ACCOUNT, fault: { kind: 'status', status: 200, body: { hello: 'world' } } })
  const health = await stage.crm.health(call('health'))
  assert.equal(health.ok ? 'ok' : health.failure.code, 'FG_HUBSPOT_ADDRESS')
})
