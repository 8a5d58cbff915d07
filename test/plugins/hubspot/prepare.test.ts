import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hubspotTrouble } from '../../stand-ins/hubspot-trouble.ts'
import { call, contact, deal, failureOf, hubspotStage } from './hubspot-stage.ts'

const CREATE = 'POST /crm/v3/properties/:object'

test('preparing says what is missing and writes nothing', async () => {
  await using stage = await hubspotStage({ preparedProperties: false })
  const todo = await stage.crm.prepare?.(['deals', 'deals', 'tickets'], false, call('prepare'))
  assert.deepEqual(todo, [
    { description: 'create the unique property flowgate_submission on deals', done: false },
    { description: 'create the unique property flowgate_submission on tickets', done: false },
  ])
  assert.equal(stage.standIn.requestsTo(CREATE).length, 0)
})

test('preparing with apply creates the property, and creates work from then on', async () => {
  await using stage = await hubspotStage({ preparedProperties: false })
  const { crm, standIn } = stage
  assert.equal((await failureOf(crm.deliver(deal('Acme'), call('deal')))).code, 'FG_HUBSPOT_NOT_PREPARED')
  const done = await crm.prepare?.(['deals'], true, call('prepare'))
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
  const done = await stage.crm.prepare?.(['contacts', 'companies', 'deals', 'tickets'], true, call('prepare'))
  assert.deepEqual(
    done?.map((preparation) => preparation.done),
    [true, true, true, true],
  )
  assert.equal(stage.standIn.requestsTo(CREATE).length, 0)
})

test('a property that exists without unique values is said to be beyond repair', async () => {
  await using stage = await hubspotStage({ preparedProperties: false })
  stage.standIn.addProperty('deals', { name: 'flowgate_submission', type: 'string' })
  const [preparation] = (await stage.crm.prepare?.(['deals'], true, call('prepare'))) ?? []
  assert.equal(preparation?.done, false)
  assert.match(preparation?.description ?? '', /without unique values.*submission_property/)
  assert.equal(stage.standIn.requestsTo(CREATE).length, 0)
})

test('an object outside the four is given a group of its own', async () => {
  await using stage = await hubspotStage({ preparedProperties: false })
  await stage.crm.prepare?.(['0-5'], true, call('prepare'))
  const created = stage.standIn.properties('tickets').find(({ name }) => name === 'flowgate_submission')
  assert.equal(created?.groupName, 'ticketinformation')
  assert.equal(created?.unique, true)
})

test('someone else creating the property in between is not an error', async () => {
  await using stage = await hubspotStage({ preparedProperties: false })
  const { crm, standIn } = stage
  const fault = {
    kind: 'answer',
    answer: () => ({ status: 409, body: { status: 'error', category: 'CONFLICT', message: 'already exists' } }),
  } as const
  standIn.misbehave({ route: CREATE, fault })
  const [preparation] = (await crm.prepare?.(['deals'], true, call('prepare'))) ?? []
  assert.deepEqual(preparation, { description: 'unique property flowgate_submission on deals', done: true })
})

test('a key without the scope to create properties is told which one it lacks', async () => {
  await using stage = await hubspotStage({ preparedProperties: false })
  stage.standIn.misbehave({ route: CREATE, fault: hubspotTrouble.scopes('crm.schemas.deals.write') })
  const failure = await failureOf(stage.crm.prepare?.(['deals'], true, call('prepare')) ?? Promise.resolve())
  assert.match(failure.message, /crm\.schemas\.deals\.write/)
})

test('contacts found by e-mail need no preparation', async () => {
  await using stage = await hubspotStage({ preparedProperties: false })
  assert.equal((await stage.crm.deliver(contact('ana@acme.com'), call('one'))).outcome, 'created')
})
