import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CrmRecord, Failure } from 'flowgate/plugin'
import { errorAnswer } from '../../stand-ins/hubspot-answers.ts'
import { again, call, contact, failureOf, type HubspotStage, hubspotStage, UPSERT } from './hubspot-stage.ts'

const CREATE = 'POST /crm/v3/objects/:object'

/** A record whose fields were chosen for a new one: the gateway looked for it and found none. */
function unseen(fields: CrmRecord['fields'] = {}, match = 'email'): CrmRecord {
  return { ...contact('ana@acme.com', { firstname: 'Ana', ...fields }), match, guarded: true }
}

const adopts = (failure: Failure) =>
  failure.kind === 'permanent' ? [failure.code, failure.candidates, failure.adopt] : [failure.kind, failure.code]

async function stageWithNumbers(): Promise<HubspotStage> {
  const stage = await hubspotStage()
  stage.standIn.addProperty('contacts', { name: 'wa_id', type: 'string', unique: true })
  return stage
}

test('a contact that appeared since it was looked for is not written to, and is named to be read first', async () => {
  await using stage = await hubspotStage()
  const { crm, standIn } = stage
  const before = { email: 'Ana@Acme.com', firstname: 'By hand', phone: '1' }
  const id = standIn.addContact(before)
  const failure = await failureOf(crm.deliver(unseen(), call('one')))
  assert.deepEqual(adopts(failure), ['FG_HUBSPOT_TAKEN', [id], true])
  assert.deepEqual(
    standIn.contacts().map(({ properties }) => properties),
    [before],
  )
})

test('a contact that is new is created once, and a repeat after a lost reply names it', async () => {
  await using stage = await hubspotStage()
  const { crm, standIn } = stage
  standIn.misbehave({ route: CREATE, fault: { kind: 'lose-after' }, times: 1 })
  assert.equal((await failureOf(crm.deliver(unseen(), call('one')))).kind, 'retryable')
  const [created, ...others] = standIn.contacts()
  assert.deepEqual(others, [])
  const failure = await failureOf(crm.deliver(unseen(), call('one', again)))
  assert.deepEqual(adopts(failure), ['FG_HUBSPOT_TAKEN', [created?.id], true])
  assert.equal(standIn.contacts().length, 1)
})

test('the receipt of a contact that is new says that it was created, with its link', async () => {
  await using stage = await hubspotStage()
  const receipt = await stage.crm.deliver(unseen(), call('one'))
  assert.equal(receipt.outcome, 'created')
  assert.match(receipt.url ?? '', new RegExp(`/record/0-1/${receipt.id}$`))
  assert.deepEqual(stage.standIn.contacts()[0]?.properties, { email: 'ana@acme.com', firstname: 'Ana' })
})

test('a record that appeared under the value of a unique property is not written to, and is looked for anew', async () => {
  await using stage = await stageWithNumbers()
  const { crm, standIn } = stage
  const before = { email: 'rui@acme.com', wa_id: '5511999990000' }
  standIn.addContact(before)
  const failure = await failureOf(crm.deliver(unseen({ wa_id: '5511999990000' }, 'wa_id'), call('one')))
  assert.deepEqual(adopts(failure), ['retryable', 'FG_HUBSPOT_CONFLICT'])
  assert.deepEqual(
    standIn.contacts().map(({ properties }) => properties),
    [before],
  )
})

test('another contact that has the e-mail address is not adopted where a number finds the record', async () => {
  await using stage = await stageWithNumbers()
  const { crm, standIn } = stage
  const id = standIn.addContact({ email: 'ana@acme.com' })
  const record = unseen({ wa_id: '5511999990000' }, 'wa_id')
  assert.equal((await failureOf(crm.deliver(record, call('one')))).kind, 'retryable')
  const failure = await failureOf(crm.deliver(record, call('one', { attempt: 4 })))
  assert.deepEqual(adopts(failure), ['FG_HUBSPOT_TAKEN', [id], undefined])
  assert.equal(standIn.contacts().length, 1)
})

test('nothing is created by a property that several records may share', async () => {
  await using stage = await hubspotStage()
  const failure = await failureOf(stage.crm.deliver(unseen({ phone: '1' }, 'phone'), call('one')))
  assert.equal(failure.code, 'FG_HUBSPOT_MATCH_NOT_UNIQUE')
  assert.deepEqual([stage.standIn.contacts().length, stage.standIn.requestsTo(CREATE).length], [0, 0])
})

test('where nothing answers single creates the record is upserted', async () => {
  await using stage = await hubspotStage()
  stage.standIn.misbehave({ route: CREATE, fault: { kind: 'status', status: 404, body: '<pre>Cannot POST</pre>' } })
  assert.equal((await stage.crm.deliver(unseen(), call('one'))).outcome, 'created')
  assert.deepEqual([stage.standIn.contacts().length, stage.standIn.requestsTo(UPSERT).length], [1, 1])
})

test('the record in the way is understood in each of the wordings that name it', async () => {
  for (const message of [
    'Contact already exists. Existing ID: 4711',
    'A contact with that e-mail is there already (existing ID 4711).',
    'Conflict: existing contact ID: "4711"',
    'Contact already exists. existingId=4711',
  ]) {
    await using stage = await hubspotStage()
    stage.standIn.misbehave({ route: CREATE, fault: { kind: 'status', ...errorAnswer(409, 'CONFLICT', message) } })
    const failure = await failureOf(stage.crm.deliver(unseen(), call('one')))
    assert.deepEqual(adopts(failure), ['FG_HUBSPOT_TAKEN', ['4711'], true], message)
  }
})

test('an e-mail address that reads like the record in the way leads to no other record', async () => {
  await using stage = await hubspotStage()
  const { crm, standIn } = stage
  const email = 'existingid=4711@evil.example'
  for (const [message, adopted] of [
    [`A contact with ${email} is there already. Existing ID: 815`, ['retryable', 'FG_HUBSPOT_CONFLICT']],
    ['Contact already exists. Existing ID: 815', ['FG_HUBSPOT_TAKEN', ['815'], true]],
  ] as const) {
    const fault = { kind: 'status', ...errorAnswer(409, 'CONFLICT', message) } as const
    standIn.misbehave({ route: CREATE, fault, times: 1 })
    assert.deepEqual(adopts(await failureOf(crm.deliver(unseen({ email }), call('one')))), adopted)
  }
})

test('an upsert by e-mail that keeps meeting another record names it to be chosen', async () => {
  await using stage = await hubspotStage()
  const fault = {
    kind: 'status',
    ...errorAnswer(409, 'CONFLICT', 'Contact already exists. Existing ID: 4711'),
  } as const
  stage.standIn.misbehave({ route: UPSERT, fault })
  const early = await failureOf(stage.crm.deliver(contact('ana@acme.com'), call('one')))
  const late = await failureOf(stage.crm.deliver(contact('ana@acme.com'), call('one', { attempt: 4 })))
  assert.deepEqual(adopts(early), ['retryable', 'FG_HUBSPOT_CONFLICT'])
  assert.deepEqual(adopts(late), ['FG_HUBSPOT_TAKEN', ['4711'], undefined])
})
