import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { testDatabase } from '../support/database.ts'
import { meteredVendor } from '../support/metered-vendor.ts'

const PROCESS = fileURLToPath(new URL('./metered-process.ts', import.meta.url))
const PROCESSES = 4
const DELIVERIES = 5_000
const PER_SECOND = 300

test('four processes and 5,000 deliveries never exceed the account’s budget in any second', async (t) => {
  await using database = await testDatabase()
  await using vendor = await meteredVendor()
  const from = performance.now()
  await Promise.all(
    Array.from({ length: PROCESSES }, async () => {
      const argv = [database.url, vendor.url, String(PER_SECOND), String(DELIVERIES / PROCESSES)]
      const child = spawn(process.execPath, [PROCESS, ...argv], { stdio: ['ignore', 'inherit', 'inherit'] })
      const [code] = await once(child, 'exit')
      assert.equal(code, 0)
    }),
  )
  const seconds = (performance.now() - from) / 1_000
  const most = vendor.mostInASecond()
  t.diagnostic(`${seconds.toFixed(1)} s, at most ${most} requests in one second, of ${PER_SECOND}`)
  assert.equal(vendor.paths.length, DELIVERIES)
  assert.ok(most <= PER_SECOND, `${most} requests in one second`)
  assert.ok(most > PER_SECOND / 4, `the budget lay idle: at most ${most} requests in one second`)
})
