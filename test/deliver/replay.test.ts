import assert from 'node:assert/strict'
import { test } from 'node:test'
import { replayDelivery, replayFailed } from '../../src/deliver/replay.ts'
import { leadMappingFile } from '../support/flow.ts'
import { deliveryStage } from './delivery-stage.ts'
import { lost, rejected } from './scripted-vendor.ts'

const same = { mapping: 'same' } as const

test('a replay delivers what had failed, under the same key; a refusal wrote nothing, so nothing is uncertain', async () => {
  await using stage = await deliveryStage()
  const { contact = '' } = await stage.submit()
  stage.crm.answers(rejected)
  await stage.attempt(contact)
  const replayed = await replayDelivery(stage.delivering, contact, same)
  assert.deepEqual(replayed, { kind: 'replayed', deliveryId: contact, destination: 'crm' })
  await stage.attempt(contact)
  assert.equal((await stage.delivery(contact)).state, 'delivered')
  const [first, second] = stage.crm.calls.map(({ call }) => call)
  assert.equal(second?.idempotencyKey, first?.idempotencyKey)
  assert.deepEqual([second?.attempt, second?.uncertain, second?.resend], [2, false, false])
})

test('pressing twice, at once or one after the other, replays once', async () => {
  await using stage = await deliveryStage()
  const { contact = '' } = await stage.submit()
  stage.crm.answers(rejected)
  await stage.attempt(contact)
  const pressed = await Promise.all([1, 2, 3].map(() => replayDelivery(stage.delivering, contact, same)))
  assert.deepEqual(pressed.map(({ kind }) => kind).sort(), ['replayed', 'under-way', 'under-way'])
  await stage.attempt(contact)
  assert.equal((await replayDelivery(stage.delivering, contact, same)).kind, 'settled')
  assert.equal(stage.crm.calls.length, 2)
})

test('an unknown delivery is replayed marked as a possible repeat', async () => {
  await using stage = await deliveryStage({ destinations: { chat: { onUnknown: 'hold' } } })
  const { contact, tell = '' } = await stage.submit()
  await stage.attempt(contact)
  stage.chat.answers(lost)
  await stage.attempt(tell)
  assert.equal((await replayDelivery(stage.delivering, tell, same)).kind, 'replayed')
  await stage.attempt(tell)
  assert.deepEqual([stage.chat.calls[1]?.call.resend, stage.chat.calls[1]?.call.uncertain], [true, true])
  assert.equal((await stage.delivery(tell)).state, 'delivered')
})

test('what waits, is gone or was never there is not replayed', async () => {
  await using stage = await deliveryStage()
  const { deal = '', contact = '' } = await stage.submit()
  assert.equal((await replayDelivery(stage.delivering, deal, same)).kind, 'waiting')
  assert.equal((await replayDelivery(stage.delivering, 'dlv_none', same)).kind, 'not-found')
  stage.crm.answers(rejected)
  await stage.attempt(contact)
  stage.configure({ mapping: { records: [], notifications: [] } })
  assert.equal((await replayDelivery(stage.delivering, contact, { mapping: 'latest' })).kind, 'no-mapping')
  assert.equal((await stage.delivery(contact)).state, 'failed')
})

test('the newest mapping may send a replayed delivery to another destination', async () => {
  await using stage = await deliveryStage({ destinations: { elsewhere: { plugin: './crm', config: {} } } })
  const { contact = '' } = await stage.submit()
  stage.crm.answers(rejected)
  await stage.attempt(contact)
  const records = (leadMappingFile.records ?? []).map((record) => ({ ...record, to: 'elsewhere' }))
  stage.configure({
    mapping: { ...leadMappingFile, records },
    destinations: { elsewhere: { plugin: './crm', config: { vendor: stage.chat } } },
  })
  const replayed = await replayDelivery(stage.delivering, contact, { mapping: 'latest' })
  assert.deepEqual(replayed, { kind: 'replayed', deliveryId: contact, destination: 'elsewhere' })
  await stage.attempt(contact)
  assert.equal(stage.chat.calls.length, 1)
})

test('all that failed at one destination are replayed in one go, oldest first and at most as many as asked', async () => {
  await using stage = await deliveryStage()
  const ids: string[] = []
  for (let index = 0; index < 4; index += 1) {
    const { contact = '' } = await stage.submit()
    stage.clock.advance(1)
    stage.crm.answers(rejected)
    await stage.attempt(contact)
    ids.push(contact)
  }
  assert.deepEqual(await replayFailed(stage.delivering, { ...same, destination: 'chat' }), [])
  const first = await replayFailed(stage.delivering, { ...same, destination: 'crm', flow: 'lead', limit: 3 })
  assert.deepEqual(
    first.map(({ deliveryId }) => deliveryId),
    ids.slice(0, 3),
  )
  const rest = await replayFailed(stage.delivering, same)
  assert.deepEqual(
    rest.map(({ deliveryId }) => deliveryId),
    ids.slice(3),
  )
})
