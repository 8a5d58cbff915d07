import { resolve } from 'node:path'
import { createAlerts } from './alert/alerts.ts'
import { createMetrics } from './analytics/metrics.ts'
import { beginDelivering } from './app/begin-delivering.ts'
import { buildServer } from './app/build-server.ts'
import type { Parts } from './app/parts.ts'
import { pluginStores } from './app/plugin-stores.ts'
import { readConfiguration, readKeys, refuseMintedWithoutSecret } from './app/read-setup.ts'
import { StartError } from './app/start-error.ts'
import { Undoing } from './app/undoing.ts'
import { createAsker } from './ask/asker.ts'
import { type Clock, systemClock } from './clock.ts'
import type { Environment } from './config/environment.ts'
import { createLog, type Log } from './log.ts'
import { stop as stopServer } from './receive/drain.ts'
import { createRegistry } from './registry/registry.ts'
import { connectionTrouble } from './store/connection-trouble.ts'
import { EMBEDDED_FOLDER } from './store/embedded/folder.ts'
import { startEmbeddedPostgres } from './store/embedded/postgres.ts'
import { saveMapping } from './store/mappings.ts'
import { migrate } from './store/migrate.ts'
import { createPool } from './store/pool.ts'
import { createQueue, installQueue } from './store/queue.ts'

export { StartError } from './app/start-error.ts'

/** One process of the gateway, composed and running. */
export interface App {
  /** Where it listens, for example `http://0.0.0.0:8080`. */
  readonly url: string
  /** Not ready at once; exchanges and attempts in hand end within 20 s; then everything is closed. Harmless when called twice. */
  stop(): Promise<void>
}

/** Exchanges answer within 10 s or nobody hears them; attempts get what is left. */
const EXCHANGES_WITHIN_MS = 9_000
/** Shorter than a person's answer may take: a statement that is stuck must not hold up those behind it for longer. */
const STATEMENT_WITHIN_MS = 3_000
/** Exchanges hold a connection for a few milliseconds each; attempts hold none while the vendor thinks. */
const CONNECTIONS = { web: 8, worker: 6, all: 12 } as const

/** Starts one process: database, migrations, configuration, worker, then the HTTP server. Rejects with a StartError. */
export async function startApp(environment: Environment, clock: Clock = systemClock): Promise<App> {
  const log = createLog({ level: environment.logLevel, name: environment.role })
  const undoing = new Undoing()
  surviveRejections(log, undoing)
  try {
    const url = await compose(environment, clock, log, undoing)
    let stopping: Promise<void> | undefined
    return {
      url,
      stop() {
        stopping ??= undoing.run(log).then(() => log.info({}, 'gateway.stopped'))
        return stopping
      },
    }
  } catch (error) {
    await undoing.run(log)
    throw error
  }
}

/** A promise that some plugin let go must not end the exchanges and deliveries of all others. */
function surviveRejections(log: Log, undoing: Undoing): void {
  const hear = (error: unknown): void => log.error({ error }, 'rejection.unhandled')
  process.on('unhandledRejection', hear)
  undoing.add(async () => process.off('unhandledRejection', hear))
}

async function compose(environment: Environment, clock: Clock, log: Log, undoing: Undoing): Promise<string> {
  const { role } = environment
  const web = role !== 'worker'
  const keys = web ? readKeys(environment) : []
  const folder = resolve(environment.configFolder)
  const configuration = await readConfiguration(folder, role, log)
  if (web) refuseMintedWithoutSecret(environment, configuration)
  const databaseUrl = environment.databaseUrl ?? (await embeddedDatabase(log, undoing))
  const pool = createPool({
    url: databaseUrl,
    max: CONNECTIONS[role],
    name: role,
    log,
    pooled: environment.databaseDirectUrl !== undefined,
    ...(web ? { statementTimeoutMs: STATEMENT_WITHIN_MS } : {}),
  })
  undoing.add(() => pool.end())
  await reached('DATABASE_URL', databaseUrl, () => migrate(pool, log))
  const { databaseDirectUrl } = environment
  if (databaseDirectUrl === undefined) await installQueue(databaseUrl)
  else await reached('DATABASE_DIRECT_URL', databaseDirectUrl, () => installQueue(databaseDirectUrl))
  for (const { flow, mapping } of [...configuration.flows.values()].flatMap(({ versions }) => [...versions.values()])) {
    if (mapping !== undefined) {
      await saveMapping(pool, { hash: mapping.hash, flow: flow.name, content: mapping.content }, clock.now())
    }
  }
  const queue = await createQueue({
    url: databaseUrl,
    directUrl: environment.databaseDirectUrl,
    log,
    mode: role === 'web' ? 'send' : 'work',
  })
  const metrics = createMetrics({ process: true })
  const alerts = createAlerts(clock)
  const registry = createRegistry({
    configuration: () => configuration,
    configurationFolder: folder,
    allowHosts: environment.allowHosts,
    log,
    clock,
    ...pluginStores(pool, environment.secret, log),
  })
  undoing.add(() => registry.close())
  const asker = createAsker({
    registry,
    configuration: () => configuration,
    pool,
    clock,
    log,
    onAsked: ({ source, outcome, seconds }) => {
      metrics.sourceQuestions.inc({ source, outcome })
      metrics.sourceSeconds.observe({ source }, seconds)
    },
  })
  undoing.add(() => asker.close())
  const parts: Parts = { environment, clock, log, pool, queue, configuration, registry, asker, metrics, alerts }
  undoing.add((leftMs) => queue.stop({ withinMs: leftMs }))
  if (role !== 'web') await beginDelivering(parts, undoing)
  const server = await buildServer(parts, keys)
  undoing.add(() => stopServer(server, { withinMs: EXCHANGES_WITHIN_MS }))
  const url = await server.listen({ host: environment.host, port: environment.port })
  log.info({ url, role, flows: [...configuration.flows.keys()], config: folder }, 'gateway.started')
  return url
}

/** The first to talk to a database says it in the doctor's words where the variable leads nowhere. */
async function reached(variable: string, url: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    const trouble = connectionTrouble(error, url)
    throw trouble === undefined ? error : new StartError(`${variable}: ${trouble}`, { cause: error })
  }
}

async function embeddedDatabase(log: Log, undoing: Undoing): Promise<string> {
  const database = await startEmbeddedPostgres({ dataFolder: EMBEDDED_FOLDER, log })
  undoing.add(() => database.stop())
  log.info({ folder: EMBEDDED_FOLDER }, 'embedded_database.started')
  return database.url
}
