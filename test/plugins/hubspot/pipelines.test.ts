import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CrmRecord, Json } from 'flowgate/plugin'
import { hubspotTrouble } from '../../stand-ins/hubspot-trouble.ts'
import { call, deal, failureOf, hubspotStage, UPSERT } from './hubspot-stage.ts'

const PIPELINES = 'GET /crm/v3/pipelines/:object'
const partners = {
  id: '880',
  label: 'Partners',
  stages: [
    { id: '881', label: 'Invited' },
    { id: '882', label: 'Closed Won' },
  ],
}

const dealAt = (fields: Record<string, Json>): CrmRecord => ({
  ...deal('Acme'),
  fields: { dealname: 'Acme', ...fields },
})
const ticketAt = (fields: Record<string, Json>): CrmRecord => ({
  ...deal('Acme'),
  object: 'tickets',
  fields: { subject: 'It is broken', ...fields },
})

test('pipelines and stages are written by label or by id, and asked for once', async () => {
  await using stage = await hubspotStage()
  stage.standIn.addPipeline('deals', partners)
  const cases: readonly [CrmRecord['fields'], string, string][] = [
    [{ dealstage: 'contractsent' }, 'default', 'contractsent'],
    [{ dealstage: ' qualified to buy ' }, 'default', 'qualifiedtobuy'],
    [{ dealstage: 'Invited' }, '880', '881'],
    [{ pipeline: 'partners', dealstage: 'Closed Won' }, '880', '882'],
    [{ pipeline: 'default', dealstage: 'Closed Won' }, 'default', 'closedwon'],
  ]
  for (const [index, [fields, pipeline, dealstage]] of cases.entries()) {
    await stage.crm.deliver(dealAt(fields), call(`deal-${index}`))
    const held = stage.standIn.deals().at(-1)?.properties
    assert.deepEqual([held?.['pipeline'], held?.['dealstage']], [pipeline, dealstage])
  }
  assert.equal(stage.standIn.requestsTo(PIPELINES).length, 1)
})

test('a ticket stands in the stage of its label', async () => {
  await using stage = await hubspotStage()
  await stage.crm.deliver(
    ticketAt({ hs_pipeline: 'Support Pipeline', hs_pipeline_stage: 'Waiting on us' }),
    call('one'),
  )
  const held = stage.standIn.tickets()[0]?.properties
  assert.deepEqual([held?.['hs_pipeline'], held?.['hs_pipeline_stage']], ['0', '3'])
})

test('what is not known stops the record, with the names there are and without the value', async () => {
  await using stage = await hubspotStage()
  stage.standIn.addPipeline('deals', partners)
  const cases: readonly [CrmRecord, string, string, RegExp][] = [
    [
      dealAt({ pipeline: 'Ana Souza' }),
      'FG_HUBSPOT_PIPELINE_UNKNOWN',
      'pipeline',
      /It has: Sales Pipeline, Partners\./,
    ],
    [
      dealAt({ dealstage: 'Ana Souza' }),
      'FG_HUBSPOT_STAGE_UNKNOWN',
      'dealstage',
      /Sales Pipeline: Qualified To Buy.*Partners: Invited/,
    ],
    [
      dealAt({ pipeline: '880', dealstage: 'Ana Souza' }),
      'FG_HUBSPOT_STAGE_UNKNOWN',
      'dealstage',
      /It has: Invited, Closed Won\./,
    ],
    [
      dealAt({ dealstage: 'Closed Won' }),
      'FG_HUBSPOT_STAGE_UNKNOWN',
      'dealstage',
      /several pipelines have it, set pipeline too/,
    ],
    [ticketAt({ hs_pipeline_stage: 'Ana Souza' }), 'FG_HUBSPOT_STAGE_UNKNOWN', 'hs_pipeline_stage', /Waiting on us/],
  ]
  for (const [record, code, field, message] of cases) {
    const failure = await failureOf(stage.crm.deliver(record, call('one')))
    assert.equal(failure.code, code)
    assert.ok(failure.kind === 'permanent' && failure.scope === 'record')
    assert.deepEqual(failure.fields, [field])
    assert.match(failure.message, message)
    assert.doesNotMatch(failure.message, /Ana/)
  }
  assert.equal(stage.standIn.requestsTo(UPSERT).length, 0)
})

test('a stage that was made since is found at once, a kept one is forgotten after five minutes', async () => {
  let now = new Date('2026-11-20T10:00:00Z')
  await using stage = await hubspotStage({}, {}, { now: () => now })
  await stage.crm.deliver(dealAt({ dealstage: 'Contract Sent' }), call('one'))
  stage.standIn.addPipeline('deals', partners)
  await stage.crm.deliver(dealAt({ dealstage: 'Invited' }), call('two'))
  assert.equal(stage.standIn.requestsTo(PIPELINES).length, 2)
  now = new Date('2026-11-20T10:05:01Z')
  await stage.crm.deliver(dealAt({ dealstage: 'Invited' }), call('three'))
  assert.equal(stage.standIn.requestsTo(PIPELINES).length, 3)
})

test('records without a stage cost no request for pipelines, and an object without pipelines keeps its values', async () => {
  await using stage = await hubspotStage()
  await stage.crm.deliver(deal('Acme'), call('one'))
  assert.equal(stage.standIn.requestsTo(PIPELINES).length, 0)
  stage.standIn.misbehave({ route: PIPELINES, fault: hubspotTrouble.page(404) })
  await stage.crm.deliver(dealAt({ dealstage: 'contractsent' }), call('two'))
  assert.equal(stage.standIn.deals().at(-1)?.properties['dealstage'], 'contractsent')
})

test('trouble with the pipelines has the class it has elsewhere', async () => {
  await using stage = await hubspotStage()
  for (const [fault, code] of [
    [hubspotTrouble.page(502), 'FG_HUBSPOT_UNAVAILABLE'],
    [hubspotTrouble.scopes('crm.objects.deals.read'), 'FG_HUBSPOT_SCOPES'],
    [{ kind: 'status', status: 200, body: {} }, 'FG_HUBSPOT_UNREADABLE'],
  ] as const) {
    stage.standIn.misbehave({ route: PIPELINES, fault })
    assert.equal((await failureOf(stage.crm.deliver(dealAt({ dealstage: 'x' }), call('one')))).code, code)
  }
  assert.equal(stage.standIn.deals().length, 0)
})
