import { pluginStores } from '../../src/app/plugin-stores.ts'
import { systemClock } from '../../src/clock.ts'
import { createLog } from '../../src/log.ts'
import { callWithin } from '../../src/registry/call-within.ts'
import { createRegistry } from '../../src/registry/registry.ts'
import { createPool } from '../../src/store/pool.ts'
import { configurationOf, pluginFolder } from '../deliver/delivery-stage.ts'

// A process of its own that delivers as often as it is told: node metered-process.ts <database> <vendor> <per second> <times>
const [url = '', vendor = '', perSecond = '', times = ''] = process.argv.slice(2)
const log = createLog({ level: 'warn' })
const configuration = configurationOf({
  crm: { plugin: './metered', config: { url: vendor, requests: Number(perSecond), perSeconds: 1 } },
})
const pool = createPool({ url, max: 4, name: 'metered', log })
const registry = createRegistry({
  configuration: () => configuration,
  configurationFolder: pluginFolder,
  allowHosts: [{ kind: 'range', address: '127.0.0.1', bits: 32 }],
  log,
  clock: systemClock,
  ...pluginStores(pool, undefined, log),
})
const { instance } = await registry.crm('crm')
const record = { id: 'contact', object: 'contacts', operation: 'create', fields: {}, links: [] } as const
const limits = { deadlineMs: 60_000, stopping: new AbortController().signal, onLate: () => {} }
let left = Number(times)

async function deliverOneAfterTheOther(): Promise<void> {
  while (left > 0) {
    left -= 1
    const call = { idempotencyKey: `${process.pid}.${left}`, attempt: 1, uncertain: false, resend: false }
    const called = await callWithin((signal) => instance.deliver(record, { ...call, signal }), limits)
    if (called.kind !== 'answered') throw new Error(`not delivered: ${called.kind}`, { cause: called })
  }
}

await Promise.all(Array.from({ length: 40 }, deliverOneAfterTheOther))
await registry.close()
await pool.end()
