import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FailureError, type PluginContext } from 'flowgate/plugin'
import { hubspotTrouble } from '../../stand-ins/hubspot-trouble.ts'
import { call, contact, deal, failureOf, type HubspotStage, hubspotStage, READ } from './hubspot-stage.ts'

const OWNERS = 'GET /crm/v3/owners'
const OWNER = 'GET /crm/v3/owners/:id'
const eva = { id: '51', email: 'Eva.Rocha@acme.com', firstName: 'Eva', lastName: 'Rocha', archived: false }
const rui = { id: '52', email: 'rui@acme.com', firstName: 'Rui', lastName: '', archived: true }

async function stageWithOwners(lent: Partial<PluginContext> = {}): Promise<HubspotStage> {
  const stage = await hubspotStage({}, {}, lent)
  for (const owner of [eva, rui]) stage.standIn.addOwner(owner)
  return stage
}

const ownerOf = ({ crm }: HubspotStage, id: string, object = 'contacts') => {
  assert.ok(crm.ownerOf)
  return crm.ownerOf({ object, id }, call('owner'))
}

test('an owner is written by e-mail or by id, and asked for once', async () => {
  await using stage = await stageWithOwners()
  for (const owner of [' eva.rocha@ACME.com', '51', 'eva.rocha@acme.com']) {
    await stage.crm.deliver(contact('ana@acme.com', { hubspot_owner_id: owner }), call('one'))
    assert.equal(stage.standIn.contacts()[0]?.properties['hubspot_owner_id'], '51')
  }
  assert.equal(stage.standIn.requestsTo(OWNERS).length, 1)
})

test('an e-mail that no active user has stops the record before it is written, and is not repeated in the failure', async () => {
  await using stage = await stageWithOwners()
  for (const owner of ['rui@acme.com', 'nobody@acme.com']) {
    const failure = await failureOf(
      stage.crm.deliver(contact('ana@acme.com', { hubspot_owner_id: owner }), call('one')),
    )
    assert.deepEqual(
      [failure.code, failure.kind === 'permanent' && failure.fields],
      ['FG_HUBSPOT_OWNER_UNKNOWN', ['hubspot_owner_id']],
    )
    assert.doesNotMatch(failure.message, /rui|nobody/)
  }
  assert.equal(stage.standIn.contacts().length, 0)
})

test('the owner of a record is told with e-mail and name', async () => {
  await using stage = await stageWithOwners()
  const { id } = await stage.crm.deliver(
    { ...deal('Acme'), fields: { dealname: 'Acme', hubspot_owner_id: '51' } },
    call('d'),
  )
  const expected = { id: '51', email: 'Eva.Rocha@acme.com', name: 'Eva Rocha' }
  for (const _ of [1, 2]) assert.deepEqual(await ownerOf(stage, id, 'deals'), expected)
  assert.equal(stage.standIn.requestsTo(OWNER).length, 1)
})

test('a record nobody owns, or somebody who has left, has no owner', async () => {
  let now = new Date('2026-11-20T10:00:00Z')
  await using stage = await stageWithOwners({ now: () => now })
  const free = await stage.crm.deliver(contact('ana@acme.com'), call('one'))
  const owned = await stage.crm.deliver(contact('bea@acme.com', { hubspot_owner_id: '51' }), call('two'))
  assert.equal(await ownerOf(stage, free.id), null)
  assert.equal((await ownerOf(stage, owned.id))?.id, '51')
  stage.standIn.misbehave({ route: OWNER, fault: { kind: 'answer', answer: () => left } })
  assert.equal((await ownerOf(stage, owned.id))?.id, '51')
  now = new Date('2026-11-20T10:06:00Z')
  assert.equal(await ownerOf(stage, owned.id), null)
})

const left = { status: 404, body: { status: 'error', category: 'OBJECT_NOT_FOUND', message: 'resource not found' } }

test('whoever asks for an owner gets FailureErrors only', async () => {
  await using stage = await stageWithOwners()
  const { id } = await stage.crm.deliver(contact('ana@acme.com', { hubspot_owner_id: '51' }), call('one'))
  for (const [route, fault, code] of [
    [READ, hubspotTrouble.page(503), 'FG_HUBSPOT_UNAVAILABLE'],
    [OWNER, hubspotTrouble.scopes('crm.objects.owners.read'), 'FG_HUBSPOT_SCOPES'],
  ] as const) {
    const active = stage.standIn.misbehave({ route, fault })
    const thrown = await ownerOf(stage, id).catch((error: unknown) => error)
    assert.ok(thrown instanceof FailureError)
    assert.equal(thrown.failure.code, code)
    active.clear()
  }
  for (const strange of ['404404', '../../x']) {
    assert.equal((await failureOf(ownerOf(stage, strange))).code, 'FG_HUBSPOT_NOT_FOUND')
  }
})
