import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { MappingFile } from '../../src/config/schema/mapping.ts'
import { readAttempts } from '../../src/store/attempts.ts'
import { eventually } from '../support/eventually.ts'
import { mappingOf } from '../support/flow.ts'
import { type DeliveryStage, deliveryStage } from './delivery-stage.ts'
import { type RemoteVendor, remoteVendor } from './remote-vendor.ts'

const script = fileURLToPath(new URL('./worker-process.ts', import.meta.url))

/** A record and one that is linked to it: all that a worker process of these tests can deliver. */
const mapping: MappingFile = {
  records: [
    { id: 'contact', to: 'crm', object: 'contacts', operation: 'create', fields: { email: { from: 'form.email' } } },
    { id: 'deal', to: 'crm', object: 'deals', operation: 'create', links: ['contact'], fields: { name: 'x' } },
  ],
}

test('two worker processes deliver everything once, dependants after their records', async () => {
  await using vendor = await remoteVendor()
  await using stage = await deliveryStage()
  await using _first = await workerProcess(stage, vendor, 'prc_a')
  await using _second = await workerProcess(stage, vendor, 'prc_b')
  // One alone has four at once: so neither can do everything before the other has begun.
  vendor.answerOnceThereAre(5)
  for (let index = 0; index < 40; index += 1) await stage.submit(undefined, mappingOf(mapping))
  await eventually(async () => (await inState(stage, 'delivered')) === 80)
  assert.equal(vendor.records.length, 80)
  assert.equal(new Set(vendor.records.map(({ key }) => key)).size, 80)
  assert.ok(vendor.mostAtOnce() <= 8, 'at most four at once per process')
  const { rows } = await stage.pool.query('select distinct worker from attempts order by worker')
  assert.deepEqual(rows, [{ worker: 'prc_a' }, { worker: 'prc_b' }])
})

test('a worker killed between the vendor’s commit and ours: another finds what landed, under the same number and key', async () => {
  await using vendor = await remoteVendor()
  await using stage = await deliveryStage()
  const { contact = '', deal = '' } = await stage.submit(undefined, mappingOf(mapping))
  vendor.loseReplies()
  const killed = await workerProcess(stage, vendor, 'prc_killed')
  await eventually(() => vendor.records.length === 1)
  killed.process.kill('SIGKILL')
  await once(killed.process, 'exit')
  vendor.answerAgain()
  const begun = await readAttempts(stage.pool, contact)
  assert.deepEqual(
    begun.map(({ number, endedAt, worker }) => [number, endedAt, worker]),
    [[1, undefined, 'prc_killed']],
  )
  await using _next = await workerProcess(stage, vendor, 'prc_next')
  await eventually(async () => (await inState(stage, 'delivered')) === 2, { withinMs: 60_000 })
  assert.deepEqual(
    vendor.records.map(({ key, attempt }) => [key.split('.')[1], attempt]),
    [
      ['contact', 1],
      ['deal', 1],
    ],
  )
  assert.equal(vendor.lookUps.length, 1)
  const finished = await readAttempts(stage.pool, contact)
  assert.deepEqual(
    finished.map(({ number, receipt, worker }) => [number, receipt?.outcome, worker]),
    [[1, 'unchanged', 'prc_next']],
  )
  assert.equal((await stage.delivery(deal)).attempts, 1)
})

test('a worker that is told to stop finishes what it has in hand and exits with 0', async () => {
  await using vendor = await remoteVendor()
  await using stage = await deliveryStage()
  await using worker = await workerProcess(stage, vendor, 'prc_stopping')
  for (let index = 0; index < 20; index += 1) await stage.submit(undefined, mappingOf(mapping))
  await eventually(() => vendor.records.length >= 4)
  const exited = once(worker.process, 'exit')
  worker.process.kill('SIGTERM')
  assert.deepEqual(await exited, [0, null])
  const { rows } = await stage.pool.query(
    'select count(*) as n from deliveries where leased_until is not null or (attempts > 0 and state = $1)',
    ['pending'],
  )
  assert.deepEqual(rows, [{ n: 0 }])
  assert.equal(await inState(stage, 'delivered'), vendor.records.length)
})

async function inState(stage: DeliveryStage, state: string): Promise<number> {
  const { rows } = await stage.pool.query<{ n: number }>('select count(*) as n from deliveries where state = $1', [
    state,
  ])
  return rows[0]?.n ?? -1
}

async function workerProcess(stage: DeliveryStage, vendor: RemoteVendor, name: string) {
  const child: ChildProcess = spawn(process.execPath, [script, stage.url, vendor.url, name], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout?.on('data', (chunk) => {
    said += chunk
  })
  await eventually(() => said.includes('ready'))
  return {
    process: child,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      await exited
    },
  }
}
