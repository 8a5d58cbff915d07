import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FailureError, type Json } from 'flowgate/plugin'
import plugin from '../../../plugins/hubspot/index.ts'
import { hubspotTrouble } from '../../stand-ins/hubspot-trouble.ts'
import { call, contact, failureOf, type HubspotStage, hubspotStage, PATCH, UPSERT } from './hubspot-stage.ts'

async function ana(stage: HubspotStage, fields: Record<string, Json> = {}): Promise<string> {
  return (await stage.crm.deliver(contact('ana@acme.com', fields), call('before'))).id
}

function update({ crm }: HubspotStage, id: string, fields: Record<string, Json>, object = 'contacts') {
  assert.ok(crm.update)
  return crm.update({ object, id }, fields, call('undo'))
}

test('an update writes the fields given, clears with null, and creates nothing', async () => {
  await using stage = await hubspotStage()
  const id = await ana(stage, { city: 'Lima', jobtitle: 'CTO', zip: '1' })
  await update(stage, id, { city: 'São Paulo', jobtitle: null })
  const held = { email: 'ana@acme.com', city: 'São Paulo', zip: '1' }
  assert.deepEqual(stage.standIn.contacts()[0]?.properties, held)
  await update(stage, id, {})
  assert.equal(stage.standIn.requestsTo(PATCH).length, 1)
})

test('a lifecycle stage goes back, forward, and away', async () => {
  await using stage = await hubspotStage()
  const id = await ana(stage, { lifecyclestage: 'customer' })
  const stages: [Json, number][] = [
    ['lead', 2],
    ['opportunity', 1],
    ['opportunity', 1],
    [null, 1],
    ['lead', 1],
  ]
  for (const [lifecyclestage, writes] of stages) {
    const before = stage.standIn.requestsTo(PATCH).length
    await update(stage, id, { lifecyclestage, city: 'Lima' })
    assert.equal(stage.standIn.contacts()[0]?.properties['lifecyclestage'], lifecyclestage ?? undefined)
    assert.equal(stage.standIn.requestsTo(PATCH).length - before, writes, String(lifecyclestage))
  }
})

test('the order of stages that mappings go by is the one HubSpot keeps to', () => {
  const order = plugin.orders?.['contacts.lifecyclestage'] ?? []
  assert.deepEqual(order.slice(0, 3), ['subscriber', 'lead', 'marketingqualifiedlead'])
  assert.deepEqual(plugin.orders?.['companies.lifecyclestage'], order)
})

test('an update of what is not there, or by no id of HubSpot’s, is a failure of this record', async () => {
  await using stage = await hubspotStage()
  for (const id of ['404404', '../../x', '..']) {
    const failure = await failureOf(update(stage, id, { city: 'Lima' }))
    assert.deepEqual([failure.code, failure.kind === 'permanent' && failure.scope], ['FG_HUBSPOT_NOT_FOUND', 'record'])
  }
  assert.deepEqual(
    stage.standIn.requests.map(({ path }) => path),
    ['/crm/v3/objects/contacts/404404'],
  )
})

test('whoever asks for an update gets FailureErrors only', async () => {
  await using stage = await hubspotStage()
  const id = await ana(stage)
  for (const fault of [hubspotTrouble.page(502), hubspotTrouble.rateLimit('DAILY'), { kind: 'lose-before' } as const]) {
    stage.standIn.misbehave({ route: PATCH, fault })
    const thrown = await update(stage, id, { city: 'Lima' }).catch((error: unknown) => error)
    assert.ok(thrown instanceof FailureError)
  }
  assert.equal(stage.standIn.requestsTo(UPSERT).length, 1)
})
