import { fileURLToPath } from 'node:url'
import { createLog } from '../../src/log.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/store/embedded-postgres.ts'

const DATA_FOLDER = fileURLToPath(new URL('../../.data/test', import.meta.url))

/**
 * The PostgreSQL of the tests, shared by all that run at the same time. It is told not to wait for the disk: no test of
 * ours outlives the machine, and those that kill a database server start one of their own.
 */
export function startTestServer(): Promise<EmbeddedPostgres> {
  return startEmbeddedPostgres({
    dataFolder: DATA_FOLDER,
    log: createLog({ level: 'warn', name: 'test' }),
    settings: { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' },
  })
}
