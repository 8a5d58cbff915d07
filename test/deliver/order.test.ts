import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MappingFile } from '../../src/config/schema/mapping.ts'
import { dropDelivery } from '../../src/deliver/drop.ts'
import { replayDelivery } from '../../src/deliver/replay.ts'
import type { CrmRecord } from '../../src/plugin/delivery.ts'
import { leadMappingFile, mappingOf } from '../support/flow.ts'
import { type DeliveryStage, deliveryStage } from './delivery-stage.ts'
import { doDue } from './let-pass.ts'
import { lost, rejected, unavailable } from './scripted-vendor.ts'

const ana = { person: { phone: '+5511999990000' } }
const bo = { person: { phone: '+5511888880000' } }

/** Nothing but a contact. */
const alone: MappingFile = {
  ...leadMappingFile,
  records: (leadMappingFile.records ?? []).slice(0, 1),
  notifications: [],
}

/** So many submissions, one after the other, each of a contact alone; gives their ids. */
async function contacts(stage: DeliveryStage, count: number, of = ana): Promise<readonly string[]> {
  const ids: string[] = []
  for (let index = 0; index < count; index += 1) {
    const form = { full_name: `Ana ${index + 1}`, email: 'ana@acme.com' }
    const { contact = '' } = await stage.submit(form, mappingOf(alone), of)
    stage.clock.advance(1)
    ids.push(contact)
  }
  return ids
}

/** First names in the order in which the CRM got them. */
function arrived({ crm }: DeliveryStage): readonly unknown[] {
  return crm.calls.map(({ input }) => (input as CrmRecord).fields['firstname'])
}

test('a later record of the same person waits for the earlier one and follows it at once', async () => {
  await using stage = await deliveryStage()
  const [first, second] = await contacts(stage, 2)
  assert.equal(await stage.attempt(second), 'not-now')
  assert.equal(stage.crm.calls.length, 0)
  stage.crm.answers(unavailable)
  await stage.attempt(first)
  assert.equal(await stage.attempt(second), 'not-now', 'the first one is tried again before long')
  const before = await stage.jobs(second)
  await stage.attemptWhenDue(first)
  assert.equal(await stage.jobs(second), before + 1)
  assert.equal(await stage.attempt(second), 'ended')
  assert.deepEqual(arrived(stage), ['Ana 1', 'Ana 1', 'Ana 2'])
})

test('other people, other destinations, and who is not known wait for nobody', async () => {
  const records = (leadMappingFile.records ?? []).map((record) => ({ ...record, to: 'other' }))
  const elsewhere: MappingFile = { ...leadMappingFile, records }
  await using stage = await deliveryStage({ destinations: { other: { plugin: './crm', config: {} } } })
  stage.configure({ destinations: { other: { plugin: './crm', config: { vendor: stage.crm } } } })
  await contacts(stage, 1)
  const [of] = await contacts(stage, 1, bo)
  const { contact: there } = await stage.submit(undefined, mappingOf(elsewhere), ana)
  const { contact: nobody } = await stage.submit()
  for (const id of [of, there, nobody]) assert.equal(await stage.attempt(id), 'ended')
})

test('records of one submission wait for one another only where the mapping says so', async () => {
  const [contact] = leadMappingFile.records ?? []
  assert.ok(contact !== undefined)
  const file: MappingFile = { ...leadMappingFile, records: [contact, { ...contact, id: 'second' }], notifications: [] }
  await using stage = await deliveryStage({ mapping: file })
  const ids = await stage.submit(undefined, mappingOf(file), ana)
  stage.crm.answers(unavailable)
  await stage.attempt(ids['contact'])
  assert.equal(await stage.attempt(ids['second']), 'ended')
})

test('what was promoted for the earlier submission goes before the later one', async () => {
  await using stage = await deliveryStage()
  const one = await stage.submit({ full_name: 'Ana 1', email: 'ana@acme.com' }, undefined, ana)
  stage.clock.advance(1)
  const two = await stage.submit({ full_name: 'Ana 2', email: 'ana@acme.com' }, undefined, ana)
  await stage.attempt(one['contact'])
  assert.equal(await stage.attempt(two['contact']), 'not-now')
  await doDue(stage)
  assert.deepEqual(
    stage.crm.calls.map(({ call }) => call.idempotencyKey.replace(/^.*\./, '')),
    ['contact', 'deal', 'contact', 'deal'],
  )
})

for (const [how, end] of [
  ['has failed', async (stage: DeliveryStage, id: string) => fail(stage, id, rejected)],
  ['is unknown', async (stage: DeliveryStage, id: string) => fail(stage, id, lost)],
  [
    'was dropped',
    async (stage: DeliveryStage, id: string) => {
      await fail(stage, id, rejected)
      await dropDelivery(stage.delivering, id)
    },
  ],
  [
    'was sent again by an operator',
    async (stage: DeliveryStage, id: string) => {
      await fail(stage, id, rejected)
      await replayDelivery(stage.delivering, id, { mapping: 'same' })
    },
  ],
] as const) {
  test(`an earlier record that ${how} holds nobody up`, async () => {
    await using stage = await deliveryStage({ destinations: { crm: { onUnknown: 'hold' } } })
    const [first = '', second] = await contacts(stage, 2)
    assert.equal(await stage.attempt(second), 'not-now')
    const before = await stage.jobs(second)
    await end(stage, first)
    assert.equal(await stage.jobs(second), before + 1)
    assert.equal(await stage.attempt(second), 'ended')
  })
}

async function fail(stage: DeliveryStage, id: string, failure: typeof rejected): Promise<void> {
  stage.crm.answers(failure)
  await stage.attempt(id)
}

test('an earlier record that goes on failing holds others up for a quarter of an hour at most', async () => {
  await using stage = await deliveryStage()
  const [first, second] = await contacts(stage, 2)
  const since = stage.clock.now().getTime()
  for (let attempt = 1; attempt <= 6; attempt += 1) {
    assert.equal(await stage.attempt(second), 'not-now', `before attempt ${attempt}`)
    stage.crm.answers(unavailable)
    await stage.attemptWhenDue(first)
    // Somebody else's success keeps the circuit closed.
    await stage.attempt((await contacts(stage, 1, bo))[0])
  }
  assert.ok(stage.clock.now().getTime() - since < 15 * 60_000)
  assert.equal((await stage.delivery(first)).state, 'pending')
  assert.equal(await stage.attempt(second), 'ended')
})

test('what was postponed gets no jobs while it waits, and the sweeper sends one where nobody did', async () => {
  await using stage = await deliveryStage()
  const [first, second] = await contacts(stage, 2)
  await stage.attempt(second)
  const before = await stage.jobs(second)
  stage.crm.answers(unavailable)
  await stage.attempt(first)
  for (let round = 0; round < 5; round += 1) await stage.sweep()
  assert.equal(await stage.jobs(second), before)
  await stage.pool.query(`update deliveries set state = 'delivered' where id = $1`, [first])
  await stage.sweep()
  assert.equal(await stage.jobs(second), before + 1)
})

test('an open circuit is probed with a record that is in turn', async () => {
  await using stage = await deliveryStage()
  const [first] = await contacts(stage, 6)
  for (let failures = 0; failures < 5; failures += 1) {
    stage.crm.answers(unavailable)
    await stage.attemptWhenDue(first)
  }
  stage.clock.advance(1_000)
  await stage.sweep()
  stage.crm.answers(unavailable)
  await doDue(stage)
  assert.equal(stage.crm.calls.length, 6, 'one probe went through')
})

test('of one person’s records that an operator sends again together, the earlier goes first', async () => {
  await using stage = await deliveryStage()
  const ids = await contacts(stage, 3)
  for (const id of ids) await fail(stage, id, rejected)
  assert.equal(stage.crm.calls.length, 3)
  for (const id of ids) {
    stage.clock.advance(1)
    await replayDelivery(stage.delivering, id, { mapping: 'same' })
  }
  assert.equal(await stage.attempt(ids[2]), 'not-now')
  assert.equal(await stage.attempt(ids[1]), 'not-now')
  await doDue(stage)
  assert.deepEqual(arrived(stage).slice(3), ['Ana 1', 'Ana 2', 'Ana 3'])
})

test('many workers that take one person’s records at once keep their order', async () => {
  await using stage = await deliveryStage()
  const ids = await contacts(stage, 8)
  for (let left = 8; left > 0; ) {
    const results = await Promise.all(ids.map((id) => stage.attempt(id)))
    left -= results.filter((result) => result === 'ended').length
  }
  assert.deepEqual(
    arrived(stage),
    ids.map((_, index) => `Ana ${index + 1}`),
  )
})
