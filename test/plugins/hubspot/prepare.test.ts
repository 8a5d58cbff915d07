import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hubspotTrouble } from '../../stand-ins/hubspot-trouble.ts'
import { call, contact, deal, failureOf, file, type HubspotStage, hubspotStage, UPSERT, use } from './hubspot-stage.ts'

const CREATE = 'POST /crm/v3/properties/:object'
const creates = { creates: true } as const

function prepare({ crm }: HubspotStage, uses: ReturnType<typeof use>[], apply: boolean) {
  assert.ok(crm.prepare)
  return crm.prepare(uses, apply, call('prepare'))
}

test('preparing says what is missing and writes nothing', async () => {
  await using stage = await hubspotStage({ preparedProperties: false })
  const todo = await prepare(stage, [use('deals', creates), use('deals', creates), use('tickets', creates)], false)
  assert.deepEqual(todo, [
    { description: 'create the unique property flowgate_submission on deals', done: false },
    { description: 'create the unique property flowgate_submission on tickets', done: false },
  ])
  assert.equal(stage.standIn.requestsTo(CREATE).length, 0)
  const records = [stage.standIn.deals(), stage.standIn.tickets()].flat()
  assert.deepEqual(records, [])
})

test('preparing with apply creates the property, and creates work from then on', async () => {
  await using stage = await hubspotStage({ preparedProperties: false })
  const { crm, standIn } = stage
  assert.equal((await failureOf(crm.deliver(deal('Acme'), call('deal')))).code, 'FG_HUBSPOT_NOT_PREPARED')
  const done = await prepare(stage, [use('deals', creates)], true)
  assert.deepEqual(done, [{ description: 'create the unique property flowgate_submission on deals', done: true }])
  assert.deepEqual(standIn.requestsTo(CREATE)[0]?.body, {
    name: 'flowgate_submission',
    label: 'Flowgate submission',
    description: 'Set by Flowgate so that a submission creates one record only, even when it is sent again.',
    groupName: 'dealinformation',
    type: 'string',
    fieldType: 'text',
    hasUniqueValue: true,
    formField: false,
  })
  assert.equal((await crm.deliver(deal('Acme'), call('deal'))).outcome, 'created')
})

test('preparing twice finds it done', async () => {
  await using stage = await hubspotStage()
  const all = ['contacts', 'companies', 'deals', 'tickets', 'notes'].map((object) => use(object, creates))
  const done = await prepare(stage, all, true)
  assert.deepEqual(
    done.map((preparation) => preparation.done),
    [true, true, true, true, true],
  )
  assert.equal(stage.standIn.requestsTo(CREATE).length, 0)
})

test('a property that an upsert finds records by is created as well, and the e-mail of contacts needs nothing', async () => {
  await using stage = await hubspotStage({ preparedProperties: false })
  const contacts = use('contacts', { matches: ['email', 'wa_id', 'id'] })
  assert.deepEqual(await prepare(stage, [contacts, use('contacts', { matches: ['wa_id'] })], true), [
    { description: 'create the unique property wa_id on contacts', done: true },
  ])
  const body = Object(stage.standIn.requestsTo(CREATE)[0]?.body)
  assert.deepEqual([body.label, body.groupName, body.hasUniqueValue], ['Wa id', 'contactinformation', true])
  const record = { ...contact('ana@acme.com', { wa_id: '5511999990000' }), match: 'wa_id' }
  assert.equal((await stage.crm.deliver(record, call('one'))).outcome, 'created')
  assert.deepEqual(await prepare(stage, [contacts], false), [
    { description: 'unique property wa_id on contacts', done: true },
  ])
})

test('a property that exists without unique values is said to be beyond repair, with what to do instead', async () => {
  await using stage = await hubspotStage({ preparedProperties: false })
  stage.standIn.addProperty('deals', { name: 'flowgate_submission', type: 'string' })
  const uses = [use('deals', creates), use('contacts', { matches: ['phone'] })]
  const [submission, phone] = await prepare(stage, uses, true)
  for (const preparation of [submission, phone]) {
    assert.equal(preparation?.done, false)
    assert.match(preparation?.description ?? '', /exists without unique values/)
  }
  assert.match(submission?.byHand ?? '', /another name in submission_property/)
  assert.match(phone?.byHand ?? '', /Match contacts by another property/)
  assert.equal(stage.standIn.requestsTo(CREATE).length, 0)
})

test('files need the property on notes, which they hang on', async () => {
  await using stage = await hubspotStage({ preparedProperties: false })
  const withFiles = { ...contact('ana@acme.com'), files: [file('a.jpg')] }
  const failure = await failureOf(stage.crm.deliver(withFiles, call('one')))
  assert.deepEqual([failure.code, stage.standIn.files().length], ['FG_HUBSPOT_NOT_PREPARED', 0])
  const uses = [{ ...use('contacts', { matches: ['email'] }), files: true }]
  assert.deepEqual(await prepare(stage, uses, true), [
    { description: 'create the unique property flowgate_submission on notes', done: true },
  ])
  await stage.crm.deliver(withFiles, call('one'))
  assert.equal(stage.standIn.notes().length, 1)
})

test('an object outside the usual is given a group of its own', async () => {
  await using stage = await hubspotStage({ preparedProperties: false })
  await prepare(stage, [use('notes', creates)], true)
  const created = stage.standIn.properties('notes').find(({ name }) => name === 'flowgate_submission')
  assert.deepEqual([created?.groupName, created?.unique], ['noteinformation', true])
})

test('someone else creating the property in between is not an error', async () => {
  await using stage = await hubspotStage({ preparedProperties: false })
  const fault = {
    kind: 'answer',
    answer: () => ({ status: 409, body: { status: 'error', category: 'CONFLICT', message: 'already exists' } }),
  } as const
  stage.standIn.misbehave({ route: CREATE, fault })
  assert.deepEqual(await prepare(stage, [use('deals', creates)], true), [
    { description: 'unique property flowgate_submission on deals', done: true },
  ])
})

test('a key without the scope to create properties is told which one, and how to do without it', async () => {
  await using stage = await hubspotStage({
    preparedProperties: false,
    scopes: ['crm.objects.deals.read', 'crm.objects.deals.write'],
  })
  const [preparation] = await prepare(stage, [use('deals', creates)], true)
  assert.equal(preparation?.done, false)
  assert.match(preparation?.description ?? '', /needs the scopes crm\.schemas\.deals\.write$/)
  assert.match(preparation?.byHand ?? '', /add the scopes.*Require unique values/s)
})

test('scopes to write that HubSpot misses are told before the first delivery, one object at a time', async () => {
  await using stage = await hubspotStage({ scopes: ['crm.objects.contacts.read', 'crm.objects.deals.read'] })
  const found = await prepare(stage, [use('contacts', { matches: ['email'] }), use('deals', creates)], false)
  assert.deepEqual(
    found.map(({ description, done }) => [description, done]),
    [
      ['the scopes crm.objects.contacts.write to write contacts', false],
      ['the scopes crm.objects.deals.write to write deals', false],
      ['unique property flowgate_submission on deals', true],
    ],
  )
  assert.ok(stage.standIn.requestsTo(UPSERT).every(({ body }) => Object(body).inputs.length === 0))
})

test('trouble while preparing is a failure with its class', async () => {
  await using stage = await hubspotStage()
  stage.standIn.misbehave({ route: UPSERT, fault: hubspotTrouble.page(502) })
  const failure = await failureOf(prepare(stage, [use('deals', creates)], false))
  assert.deepEqual([failure.kind, failure.code], ['retryable', 'FG_HUBSPOT_UNAVAILABLE'])
})

test('contacts found by e-mail need no preparation', async () => {
  await using stage = await hubspotStage({ preparedProperties: false })
  assert.deepEqual(await prepare(stage, [use('contacts', { matches: ['email'] })], true), [])
  assert.equal((await stage.crm.deliver(contact('ana@acme.com'), call('one'))).outcome, 'created')
})
