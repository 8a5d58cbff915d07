import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MappingFile } from '../../src/config/schema/mapping.ts'
import { replayDelivery } from '../../src/deliver/replay.ts'
import { leadMappingFile, mappingOf } from '../support/flow.ts'
import { type DeliveryStage, deliveryStage } from './delivery-stage.ts'

const person = {
  to: 'crm',
  object: 'contacts',
  operation: 'upsert',
  match: 'email',
  fields: { email: { from: 'form.email' } },
} as const

/** Two independent records, and a message after both. */
const pair: MappingFile = {
  records: [
    { id: 'left', ...person },
    { id: 'right', ...person },
  ],
  notifications: [{ id: 'tell', to: 'chat', after: ['left', 'right'], title: 'Both are there' }],
}

test('of two records that are delivered at the same moment the second one lets the message go, once', async () => {
  await using stage = await deliveryStage({ mapping: pair })
  const submitted = []
  for (let index = 0; index < 25; index += 1) submitted.push(await stage.submit(undefined, mappingOf(pair)))
  for (const { left, right, tell } of submitted) {
    await Promise.all([stage.attempt(left), stage.attempt(right)])
    assert.equal((await stage.delivery(tell)).state, 'pending')
    assert.equal(await stage.jobs(tell), 1)
  }
})

test('a message waits until every record it comes after is delivered or skipped', async () => {
  const file: MappingFile = {
    ...pair,
    records: [
      { id: 'left', ...person },
      { id: 'right', ...person, when: { 'form.full_name': 'Somebody else' } },
    ],
  }
  await using stage = await deliveryStage({ mapping: file })
  const { left, right, tell } = await stage.submit(undefined, mappingOf(file))
  await stage.attempt(left)
  assert.equal((await stage.delivery(tell)).state, 'waiting')
  await stage.attempt(right)
  assert.equal((await stage.delivery(right)).state, 'skipped')
  assert.equal(stage.crm.calls.length, 1)
  assert.equal((await stage.delivery(tell)).state, 'pending')
})

test('what cannot be mapped has failed without calling anybody, and a corrected mapping delivers it', async () => {
  const broken = withName({ from: 'form.full_name', apply: ['integer'], on_fail: 'fail' })
  await using stage = await deliveryStage({ mapping: broken })
  const { contact } = await stage.submit(undefined, mappingOf(broken))
  await stage.attempt(contact)
  const { state, failure } = await stage.delivery(contact)
  assert.equal(state, 'failed')
  assert.match(failure?.code ?? '', /^FG_MAP_/)
  assert.equal(stage.crm.calls.length, 0)
  await deliverCorrected(stage, contact)
  assert.equal(stage.crm.calls[0]?.call.uncertain, false, 'nobody was ever called')
})

async function deliverCorrected(stage: DeliveryStage, contact: string | undefined) {
  stage.configure({ mapping: leadMappingFile })
  const replayed = await replayDelivery(stage.delivering, contact ?? '', { mapping: 'latest' })
  assert.equal(replayed.kind, 'replayed')
  await stage.attempt(contact)
  assert.equal((await stage.delivery(contact)).state, 'delivered')
}

function withName(firstname: object): MappingFile {
  const [contact, ...rest] = leadMappingFile.records ?? []
  if (contact === undefined) throw new Error('the lead mapping has no records')
  return { ...leadMappingFile, records: [{ ...contact, fields: { ...contact.fields, firstname } }, ...rest] }
}
