import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hubspotTrouble } from '../../stand-ins/hubspot-trouble.ts'
import { call, failureOf, type HubspotStage, hubspotStage } from './hubspot-stage.ts'

const PROPERTIES = 'GET /crm/v3/properties/:object'

async function fieldsOf({ crm }: HubspotStage, object: string) {
  assert.ok(crm.describe)
  const [described] = await crm.describe([object], call('describe'))
  return new Map(described?.fields.map((field) => [field.name, field]))
}

test('fields are told with their kind, options and what may be written', async () => {
  await using stage = await hubspotStage()
  stage.standIn.addProperty('contacts', { name: 'vip', type: 'enumeration', fieldType: 'booleancheckbox' })
  stage.standIn.addProperty('contacts', { name: 'wa_id', label: 'WhatsApp', type: 'string', unique: true })
  const fields = await fieldsOf(stage, 'contacts')
  const text = { type: 'text', required: false, maxLength: 65_536 }
  assert.deepEqual(fields.get('email'), { name: 'email', label: 'email', ...text, writable: true, unique: true })
  assert.deepEqual(fields.get('wa_id'), { name: 'wa_id', label: 'WhatsApp', ...text, writable: true, unique: true })
  const types = ['firstname', 'closedate', 'vip', 'hs_buying_role', 'numemployees', 'hubspot_owner_id', 'createdate']
  assert.deepEqual(
    types.map((name) => fields.get(name)?.type),
    ['text', 'datetime', 'boolean', 'choices', 'choice', 'reference', 'datetime'],
  )
  assert.deepEqual(fields.get('numemployees')?.options?.[0], { value: '1-5', label: '1-5' })
  assert.deepEqual([fields.get('createdate')?.writable, fields.get('firstname')?.writable], [false, true])
})

test('what a new deal and a new ticket cannot be without is required, and stages are options by id and by label', async () => {
  await using stage = await hubspotStage()
  const stages = [{ id: '881', label: 'Closed Won' }]
  stage.standIn.addPipeline('deals', { id: '880', label: 'Partners', stages })
  const [deals, tickets] = [await fieldsOf(stage, 'deals'), await fieldsOf(stage, 'tickets')]
  const required = [deals, tickets].map((fields) => [...fields.values()].filter((field) => field.required))
  assert.deepEqual(
    required.map((fields) => fields.map(({ name }) => name)),
    [['dealname'], ['subject', 'hs_pipeline_stage']],
  )
  const options = deals.get('dealstage')?.options ?? []
  assert.deepEqual(
    options.find(({ value }) => value === '881'),
    { value: '881', label: 'Closed Won (Partners)' },
  )
  assert.equal(options.filter(({ value }) => value === 'Closed Won').length, 1)
  assert.deepEqual(tickets.get('hs_pipeline')?.options, [
    { value: '0', label: 'Support Pipeline' },
    { value: 'Support Pipeline', label: 'Support Pipeline' },
  ])
})

test('an object that is not there is left out, and others are described once', async () => {
  await using stage = await hubspotStage()
  const described = await stage.crm.describe?.(['spaceships', 'notes', 'notes', 'companies'], call('describe'))
  assert.deepEqual(
    described?.map(({ name, label }) => [name, label]),
    [
      ['notes', 'Notes'],
      ['companies', 'Companies'],
    ],
  )
})

test('a key that may not read an object is told which scopes it lacks', async () => {
  await using stage = await hubspotStage({ scopes: ['crm.objects.contacts.read'] })
  const failure = await failureOf(stage.crm.describe?.(['contacts', 'deals'], call('describe')) ?? Promise.resolve())
  assert.deepEqual([failure.code, failure.kind === 'permanent' && failure.scope], ['FG_HUBSPOT_SCOPES', 'destination'])
  assert.match(failure.message, /crm\.objects\.deals\.read/)
})

test('an account that answers sparingly is described all the same', async () => {
  await using stage = await hubspotStage()
  const body = { results: [{ name: 'bare' }, { name: 'odd', type: 'json', options: [{ value: 7 }] }] }
  stage.standIn.misbehave({ route: PROPERTIES, fault: { kind: 'status', status: 200, body } })
  const fields = await fieldsOf(stage, 'contacts')
  assert.deepEqual(
    [...fields.values()].map(({ label, type }) => [label, type]),
    [
      ['bare', 'text'],
      ['odd', 'other'],
    ],
  )
  stage.standIn.misbehave({ route: PROPERTIES, fault: hubspotTrouble.page(502) })
  assert.equal((await failureOf(fieldsOf(stage, 'contacts'))).code, 'FG_HUBSPOT_UNAVAILABLE')
})
