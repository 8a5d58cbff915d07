import type { Pool } from 'pg'
import type { Alerts } from '../alert/alerts.ts'
import type { Metrics } from '../analytics/metrics.ts'
import type { Asker } from '../ask/asker.ts'
import type { Clock } from '../clock.ts'
import type { Configuration } from '../config/configuration.ts'
import type { Environment } from '../config/environment.ts'
import type { Log } from '../log.ts'
import type { Registry } from '../registry/registry.ts'
import type { Queue } from '../store/queue.ts'

/** What the web side and the worker side of one process are both made of. */
export interface Parts {
  readonly environment: Environment
  readonly clock: Clock
  readonly log: Log
  readonly pool: Pool
  readonly queue: Queue
  readonly configuration: Configuration
  readonly registry: Registry
  readonly asker: Asker
  readonly metrics: Metrics
  readonly alerts: Alerts
}
