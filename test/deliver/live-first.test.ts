import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pauseDestination, resumeDestination } from '../../src/deliver/pause.ts'
import { replayFailed } from '../../src/deliver/replay.ts'
import { type DeliveryStage, deliveryStage } from './delivery-stage.ts'
import { rejected } from './scripted-vendor.ts'

const same = { mapping: 'same' } as const

/** So many contacts that were refused, and are sent again. */
async function replayed(stage: DeliveryStage, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const { contact } = await stage.submit()
    stage.crm.answers(rejected)
    await stage.attempt(contact)
    stage.clock.advance(1)
  }
  // Their first jobs are done.
  await stage.pool.query('delete from pgboss.job')
  await replayFailed(stage.delivering, same)
}

/** Deliveries to the CRM that are pending, in the order in which workers take their jobs. */
async function inLine(stage: DeliveryStage): Promise<readonly string[]> {
  const { rows } = await stage.pool.query<{ id: string }>(
    `select j.data->>'deliveryId' as id from pgboss.job j join deliveries d on d.id = j.data->>'deliveryId'
     where j.state < 'active' and j.name = 'deliver/crm' and d.state = 'pending' and d.hinted_at is not null
     order by j.priority desc, j.created_on`,
  )
  return [...new Set(rows.map(({ id }) => id))]
}

test('what was sent again is taken after what comes in meanwhile', async () => {
  await using stage = await deliveryStage()
  await replayed(stage, 3)
  const { contact } = await stage.submit()
  const line = await inLine(stage)
  assert.deepEqual([line.length, line[0]], [4, contact])
})

test('it is so after a retry, after a pause, and where jobs were lost', async () => {
  await using stage = await deliveryStage()
  await replayed(stage, 3)
  await pauseDestination(stage.delivering, 'crm')
  for (const id of await inLine(stage)) await stage.attempt(id)
  const { contact } = await stage.submit()
  await stage.attempt(contact)
  await stage.pool.query('delete from pgboss.job')
  await resumeDestination(stage.delivering, 'crm', 'operator')
  assert.deepEqual([(await inLine(stage)).length, (await inLine(stage))[0]], [4, contact])
  await stage.pool.query('delete from pgboss.job')
  stage.clock.advance(30_000)
  await stage.sweep()
  assert.deepEqual([(await inLine(stage)).length, (await inLine(stage))[0]], [4, contact])
})
