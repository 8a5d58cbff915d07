import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reconcileAlerts } from '../../src/alert/reconcile.ts'
import type { MappingFile } from '../../src/config/schema/mapping.ts'
import { pauseDestination, resumeDestination } from '../../src/deliver/pause.ts'
import { replayDelivery } from '../../src/deliver/replay.ts'
import type { Message, Receipt } from '../../src/plugin/delivery.ts'
import { readOpenAlerts } from '../../src/store/alerts.ts'
import { readAttempts } from '../../src/store/attempts.ts'
import { leadMappingFile, mappingOf } from '../support/flow.ts'
import { type DeliveryStage, deliveryStage } from './delivery-stage.ts'
import { doDue } from './let-pass.ts'
import { lost, rejected, unavailable } from './scripted-vendor.ts'

const QUARTER_MS = 15 * 60_000

/** Messages told so far: key, whether late, link, and what they complete. */
function told({
  chat,
}: DeliveryStage): readonly (readonly [string, boolean, string | undefined, string | undefined])[] {
  return chat.calls.map(({ input, call }) => {
    const { late, link, completes } = input as Message
    return [call.idempotencyKey.replace(/^.*!/, ''), late === true, link?.url, completes?.id]
  })
}

/** A submission whose contact the CRM has not confirmed after a quarter of an hour, when the message has become due. */
async function overdue(stage: DeliveryStage, minutesMs = QUARTER_MS) {
  const ids = await stage.submit()
  stage.clock.advance(minutesMs)
  await stage.sweep()
  return { contact: ids['contact'] ?? '', tell: ids['tell'] ?? '' }
}

const LATE = ['tell.late', true, undefined, undefined] as const

test('a message whose record is not confirmed after 15 minutes goes without its link, once, and is completed later', async () => {
  await using stage = await deliveryStage()
  const { contact, tell } = await overdue(stage, QUARTER_MS - 2)
  assert.equal((await stage.delivery(tell)).state, 'waiting')
  await stage.sweep()
  await stage.attempt(tell)
  for (let round = 0; round < 3; round += 1) {
    stage.clock.advance(QUARTER_MS)
    await stage.sweep()
  }
  const { state, stage: at, counted, lateReceipt } = await stage.delivery(tell)
  assert.deepEqual([state, at, counted, lateReceipt?.id], ['waiting', 'whole', 0, 'chat-1'])
  assert.deepEqual(told(stage), [LATE])
  await stage.attempt(contact)
  assert.equal(await stage.jobs(tell), 2)
  await stage.attempt(tell)
  assert.deepEqual(told(stage), [LATE, ['tell', false, 'https://crm.example/crm-1', 'chat-1']])
  assert.equal((await stage.delivery(tell)).state, 'delivered')
  const attempts = await readAttempts(stage.pool, tell)
  assert.deepEqual(
    attempts.map(({ number, stage: which }) => [number, which]),
    [
      [1, 'late'],
      [2, 'whole'],
    ],
  )
})

test('a message goes late after the time its mapping says, or never', async () => {
  const [tell] = leadMappingFile.notifications ?? []
  assert.ok(tell !== undefined)
  const file: MappingFile = {
    ...leadMappingFile,
    notifications: [
      { ...tell, id: 'soon', notify_late_after: '30s' },
      { ...tell, id: 'never', notify_late_after: 'never' },
    ],
  }
  await using stage = await deliveryStage({ mapping: file })
  const ids = await stage.submit(undefined, mappingOf(file))
  stage.clock.advance(30_000)
  await stage.sweep()
  assert.equal((await stage.delivery(ids['soon'])).state, 'pending')
  stage.clock.advance(100 * QUARTER_MS)
  await stage.sweep()
  assert.equal((await stage.delivery(ids['never'])).state, 'waiting')
})

test('several processes that sweep at once make a message late once', async () => {
  await using stage = await deliveryStage()
  const { tell } = await stage.submit()
  stage.clock.advance(QUARTER_MS)
  await Promise.all([1, 2, 3, 4].map(() => stage.sweep()))
  assert.equal(await stage.jobs(tell), 1)
})

test('a record that failed for good leaves the message waiting; replayed, it lets the message be completed', async () => {
  await using stage = await deliveryStage()
  const { contact = '', tell } = await stage.submit()
  stage.crm.answers(rejected)
  await stage.attempt(contact)
  stage.clock.advance(QUARTER_MS)
  await stage.sweep()
  await stage.attempt(tell)
  assert.equal((await stage.delivery(tell)).state, 'waiting')
  await replayDelivery(stage.delivering, contact, { mapping: 'same' })
  await doDue(stage)
  assert.deepEqual(told(stage), [LATE, ['tell', false, 'https://crm.example/crm-2', 'chat-1']])
})

test('a record confirmed while the late message is on its way lets the whole one follow at once', async () => {
  await using stage = await deliveryStage()
  const { contact, tell } = await overdue(stage)
  stage.chat.answers(async () => {
    await stage.attempt(contact)
    return stage.chat.created()
  })
  await stage.attempt(tell)
  const { state, stage: at } = await stage.delivery(tell)
  assert.deepEqual([state, at, told(stage)], ['pending', 'whole', [LATE]])
  await doDue(stage)
  assert.deepEqual(told(stage), [LATE, ['tell', false, 'https://crm.example/crm-1', 'chat-1']])
})

test('of a record and a late message that are over at the same moment either sees the other', async () => {
  await using stage = await deliveryStage()
  for (let index = 0; index < 25; index += 1) {
    const { contact, tell } = await overdue(stage)
    await Promise.all([stage.attempt(contact), stage.attempt(tell)])
    await doDue(stage)
    assert.equal((await stage.delivery(tell)).state, 'delivered')
  }
  const late = told(stage).filter(([key]) => key === 'tell.late').length
  const completing = told(stage).filter(([, , , completes]) => completes !== undefined).length
  assert.equal(completing, late, 'whoever was told late was told the rest, and nobody twice')
  assert.equal(told(stage).length, 25 + late)
})

test('a record confirmed before anything was sent late makes the message whole', async () => {
  await using stage = await deliveryStage()
  await pauseDestination(stage.delivering, 'chat')
  const { contact, tell } = await overdue(stage)
  assert.equal(await stage.attempt(tell), 'not-now')
  await stage.attempt(contact)
  await resumeDestination(stage.delivering, 'chat', 'operator')
  await doDue(stage)
  assert.deepEqual(told(stage), [['tell', false, 'https://crm.example/crm-1', undefined]])
})

test('nor is one told late that was turned away before anything was made of it', async () => {
  await using stage = await deliveryStage()
  const { contact, tell } = await overdue(stage)
  stage.chat.answers({ ...unavailable, nothingWritten: true })
  await stage.attempt(tell)
  await stage.attempt(contact)
  await stage.attemptWhenDue(tell)
  assert.deepEqual(told(stage), [LATE, ['tell', false, 'https://crm.example/crm-1', undefined]])
  assert.equal((await stage.delivery(tell)).state, 'delivered')
})

test('a late message that may have arrived is asked for under its own key, whatever was confirmed meanwhile', async () => {
  await using stage = await deliveryStage()
  const { contact, tell } = await overdue(stage)
  stage.chat.answers(unavailable)
  await stage.attempt(tell)
  await stage.attempt(contact)
  await stage.attemptWhenDue(tell)
  await doDue(stage)
  assert.deepEqual(
    stage.chat.calls.map(({ call }) => [call.idempotencyKey.replace(/^.*!/, ''), call.uncertain]),
    [
      ['tell.late', false],
      ['tell.late', true],
      ['tell', false],
    ],
  )
  assert.deepEqual(told(stage).at(-1), ['tell', false, 'https://crm.example/crm-1', 'chat-2'])
})

for (const [what, answer, condition] of [
  ['is refused', rejected, 'late.failed:chat:INVALID'],
  ['may have arrived and cannot be looked for', lost, 'late.unknown:chat:LOST'],
] as const) {
  test(`a late message that ${what} is one alert, and the whole one still follows`, async () => {
    await using stage = await deliveryStage({ destinations: { chat: { onUnknown: 'hold' } } })
    const { contact, tell } = await overdue(stage)
    stage.chat.answers(answer)
    await stage.attempt(tell)
    assert.equal((await stage.delivery(tell)).state, 'waiting')
    await reconcileAlerts(stage.delivering)
    const [alert, ...others] = await readOpenAlerts(stage.pool)
    assert.deepEqual([alert?.condition, others], [condition, []])
    assert.match(alert?.title ?? '', /late notice for chat/)
    assert.doesNotMatch(alert?.text ?? '', /flowgate replay/)
    await stage.attempt(contact)
    await doDue(stage)
    assert.deepEqual(told(stage), [LATE, ['tell', false, 'https://crm.example/crm-1', undefined]])
    assert.deepEqual([stage.chat.calls[1]?.call.uncertain, stage.chat.calls[1]?.call.resend], [false, false])
    await reconcileAlerts(stage.delivering)
    assert.deepEqual(await readOpenAlerts(stage.pool), [])
  })
}

test('a message that fails for good by what its late notice failed by has an alert of its own that asks for a replay', async () => {
  await using stage = await deliveryStage()
  const { contact, tell } = await overdue(stage)
  stage.chat.answers(rejected, rejected)
  await stage.attempt(tell)
  await stage.attempt(contact)
  await doDue(stage)
  assert.equal((await stage.delivery(tell)).state, 'failed')
  await reconcileAlerts(stage.delivering)
  const [alert, ...others] = await readOpenAlerts(stage.pool)
  assert.deepEqual([alert?.condition, alert?.severity, others], ['delivery.failed:chat:INVALID', 'error', []])
  assert.ok(alert?.text.includes(`flowgate replay ${tell}`), alert?.text)
})

test('a late message is retried like any other, and given up after its last try without losing the whole one', async () => {
  await using stage = await deliveryStage()
  const { contact, tell } = await overdue(stage)
  for (let attempt = 1; attempt <= 11; attempt += 1) {
    stage.chat.answers(unavailable)
    await stage.attemptWhenDue(tell)
    // Another delivery keeps the circuit closed.
    await succeedOnce(stage)
  }
  const { state, counted, failure } = await stage.delivery(tell)
  assert.deepEqual([state, counted, failure?.code], ['waiting', 0, 'UNAVAILABLE'])
  await stage.attempt(contact)
  await stage.attemptWhenDue(tell)
  assert.equal((await stage.delivery(tell)).state, 'delivered')
})

async function succeedOnce(stage: DeliveryStage): Promise<void> {
  const { contact, tell } = await stage.submit()
  await stage.attempt(contact)
  await stage.attempt(tell)
}

test('a message replayed to another destination completes nothing there', async () => {
  await using stage = await deliveryStage({ destinations: { other: { plugin: './chat', config: {} } } })
  const { contact, tell } = await overdue(stage)
  await stage.attempt(tell)
  await stage.attempt(contact)
  stage.chat.answers(rejected)
  await stage.attempt(tell)
  const notifications = (leadMappingFile.notifications ?? []).map((each) => ({ ...each, to: 'other' }))
  stage.configure({
    mapping: { ...leadMappingFile, notifications },
    destinations: { other: { plugin: './chat', config: { vendor: stage.chat } } },
  })
  await replayDelivery(stage.delivering, tell, { mapping: 'latest' })
  await stage.attempt(tell)
  assert.deepEqual(told(stage).at(-1), ['tell', false, 'https://crm.example/crm-1', undefined])
})

test('what waits for nothing any more, and was let down, goes on after the next sweep', async () => {
  await using stage = await deliveryStage()
  const { contact, tell } = await stage.submit()
  const receipt: Receipt = { outcome: 'created', id: 'crm-1', url: 'https://crm.example/crm-1' }
  await stage.pool.query(`update deliveries set state = 'delivered', receipt = $2 where id = $1`, [contact, receipt])
  await stage.sweep()
  assert.equal((await stage.delivery(tell)).state, 'pending')
  assert.equal(await stage.jobs(tell), 1)
})
