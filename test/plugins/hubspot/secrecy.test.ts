import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { problemOfAnswer } from '../../../plugins/hubspot/calls/problem.ts'
import { classify } from '../../../plugins/hubspot/failure.ts'
import { call, contact, failureOf, hubspotStage } from './hubspot-stage.ts'

const answers = ['Ana Souza Lima', 'ana@acme', 'pat-eu1-test-token']

test('HubSpot quotes a refused value, and neither the error nor the failure repeats it', async () => {
  await using stage = await hubspotStage()
  const record = contact('ana@acme', { firstname: 'Ana Souza Lima', hs_lead_status: 'Ana Souza Lima' })
  const thrown = await stage.crm.deliver(record, call('one')).catch((error: unknown) => error)
  const failure = await failureOf(stage.crm.deliver(record, call('one')))
  assert.match(JSON.stringify(stage.standIn.requests.at(-1)?.body), /Ana Souza Lima/)
  assert.deepEqual(failure.kind === 'permanent' && failure.fields, ['email', 'hs_lead_status'])
  const printed = [
    inspect(thrown, { depth: 9, showHidden: true }),
    JSON.stringify(thrown),
    JSON.stringify(failure),
  ].join()
  assert.deepEqual(
    answers.filter((answer) => printed.includes(answer)),
    [],
  )
})

test('a name, a code or an id that is really a sentence is left out', () => {
  const message = 'Property values were not valid: [{"name":"Ana Souza","error":"so sorry, Ana"}]'
  const errors = [{ code: 'Ana Souza', context: { propertyName: ['ana@acme.com', 'email'] }, in: 'Ana, Souza' }]
  const body = { message, errors, category: 'about Ana', correlationId: 'Ana Souza' }
  const failure = classify(problemOfAnswer(400, {}, body))
  assert.deepEqual(failure, {
    kind: 'permanent',
    scope: 'record',
    code: 'FG_HUBSPOT_FIELD_REFUSED',
    message: 'HubSpot refused email (REFUSED). Correct the mapping or the property in HubSpot, then replay (HTTP 400).',
    fields: ['email'],
  })
})

test('a token that no header can carry stops the destination and is not printed', async () => {
  await using stage = await hubspotStage()
  const crm = await stage.another({ access_token: 'pat-ünusable-\u0000' })
  const thrown = await crm.deliver(contact('ana@acme.com'), call('one')).catch((error: unknown) => error)
  assert.equal(classify(thrown)?.code, 'FG_HUBSPOT_CREDENTIALS')
  assert.equal(inspect(thrown, { depth: 9 }).includes('nusable'), false)
})
