import { connectionTrouble } from '../store/connection-trouble.ts'
import { migrate } from '../store/migrate.ts'
import { installQueue } from '../store/queue.ts'
import { atDesk } from './desk.ts'
import { CommandError, type Outcome } from './outcome.ts'

/** Applies the migrations that are missing and installs the queue. Harmless when repeated, also beside a running gateway. */
export function migrateDatabase(env: Readonly<Record<string, string | undefined>>): Promise<Outcome> {
  return atDesk(env, async ({ pool, log, environment, databaseUrl }) => {
    const applied = await migrate(pool, log)
    await makeQueue(environment.databaseDirectUrl, databaseUrl)
    const text = applied === 0 ? 'The tables are up to date.' : `${applied} migrations applied.`
    return { ok: true, text, json: { ok: true, applied } }
  })
}

/** Past a pooler where there is one: its own address may be wrong although the pooler's is right. */
async function makeQueue(directUrl: string | undefined, url: string): Promise<void> {
  if (directUrl === undefined) return installQueue(url)
  try {
    await installQueue(directUrl)
  } catch (error) {
    const trouble = connectionTrouble(error, directUrl)
    if (trouble === undefined) throw error
    throw new CommandError('FG_CLI_DATABASE', `DATABASE_DIRECT_URL: ${trouble}`, { cause: error })
  }
}
