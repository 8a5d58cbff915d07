import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CrmRecord } from 'flowgate/plugin'
import { alreadyExists } from '../../stand-ins/hubspot-answers.ts'
import { call, contact, failureOf, type HubspotStage, hubspotStage, PATCH, UPSERT } from './hubspot-stage.ts'

/** Only what a policy lets through, for a record that the gateway has found. */
function known(existing: string, fields: CrmRecord['fields']): CrmRecord {
  return { ...contact('ana@acme.com'), existing, fields }
}

async function stageWithAna(fields: CrmRecord['fields'] = {}): Promise<{ stage: HubspotStage; id: string }> {
  const stage = await hubspotStage()
  const { id } = await stage.crm.deliver(contact('ana@acme.com', { firstname: 'Ana', ...fields }), call('before'))
  return { stage, id }
}

test('a record the gateway has found is updated by its id, in the properties given and no others', async () => {
  const { stage, id } = await stageWithAna({ city: 'Lima', phone: '+51 1 234' })
  await using _ = stage
  const receipt = await stage.crm.deliver(known(id, { jobtitle: 'CTO', city: null }), call('one'))
  assert.deepEqual([receipt.outcome, receipt.id], ['updated', id])
  assert.match(receipt.url ?? '', new RegExp(`/record/0-1/${id}$`))
  const [{ body } = {}] = stage.standIn.requestsTo(PATCH)
  assert.deepEqual(body, { properties: { jobtitle: 'CTO', city: '' } })
  assert.equal(stage.standIn.requestsTo(UPSERT).length, 1)
  const left = { email: 'ana@acme.com', firstname: 'Ana', phone: '+51 1 234', jobtitle: 'CTO' }
  assert.deepEqual(stage.standIn.contacts()[0]?.properties, left)
})

test('nothing to write leaves the record as it is, and links it all the same', async () => {
  const { stage, id } = await stageWithAna()
  await using _ = stage
  const company = {
    id: 'company',
    object: 'companies',
    operation: 'create',
    fields: { name: 'Acme' },
    links: [],
  } as const
  const acme = await stage.crm.deliver(company, call('company'))
  const links = [{ object: 'companies', id: acme.id }]
  const receipt = await stage.crm.deliver({ ...known(id, {}), links }, call('one'))
  assert.deepEqual([receipt.outcome, receipt.id], ['unchanged', id])
  assert.equal(stage.standIn.requestsTo(PATCH).length, 0)
  assert.equal(stage.standIn.associations().length, 1)
})

test('a record that was merged meanwhile is updated where it went, and its new id is in the receipt', async () => {
  const { stage, id } = await stageWithAna()
  await using _ = stage
  const other = await stage.crm.deliver(contact('ana.souza@acme.com'), call('other'))
  stage.standIn.merge(id, other.id)
  const receipt = await stage.crm.deliver(known(id, { jobtitle: 'CTO' }), call('one'))
  assert.deepEqual([receipt.outcome, receipt.id], ['updated', other.id])
  assert.equal(stage.standIn.contacts()[0]?.properties['jobtitle'], 'CTO')
})

test('a record that was deleted meanwhile is looked for anew, and after some tries a person is asked', async () => {
  const { stage, id } = await stageWithAna()
  await using _ = stage
  stage.standIn.remove(id)
  const failures = []
  for (const attempt of [1, 3, 4]) {
    failures.push(await failureOf(stage.crm.deliver(known(id, { jobtitle: 'CTO' }), call('one', { attempt }))))
  }
  assert.deepEqual(
    failures.map(({ kind, code }) => [kind, code]),
    [
      ['retryable', 'FG_HUBSPOT_GONE'],
      ['retryable', 'FG_HUBSPOT_GONE'],
      ['permanent', 'FG_HUBSPOT_GONE'],
    ],
  )
  assert.equal(stage.standIn.contacts().length, 0)
})

test('an id that is none of HubSpot’s reaches no address', async () => {
  const { stage, id } = await stageWithAna()
  await using _ = stage
  const before = stage.standIn.requests.length
  for (const strange of ['..', '../../x', 'a/b?c#d', '', `${id}/`, '7'.repeat(300)]) {
    const updating = stage.crm.deliver(known(strange, { jobtitle: 'CTO' }), call('one'))
    assert.equal((await failureOf(updating)).code, 'FG_HUBSPOT_GONE')
    const linking = stage.crm.deliver({ ...known(id, {}), links: [{ object: 'deals', id: strange }] }, call('one'))
    assert.equal((await failureOf(linking)).code, 'FG_HUBSPOT_NOT_FOUND')
  }
  assert.equal(stage.standIn.requests.length, before)
})

test('a refused property is named as it is for an upsert', async () => {
  const { stage, id } = await stageWithAna()
  await using _ = stage
  const failure = await failureOf(stage.crm.deliver(known(id, { hs_lead_status: 'Ana Souza' }), call('one')))
  assert.deepEqual(
    [failure.code, failure.kind === 'permanent' && failure.fields],
    ['FG_HUBSPOT_FIELD_REFUSED', ['hs_lead_status']],
  )
})

test('an e-mail that another contact has stops the record, for repeating cannot help', async () => {
  const { stage, id } = await stageWithAna()
  await using _ = stage
  stage.standIn.misbehave({ route: PATCH, fault: { kind: 'status', ...alreadyExists('Contact', '4711') } })
  const failure = await failureOf(stage.crm.deliver(known(id, { email: 'rui@acme.com' }), call('one')))
  assert.deepEqual([failure.kind, failure.code], ['permanent', 'FG_HUBSPOT_TAKEN'])
})

test('an upsert by another property that meets a known e-mail may be a race at first, then names the record to choose', async () => {
  await using stage = await hubspotStage()
  stage.standIn.addProperty('contacts', { name: 'wa_id', type: 'string', unique: true })
  stage.standIn.misbehave({ route: UPSERT, fault: { kind: 'status', ...alreadyExists('Contact', '4711') } })
  const record = { ...contact('ana@acme.com', { wa_id: '5511999990000' }), match: 'wa_id' }
  const early = await failureOf(stage.crm.deliver(record, call('one')))
  const late = await failureOf(stage.crm.deliver(record, call('one', { attempt: 4 })))
  assert.deepEqual([early.kind, early.code], ['retryable', 'FG_HUBSPOT_CONFLICT'])
  assert.deepEqual([late.code, late.kind === 'permanent' && late.candidates], ['FG_HUBSPOT_TAKEN', ['4711']])
})
