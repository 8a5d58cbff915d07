import { countAlerts } from '../analytics/count-alerts.ts'
import { createGiveBack } from '../ask/give-back.ts'
import { createMappings } from '../deliver/mappings.ts'
import { type RunningWorker, startWorker } from '../deliver/worker.ts'
import { newId } from '../id.ts'
import { createIdentifySubmissions } from '../identify/identify-submissions.ts'
import { createPurge } from '../store/purge.ts'
import { mediaOf } from './media-of.ts'
import type { Parts } from './parts.ts'
import type { Undoing } from './undoing.ts'

/** Starts the worker of this process: deliveries, and the chores that nobody waits for. */
export async function beginDelivering(parts: Parts, undoing: Undoing): Promise<RunningWorker> {
  const { environment, clock, log, pool, queue, configuration, registry, asker, metrics, alerts } = parts
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
    files: mediaOf(environment.allowHosts),
    onAttempted: ({ destination, result, durationSeconds }) => {
      metrics.deliveries.inc({ destination, outcome: result })
      metrics.attemptSeconds.observe({ destination }, durationSeconds)
    },
    chores: [
      createPurge(pool, clock),
      () => countAlerts(pool, metrics),
      createIdentifySubmissions({ pool, clock, log, alerts }),
      createGiveBack({ pool, clock, log, giveBack: (reservation) => asker.giveBack(reservation) }),
    ],
  })
  undoing.add((leftMs) => worker.stop({ withinMs: leftMs }))
  return worker
}
