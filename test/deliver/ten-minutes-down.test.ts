import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reconcileAlerts } from '../../src/alert/reconcile.ts'
import { createTeller } from '../../src/alert/tell.ts'
import type { Message } from '../../src/plugin/delivery.ts'
import { FailureError } from '../../src/plugin/failure.ts'
import { type DeliveryStage, deliveryStage } from './delivery-stage.ts'
import { letPass } from './let-pass.ts'
import { unavailable } from './scripted-vendor.ts'

const going = new AbortController().signal

/** Alerts reconciled and told, as a worker does beside its sweeps. */
async function tell(stage: DeliveryStage): Promise<void> {
  await reconcileAlerts(stage.delivering)
  await createTeller(stage.delivering, going).tell()
}

test('ten minutes of 503 burn no attempts, dead-letter nothing, and send one alert and one recovery', async () => {
  await using stage = await deliveryStage({ alertsTo: 'ops', destinations: { ops: { plugin: './chat', config: {} } } })
  stage.configure({ alertsTo: 'ops', destinations: { ops: { plugin: './chat', config: { vendor: stage.chat } } } })
  const until = stage.clock.now().getTime() + 10 * 60_000
  const answer = async () => {
    if (stage.clock.now().getTime() < until) throw new FailureError(unavailable)
    return stage.crm.created()
  }
  stage.crm.answers(...Array.from({ length: 1_000 }, () => answer))
  const ids: (string | undefined)[] = []
  for (let minute = 0; minute < 9.9; minute += 0.5) {
    ids.push((await stage.submit())['contact'], (await stage.submit())['contact'])
    await letPass(stage, { minutes: 0.5 })
    await tell(stage)
  }
  const during = await Promise.all(ids.map((id) => stage.delivery(id)))
  assert.ok(during.every(({ state }) => state === 'pending'))
  const burnt = during.map(({ counted }) => counted)
  assert.equal(
    burnt.reduce((sum, one) => sum + one, 0),
    5,
    'those that opened the circuit, and none after them',
  )
  assert.ok(stage.crm.calls.length < 30, `${stage.crm.calls.length} calls to a CRM that is down`)
  await letPass(stage, { minutes: 3 })
  for (let round = 0; round < 3; round += 1) await tell(stage)
  const after = await Promise.all(ids.map((id) => stage.delivery(id)))
  assert.deepEqual(new Set(after.map(({ state }) => state)), new Set(['delivered']))
  const alerts = stage.chat.calls.filter(({ call }) => call.idempotencyKey.startsWith('alr_'))
  const titles = alerts.map(({ input }) => (input as Message).title)
  assert.deepEqual(titles, ['crm does not answer: UNAVAILABLE', 'Over: crm does not answer: UNAVAILABLE'])
})
