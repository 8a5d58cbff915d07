import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reconcileAlerts } from '../../src/alert/reconcile.ts'
import { createTeller } from '../../src/alert/tell.ts'
import { readDestinationStatuses } from '../../src/deliver/destination-status.ts'
import { pauseDestination, pauseForFailure, resumeDestination } from '../../src/deliver/pause.ts'
import { replayFailed } from '../../src/deliver/replay.ts'
import type { Message } from '../../src/plugin/delivery.ts'
import { FailureError } from '../../src/plugin/failure.ts'
import { readOpenAlerts } from '../../src/store/alerts.ts'
import { readDestination } from '../../src/store/destinations.ts'
import { inTransaction } from '../../src/store/pool.ts'
import { anotherProcess } from './another-process.ts'
import { type DeliveryStage, deliveryStage } from './delivery-stage.ts'
import { doDue, letPass } from './let-pass.ts'
import { gone, rejected, revoked } from './scripted-vendor.ts'

test('what only a person can mend is sent nothing and asked nothing, however long, until it is resumed by hand', async () => {
  await using stage = await deliveryStage({ alertsTo: 'chat' })
  const { contact } = await refusedForGood(stage)
  await letPass(stage, { minutes: 30, stepMs: 60_000 })
  const later = await stage.submit()
  await letPass(stage, { minutes: 24 * 60, stepMs: 3_600_000 })
  assert.deepEqual([stage.crm.calls.length, stage.crm.healthAsked], [1, 0])
  for (const id of [contact, later['contact']]) {
    const { state, counted } = await stage.delivery(id)
    assert.deepEqual([state, counted], ['pending', 0])
  }
  const [alert, ...others] = await readOpenAlerts(stage.pool)
  assert.deepEqual([alert?.condition, alert?.count, others], ['destination.paused:crm', 1, []])
  await round(stage)
  assert.equal(await resumeDestination(stage.delivering, 'crm', 'operator'), true)
  await doDue(stage)
  for (const id of [contact, later['contact']]) assert.equal((await stage.delivery(id)).state, 'delivered')
  await round(stage)
  assert.deepEqual(await readOpenAlerts(stage.pool), [])
  assert.deepEqual(toldOfCrm(stage), ['crm is paused: GONE', 'Over: crm is paused: GONE'])
})

test('its alert says that nothing is sent until it is resumed, and how; that of one that mends itself says the other', async () => {
  await using stage = await deliveryStage({ alertsTo: 'chat' })
  await refusedForGood(stage)
  await round(stage)
  const [alert] = stage.chat.calls.map(({ input }) => input as Message)
  assert.equal(
    alert?.text,
    'It wants no more. Deliveries wait and none is lost. It does not resume by itself, and nothing is sent until then. Where its settings are wrong, correct them in destinations.yaml and restart, which resumes it. Where it was repaired over there, run: flowgate destinations resume crm.',
  )
  await resumeDestination(stage.delivering, 'crm', 'operator')
  await round(stage)
  stage.crm.answers(revoked)
  await stage.attempt((await stage.submit())['contact'])
  assert.match((await openAlert(stage))?.text ?? '', /Repair the account: it resumes by itself/)
})

test('an operator sees why it is paused, and no time at which it would be tried; what it keeps of the settings stays inside', async () => {
  await using stage = await deliveryStage()
  await refusedForGood(stage)
  const now = stage.clock.now()
  const all = await readDestinationStatuses(stage.pool, stage.delivering.configuration(), now)
  const crm = all.find(({ name }) => name === 'crm')
  assert.deepEqual(
    [crm?.state, crm?.pausedBy, crm?.failure, crm?.nextAt, crm?.pending],
    ['paused', 'failure', gone, undefined, 1],
  )
})

test('a restart with the same settings leaves it paused, in whatever order they are written and however many calls at once', async () => {
  await using stage = await deliveryStage({ destinations: { crm: { config: { vendor: 'none' } } } })
  const before = { vendor: stage.crm, token: 'a', options: { one: 1, two: [2, 3] } }
  const after = { options: { two: [2, 3], one: 1 }, token: 'a', vendor: stage.crm }
  const { contact } = await stage.submit()
  {
    await using first = anotherProcess(stage, { crm: { config: before } })
    stage.crm.answers(gone)
    await first.attempt(contact)
  }
  await using second = anotherProcess(stage, { crm: { config: after, atOnce: 9, answerWithinMs: 2_000 } })
  for (let minute = 0; minute < 30; minute += 1) {
    stage.clock.advance(60_000)
    await second.sweep()
  }
  assert.equal(await second.attempt(contact), 'not-now')
  assert.deepEqual([stage.crm.calls.length, stage.crm.healthAsked], [1, 0])
})

test('a restart with other settings resumes it once its health is good, within a minute; one alert closes with the first delivery', async () => {
  await using stage = await deliveryStage({ alertsTo: 'chat' })
  const { contact } = await refusedForGood(stage)
  await letPass(stage, { minutes: 24 * 60, stepMs: 3_600_000 })
  await using mended = anotherProcess(stage, { crm: { config: { vendor: stage.crm, token: 'new' } } })
  stage.crm.healthy = { ok: false, failure: revoked }
  stage.clock.advance(60_000)
  await mended.sweep()
  assert.equal(await mended.attempt(contact), 'not-now')
  stage.crm.healthy = { ok: true, account: 'Acme' }
  stage.clock.advance(60_000)
  await mended.sweep()
  await round(stage)
  assert.ok((await openAlert(stage)) !== undefined, 'not believed before something was delivered')
  assert.equal(await mended.attempt(contact), 'ended')
  assert.equal((await stage.delivery(contact)).state, 'delivered')
  await round(stage)
  assert.deepEqual(toldOfCrm(stage), ['crm is paused: GONE', 'Over: crm is paused: GONE'])
})

test('while an old process and one with other settings run side by side, what the new one meets is what counts', async () => {
  await using stage = await deliveryStage()
  const { contact } = await refusedForGood(stage)
  await using fresh = anotherProcess(stage, { crm: { config: { vendor: stage.crm, token: 'new' } } })
  stage.clock.advance(60_000)
  await stage.sweep()
  assert.equal((await readDestination(stage.pool, 'crm')).paused, true, 'the old one sees its own settings')
  stage.clock.advance(60_000)
  await fresh.sweep()
  assert.equal((await readDestination(stage.pool, 'crm')).paused, false)
  stage.crm.answers(gone)
  await fresh.attempt(contact)
  stage.clock.advance(600_000)
  await fresh.sweep()
  assert.deepEqual(
    [stage.crm.calls.length, stage.crm.healthAsked],
    [2, 1],
    'now it is the new settings that were refused',
  )
  assert.equal((await openAlert(stage))?.count, 2)
})

test('what a pause that ends by itself turns into on trial has an alert of its own, and so has the way back', async () => {
  await using stage = await deliveryStage({ alertsTo: 'chat' })
  const { contact } = await stage.submit()
  stage.crm.answers(revoked, gone)
  await stage.attempt(contact)
  await round(stage)
  await letPass(stage, { minutes: 1 })
  await letPass(stage, { minutes: 60, stepMs: 60_000 })
  assert.deepEqual([stage.crm.calls.length, stage.crm.healthAsked], [2, 1])
  await round(stage)
  assert.match((await openAlert(stage))?.text ?? '', /It does not resume by itself/)
  await using fresh = anotherProcess(stage, { crm: { config: { vendor: stage.crm, token: 'new' } } })
  stage.clock.advance(600_000)
  await fresh.sweep()
  stage.crm.answers(revoked)
  await fresh.attempt(contact)
  await round(stage)
  assert.match((await openAlert(stage))?.text ?? '', /it resumes by itself/)
  await letPass(stage, { minutes: 40, stepMs: 60_000 })
  await round(stage)
  assert.equal((await stage.delivery(contact)).state, 'delivered')
  const [first, second] = ['crm is paused: REVOKED', 'crm is paused: GONE']
  assert.deepEqual(toldOfCrm(stage), [first, `Over: ${first}`, second, `Over: ${second}`, first, `Over: ${first}`])
})

test('of two refusals at once the one that needs a person stays, whichever comes first', async () => {
  for (const failures of [
    [revoked, gone],
    [gone, revoked],
  ]) {
    await using stage = await deliveryStage()
    const [{ contact: one }, { contact: other }] = [await stage.submit(), await stage.submit()]
    const both = Promise.withResolvers<void>()
    const first = Promise.withResolvers<void>()
    const [sooner = gone, later = gone] = failures
    stage.crm.answers(
      () => both.promise.then(() => Promise.reject(new FailureError(sooner))),
      async () => {
        both.resolve()
        await first.promise
        throw new FailureError(later)
      },
    )
    const attempts = [stage.attempt(one).then(() => first.resolve()), stage.attempt(other)]
    await Promise.all(attempts)
    await letPass(stage, { minutes: 60, stepMs: 60_000 })
    assert.deepEqual([stage.crm.calls.length, stage.crm.healthAsked], [2, 0])
    assert.match((await openAlert(stage))?.text ?? '', /It does not resume by itself/)
  }
})

test('good health that was asked of an earlier trouble does not resume what needs a person and came since', async () => {
  await using stage = await deliveryStage()
  const { contact } = await stage.submit()
  stage.crm.answers(revoked, gone)
  await stage.attempt(contact)
  const { failure: asked } = await readDestination(stage.pool, 'crm')
  await resumeDestination(stage.delivering, 'crm', 'operator')
  await stage.attempt(contact)
  assert.equal(await resumeDestination(stage.delivering, 'crm', 'health', asked), false)
  assert.equal((await readDestination(stage.pool, 'crm')).paused, true)
})

test('one resumed by hand for nothing is told of once more, however fast the refusal comes', async () => {
  await using stage = await deliveryStage({ alertsTo: 'chat' })
  const { contact } = await refusedForGood(stage)
  await round(stage)
  await resumeDestination(stage.delivering, 'crm', 'operator')
  stage.crm.answers(gone)
  await stage.attempt(contact)
  await round(stage)
  const said = 'crm is paused: GONE'
  assert.deepEqual(toldOfCrm(stage), [said, `Over: ${said}`, said])
})

test('replays wait with the rest, and go out once when it is resumed', async () => {
  await using stage = await deliveryStage()
  const { contact: failed } = await stage.submit()
  stage.crm.answers(rejected)
  await stage.attempt(failed)
  await refusedForGood(stage)
  await replayFailed(stage.delivering, { mapping: 'same' })
  await letPass(stage, { minutes: 60, stepMs: 60_000 })
  assert.equal(stage.crm.calls.length, 2)
  await resumeDestination(stage.delivering, 'crm', 'operator')
  await doDue(stage)
  assert.equal((await stage.delivery(failed)).state, 'delivered')
  assert.equal(stage.crm.calls.filter(({ call }) => call.idempotencyKey.endsWith('.contact')).length, 4)
})

test('what other settings are refused for has an alert that says so', async () => {
  await using stage = await deliveryStage({ alertsTo: 'chat' })
  const { contact } = await refusedForGood(stage)
  await round(stage)
  await using fresh = anotherProcess(stage, { crm: { config: { vendor: stage.crm, token: 'new' } } })
  stage.clock.advance(60_000)
  await fresh.sweep()
  stage.crm.answers({ ...gone, code: 'UNSIGNED' })
  await fresh.attempt(contact)
  await round(stage)
  const said = 'crm is paused: GONE'
  assert.deepEqual(toldOfCrm(stage), [said, `Over: ${said}`, 'crm is paused: UNSIGNED'])
})

test('one that an operator pauses besides stays so under other settings too', async () => {
  await using stage = await deliveryStage()
  await refusedForGood(stage)
  await pauseDestination(stage.delivering, 'crm')
  await using fresh = anotherProcess(stage, { crm: { config: { vendor: stage.crm, token: 'new' } } })
  stage.clock.advance(600_000)
  await fresh.sweep()
  assert.equal((await readDestination(stage.pool, 'crm')).pausedBy, 'operator')
})

test('a destination taken out of the configuration on trial is told of as that', async () => {
  await using stage = await deliveryStage()
  await refusedForGood(stage)
  await resumeDestination(stage.delivering, 'crm', 'health')
  const unknown = { ...revoked, code: 'FG_DESTINATION_UNKNOWN' }
  await inTransaction(stage.pool, (sql) => pauseForFailure(stage.delivering, sql, 'crm', unknown))
  assert.match((await openAlert(stage))?.title ?? '', /FG_DESTINATION_UNKNOWN/)
})

test('that a failure of one record needs a person stops nothing else', async () => {
  await using stage = await deliveryStage()
  const { contact } = await stage.submit()
  stage.crm.answers({ ...gone, scope: 'record', fields: ['email'] })
  await stage.attempt(contact)
  const { state, failure } = await stage.delivery(contact)
  assert.deepEqual(
    [state, failure],
    ['failed', { ...rejected, code: 'GONE', message: gone.message, fields: ['email'] }],
  )
  assert.equal((await readDestination(stage.pool, 'crm')).paused, false)
})

/** A contact that was refused with a failure that only a person can mend. */
async function refusedForGood(stage: DeliveryStage) {
  const submitted = await stage.submit()
  stage.crm.answers(gone)
  await stage.attempt(submitted['contact'])
  return { contact: submitted['contact'] }
}

/** What a worker does about alerts once a second. */
async function round(stage: DeliveryStage): Promise<void> {
  await reconcileAlerts(stage.delivering)
  await createTeller(stage.delivering, new AbortController().signal).tell()
}

async function openAlert(stage: DeliveryStage) {
  const [alert, ...others] = await readOpenAlerts(stage.pool)
  assert.deepEqual(others, [])
  return alert
}

/** The titles of what operators were told, in order. */
function toldOfCrm(stage: DeliveryStage): readonly string[] {
  return stage.chat.calls
    .map(({ input }) => (input as Message).title)
    .filter((title) => title.includes('crm is paused'))
}
