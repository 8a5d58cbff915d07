import type { Clock } from '../clock.ts'
import { newId } from '../id.ts'
import type { JsonObject } from '../plugin/json.ts'
import { closeAlert, openAlert } from '../store/alerts.ts'
import type { Sql } from '../store/pool.ts'
import { type Condition, conditionText } from './conditions.ts'

/** What an operator is told. Never a person's answers, never a secret. */
export interface AlertContent {
  readonly severity: 'warning' | 'error'
  /** One line: what is wrong, and where. */
  readonly title: string
  /** Why, and what to do, for example with which command. */
  readonly text: string
  /** Short facts beside it; their keys are shown as labels. One named `link` is an address that people can open. */
  readonly facts?: JsonObject
}

export interface Alerts {
  /** Opens the alert of a condition, or counts it again while it is open. Takes part in the caller's transaction. */
  open(condition: Condition, content: AlertContent, sql: Sql): Promise<void>
  /** Closes the open alert of a condition, if there is one. Takes part in the caller's transaction. */
  close(condition: Condition, sql: Sql): Promise<void>
}

/** Operators' alerts, kept in the database: whichever process works through deliveries tells of each once when it opens and once when it closes. */
export function createAlerts(clock: Clock): Alerts {
  return {
    async open(condition, { severity, title, text, facts = {} }, sql) {
      const now = clock.now()
      const alert = { id: newId('alr', now), condition: conditionText(condition), severity, title, text, facts }
      await openAlert(sql, alert, now)
    },
    close: (condition, sql) => closeAlert(sql, conditionText(condition), clock.now()),
  }
}
