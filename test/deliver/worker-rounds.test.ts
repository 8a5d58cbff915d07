import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startWorker } from '../../src/deliver/worker.ts'
import { createQueue } from '../../src/store/queue.ts'
import { eventually } from '../support/eventually.ts'
import { deliveryStage } from './delivery-stage.ts'
import { rejected } from './scripted-vendor.ts'

test('a running worker delivers, tells of what failed, and does its chores whatever one of them throws', async () => {
  await using stage = await deliveryStage({ alertsTo: 'chat' })
  const queue = await createQueue({ url: stage.url, log: stage.delivering.log, mode: 'work' })
  let done = 0
  const chores = [
    () => Promise.reject(new Error('a chore is broken')),
    async () => {
      done += 1
    },
  ]
  const worker = await startWorker({ ...stage.delivering, queue, chores })
  const { contact } = await stage.submit()
  await eventually(async () => (await stage.delivery(contact)).state === 'delivered')
  stage.crm.answers(rejected)
  await stage.submit()
  await eventually(() => stage.chat.calls.some(({ call }) => call.idempotencyKey.startsWith('alr_')))
  await eventually(() => done >= 1)
  assert.ok(stage.lines.some((line) => line.includes('a chore is broken')))
  await Promise.all([worker.stop({ withinMs: 5_000 }), worker.stop({ withinMs: 5_000 })])
})

test('a channel that hangs while it is told of an alert holds up nothing else', async () => {
  await using stage = await deliveryStage({ alertsTo: 'chat', destinations: { chat: { answerWithinMs: 600_000 } } })
  let done = 0
  const chores = [
    async () => {
      done += 1
    },
  ]
  const hangs = (signal: AbortSignal): Promise<never> =>
    new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  const { contact } = await stage.submit()
  stage.crm.answers(rejected)
  stage.chat.answers((_, { signal }) => hangs(signal))
  await stage.attempt(contact)
  const queue = await createQueue({ url: stage.url, log: stage.delivering.log, mode: 'work' })
  const worker = await startWorker({ ...stage.delivering, queue, chores })
  await eventually(() => stage.chat.calls.length === 1)
  const doneBefore = done
  await eventually(() => done > doneBefore + 1)
  await worker.stop({ withinMs: 3_000 })
})

test('an attempt that the database fails is told of in the log and made again', async () => {
  await using stage = await deliveryStage()
  await stage.pool.query(`alter table attempts add constraint refused check (worker <> 'prc_test')`)
  const queue = await createQueue({ url: stage.url, log: stage.delivering.log, mode: 'work' })
  const { contact } = await stage.submit()
  const worker = await startWorker({ ...stage.delivering, queue })
  await eventually(() => stage.lines.some((line) => line.includes('attempt.failed') && line.includes(contact ?? '-')))
  await stage.pool.query('alter table attempts drop constraint refused')
  await eventually(async () => (await stage.delivery(contact)).state === 'delivered')
  await worker.stop({ withinMs: 3_000 })
})

test('a call that hangs when the process stops is broken off in time and given back', async () => {
  await using stage = await deliveryStage({ destinations: { crm: { answerWithinMs: 600_000 } } })
  const queue = await createQueue({ url: stage.url, log: stage.delivering.log, mode: 'work' })
  const worker = await startWorker({ ...stage.delivering, queue })
  stage.crm.answers((_, { signal }) => {
    return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  })
  const { contact } = await stage.submit()
  await eventually(() => stage.crm.calls.length === 1)
  // By itself the call would go on for ten minutes; it is told to end 2 s before the time is up, and the row says so.
  await worker.stop({ withinMs: 10_000 })
  const { state, leasedUntil, attempts } = await stage.delivery(contact)
  assert.deepEqual([state, leasedUntil, attempts], ['pending', undefined, 1])
})
