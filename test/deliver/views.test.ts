import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askHealth, prepareDestination } from '../../src/deliver/ask.ts'
import { readDeliveryStory } from '../../src/deliver/story.ts'
import type { ObjectUse } from '../../src/plugin/definition.ts'
import { listDeliveries } from '../../src/store/delivery-views.ts'
import { deliveryStage } from './delivery-stage.ts'
import { rejected } from './scripted-vendor.ts'

const all = { states: [], destination: undefined, flow: undefined, submissionId: undefined, limit: 10 } as const

test('deliveries are listed newest first, by state, destination, flow or submission', async () => {
  await using stage = await deliveryStage()
  const { contact } = await stage.submit()
  stage.crm.answers(rejected)
  await stage.attempt(contact)
  stage.clock.advance(1_000)
  const later = await stage.submit()
  const items = async (filter: object) => (await listDeliveries(stage.pool, { ...all, ...filter })).map(({ id }) => id)
  assert.equal((await items({})).length, 6)
  assert.equal((await items({ limit: 2 })).length, 2)
  assert.ok(Object.values(later).includes((await items({}))[0] ?? ''))
  assert.deepEqual(await items({ states: ['failed', 'unknown'] }), [contact])
  assert.equal((await items({ destination: 'chat' })).length, 2)
  assert.deepEqual(await items({ flow: 'other' }), [])
  const { submissionId } = await stage.delivery(contact)
  assert.equal((await items({ submissionId })).length, 3)
})

test('the story of one delivery tells every attempt, and whose submission it is of', async () => {
  await using stage = await deliveryStage()
  const { contact = '' } = await stage.submit()
  stage.crm.answers({ kind: 'retryable', code: 'AWAY', message: 'Away.' })
  await stage.attempt(contact)
  await stage.attemptWhenDue(contact)
  const story = await readDeliveryStory(stage.pool, contact)
  assert.deepEqual([story?.delivery.flow, story?.delivery.state], ['lead', 'delivered'])
  assert.deepEqual(
    story?.attempts.map(({ number, failure, receipt }) => [number, failure?.code, receipt?.id]),
    [
      [1, 'AWAY', undefined],
      [2, undefined, 'crm-2'],
    ],
  )
  assert.equal(await readDeliveryStory(stage.pool, 'dlv_none'), undefined)
})

test('health is asked under the deadline and never rejects', async () => {
  await using stage = await deliveryStage()
  assert.deepEqual(await askHealth(stage.delivering, 'crm'), { ok: true, account: 'crm' })
  stage.crm.health = () => Promise.reject(new RangeError('far'))
  const failed = await askHealth(stage.delivering, 'crm')
  assert.equal(failed.ok ? '' : failed.failure.code, 'RANGE')
  stage.crm.health = () => new Promise(() => {})
  stage.configure({ destinations: { crm: { answerWithinMs: 100 } } })
  const late = await askHealth(stage.delivering, 'crm')
  assert.equal(late.ok ? '' : late.failure.code, 'FG_DELIVERY_DEADLINE')
  const unknown = await askHealth(stage.delivering, 'nowhere')
  assert.equal(unknown.ok ? '' : unknown.failure.code, 'FG_DESTINATION_UNKNOWN')
})

test('a destination is prepared for the objects that mappings write there', async () => {
  await using stage = await deliveryStage()
  assert.deepEqual(await prepareDestination(stage.delivering, 'crm', { apply: false }), [])
  const asked: unknown[] = []
  const done = { description: 'create the property', done: true }
  const prepare = async (uses: readonly ObjectUse[], apply: boolean) => {
    asked.push([uses, apply])
    return [done]
  }
  Object.assign(stage.crm, { prepare })
  assert.deepEqual(await prepareDestination(stage.delivering, 'crm', { apply: true }), [done])
  const contacts = {
    object: 'contacts',
    creates: false,
    matches: ['email'],
    fields: ['email', 'firstname'],
    files: false,
  }
  const deals = { object: 'deals', creates: true, matches: [], fields: ['dealname'], files: false }
  assert.deepEqual(asked, [[[contacts, deals], true]])
  assert.deepEqual(await prepareDestination(stage.delivering, 'chat', { apply: true }), [])
})
