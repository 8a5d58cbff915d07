import { join, resolve } from 'node:path'
import pg from 'pg'
import type { Log } from '../../log.ts'
import { type Cluster, OWNER, openCluster, prepareFolder } from './cluster.ts'
import { withFileLock } from './file-lock.ts'
import { connectionUrl, ensureServer, stopServer } from './server.ts'
import { enter, leave } from './users.ts'

const LOCK_WITHIN_MS = 60_000

export interface EmbeddedPostgresOptions {
  /** Holds the database and all that belongs to it; made where it is missing. */
  readonly dataFolder: string
  readonly log: Log
  /** Server settings in place of ours, for example `{ fsync: 'off' }` where nothing is worth keeping. */
  readonly settings?: Readonly<Record<string, string>>
}

export interface EmbeddedPostgres {
  /** Of a database of our own, with its superuser: holds the password, never log it. */
  readonly url: string
  /** Stops the server, unless another process still uses it. Harmless when called twice. */
  stop(): Promise<void>
}

/**
 * A real PostgreSQL 18 on 127.0.0.1, kept in a folder: created, started, or adopted where it runs already. Processes that
 * name the same folder share one server; it outlives all of them but the last to stop, and also a killed one.
 * Rejects with a `StoreError` that names the cure.
 */
export async function startEmbeddedPostgres({
  dataFolder,
  log,
  settings = {},
}: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const folder = resolve(dataFolder)
  const lock = join(folder, 'lock')
  await prepareFolder(folder)
  const { cluster, url, entry } = await withFileLock(lock, LOCK_WITHIN_MS, async () => {
    const cluster = await openCluster(folder)
    const port = await ensureServer(cluster, settings, log)
    await ensureDatabase(cluster, port)
    return { cluster, url: connectionUrl(cluster, port, OWNER), entry: await enter(folder) }
  })
  const stop = () =>
    withFileLock(lock, LOCK_WITHIN_MS, async () => {
      if (await leave(folder, entry)) await stopServer(cluster, log)
    })
  let stopping: Promise<void> | undefined
  return {
    url,
    stop() {
      stopping ??= stop()
      return stopping
    },
  }
}

/** Asked at every start: the process that created the cluster may have died before it came to this. */
async function ensureDatabase(cluster: Cluster, port: number): Promise<void> {
  const client = new pg.Client({ connectionString: connectionUrl(cluster, port, 'postgres') })
  await client.connect()
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [OWNER])
    if (rowCount === 0) await client.query(`create database ${OWNER}`)
  } finally {
    await client.end()
  }
}
