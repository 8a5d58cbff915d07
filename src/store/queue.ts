import { createHash } from 'node:crypto'
import { PgBoss } from 'pg-boss'
import type { Log } from '../log.ts'
import type { Sql } from './pool.ts'

/** A hint that a delivery may be due. The delivery's row is the truth: a job too many or too few harms nothing. */
export interface Job {
  readonly deliveryId: string
  readonly destination: string
  /** The `hinted_at` written to the delivery's row with this job: it names the job, so that a lost one is noticed. */
  readonly hintedAt: Date
  /** Not before. Default: at once. */
  readonly startAfter?: Date
  /** An operator sent the delivery again: those of its destination that were not come first. */
  readonly replayed?: boolean
}

export interface Queue {
  /** Adds jobs in the caller's transaction, one statement per destination: they exist if it commits, and wake a worker then. */
  send(jobs: readonly Job[], sql: Sql): Promise<void>
  /** Hands each job to `handler`, at most `atOnce` per destination at once in this process. A handler that rejects is given the job again. */
  work(destinations: readonly WorkedDestination[], handler: (deliveryId: string) => Promise<void>): Promise<void>
  /** Those of the jobs that nobody will run any more. */
  lost<Hint extends Job>(jobs: readonly Hint[], sql: Sql): Promise<readonly Hint[]>
  /** Takes no more jobs, waits for those in hand, then closes. Jobs in hand after `withinMs` are left for another process. */
  stop(options: { readonly withinMs: number }): Promise<void>
}

export interface WorkedDestination {
  readonly name: string
  /** Jobs at once in this process. */
  readonly atOnce: number
}

export interface QueueOptions {
  readonly url: string
  /** Reaches PostgreSQL itself where `url` is a pooler: LISTEN needs a session of its own. */
  readonly directUrl?: string | undefined
  readonly log: Log
  /** `send`: no LISTEN and no upkeep, for a process that only adds jobs. */
  readonly mode: 'send' | 'work'
}

// A killed worker is noticed when its job's heartbeat is this old; pg-boss allows no less.
const HEARTBEAT_SECONDS = 10
// Longer than any call may take (60 s), so that only a dead worker's job expires.
const EXPIRE_SECONDS = 120
// A job fails only when the database was out of reach. It is a hint, so it is given again as good as for ever.
const RETRY_LIMIT = 1_000_000
const DELETE_AFTER_SECONDS = 60
// pg-boss takes jobs of a higher priority first; that of all others is 0.
const AFTER_LIVE = -1

/** Creates pg-boss's own tables, or brings them up to date. Two processes at once are fine. */
export async function installQueue(url: string): Promise<void> {
  const boss = new PgBoss({
    connectionString: url,
    max: 1,
    supervise: false,
    schedule: false,
    application_name: 'flowgate-install',
  })
  boss.on('error', () => {})
  try {
    await boss.start()
  } finally {
    await boss.stop({ graceful: false })
  }
}

/** Connects to the queue that `installQueue` made. Troubles of pg-boss go to the log and never end the process. */
export async function createQueue({ url, directUrl, log, mode }: QueueOptions): Promise<Queue> {
  const works = mode === 'work'
  const boss = new PgBoss({
    connectionString: works ? (directUrl ?? url) : url,
    application_name: `flowgate-queue-${mode}`,
    max: works ? 4 : 1,
    migrate: false,
    schedule: false,
    supervise: works,
    useListenNotify: works,
    superviseIntervalSeconds: 1,
    monitorIntervalSeconds: 1,
    maintenanceIntervalSeconds: DELETE_AFTER_SECONDS,
    persistWarnings: false,
  })
  boss.on('error', (error) => log.error({ error }, 'queue.failed'))
  boss.on('warning', ({ message, data }) => log.warn({ message, data }, 'queue.warned'))
  await boss.start()
  const known = new Map<string, Promise<void>>()
  const ensure = (destination: string): Promise<void> => {
    const made = known.get(destination) ?? createDestinationQueue(boss, destination)
    known.set(destination, made)
    // A failed creation is tried again by the next caller.
    made.catch(() => known.delete(destination))
    return made
  }
  return {
    send: (jobs, sql) => send(boss, ensure, jobs, sql),
    work: async (destinations, handler) => {
      for (const { name, atOnce } of destinations) {
        await ensure(name)
        await work(boss, name, atOnce, handler)
      }
    },
    lost,
    stop: ({ withinMs }) => boss.stop({ graceful: true, timeout: withinMs }),
  }
}

/**
 * One queue per destination, so that each has exactly its own number of workers. In one queue with a group per
 * destination and tiers, pg-boss goes on fetching and putting back the jobs of a group at its limit until the highest
 * limit of all is reached, and a slow destination starves the others (docs/adr/0012, measured).
 */
function queueName(destination: string): string {
  return `deliver/${destination}`
}

async function createDestinationQueue(boss: PgBoss, destination: string): Promise<void> {
  await boss.createQueue(queueName(destination), {
    notify: true,
    heartbeatSeconds: HEARTBEAT_SECONDS,
    expireInSeconds: EXPIRE_SECONDS,
    retryLimit: RETRY_LIMIT,
    retryDelay: 1,
    deleteAfterSeconds: DELETE_AFTER_SECONDS,
  })
}

async function send(
  boss: PgBoss,
  ensure: (destination: string) => Promise<void>,
  jobs: readonly Job[],
  sql: Sql,
): Promise<void> {
  const db = { executeSql: (text: string, values?: unknown[]) => sql.query(text, values) }
  for (const [destination, its] of Map.groupBy(jobs, (job) => job.destination)) {
    await ensure(destination)
    const rows = its.map((job) => ({
      id: jobId(job),
      data: { deliveryId: job.deliveryId },
      ...(job.replayed ? { priority: AFTER_LIVE } : {}),
      ...(job.startAfter === undefined ? {} : { startAfter: job.startAfter.toISOString() }),
    }))
    await boss.insert(queueName(destination), rows, { db })
  }
}

async function work(
  boss: PgBoss,
  destination: string,
  atOnce: number,
  handler: (deliveryId: string) => Promise<void>,
): Promise<void> {
  const name = queueName(destination)
  await boss.work<{ deliveryId: string }>(
    name,
    { localConcurrency: atOnce, batchSize: 1, pollingIntervalSeconds: 0.5, notifyPollingIntervalSeconds: 1 },
    async (jobs) => {
      for (const job of jobs) await handler(job.data.deliveryId)
      // A worker of pg-boss sleeps after each job unless it was called meanwhile; those that had work look for more at once.
      for (const { id, name: at, count } of boss.getWipData()) if (at === name && count > 0) boss.notifyWorker(id)
    },
  )
}

async function lost<Hint extends Job>(jobs: readonly Hint[], sql: Sql): Promise<readonly Hint[]> {
  if (jobs.length === 0) return []
  const { rows } = await sql.query<{ id: string }>(
    `select wanted.id from unnest($1::text[], $2::uuid[]) as wanted (name, id)
     where exists (select 1 from pgboss.job where job.name = wanted.name and job.id = wanted.id and job.state <= 'active')`,
    [jobs.map((job) => queueName(job.destination)), jobs.map(jobId)],
  )
  const alive = new Set(rows.map((row) => row.id))
  return jobs.filter((job) => !alive.has(jobId(job)))
}

/** A UUID made from the delivery and its hint, so that the job of a hint can be looked up by its key. */
function jobId({ deliveryId, hintedAt }: Job): string {
  const hex = createHash('sha256').update(`${deliveryId} ${hintedAt.getTime()}`).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-')
}
