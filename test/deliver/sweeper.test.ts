import assert from 'node:assert/strict'
import { test } from 'node:test'
import { resumeDestination } from '../../src/deliver/pause.ts'
import { createSweeper } from '../../src/deliver/sweeper.ts'
import { deliveryStage } from './delivery-stage.ts'
import { revoked, unavailable } from './scripted-vendor.ts'

test('a delivery whose job is gone gets another one when it is due, and only then', async () => {
  await using stage = await deliveryStage()
  const { contact } = await stage.submit()
  await stage.pool.query('delete from pgboss.job')
  await stage.sweep()
  assert.equal(await stage.jobs(contact), 0, 'it was sent a moment ago')
  stage.clock.advance(30_000)
  await stage.sweep()
  assert.equal(await stage.jobs(contact), 1)
  await stage.sweep()
  stage.clock.advance(30_000)
  await stage.sweep()
  assert.equal(await stage.jobs(contact), 1, 'the job is still there')
})

test('a retry whose job is gone gets another one when it is due', async () => {
  await using stage = await deliveryStage()
  const { contact } = await stage.submit()
  stage.crm.answers(unavailable)
  await stage.attempt(contact)
  await stage.pool.query('delete from pgboss.job')
  stage.clock.advance(1_000)
  await stage.sweep()
  assert.equal(await stage.jobs(contact), 0)
  stage.clock.advance(40_000)
  await stage.sweep()
  assert.equal(await stage.jobs(contact), 1)
})

test('two processes that sweep at once send one job', async () => {
  await using stage = await deliveryStage()
  const { contact } = await stage.submit()
  await stage.pool.query('delete from pgboss.job')
  await stage.pool.query('update deliveries set hinted_at = null where id = $1', [contact])
  await Promise.all([stage.sweep(), stage.sweep()])
  assert.equal(await stage.jobs(contact), 1)
})

test('a long backlog is gone through page by page, so that a lost job at its end is found', async () => {
  await using stage = await deliveryStage()
  const { contact } = await stage.submit()
  await stage.pool.query(
    `insert into deliveries (id, submission_id, kind, item, destination, state, mapping_hash, next_attempt_at, hinted_at, created_at, updated_at)
     select 'dlv_' || n, submission_id, 'record', 'item-' || n, destination, 'pending', mapping_hash,
       next_attempt_at - interval '1 hour', hinted_at, created_at, updated_at
     from deliveries, generate_series(1, 1200) n where id = $1`,
    [contact],
  )
  const { rows } = await stage.pool.query<{ id: string; destination: string; hinted_at: Date }>(
    `select id, destination, hinted_at from deliveries where id like 'dlv\\__%' and item like 'item-%'`,
  )
  await stage.delivering.queue.send(
    rows.map((row) => ({ deliveryId: row.id, destination: row.destination, hintedAt: row.hinted_at })),
    stage.pool,
  )
  await stage.pool.query(`delete from pgboss.job where data->>'deliveryId' = $1`, [contact])
  stage.clock.advance(30_000)
  await stage.sweep()
  await stage.sweep()
  assert.equal(await stage.jobs(contact), 0)
  await stage.sweep()
  assert.equal(await stage.jobs(contact), 1)
  assert.equal(await stage.jobs('dlv_7'), 1)
})

test('trouble in one step of a sweep is logged and the others are done', async () => {
  await using stage = await deliveryStage()
  const { contact } = await stage.submit()
  await stage.pool.query('alter table pgboss.job rename to hidden')
  await stage.pool.query('delete from pgboss.hidden')
  stage.clock.advance(30_000)
  await stage.sweep()
  assert.ok(stage.lines.some((line) => line.includes('sweep.failed')))
  await stage.pool.query('alter table pgboss.hidden rename to job')
  await stage.sweep()
  assert.equal(await stage.jobs(contact), 1)
})

test('one that an operator resumes just as its health is due is not asked any more', async () => {
  await using stage = await deliveryStage()
  const { contact } = await stage.submit()
  stage.crm.answers(revoked)
  await stage.attempt(contact)
  stage.clock.advance(600_000)
  // The operator's command comes between the two statements of this process.
  const query = async (...given: Parameters<typeof stage.pool.query>) => {
    const result = await stage.pool.query(...given)
    await resumeDestination(stage.delivering, 'crm', 'operator')
    return result
  }
  const pool = new Proxy(stage.pool, { get: (target, key) => (key === 'query' ? query : Reflect.get(target, key)) })
  await createSweeper({ ...stage.delivering, pool }, new AbortController().signal).askPaused()
  assert.equal(stage.crm.healthAsked, 0)
})
