import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FailureError } from 'flowgate/plugin'
import { reconcileAlerts } from '../../src/alert/reconcile.ts'
import { dropDelivery } from '../../src/deliver/drop.ts'
import { pauseDestination, resumeDestination } from '../../src/deliver/pause.ts'
import { replayDelivery } from '../../src/deliver/replay.ts'
import { readDeliveryStory } from '../../src/deliver/story.ts'
import { readOpenAlerts } from '../../src/store/alerts.ts'
import { deliveryStage } from './delivery-stage.ts'
import { lost, rejected, revoked } from './scripted-vendor.ts'

test('a failed delivery that is dropped counts as skipped, keeps its story, and closes its alert', async () => {
  await using stage = await deliveryStage()
  const { contact = '' } = await stage.submit()
  stage.crm.answers(rejected)
  await stage.attempt(contact)
  assert.equal((await readOpenAlerts(stage.pool)).length, 1)
  const result = await dropDelivery(stage.delivering, contact)
  assert.deepEqual([result.kind, result.kind === 'dropped' && result.delivery.state], ['dropped', 'failed'])
  const story = await readDeliveryStory(stage.pool, contact)
  assert.deepEqual([story?.delivery.state, story?.delivery.failure?.code], ['skipped', 'FG_DELIVERY_DROPPED'])
  assert.match(story?.delivery.failure?.message ?? '', /had failed: INVALID: It refused a value\./)
  assert.equal(story?.attempts[0]?.failure?.code, 'INVALID')
  await reconcileAlerts(stage.delivering)
  assert.deepEqual(await readOpenAlerts(stage.pool), [])
})

test('what waited for a dropped record goes on as after a skip, with a job of its own', async () => {
  await using stage = await deliveryStage()
  const { contact = '', deal } = await stage.submit()
  stage.crm.answers(rejected)
  await stage.attempt(contact)
  assert.equal((await stage.delivery(deal)).state, 'waiting')
  const result = await dropDelivery(stage.delivering, contact)
  assert.ok(result.kind === 'dropped' && deal !== undefined && result.released.includes(deal))
  assert.equal((await stage.delivery(deal)).state, 'pending')
  assert.equal(await stage.jobs(deal), 1)
})

test('an unknown message is dropped and never sent again', async () => {
  await using stage = await deliveryStage({ destinations: { chat: { onUnknown: 'hold' } } })
  const { contact, tell = '' } = await stage.submit()
  await stage.attempt(contact)
  stage.chat.answers(lost)
  await stage.attempt(tell)
  assert.equal((await stage.delivery(tell)).state, 'unknown')
  assert.equal((await dropDelivery(stage.delivering, tell)).kind, 'dropped')
  assert.equal((await replayDelivery(stage.delivering, tell, { mapping: 'same' })).kind, 'settled')
  await stage.attempt(tell)
  assert.equal(stage.chat.calls.length, 1)
})

test('dropping at once several times drops once, and dropping against a replay has one winner', async () => {
  await using stage = await deliveryStage()
  const { contact = '' } = await stage.submit()
  stage.crm.answers(rejected)
  await stage.attempt(contact)
  const pressed = await Promise.all([1, 2, 3].map(() => dropDelivery(stage.delivering, contact)))
  assert.deepEqual(pressed.map(({ kind }) => kind).sort(), ['already', 'already', 'dropped'])
  const { contact: other = '' } = await stage.submit()
  stage.crm.answers(rejected)
  await stage.attempt(other)
  const [dropped, replayed] = await Promise.all([
    dropDelivery(stage.delivering, other),
    replayDelivery(stage.delivering, other, { mapping: 'same' }),
  ])
  assert.ok((dropped.kind === 'dropped') !== (replayed.kind === 'replayed'), `${dropped.kind}, ${replayed.kind}`)
})

test('what is waiting, on its way, delivered or left out by its mapping is not dropped, nor what was never there', async () => {
  await using stage = await deliveryStage()
  const { contact = '', deal = '' } = await stage.submit()
  assert.deepEqual(await dropDelivery(stage.delivering, deal), { kind: 'refused', state: 'waiting' })
  assert.deepEqual(await dropDelivery(stage.delivering, contact), { kind: 'refused', state: 'pending' })
  await stage.attempt(contact)
  assert.deepEqual(await dropDelivery(stage.delivering, contact), { kind: 'refused', state: 'delivered' })
  await stage.pool.query(`update deliveries set state = 'skipped', receipt = null where id = $1`, [contact])
  assert.deepEqual(await dropDelivery(stage.delivering, contact), { kind: 'refused', state: 'skipped' })
  assert.deepEqual(await dropDelivery(stage.delivering, 'dlv_none'), { kind: 'not-found' })
})

test('what a paused destination holds up is dropped, also under the attempts of others, and what waited goes on', async () => {
  await using stage = await deliveryStage()
  const { contact = '', deal = '' } = await stage.submit()
  stage.crm.answers(async () => {
    await pauseDestination(stage.delivering, 'crm')
    assert.deepEqual(await dropDelivery(stage.delivering, contact), { kind: 'refused', state: 'pending' })
    throw new FailureError(revoked)
  })
  await stage.attempt(contact)
  const result = await dropDelivery(stage.delivering, contact)
  assert.ok(result.kind === 'dropped' && result.delivery.state === 'pending' && result.released.includes(deal))
  const { state, failure } = await stage.delivery(contact)
  assert.equal(state, 'skipped')
  assert.match(failure?.message ?? '', /was held up: REVOKED/)
  assert.equal((await dropDelivery(stage.delivering, contact)).kind, 'already')
  await resumeDestination(stage.delivering, 'crm', 'operator')
  await stage.attempt(contact)
  assert.equal(stage.crm.calls.length, 1)
})
