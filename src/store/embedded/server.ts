import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { readlinkSync, realpathSync } from 'node:fs'
import { open, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import type { Log } from '../../log.ts'
import { StoreError } from '../store-error.ts'
import { asServerUser, type Cluster, OWNER } from './cluster.ts'
import { processIdentity } from './process-identity.ts'

const LOOK_AGAIN_AFTER_MS = 25
const START_IS_RETRIED_FOR_MS = 10_000
// Replaying the log of a long crash takes its time; this only bounds waiting for a server that hangs.
const RECOVERY_MAY_TAKE_MS = 300_000
const STOP_MAY_TAKE_MS = 20_000
const LOG_TAIL_BYTES = 4_000
const LOG_IS_CUT_AT_BYTES = 10_000_000
const WRONG_PASSWORD = '28P01'

/** What a server leaves in its data folder while it runs. */
interface Running {
  readonly pid: number
  readonly port: number
  readonly ready: boolean
}

/**
 * Resolves with the port of the cluster's server, which then answers. A server that runs already is adopted. A start that
 * fails, as it does while the processes of a killed server still end, is tried again for 10 s.
 */
export async function ensureServer(
  cluster: Cluster,
  settings: Readonly<Record<string, string>>,
  log: Log,
): Promise<number> {
  const retriedUntil = Date.now() + START_IS_RETRIED_FOR_MS
  for (;;) {
    const running = await findServer(cluster)
    if (running !== undefined && (await untilReady(cluster, running.pid))) {
      log.info({ pid: running.pid, port: running.port }, 'database.adopted')
      return running.port
    }
    const port = await freePort(cluster)
    const said = await tryStart(cluster, port, settings)
    if (said === undefined) {
      log.info({ port, folder: cluster.folder }, 'database.started')
      return port
    }
    if (Date.now() > retriedUntil) {
      throw new StoreError(
        'FG_STORE_EMBEDDED_POSTGRES_FAILED',
        `The embedded database in ${cluster.folder} did not start: ${said} ` +
          `More is in ${join(cluster.folder, 'server.log')}. Repair the cause, or set DATABASE_URL.`,
      )
    }
    await delay(LOOK_AGAIN_AFTER_MS * 10)
  }
}

/** Stops the cluster's server so that everything is on disk, ending its connections. Harmless where none runs. */
export async function stopServer(cluster: Cluster, log: Log): Promise<void> {
  const running = await findServer(cluster)
  if (running === undefined) return
  signal(running.pid, 'SIGINT')
  if (!(await gone(running.pid, STOP_MAY_TAKE_MS))) {
    log.warn({ pid: running.pid }, 'database.stopped-hard')
    signal(running.pid, 'SIGQUIT')
    await gone(running.pid, STOP_MAY_TAKE_MS)
  }
  log.info({ pid: running.pid }, 'database.stopped')
}

export function connectionUrl(cluster: Cluster, port: number, database: string): string {
  return `postgres://${OWNER}:${cluster.password}@127.0.0.1:${port}/${database}`
}

async function findServer(cluster: Cluster): Promise<Running | undefined> {
  const file = join(cluster.data, 'postmaster.pid')
  // Pid, data folder, start, port, socket folder, address, shared memory, state: one line each, the last ones later.
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n')
  const pid = Number(lines[0])
  if (!Number.isSafeInteger(pid) || pid <= 1) return undefined
  if (!servesCluster(pid, cluster.data)) {
    // Another program has that number by now (after a reboot, in a new container), or a killed server waits to be
    // reaped: PostgreSQL would not dare to start. A number that nobody has it passes over itself.
    if (exists(pid)) await rm(file, { force: true })
    return undefined
  }
  return { pid, port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' }
}

/** PostgreSQL's main process stays in its data folder for life, and is started with that folder's name. */
function servesCluster(pid: number, data: string): boolean {
  try {
    if (process.platform === 'linux') return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(data)
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).includes(data)
  } catch {
    return false
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function signal(pid: number, name: 'SIGINT' | 'SIGQUIT'): void {
  try {
    process.kill(pid, name)
  } catch {
    // It has ended meanwhile.
  }
}

/** Resolves with what the server said where it ended instead of becoming ready. */
async function tryStart(
  cluster: Cluster,
  port: number,
  settings: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  const output = await open(join(cluster.folder, 'server.log'), 'a+', 0o640)
  if ((await output.stat()).size > LOG_IS_CUT_AT_BYTES) await output.truncate()
  const before = (await output.stat()).size
  let ended: string | undefined
  try {
    const server = spawn(cluster.binaries.postgres, ['-D', cluster.data, ...flags(port, settings)], {
      ...asServerUser(cluster),
      // A process group of its own: Ctrl-C and a SIGTERM to ours must not stop the database while we still drain.
      detached: true,
      stdio: ['ignore', output.fd, output.fd],
    })
    onEnd(server, (why) => {
      ended = why
    })
    server.unref()
    if (await untilReady(cluster, server.pid ?? 0, () => ended !== undefined)) return undefined
    const { buffer, bytesRead } = await output.read(Buffer.alloc(LOG_TAIL_BYTES), 0, LOG_TAIL_BYTES, before)
    return `${ended ?? 'It does not answer'}. ${buffer.toString('utf8', 0, bytesRead).trim()}`
  } finally {
    await output.close()
  }
}

function onEnd(server: ChildProcess, told: (why: string) => void): void {
  server.once('error', (error) => told(error.message))
  server.once('exit', (status, signal) => told(`It ended with ${signal ?? `status ${status}`}`))
}

function flags(port: number, settings: Readonly<Record<string, string>>): string[] {
  const all: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '200',
    fsync: 'on',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // Details and failing statements quote what a person typed.
    log_error_verbosity: 'terse',
    log_min_error_statement: 'panic',
    ...settings,
  }
  return Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

/** Resolves with whether that process serves the cluster; `false` once it has ended or `gaveUp` says so. */
async function untilReady(cluster: Cluster, pid: number, gaveUp = () => exists(pid) === false): Promise<boolean> {
  const deadline = Date.now() + RECOVERY_MAY_TAKE_MS
  while (Date.now() < deadline && !gaveUp()) {
    const running = await findServer(cluster)
    if (running?.pid === pid && running.ready && (await answers(cluster, running.port))) return true
    await delay(LOOK_AGAIN_AFTER_MS)
  }
  return false
}

async function answers(cluster: Cluster, port: number): Promise<boolean> {
  const client = new pg.Client({
    connectionString: connectionUrl(cluster, port, 'postgres'),
    connectionTimeoutMillis: 2_000,
  })
  client.on('error', () => {})
  try {
    await client.connect()
    return true
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== WRONG_PASSWORD) return false
    throw new StoreError(
      'FG_STORE_PASSWORD_UNREADABLE',
      `The password in ${join(cluster.folder, 'password')} is not the embedded database's: restore the file from a backup.`,
      { cause: error },
    )
  } finally {
    await client.end().catch(() => {})
  }
}

/** The port used last, so that an operator's client keeps working, unless someone else has taken it. */
async function freePort(cluster: Cluster): Promise<number> {
  const file = join(cluster.folder, 'port')
  const last = Number(await readFile(file, 'utf8').catch(() => '0'))
  const port = (await tryListen(last)) ?? (await tryListen(0)) ?? 0
  await writeFile(file, `${port}\n`)
  return port
}

function tryListen(port: number): Promise<number | undefined> {
  return new Promise((settle) => {
    const server = createServer()
    server.once('error', () => settle(undefined))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address()
      server.close(() => settle(typeof address === 'object' && address !== null ? address.port : undefined))
    })
  })
}

async function gone(pid: number, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs
  while (processIdentity(pid) !== undefined) {
    if (Date.now() > deadline) return false
    await delay(LOOK_AGAIN_AFTER_MS)
  }
  return true
}
