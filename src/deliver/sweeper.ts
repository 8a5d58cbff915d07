import {
  claimHealthChecks,
  type DestinationState,
  lockDestination,
  readDestination,
  readDestinations,
  saveDestination,
} from '../store/destinations.ts'
import { chooseProbe, readAddressed, readStale, rehint, type SweepCursor } from '../store/due.ts'
import { inTransaction } from '../store/pool.ts'
import { askHealth } from './ask.ts'
import { waitsForPerson } from './by-hand.ts'
import { type Delivering, leaseEnd } from './delivering.ts'
import { promoteMissed, sendLate } from './late.ts'
import { pauseForFailure, resumeDestination } from './pause.ts'
import { healthDelaySeconds } from './schedule.ts'
import { wake } from './wake.ts'

export interface Sweeper {
  /** Sweeps once, asking nobody but the database. Each step is tried whatever became of the others; troubles go to the log. */
  sweep(): Promise<void>
  /**
   * Asks once those paused destinations whose time has come for their health: as long as the slowest of them takes. One that
   * waits for a person is asked nothing while its settings are the same.
   */
  askPaused(): Promise<void>
}

// A job that has not run this long after it was sent may be lost, and is looked for.
const STALE_AFTER_MS = 30_000
const STALE_AT_ONCE = 500

/**
 * Sees to it that every due delivery has a job, whatever became of its last one: jobs are hints and may be lost. Also
 * sends the probes of open circuits, messages that are late, and resumes paused destinations. Several processes may sweep
 * at once.
 */
export function createSweeper(delivering: Delivering, stopping: AbortSignal): Sweeper {
  let cursor: SweepCursor | undefined
  let waitingFrom = ''
  const { pool, queue, clock, log, configuration } = delivering

  async function pauseUnconfigured(): Promise<void> {
    for (const name of await readAddressed(pool)) {
      if (configuration().destinations.has(name)) continue
      await inTransaction(pool, (sql) =>
        pauseForFailure(delivering, sql, name, {
          kind: 'permanent',
          scope: 'destination',
          code: 'FG_DESTINATION_UNKNOWN',
          message: `Deliveries are addressed to ${name}, which is not configured: add it to destinations.yaml again, or replay them with the newest mapping.`,
        }),
      )
    }
  }

  async function probe(open: readonly string[]): Promise<void> {
    for (const name of open) {
      await inTransaction(pool, async (sql) => {
        const job = await chooseProbe(sql, name, clock.now())
        if (job !== undefined) await queue.send([job], sql)
      })
    }
  }

  async function findLost(open: readonly string[]): Promise<void> {
    const now = clock.now()
    const hintedBefore = new Date(now.getTime() - STALE_AFTER_MS)
    const query = { destinations: open, hintedBefore, now, after: cursor, limit: STALE_AT_ONCE }
    const stale = await readStale(pool, query)
    // A page at a time, then from the start again: a long backlog whose jobs all wait costs the same every second.
    cursor = stale.length < STALE_AT_ONCE ? undefined : stale.at(-1)
    const lost = await queue.lost(stale, pool)
    if (lost.length === 0) return
    await inTransaction(pool, async (sql) => {
      const jobs = await rehint(sql, lost, now)
      await queue.send(jobs, sql)
      log.warn({ count: jobs.length }, 'jobs.recreated')
    })
  }

  async function askPaused(): Promise<void> {
    const now = clock.now()
    const names = await claimHealthChecks(pool, now, leaseEnd(configuration(), '', now))
    await Promise.all(names.map((name) => step('health', () => askOne(name))))
  }

  async function askOne(name: string): Promise<void> {
    const { pausedBy, failure } = await readDestination(pool, name)
    // Resumed since it was claimed: what pauses it next is not what this would ask about.
    if (pausedBy !== 'failure') return
    if (await waitsForPerson(failure, configuration().destinations.get(name))) return await askAgainLater(name)
    const health = await askHealth(delivering, name, stopping)
    if (health.ok) await resumeDestination(delivering, name, 'health', failure)
    else await askAgainLater(name)
  }

  async function askAgainLater(name: string): Promise<void> {
    await inTransaction(pool, async (sql) => {
      const now = clock.now()
      const state = await lockDestination(sql, name, now)
      if (state.pausedBy !== 'failure') return
      const troubledForSeconds = (now.getTime() - (state.changedAt ?? now).getTime()) / 1_000
      const healthAt = new Date(now.getTime() + healthDelaySeconds(troubledForSeconds) * 1_000)
      await saveDestination(sql, name, { ...state, healthAt }, now)
    })
  }

  async function step(name: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work()
    } catch (error) {
      log.error({ step: name, error }, 'sweep.failed')
    }
  }

  return {
    async sweep() {
      const now = clock.now()
      let states: ReadonlyMap<string, DestinationState> = new Map()
      await step('destinations', async () => {
        await pauseUnconfigured()
        states = await readDestinations(pool)
      })
      const names = [...configuration().destinations.keys()]
      const taking = names.filter((name) => takes(states.get(name), now))
      const toProbe = names.filter((name) => wantsProbe(states.get(name), now))
      await step('late', () => sendLate(delivering))
      await step('missed', async () => {
        waitingFrom = await promoteMissed(delivering, waitingFrom)
      })
      await step('wake', () => wake(delivering, taking))
      await step('probe', () => probe(toProbe))
      await step('lost', () => findLost(taking))
    },
    askPaused: () => step('health', askPaused),
  }
}

function takes(state: DestinationState | undefined, now: Date): boolean {
  if (state === undefined) return true
  const blocked = state.blockedUntil !== undefined && state.blockedUntil > now
  return !state.paused && state.openSince === undefined && !blocked
}

function wantsProbe(state: DestinationState | undefined, now: Date): boolean {
  if (state === undefined || state.paused || state.openSince === undefined) return false
  const blocked = state.blockedUntil !== undefined && state.blockedUntil > now
  return !blocked && state.probeAt !== undefined && state.probeAt <= now
}
