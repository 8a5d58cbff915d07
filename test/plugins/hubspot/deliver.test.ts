import assert from 'node:assert/strict'
import { test } from 'node:test'
import { again, call, contact, deal, failureOf, hubspotStage, LINK, UPSERT } from './hubspot-stage.ts'

test('a contact is created, then updated, with the link a person can open', async () => {
  await using stage = await hubspotStage()
  const { crm, standIn } = stage
  const created = await crm.deliver(contact('ana@acme.com', { firstname: 'Ana' }), call('one'))
  const updated = await crm.deliver(contact('Ana@Acme.com', { firstname: 'Ana Souza' }), call('two'))
  const url = `https://app-eu1.hubspot.com/contacts/${standIn.portalId}/record/0-1/${created.id}`
  assert.deepEqual(created, { id: created.id, outcome: 'created', url })
  assert.deepEqual(updated, { id: created.id, outcome: 'updated', url })
  assert.equal(standIn.contacts().length, 1)
  assert.equal(standIn.contacts()[0]?.properties['firstname'], 'Ana Souza')
})

test('every value goes out as text, in one row with all the fields', async () => {
  await using stage = await hubspotStage()
  const { crm, standIn } = stage
  standIn.addProperty('contacts', { name: 'newsletter', type: 'bool' })
  standIn.addProperty('contacts', { name: 'score', type: 'number' })
  const fields = { newsletter: true, score: 12.5, hs_buying_role: ['CHAMPION', 'END_USER'], city: [] }
  await crm.deliver(contact('ana@acme.com', fields), call('one'))
  const properties = { email: 'ana@acme.com', newsletter: 'true', score: '12.5', hs_buying_role: 'CHAMPION;END_USER' }
  const row = { id: 'ana@acme.com', idProperty: 'email', properties }
  assert.deepEqual(standIn.requestsTo(UPSERT)[0]?.body, { inputs: [row] })
  assert.deepEqual(standIn.contacts()[0]?.properties, properties)
})

test('null and an empty text clear a property, an absent value and an empty list leave it alone', async () => {
  await using stage = await hubspotStage()
  const { crm, standIn } = stage
  await crm.deliver(
    contact('ana@acme.com', { firstname: 'Ana', city: 'Berlin', zip: '1', hs_buying_role: ['CHAMPION'] }),
    call('one'),
  )
  await crm.deliver(contact('ana@acme.com', { firstname: '', zip: null, hs_buying_role: [] }), call('two'))
  const left = { email: 'ana@acme.com', city: 'Berlin', hs_buying_role: 'CHAMPION' }
  assert.deepEqual(standIn.contacts()[0]?.properties, left)
})

test('a value HubSpot cannot hold is named before anything is sent', async () => {
  await using stage = await hubspotStage()
  const { crm, standIn } = stage
  const failure = await failureOf(
    crm.deliver(contact('ana@acme.com', { city: { name: 'Berlin' }, zip: [['1']] }), call('one')),
  )
  assert.equal(failure.kind === 'permanent' && failure.scope, 'record')
  assert.deepEqual(failure.kind === 'permanent' && failure.fields, ['city', 'zip'])
  assert.equal(standIn.requestsTo(UPSERT).length, 0)
})

test('a contact is found by a unique property other than the e-mail', async () => {
  await using stage = await hubspotStage()
  const { crm, standIn } = stage
  standIn.addProperty('contacts', { name: 'wa_id', type: 'string', unique: true })
  const record = { ...contact('ana@acme.com', { wa_id: 5511999990000 }), match: 'wa_id' }
  await crm.deliver(record, call('one'))
  await crm.deliver({ ...record, fields: { wa_id: 5511999990000, firstname: 'Ana' } }, call('two'))
  assert.equal(standIn.contacts().length, 1)
  assert.equal(standIn.contacts()[0]?.properties['email'], 'ana@acme.com')
})

test('a match by a property without unique values stops the record and says why', async () => {
  await using stage = await hubspotStage()
  const record = { ...contact('ana@acme.com', { phone: '+5511999990000' }), match: 'phone' }
  const failure = await failureOf(stage.crm.deliver(record, call('one')))
  assert.equal(failure.code, 'FG_HUBSPOT_MATCH_NOT_UNIQUE')
  assert.equal(failure.kind === 'permanent' && failure.scope, 'record')
})

test('an upsert without a value to match by is refused before anything is sent', async () => {
  await using stage = await hubspotStage()
  const { match: _match, ...unmatched } = contact('ana@acme.com')
  for (const record of [contact(''), unmatched]) {
    assert.equal((await failureOf(stage.crm.deliver(record, call('one')))).code, 'FG_HUBSPOT_MATCH_EMPTY')
  }
  assert.equal(stage.standIn.requestsTo(UPSERT).length, 0)
})

test('a deal is created and linked to its contact', async () => {
  await using stage = await hubspotStage()
  const { crm, standIn } = stage
  const person = await crm.deliver(contact('ana@acme.com'), call('contact'))
  const receipt = await crm.deliver(deal('Acme', person.id), call('deal'))
  assert.equal(receipt.outcome, 'created')
  assert.match(receipt.url ?? '', new RegExp(`/record/0-3/${receipt.id}$`))
  assert.deepEqual(standIn.associations(), [
    { from: { object: 'deals', id: receipt.id }, to: { object: 'contacts', id: person.id } },
  ])
  const properties = { dealname: 'Acme', amount: '75000', flowgate_submission: 'deal' }
  assert.deepEqual(standIn.requestsTo(UPSERT).at(-1)?.body, {
    inputs: [{ id: 'deal', idProperty: 'flowgate_submission', properties }],
  })
})

test('the property that makes creates repeatable can have another name', async () => {
  await using stage = await hubspotStage({ preparedProperties: false })
  stage.standIn.addProperty('deals', { name: 'acme_key', type: 'string', unique: true })
  const crm = await stage.another({ submission_property: 'acme_key' })
  await crm.deliver(deal('Acme'), call('deal'))
  assert.equal(stage.standIn.deals()[0]?.properties['acme_key'], 'deal')
})

test('a create without the prepared property stops the destination and names the cure', async () => {
  await using stage = await hubspotStage({ preparedProperties: false })
  const { crm, standIn } = stage
  const missing = await failureOf(crm.deliver(deal('Acme'), call('deal')))
  standIn.addProperty('deals', { name: 'flowgate_submission', type: 'string' })
  const notUnique = await failureOf(crm.deliver(deal('Acme'), call('deal')))
  for (const failure of [missing, notUnique]) {
    assert.equal(failure.code, 'FG_HUBSPOT_NOT_PREPARED')
    assert.equal(failure.kind === 'permanent' && failure.scope, 'destination')
    assert.match(failure.message, /flowgate_submission.*flowgate destinations prepare/)
  }
  const own = await failureOf(crm.deliver({ ...deal('Acme'), separate: true }, call('deal')))
  assert.deepEqual([own.code, own.kind === 'permanent' && own.scope], ['FG_HUBSPOT_NOT_PREPARED', 'record'])
  assert.match(own.message, /flowgate_submission.*Add that property.*choose one of the records/)
  assert.equal(standIn.deals().length, 0)
})

test('a link to a record that is gone stops only this record, once it can be no delay any longer', async () => {
  await using stage = await hubspotStage()
  const failure = await failureOf(stage.crm.deliver(deal('Acme', '404404'), call('deal', { ...again, attempt: 4 })))
  assert.equal(failure.code, 'FG_HUBSPOT_NOT_FOUND')
  assert.equal(failure.kind === 'permanent' && failure.scope, 'record')
})

test('a row of links that failed alone is a failure although the answer is a success', async () => {
  await using stage = await hubspotStage()
  const { crm, standIn } = stage
  const person = await crm.deliver(contact('ana@acme.com'), call('contact'))
  const errors = [{ status: 'error', category: 'OBJECT_NOT_FOUND', message: 'gone' }]
  standIn.misbehave({ route: LINK, times: 1, fault: { kind: 'status', status: 207, body: { results: [], errors } } })
  assert.equal((await failureOf(crm.deliver(deal('Acme', person.id), call('deal')))).code, 'FG_HUBSPOT_NOT_FOUND')
  assert.equal((await crm.deliver(deal('Acme', person.id), call('deal', again))).outcome, 'created')
})

test('an object HubSpot does not have stops only this record', async () => {
  await using stage = await hubspotStage()
  const failure = await failureOf(stage.crm.deliver({ ...contact('ana@acme.com'), object: 'spaceships' }, call('one')))
  assert.equal(failure.kind === 'permanent' && failure.scope, 'record')
})

test('a slash at the end of the base URL changes nothing', async () => {
  await using stage = await hubspotStage()
  const crm = await stage.another({ base_url: `${stage.standIn.url}/` })
  assert.equal((await crm.deliver(contact('ana@acme.com'), call('one'))).outcome, 'created')
})
