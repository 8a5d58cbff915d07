import type { Pool } from 'pg'
import type { AlertContent, Alerts } from '../alert/alerts.ts'
import type { Condition } from '../alert/conditions.ts'
import type { Log } from '../log.ts'

/** Opens the alert of a condition beside the request path: at once, without anybody waiting for it. */
export type AlertAside = (condition: Condition, content: AlertContent) => void

/**
 * Writes each condition's alert once at a time, and once more for whatever came meanwhile: a screen that every person
 * runs into must not keep the database from answering them.
 */
export function createAlertAside(options: {
  readonly pool: Pool
  readonly log: Log
  readonly alerts: Pick<Alerts, 'open'>
}): AlertAside {
  const { pool, log, alerts } = options
  /** By condition, what is to be written after the alert now being written. */
  const writing = new Map<string, AlertContent | undefined>()

  async function write(key: string, condition: Condition, first: AlertContent): Promise<void> {
    let content: AlertContent | undefined = first
    while (content !== undefined) {
      writing.set(key, undefined)
      await alerts
        .open(condition, content, pool)
        .catch((error: unknown) => log.error({ condition, error }, 'alert.lost'))
      content = writing.get(key)
    }
    writing.delete(key)
  }

  return (condition, content) => {
    const key = JSON.stringify(condition)
    if (writing.has(key)) writing.set(key, content)
    else void write(key, condition, content)
  }
}
