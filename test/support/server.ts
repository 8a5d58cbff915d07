import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createLog } from '../../src/log.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/store/embedded/postgres.ts'
import { sha256 } from '../../src/value/hash.ts'

/** Root's own folders are often closed to the user that the server then runs as; the temporary one is open to all. */
const checkout = fileURLToPath(new URL('../../', import.meta.url))
const DATA_FOLDER =
  process.getuid?.() === 0
    ? join(tmpdir(), `flowgate-test-${sha256(checkout).toString('hex').slice(0, 12)}`)
    : join(checkout, '.data/test')

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
