import { createAlerts } from '../../src/alert/alerts.ts'
import { pluginStores } from '../../src/app/plugin-stores.ts'
import { systemClock } from '../../src/clock.ts'
import { createMappings } from '../../src/deliver/mappings.ts'
import { startWorker } from '../../src/deliver/worker.ts'
import { createLog } from '../../src/log.ts'
import { createRegistry } from '../../src/registry/registry.ts'
import { createPool } from '../../src/store/pool.ts'
import { createQueue } from '../../src/store/queue.ts'
import { configurationOf, pluginFolder } from './delivery-stage.ts'

// A worker process of its own, with the CRM's budget: node metered-worker.ts <database> <vendor> <per second> <name>
const [url = '', vendor = '', perSecond = '', worker = ''] = process.argv.slice(2)
const log = createLog({ level: 'warn' })
const clock = systemClock
const configuration = configurationOf({
  crm: { plugin: './metered', config: { url: vendor, requests: Number(perSecond), perSeconds: 1 }, atOnce: 40 },
})
const pool = createPool({ url, max: 6, name: 'worker', log })
const registry = createRegistry({
  configuration: () => configuration,
  configurationFolder: pluginFolder,
  allowHosts: [{ kind: 'range', address: '127.0.0.1', bits: 32 }],
  log,
  clock,
  ...pluginStores(pool, undefined, log),
})
const running = await startWorker({
  pool,
  queue: await createQueue({ url, log, mode: 'work' }),
  registry,
  mappings: createMappings(),
  configuration: () => configuration,
  alerts: createAlerts(clock),
  clock,
  log,
  worker,
  random: Math.random,
  onAttempted: () => {},
})
process.on('SIGTERM', async () => {
  await running.stop({ withinMs: 20_000 })
  await registry.close()
  await pool.end()
})
process.stdout.write('ready\n')
