import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { StandInRequest } from 'flowgate/plugin/testing'
import { notFound } from '../../stand-ins/hubspot-answers.ts'
import { hubspotTrouble } from '../../stand-ins/hubspot-trouble.ts'
import {
  again,
  call,
  contact,
  deal,
  failureOf,
  file,
  type HubspotStage,
  hubspotStage,
  LINK,
  note,
  READ,
} from './hubspot-stage.ts'

const UNSEEN = { kind: 'status', ...notFound('No record with that ID exists') } as const

/** A contact, and an account whose links do not see records for a while. */
async function unseenByLinks(): Promise<{ stage: HubspotStage; person: string }> {
  const stage = await hubspotStage()
  const { id: person } = await stage.crm.deliver(contact('ana@acme.com'), call('contact'))
  stage.standIn.misbehave({ route: LINK, fault: UNSEEN })
  return { stage, person }
}

test('a link to a record that HubSpot does not see yet is made by a later try, and the record stays one', async () => {
  const { stage, person } = await unseenByLinks()
  await using _ = stage
  const { crm, standIn } = stage
  for (const attempt of [1, 2, 3]) {
    const failure = await failureOf(crm.deliver(deal('Acme', person), call('deal', { ...again, attempt })))
    assert.deepEqual([failure.kind, failure.code], ['retryable', 'FG_HUBSPOT_NOT_FOUND'])
  }
  standIn.behave()
  const { id } = await crm.deliver(deal('Acme', person), call('deal', { ...again, attempt: 4 }))
  assert.deepEqual(
    [standIn.deals().length, standIn.associations().map(({ from, to }) => `${from.id}>${to.id}`)],
    [1, [`${id}>${person}`]],
  )
})

test('a row of an answer to a link that says the record is not there is waited for alike', async () => {
  const { stage, person } = await unseenByLinks()
  await using _ = stage
  stage.standIn.behave()
  stage.standIn.misbehave({ route: LINK, fault: hubspotTrouble.rowError('OBJECT_NOT_FOUND', 'not there') })
  const failure = await failureOf(stage.crm.deliver(deal('Acme', person), call('deal')))
  assert.deepEqual([failure.kind, failure.code], ['retryable', 'FG_HUBSPOT_NOT_FOUND'])
})

test('a link to a record that was deleted stops the delivery after some tries', async () => {
  const { stage, person } = await unseenByLinks()
  await using _ = stage
  stage.standIn.behave()
  stage.standIn.remove(person)
  const failure = await failureOf(stage.crm.deliver(deal('Acme', person), call('deal', { ...again, attempt: 4 })))
  assert.deepEqual([failure.kind, failure.code], ['permanent', 'FG_HUBSPOT_NOT_FOUND'])
})

test('a link to a record that was merged meanwhile is made to what it was merged into', async () => {
  const { stage, person } = await unseenByLinks()
  await using _ = stage
  const { crm, standIn } = stage
  const other = standIn.addContact({ email: 'ana.souza@acme.com' })
  standIn.merge(person, other)
  standIn.behave()
  const when = ({ parameters }: StandInRequest) => parameters['toId'] === person
  standIn.misbehave({ route: LINK, fault: UNSEEN, when })
  const { id } = await crm.deliver(deal('Acme', person), call('deal'))
  assert.deepEqual(
    standIn.associations().map(({ from, to }) => `${from.id}>${to.id}`),
    [`${id}>${other}`],
  )
})

test('the owner of a record that HubSpot does not see yet is asked for again, and one that is gone has none', async () => {
  const { stage, person } = await unseenByLinks()
  await using _ = stage
  const asked = (attempt: number) =>
    failureOf(stage.crm.ownerOf?.({ object: 'contacts', id: person }, call('owner', { attempt })) ?? assert.fail())
  stage.standIn.misbehave({ route: READ, fault: UNSEEN })
  assert.deepEqual(
    [(await asked(1)).kind, (await asked(3)).kind, (await asked(4)).kind].join(),
    'retryable,retryable,permanent',
  )
})

test('the files of a note that HubSpot does not see yet are added by a later try', async () => {
  await using stage = await hubspotStage()
  const { crm, standIn } = stage
  standIn.addProperty('notes', { name: 'case_id', type: 'string', unique: true })
  const fields = { hs_note_body: 'Photos', case_id: '7' }
  const record = { ...note('x'), operation: 'upsert', match: 'case_id', fields, files: [file('a.jpg')] } as const
  const unseen = standIn.misbehave({ route: READ, fault: UNSEEN, times: 1 })
  const failure = await failureOf(crm.deliver(record, call('one')))
  assert.deepEqual([failure.kind, failure.code, unseen.struck], ['retryable', 'FG_HUBSPOT_NOT_FOUND', 1])
  await crm.deliver(record, call('one', again))
  const [held, ...others] = standIn.notes()
  assert.deepEqual([held?.properties['hs_attachment_ids'], others.length], [standIn.files()[0]?.id, 0])
})

test('values that HubSpot shows as numbers and booleans are read as text', async () => {
  await using stage = await hubspotStage()
  const { crm, standIn } = stage
  const { id } = await crm.deliver(contact('ana@acme.com'), call('one'))
  const body = { id: Number(id), properties: { amount: 75_000, hs_email_optout: true, phone: null } }
  standIn.misbehave({ route: READ, fault: { kind: 'status', status: 200, body } })
  const look = { object: 'contacts', field: 'id', value: id, fields: ['amount', 'hs_email_optout', 'phone'] }
  assert.deepEqual(await crm.find?.(look, call('two')), { id, amount: '75000', hs_email_optout: 'true' })
})
