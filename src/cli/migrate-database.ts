import { migrate } from '../store/migrate.ts'
import { installQueue } from '../store/queue.ts'
import { atDesk } from './desk.ts'
import type { Outcome } from './outcome.ts'

/** Applies the migrations that are missing and installs the queue. Harmless when repeated, also beside a running gateway. */
export function migrateDatabase(env: Readonly<Record<string, string | undefined>>): Promise<Outcome> {
  return atDesk(env, async ({ pool, log, environment, databaseUrl }) => {
    const applied = await migrate(pool, log)
    await installQueue(environment.databaseDirectUrl ?? databaseUrl)
    const text = applied === 0 ? 'The tables are up to date.' : `${applied} migrations applied.`
    return { ok: true, text, json: { ok: true, applied } }
  })
}
