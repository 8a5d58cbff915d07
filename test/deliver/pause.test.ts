import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readDestinationStatuses } from '../../src/deliver/destination-status.ts'
import { pauseDestination, resumeDestination } from '../../src/deliver/pause.ts'
import { type DeliveryStage, deliveryStage } from './delivery-stage.ts'
import { limited, revoked } from './scripted-vendor.ts'

test('a destination paused by hand takes nothing until it is resumed by hand, and then everything', async () => {
  await using stage = await deliveryStage()
  assert.equal(await pauseDestination(stage.delivering, 'crm'), true)
  assert.equal(await pauseDestination(stage.delivering, 'crm'), false)
  const { contact } = await stage.submit()
  assert.equal(await stage.attempt(contact), 'not-now')
  stage.clock.advance(86_400_000)
  await stage.sweep()
  assert.equal(stage.crm.calls.length, 0)
  assert.equal(await stage.jobs(contact), 1)
  assert.equal(await resumeDestination(stage.delivering, 'crm', 'operator'), true)
  assert.equal(await resumeDestination(stage.delivering, 'crm', 'operator'), false)
  assert.equal(await stage.jobs(contact), 2)
  assert.equal(await stage.attempt(contact), 'ended')
})

test('a destination paused by a failure is asked for its health and resumes when that is good', async () => {
  await using stage = await deliveryStage()
  const { contact } = await pausedByFailure(stage)
  stage.crm.healthy = { ok: false, failure: revoked }
  stage.clock.advance(5_000)
  await stage.sweep()
  assert.equal((await status(stage)).state, 'paused')
  stage.crm.healthy = { ok: true, account: 'Acme' }
  await stage.sweep()
  assert.equal((await status(stage)).state, 'paused', 'not asked again so soon')
  stage.clock.advance(5_000)
  await stage.sweep()
  assert.equal((await status(stage)).state, 'active')
  assert.equal(await stage.jobs(contact), 2)
  assert.equal(await stage.attempt(contact), 'ended')
  assert.equal((await stage.delivery(contact)).state, 'delivered')
})

test('a destination whose health is good but that refuses again is tried ever more rarely, at last every ten minutes', async () => {
  await using stage = await deliveryStage()
  const { contact } = await pausedByFailure(stage)
  const since = (await status(stage)).since
  const waits: number[] = []
  for (let round = 0; round < 20; round += 1) {
    waits.push(await untilAsked(stage))
    await stage.sweep()
    stage.crm.answers(revoked)
    await stage.attempt(contact)
    assert.deepEqual((await status(stage)).since, since, 'it is the same trouble')
  }
  assert.ok((waits[0] ?? 0) <= 5_000)
  assert.deepEqual(
    waits,
    waits.toSorted((a, b) => a - b),
  )
  assert.equal(waits.at(-1), 600_000)
  assert.equal((await stage.delivery(contact)).counted, 0)
})

test('what else is delivered between two refusals does not end the trouble of what is refused', async () => {
  await using stage = await deliveryStage()
  const { contact } = await pausedByFailure(stage)
  for (let round = 0; round < 20; round += 1) {
    await untilAsked(stage)
    await stage.sweep()
    const other = await stage.submit()
    assert.equal(await stage.attempt(other['contact']), 'ended')
    stage.crm.answers(revoked)
    await stage.attempt(contact)
  }
  assert.equal(await untilAsked(stage), 600_000)
  await stage.sweep()
  await stage.attempt(contact)
  assert.equal((await stage.delivery(contact)).state, 'delivered')
  const { contact: next } = await pausedByFailure(stage)
  assert.equal(await untilAsked(stage), 5_000, 'a new trouble')
  assert.equal((await stage.delivery(next)).state, 'pending')
})

test('a destination whose health itself is bad is asked at least once a minute, however long that lasts', async () => {
  await using stage = await deliveryStage()
  await pausedByFailure(stage)
  stage.crm.healthy = { ok: false, failure: revoked }
  stage.clock.advance(86_400_000)
  await stage.sweep()
  assert.equal(await untilAsked(stage), 60_000)
  stage.crm.healthy = { ok: true, account: 'Acme' }
  await stage.sweep()
  assert.equal((await status(stage)).state, 'active')
})

test('a destination that is tried every ten minutes is resumed by hand at once, and afterwards is untroubled', async () => {
  await using stage = await deliveryStage()
  const { contact } = await pausedByFailure(stage)
  stage.clock.advance(86_400_000)
  await stage.sweep()
  stage.crm.answers(revoked)
  await stage.attempt(contact)
  assert.equal(await resumeDestination(stage.delivering, 'crm', 'operator'), true)
  stage.crm.answers(revoked)
  await stage.attempt(contact)
  assert.equal(await untilAsked(stage), 5_000)
})

test('an operator who pauses a destination that a failure has paused keeps it paused', async () => {
  await using stage = await deliveryStage()
  await pausedByFailure(stage)
  assert.equal(await pauseDestination(stage.delivering, 'crm'), true)
  stage.clock.advance(86_400_000)
  await stage.sweep()
  assert.equal((await status(stage)).pausedBy, 'operator')
})

test('the state of every destination is shown with its reason and what waits for it', async () => {
  await using stage = await deliveryStage()
  await pausedByFailure(stage)
  const crm = await status(stage)
  assert.deepEqual(
    [crm.state, crm.pausedBy, crm.failure, crm.plugin, crm.pending],
    ['paused', 'failure', revoked, './crm', 1],
  )
  assert.ok(crm.oldestPendingAt !== undefined)
  await resumeDestination(stage.delivering, 'crm', 'operator')
  const { contact } = await stage.submit()
  stage.crm.answers(limited(60))
  await stage.attempt(contact)
  assert.equal((await status(stage)).state, 'blocked')
})

test('a plugin that refuses its settings pauses only its own destination', async () => {
  await using stage = await deliveryStage({ destinations: { broken: { plugin: './none' } } })
  const { contact } = await stage.submit()
  await stage.pool.query(`update deliveries set destination = 'broken' where id = $1`, [contact])
  await stage.attempt(contact)
  const [broken, , crm] = await readDestinationStatuses(stage.pool, stage.delivering.configuration(), stage.clock.now())
  assert.deepEqual(
    [broken?.name, broken?.state, broken?.failure?.code],
    ['broken', 'paused', 'FG_DESTINATION_PLUGIN_UNKNOWN'],
  )
  assert.equal(crm?.state, 'active')
})

test('deliveries to a destination that is no longer configured are held and told of, not lost', async () => {
  await using stage = await deliveryStage()
  const { contact } = await stage.submit()
  await stage.pool.query(`update deliveries set destination = 'gone' where id = $1`, [contact])
  await stage.sweep()
  await stage.sweep()
  const statuses = await readDestinationStatuses(stage.pool, stage.delivering.configuration(), stage.clock.now())
  const gone = statuses.find(({ name }) => name === 'gone')
  assert.deepEqual([gone?.state, gone?.failure?.code, gone?.plugin], ['paused', 'FG_DESTINATION_UNKNOWN', undefined])
  assert.equal((await stage.delivery(contact)).state, 'pending')
})

async function pausedByFailure(stage: DeliveryStage) {
  const submitted = await stage.submit()
  stage.crm.answers(revoked)
  await stage.attempt(submitted['contact'])
  return { contact: submitted['contact'] }
}

/** Moves the clock to when the destination's health is asked next, and gives how far that was, in milliseconds. */
async function untilAsked(stage: DeliveryStage): Promise<number> {
  const { nextAt } = await status(stage)
  const wait = (nextAt?.getTime() ?? 0) - stage.clock.now().getTime()
  stage.clock.advance(wait)
  return wait
}

async function status(stage: DeliveryStage) {
  const all = await readDestinationStatuses(stage.pool, stage.delivering.configuration(), stage.clock.now())
  const crm = all.find(({ name }) => name === 'crm')
  if (crm === undefined) throw new Error('crm is not listed')
  return crm
}
