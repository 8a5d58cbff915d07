import { createAlerts } from '../../src/alert/alerts.ts'
import { systemClock } from '../../src/clock.ts'
import { createMappings } from '../../src/deliver/mappings.ts'
import { startWorker } from '../../src/deliver/worker.ts'
import { createLog } from '../../src/log.ts'
import { createRegistry } from '../../src/registry/registry.ts'
import { createPool } from '../../src/store/pool.ts'
import { createQueue } from '../../src/store/queue.ts'
import { configurationOf, pluginFolder } from './delivery-stage.ts'

// A worker process of its own for tests that kill it: node worker-process.ts <database> <vendor> <name>
const [url = '', vendor = '', worker = ''] = process.argv.slice(2)
const log = createLog({ level: 'info' })
const clock = systemClock
const settings = { crm: { plugin: './remote', config: { url: vendor }, answerWithinMs: 3_000 } }
const configuration = configurationOf(settings)
const pool = createPool({ url, max: 6, name: 'worker', log })
const registry = createRegistry({ configuration: () => configuration, configurationFolder: pluginFolder, log, clock })
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
