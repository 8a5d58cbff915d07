import { resolve } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'
import { createAlerts } from './alert/alerts.ts'
import { countAlerts } from './analytics/count-alerts.ts'
import { createMetrics } from './analytics/metrics.ts'
import { type Clock, systemClock } from './clock.ts'
import type { Configuration } from './config/configuration.ts'
import type { Environment } from './config/environment.ts'
import { formatIssue } from './config/format-issue.ts'
import { loadConfiguration } from './config/load.ts'
import { createMappings } from './deliver/mappings.ts'
import { type RunningWorker, startWorker } from './deliver/worker.ts'
import { newId } from './id.ts'
import { createLog, type Log } from './log.ts'
import { createAlertAside } from './receive/alert-aside.ts'
import { createAnswerExchange } from './receive/answer-exchange.ts'
import { stop as stopServer } from './receive/drain.ts'
import { loadPrivateKeys, type PrivateKey } from './receive/keys.ts'
import { createTokenMint } from './receive/mint-token.ts'
import type { ReadyCheck } from './receive/options.ts'
import { createRateLimiter } from './receive/rate-limiter.ts'
import { createServer } from './receive/server.ts'
import { tellEdge } from './receive/tell-edge.ts'
import { tellExchange } from './receive/tell-exchange.ts'
import { createPluginCatalogue } from './registry/catalogue.ts'
import { createRegistry } from './registry/registry.ts'
import { connectionTrouble } from './store/connection-trouble.ts'
import { EMBEDDED_FOLDER } from './store/embedded/folder.ts'
import { startEmbeddedPostgres } from './store/embedded/postgres.ts'
import { saveMapping } from './store/mappings.ts'
import { migrate } from './store/migrate.ts'
import { createPool } from './store/pool.ts'
import { createPurge } from './store/purge.ts'
import { createQueue, installQueue, type Queue } from './store/queue.ts'
import { settleRequestCounts } from './store/request-counts.ts'
import { createAccept } from './submit/accept.ts'

/** One process of the gateway, composed and running. */
export interface App {
  /** Where it listens, for example `http://0.0.0.0:8080`. */
  readonly url: string
  /** Not ready at once; exchanges and attempts in hand end within 20 s; then everything is closed. Harmless when called twice. */
  stop(): Promise<void>
}

/** A gateway cannot start like this. `message` says, a line each, what is wrong and what to do. */
export class StartError extends Error {
  override readonly name = 'StartError'
}

/** From the signal to the exit, with room for closing what is left; a container is usually killed after 25 or 30 s. */
const STOP_WITHIN_MS = 18_000
/** Exchanges answer within 10 s or nobody hears them; attempts get what is left. */
const EXCHANGES_WITHIN_MS = 9_000
/** Shorter than a person's answer may take: a statement that is stuck must not hold up those behind it for longer. */
const STATEMENT_WITHIN_MS = 3_000
/** Exchanges hold a connection for a few milliseconds each; attempts hold none while the vendor thinks. */
const CONNECTIONS = { web: 8, worker: 6, all: 12 } as const

/** Undone in reverse order, each once, whatever the others do. */
class Undoing {
  readonly #steps: ((leftMs: number) => Promise<unknown>)[] = []

  /** A step is told how long all that is left may take. */
  add(step: (leftMs: number) => Promise<unknown>): void {
    this.#steps.unshift(step)
  }

  async run(log: Log): Promise<void> {
    const deadline = performance.now() + STOP_WITHIN_MS
    for (const step of this.#steps.splice(0)) {
      await step(Math.max(0, deadline - performance.now())).catch((error: unknown) =>
        log.error({ error }, 'stop.failed'),
      )
    }
  }
}

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
  for (const { flow, mapping } of configuration.flows.values()) {
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
  const parts: Parts = { environment, clock, log, pool, queue, configuration, folder, metrics, alerts }
  undoing.add((leftMs) => queue.stop({ withinMs: leftMs }))
  if (role !== 'web') await beginDelivering(parts, undoing)
  const server = await buildServer(parts, keys)
  undoing.add(() => stopServer(server, { withinMs: EXCHANGES_WITHIN_MS }))
  const url = await server.listen({ host: environment.host, port: environment.port })
  log.info({ url, role, flows: [...configuration.flows.keys()], config: folder }, 'gateway.started')
  return url
}

interface Parts {
  readonly environment: Environment
  readonly clock: Clock
  readonly log: Log
  readonly pool: Pool
  readonly queue: Queue
  readonly configuration: Configuration
  readonly folder: string
  readonly metrics: ReturnType<typeof createMetrics>
  readonly alerts: ReturnType<typeof createAlerts>
}

function readKeys({ flowPrivateKeys, flowPrivateKeyPassphrase }: Environment): readonly PrivateKey[] {
  const many = flowPrivateKeys.length > 1
  const pems = flowPrivateKeys.map((pem, index) => ({
    label: many ? `FLOW_PRIVATE_KEY ${index + 1}` : 'FLOW_PRIVATE_KEY',
    pem,
  }))
  try {
    return loadPrivateKeys(pems, flowPrivateKeyPassphrase)
  } catch (error) {
    throw new StartError(error instanceof Error ? error.message : String(error), { cause: error })
  }
}

/** A process that calls no vendor needs none of their secrets. */
async function readConfiguration(folder: string, role: Environment['role'], log: Log): Promise<Configuration> {
  const secrets = role === 'web' ? 'placeholder' : 'required'
  const result = await loadConfiguration(folder, process.env, { plugins: createPluginCatalogue(folder), secrets })
  if (!result.ok) {
    const errors = result.issues.filter(({ severity }) => severity === 'error')
    throw new StartError([`The configuration in ${folder} has mistakes:`, ...errors.map(formatIssue)].join('\n'))
  }
  for (const issue of result.issues) log.warn({ issue: formatIssue(issue) }, 'configuration.advised')
  return result.configuration
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

function refuseMintedWithoutSecret({ secret }: Environment, { flows }: Configuration): void {
  if (secret !== undefined) return
  for (const { flow } of flows.values()) {
    if (flow.tokens !== 'minted') continue
    throw new StartError(
      `Flow ${flow.name} takes only minted tokens, and FLOWGATE_SECRET, which signs them, is not set.`,
    )
  }
}

async function embeddedDatabase(log: Log, undoing: Undoing): Promise<string> {
  const database = await startEmbeddedPostgres({ dataFolder: EMBEDDED_FOLDER, log })
  undoing.add(() => database.stop())
  log.info({ folder: EMBEDDED_FOLDER }, 'embedded_database.started')
  return database.url
}

async function beginDelivering(parts: Parts, undoing: Undoing): Promise<RunningWorker> {
  const { clock, log, pool, queue, configuration, folder, metrics, alerts } = parts
  const registry = createRegistry({ configuration: () => configuration, configurationFolder: folder, log, clock })
  undoing.add(() => registry.close())
  const worker = await startWorker({
    pool,
    queue,
    registry,
    mappings: createMappings(),
    configuration: () => configuration,
    alerts,
    clock,
    log,
    worker: newId('prc', clock.now()),
    random: Math.random,
    onAttempted: ({ destination, result, durationSeconds }) => {
      metrics.deliveries.inc({ destination, outcome: result })
      metrics.attemptSeconds.observe({ destination }, durationSeconds)
    },
    chores: [createPurge(pool, clock), () => countAlerts(pool, metrics)],
  })
  undoing.add((leftMs) => worker.stop({ withinMs: leftMs }))
  return worker
}

async function buildServer(parts: Parts, keys: readonly PrivateKey[]): Promise<FastifyInstance> {
  const { environment, clock, log, pool, queue, configuration, metrics, alerts } = parts
  const { role, rateLimitPerMinute, secret } = environment
  const base = {
    log,
    clock,
    metrics,
    ready: new Map<string, ReadyCheck>([
      ['database', async () => (await pool.query('select 1')).rowCount === 1],
      ['configuration', () => configuration.flows.size > 0],
      ...(role === 'worker' ? [] : [['keys', () => keys.length > 0] as const]),
    ]),
    summary: () => ({ role, flows: [...configuration.flows.keys()] }),
  }
  if (role === 'worker') return createServer(base)
  const alert = createAlertAside({ pool, log, alerts })
  const answerExchange = createAnswerExchange({
    pool,
    flows: () => configuration.flows,
    accept: createAccept({ pool, queue }),
    events: tellExchange({ log, metrics, alert }),
    secret,
  })
  const mint = createTokenMint({
    pool,
    clock,
    secret,
    knowsFlow: (name) => configuration.flows.has(name),
    fieldsOf: (name) => {
      const screens = configuration.flows.get(name)?.flow.screens.values() ?? []
      return new Set([...screens].flatMap(({ fields }) => [...fields.keys()]))
    },
  })
  const rateLimiter =
    rateLimitPerMinute === 'off'
      ? undefined
      : createRateLimiter({
          perMinute: rateLimitPerMinute,
          clock,
          log,
          settleCounts: (own) => settleRequestCounts(pool, own),
        })
  return createServer({
    ...base,
    endpoint: {
      secrets: environment.metaAppSecrets,
      keys,
      flows: () => configuration.flows,
      answerExchange,
      onEvent: tellEdge({ flows: () => configuration.flows, alert }),
      ...(rateLimiter === undefined ? {} : { rateLimiter }),
    },
    api: { token: environment.apiToken, mintToken: mint.mint },
  })
}
