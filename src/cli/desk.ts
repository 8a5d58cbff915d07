import type { Pool } from 'pg'
import type { Environment } from '../config/environment.ts'
import { createLog, type Log } from '../log.ts'
import { connectionTrouble } from '../store/connection-trouble.ts'
import { EMBEDDED_FOLDER } from '../store/embedded/folder.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../store/embedded/postgres.ts'
import { createPool } from '../store/pool.ts'
import { createQueue, type Queue } from '../store/queue.ts'
import { commandEnvironment } from './environment.ts'
import { CommandError } from './outcome.ts'

/** What a command that works on the gateway's database is given. */
export interface Desk {
  readonly environment: Environment
  readonly databaseUrl: string
  readonly pool: Pool
  readonly log: Log
}

/** PostgreSQL's `undefined_table` and `invalid_schema_name`. */
const NO_TABLES = new Set(['42P01', '3F000'])

/**
 * Opens the database the gateway uses, does some work and closes it again; the embedded one is started, or adopted where
 * a gateway has it running. Rejects with a CommandError where the environment or the database is not usable.
 */
export async function atDesk<Result>(
  env: Readonly<Record<string, string | undefined>>,
  work: (desk: Desk) => Promise<Result>,
): Promise<Result> {
  const environment = commandEnvironment(env)
  const log = createLog({ level: 'silent' })
  let embedded: EmbeddedPostgres | undefined
  if (environment.databaseUrl === undefined) {
    embedded = await startEmbeddedPostgres({ dataFolder: EMBEDDED_FOLDER, log })
  }
  const databaseUrl = environment.databaseUrl ?? embedded?.url ?? ''
  const pooled = environment.databaseDirectUrl !== undefined
  const pool = createPool({ url: databaseUrl, max: 2, name: 'cli', pooled })
  try {
    return await work({ environment, databaseUrl, pool, log })
  } catch (error) {
    throw inWords(error, databaseUrl)
  } finally {
    await pool.end()
    await embedded?.stop()
  }
}

/** Lends a queue that sends jobs and works on none. */
export async function withQueue<Result>(
  { databaseUrl, log }: Desk,
  work: (queue: Queue) => Promise<Result>,
): Promise<Result> {
  const queue = await createQueue({ url: databaseUrl, log, mode: 'send' })
  try {
    return await work(queue)
  } finally {
    await queue.stop({ withinMs: 5_000 })
  }
}

function inWords(error: unknown, databaseUrl: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (NO_TABLES.has(code)) {
    const message = 'The database has no tables of the gateway yet. Run "flowgate migrate", or start the gateway once.'
    return new CommandError('FG_CLI_NOT_MIGRATED', message, { cause: error })
  }
  const trouble = error instanceof CommandError ? undefined : connectionTrouble(error, databaseUrl)
  if (trouble === undefined) return error
  return new CommandError('FG_CLI_DATABASE', `DATABASE_URL: ${trouble}`, { cause: error })
}
