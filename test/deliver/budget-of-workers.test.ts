import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { MappingFile } from '../../src/config/schema/mapping.ts'
import { eventually } from '../support/eventually.ts'
import { mappingOf } from '../support/flow.ts'
import { meteredVendor } from '../support/metered-vendor.ts'
import { type DeliveryStage, deliveryStage } from './delivery-stage.ts'

const WORKER = fileURLToPath(new URL('./metered-worker.ts', import.meta.url))
const WORKERS = 4
const DELIVERIES = 600
/** Well below what these workers could do on any machine, so that nothing but the budget holds them back. */
const PER_SECOND = 40

const mapping: MappingFile = {
  records: [
    { id: 'contact', to: 'crm', object: 'contacts', operation: 'create', fields: { email: { from: 'form.email' } } },
  ],
}

async function workerProcess(stage: DeliveryStage, url: string, name: string): Promise<AsyncDisposable> {
  const argv = [WORKER, stage.url, url, String(PER_SECOND), name]
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit').then(() => assert.fail(`the worker ${name} did not start`))
  await Promise.race([once(child.stdout, 'data'), ended])
  ended.catch(() => {})
  return {
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      if (child.exitCode === null) await once(child, 'exit')
    },
  }
}

test('four workers share the account’s budget, and nothing is lost, sent twice or counted as an attempt', async (t) => {
  await using vendor = await meteredVendor()
  await using stage = await deliveryStage()
  for (let index = 0; index < DELIVERIES; index += 1) await stage.submit(undefined, mappingOf(mapping))
  const names = Array.from({ length: WORKERS }, (_, index) => `prc_${index}`)
  await using workers = new AsyncDisposableStack()
  const started = names.map(async (name) => workers.use(await workerProcess(stage, vendor.url, name)))
  await Promise.all(started)
  await eventually(() => vendor.paths.length >= DELIVERIES, { withinMs: 90_000 })
  await workers.disposeAsync()
  assert.equal(vendor.paths.length, DELIVERIES)
  assert.equal(new Set(vendor.paths).size, DELIVERIES)
  const most = vendor.mostInASecond()
  t.diagnostic(`at most ${most} requests in one second, of ${PER_SECOND}`)
  assert.ok(most <= PER_SECOND, `${most} requests in one second`)
  assert.ok(most > PER_SECOND / 4, `the budget lay idle: at most ${most} requests in one second`)
  const { rows } = await stage.pool.query(
    `select count(distinct worker) as workers, (select max(counted) from deliveries) as counted from attempts`,
  )
  assert.deepEqual(rows, [{ workers: WORKERS, counted: 0 }])
})
