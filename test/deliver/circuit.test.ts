import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readDestination } from '../../src/store/destinations.ts'
import { type DeliveryStage, deliveryStage } from './delivery-stage.ts'
import { limited, rejected, revoked, unavailable } from './scripted-vendor.ts'

/** Five deliveries fail one after another. */
async function openCircuit(stage: DeliveryStage): Promise<readonly (string | undefined)[]> {
  const ids: (string | undefined)[] = []
  for (let index = 0; index < 5; index += 1) ids.push((await stage.submit())['contact'])
  stage.crm.answers(...ids.map(() => unavailable))
  for (const id of ids) await stage.attempt(id)
  return ids
}

test('five retryable failures in a row open the circuit, and a success between them keeps it closed', async () => {
  await using stage = await deliveryStage()
  const submitted = await Promise.all(Array.from({ length: 9 }, () => stage.submit()))
  const ids = submitted.map(({ contact }) => contact)
  stage.crm.answers(unavailable, unavailable, unavailable, unavailable)
  for (const id of ids.slice(0, 5)) await stage.attempt(id)
  assert.equal((await readDestination(stage.pool, 'crm')).failuresInRow, 0)
  stage.crm.answers(unavailable, unavailable, unavailable, unavailable)
  for (const id of ids.slice(5)) await stage.attempt(id)
  assert.deepEqual(await circuit(stage), { failuresInRow: 4, open: false })
})

test('while the circuit is open nothing is tried or counted, and one probe goes through at a time', async () => {
  await using stage = await deliveryStage()
  await openCircuit(stage)
  assert.deepEqual(await circuit(stage), { failuresInRow: 5, open: true })
  const { contact } = await stage.submit()
  assert.equal(await stage.attempt(contact), 'not-now')
  assert.equal(stage.crm.calls.length, 5)
  stage.clock.advance(1_000)
  const many = await Promise.all(Array.from({ length: 6 }, () => stage.submit()))
  stage.crm.answers(unavailable)
  const results = await Promise.all(many.map(({ contact: id }) => stage.attempt(id)))
  assert.equal(results.filter((result) => result === 'ended').length, 1)
  assert.equal(stage.crm.calls.length, 6)
  const counted = await Promise.all(many.map(async ({ contact: id }) => (await stage.delivery(id)).counted))
  assert.deepEqual(counted, [0, 0, 0, 0, 0, 0])
})

test('probes come after 1 s, doubling to 60 s, each with another delivery', async () => {
  await using stage = await deliveryStage()
  await openCircuit(stage)
  const waits: number[] = []
  for (let probe = 0; probe < 8; probe += 1) {
    const { probeAt } = await readDestination(stage.pool, 'crm')
    waits.push((probeAt?.getTime() ?? 0) - stage.clock.now().getTime())
    stage.clock.advance((waits.at(-1) ?? 0) - 1)
    await stage.sweep()
    stage.crm.answers(unavailable)
    await stage.attempt(await hinted(stage))
  }
  assert.deepEqual(
    waits.map((ms) => Math.round(ms / 1_000)),
    [1, 2, 4, 8, 16, 32, 60, 60],
  )
  const keys = stage.crm.calls.slice(5).map(({ call }) => call.idempotencyKey)
  assert.equal(new Set(keys.slice(0, 5)).size, 5)
})

test('the first success closes the circuit and the rest get their jobs at once', async () => {
  await using stage = await deliveryStage()
  await openCircuit(stage)
  const held = await stage.submit()
  await stage.attempt(held['contact'])
  const probe = await stage.submit()
  stage.clock.advance(1_000)
  assert.equal(await stage.attempt(probe['contact']), 'ended')
  assert.deepEqual(await circuit(stage), { failuresInRow: 0, open: false })
  assert.equal(await stage.jobs(held['contact']), 2)
  assert.equal(await stage.attempt(held['contact']), 'ended')
})

test('a probe whose record is rejected closes the circuit: the vendor answers', async () => {
  await using stage = await deliveryStage()
  await openCircuit(stage)
  const { contact } = await stage.submit()
  stage.clock.advance(1_000)
  stage.crm.answers(rejected)
  await stage.attempt(contact)
  assert.deepEqual(await circuit(stage), { failuresInRow: 0, open: false })
})

test('a probe that is rate limited leaves the circuit open until the limit is over', async () => {
  await using stage = await deliveryStage()
  await openCircuit(stage)
  const { contact } = await stage.submit()
  stage.clock.advance(1_000)
  stage.crm.answers(limited(30))
  await stage.attempt(contact)
  const { openSince, probeAt } = await readDestination(stage.pool, 'crm')
  assert.ok(openSince !== undefined)
  assert.equal(probeAt?.getTime(), stage.clock.now().getTime() + 30_000)
})

test('a probe that finds the credentials revoked pauses the destination instead', async () => {
  await using stage = await deliveryStage()
  await openCircuit(stage)
  const { contact } = await stage.submit()
  stage.clock.advance(1_000)
  stage.crm.answers(revoked)
  await stage.attempt(contact)
  const { openSince, paused } = await readDestination(stage.pool, 'crm')
  assert.deepEqual([openSince, paused], [undefined, true])
})

async function circuit(stage: DeliveryStage) {
  const { failuresInRow, openSince } = await readDestination(stage.pool, 'crm')
  return { failuresInRow, open: openSince !== undefined }
}

/** The delivery that the latest sweep sent a job for. */
async function hinted(stage: DeliveryStage): Promise<string | undefined> {
  const { rows } = await stage.pool.query<{ id: string }>(
    `select id from deliveries where state = 'pending' and hinted_at is not null order by hinted_at desc limit 1`,
  )
  return rows[0]?.id
}
