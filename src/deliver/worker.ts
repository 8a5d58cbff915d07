import { setTimeout as delay } from 'node:timers/promises'
import { reconcileAlerts } from '../alert/reconcile.ts'
import { createTeller } from '../alert/tell.ts'
import { attemptDelivery } from './attempt.ts'
import type { Delivering } from './delivering.ts'
import { createSweeper } from './sweeper.ts'

export type WorkerOptions = Delivering & {
  /** Each done about once a second, for example deleting what has expired. What they throw goes to the log. */
  readonly chores?: readonly (() => Promise<void>)[]
}

export interface RunningWorker {
  /**
   * Takes no new jobs and resolves when the attempts in hand have ended. Those still under way 2 s before `withinMs` are
   * broken off and given back. Closes the queue; harmless when called twice.
   */
  stop(options: { readonly withinMs: number }): Promise<void>
}

const SWEEP_EVERY_MS = 1_000
const GIVE_BACK_MS = 2_000

/** Starts delivering: takes jobs, sweeps, and tells operators of alerts, until stopped. */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  const { queue, log, configuration, chores = [] } = options
  const sweeping = new AbortController()
  const calling = new AbortController()
  const destinations = [...configuration().destinations.values()]
  await queue.work(destinations, async (deliveryId) => {
    try {
      await attemptDelivery(options, deliveryId, calling.signal)
    } catch (error) {
      // The queue only notes it with the job, where no operator looks, and gives the job again.
      log.error({ deliveryId, error }, 'attempt.failed')
      throw error
    }
  })

  const sweeper = createSweeper(options, calling.signal)
  const teller = createTeller(options, calling.signal)
  const rounds = [sweeper.sweep, sweeper.askPaused, () => reconcileAlerts(options), teller.tell, ...chores]
  const sweeps = rounds.map((round) => repeat(round, sweeping.signal, (error) => log.error({ error }, 'sweep.failed')))

  async function stop({ withinMs }: { readonly withinMs: number }): Promise<void> {
    sweeping.abort()
    const timer = setTimeout(() => calling.abort(), Math.max(0, withinMs - GIVE_BACK_MS))
    try {
      await Promise.all([queue.stop({ withinMs }), ...sweeps])
    } finally {
      clearTimeout(timer)
      calling.abort()
    }
  }
  let stopped: Promise<void> | undefined
  return {
    stop(how) {
      stopped ??= stop(how)
      return stopped
    },
  }
}

/** Each round by itself: one that waits for a vendor, to ask or to tell it something, holds up no other. */
async function repeat(
  round: () => Promise<void>,
  stopping: AbortSignal,
  onError: (error: unknown) => void,
): Promise<void> {
  while (!stopping.aborted) {
    await round().catch(onError)
    await delay(SWEEP_EVERY_MS, undefined, { signal: stopping }).catch(() => {})
  }
}
