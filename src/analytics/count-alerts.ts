import { readOpenAlerts } from '../store/alerts.ts'
import type { Sql } from '../store/pool.ts'
import type { Metrics } from './metrics.ts'

const SEVERITIES = ['warning', 'error'] as const

/** Shows at `/metrics` how many alerts are open, by severity. */
export async function countAlerts(sql: Sql, metrics: Pick<Metrics, 'openAlerts'>): Promise<void> {
  const open = await readOpenAlerts(sql)
  for (const severity of SEVERITIES) {
    metrics.openAlerts.set({ severity }, open.filter((alert) => alert.severity === severity).length)
  }
}
