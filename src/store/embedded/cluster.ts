import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, chown, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { StoreError } from '../store-error.ts'
import { type Account, assertReachable, serverAccount } from './account.ts'
import { type Binaries, findBinaries } from './binaries.ts'

const run = promisify(execFile)

/** The superuser of an embedded server, and the database made for us. */
export const OWNER = 'flowgate'

/** A data folder that holds a PostgreSQL cluster, whether or not its server runs. */
export interface Cluster {
  /** Ours: password, port, log, lock, and who uses it. */
  readonly folder: string
  /** PostgreSQL's own. */
  readonly data: string
  readonly password: string
  readonly binaries: Binaries
  readonly account: Account | undefined
}

/** Makes the folder as PostgreSQL's user needs it; to be called before its lock is taken. */
export async function prepareFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true })
  if (process.getuid?.() !== 0 || first === undefined) return
  // What root makes under a strict umask would be closed to the user that the server runs as.
  for (let made = folder; made.length >= first.length; made = join(made, '..')) await chmod(made, 0o755)
}

/** Opens the cluster in a prepared folder and creates it where there is none. To be called under the folder's lock. */
export async function openCluster(folder: string): Promise<Cluster> {
  const data = join(folder, 'cluster')
  const account = await serverAccount(data)
  if (account !== undefined) assertReachable(account, folder)
  const binaries = await findBinaries(folder, account)
  const exists = (await readdir(folder)).includes('cluster')
  const password = await keptPassword(join(folder, 'password'), exists)
  const cluster = { folder, data, password, binaries, account }
  if (!exists) await createCluster(cluster)
  return cluster
}

/** How to start one of PostgreSQL's programs as the user it must run as. */
export function asServerUser({ binaries, account }: Cluster) {
  return {
    env: binaries.environment,
    cwd: '/',
    ...(account === undefined ? {} : { uid: account.uid, gid: account.gid }),
  }
}

async function keptPassword(file: string, clusterExists: boolean): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch (error) {
    if (clusterExists) {
      throw new StoreError(
        'FG_STORE_PASSWORD_UNREADABLE',
        `${file}, which holds the embedded database's password, cannot be read: start Flowgate as the user who ` +
          'created it, or restore the file from a backup.',
        { cause: error },
      )
    }
  }
  const password = randomBytes(24).toString('base64url')
  await writeFile(file, `${password}\n`, { mode: 0o600 })
  return password
}

/** In a folder beside, then renamed: a process killed half-way leaves nothing that looks like a cluster. */
async function createCluster(cluster: Cluster): Promise<void> {
  const unfinished = join(cluster.folder, 'cluster.unfinished')
  const passwordFile = join(unfinished, 'password')
  await rm(unfinished, { recursive: true, force: true })
  await mkdir(join(unfinished, 'data'), { recursive: true, mode: 0o700 })
  await writeFile(passwordFile, cluster.password, { mode: 0o600 })
  if (cluster.account !== undefined) {
    for (const path of [unfinished, join(unfinished, 'data'), passwordFile]) {
      await chown(path, cluster.account.uid, cluster.account.gid)
    }
  }
  // The locale is named in full, so that no LANG of the host decides about encoding or order.
  const locale = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C']
  const access = ['--auth=scram-sha-256', `--username=${OWNER}`, `--pwfile=${passwordFile}`]
  const target = ['--no-instructions', '-D', join(unfinished, 'data')]
  try {
    await run(cluster.binaries.initdb, [...locale, ...access, ...target], asServerUser(cluster))
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error)
    throw new StoreError(
      'FG_STORE_EMBEDDED_POSTGRES_FAILED',
      `The embedded database could not be created in ${cluster.folder}: ${said}. Repair the cause, or set DATABASE_URL.`,
      { cause: error },
    )
  }
  await rename(join(unfinished, 'data'), cluster.data)
  await rm(unfinished, { recursive: true, force: true })
}
