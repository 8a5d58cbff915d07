import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { StoreError } from '../store-error.ts'

/** As whom PostgreSQL runs where that is not the user of this process. */
export interface Account {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

/**
 * PostgreSQL refuses to run as root. Resolves with the owner of an existing cluster, else the first of the accounts
 * `postgres` and `nobody` that exists, else `undefined`: this process is not root and runs the server itself.
 * Rejects with `FG_STORE_NO_ACCOUNT` where root finds neither.
 */
export async function serverAccount(cluster: string): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const accounts = (await readFile('/etc/passwd', 'utf8')).split('\n').flatMap((line): Account[] => {
    const [name, , uid, gid] = line.split(':')
    return name === undefined || gid === undefined ? [] : [{ name, uid: Number(uid), gid: Number(gid) }]
  })
  if (existsSync(cluster)) {
    const { uid, gid } = statSync(cluster)
    if (uid !== 0) return accounts.find((account) => account.uid === uid) ?? { name: `user ${uid}`, uid, gid }
  }
  for (const name of ['postgres', 'nobody']) {
    const account = accounts.find((each) => each.name === name && each.uid !== 0)
    if (account !== undefined) return account
  }
  throw new StoreError(
    'FG_STORE_NO_ACCOUNT',
    'PostgreSQL does not run as root, and this machine has neither a user postgres nor a user nobody: ' +
      'start Flowgate as an ordinary user, or set DATABASE_URL.',
  )
}

/** Throws `FG_STORE_CLOSED_FOLDER`, with the cure, where the account cannot reach `path`. */
export function assertReachable(account: Account, path: string): void {
  const closed = closedOnTheWay(account, path)
  if (closed === undefined) return
  throw new StoreError(
    'FG_STORE_CLOSED_FOLDER',
    `PostgreSQL does not run as root, and ${account.name}, as whom it would run, may not enter ${closed} ` +
      `(on the way to ${path}). Start Flowgate as an ordinary user, or move it out of ${closed}, ` +
      `or open that folder (chmod o+x ${closed}), or set DATABASE_URL.`,
  )
}

/** The first folder on the way to `path`, or `path` itself, that the account may not enter or run; `undefined` where it may all. */
export function closedOnTheWay(account: Account, path: string): string | undefined {
  const steps = [path]
  for (let step = dirname(path); step !== dirname(step); step = dirname(step)) steps.unshift(step)
  // Asked of the system as that user, so that access lists and mounts have their say.
  const script = 'for step do [ -x "$step" ] || { printf %s "$step"; exit 1; }; done'
  const answer = spawnSync('/bin/sh', ['-c', script, 'sh', ...steps], {
    uid: account.uid,
    gid: account.gid,
    cwd: '/',
    encoding: 'utf8',
  })
  return answer.status === 0 ? undefined : answer.stdout || path
}
