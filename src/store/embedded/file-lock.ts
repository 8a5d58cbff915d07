import { link, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { StoreError } from '../store-error.ts'
import { isAlive, processIdentity } from './process-identity.ts'

const LOOK_AGAIN_AFTER_MS = 25
const TAKEOVER_ENDS_AFTER_MS = 10_000

let claims = 0

/**
 * Runs `work` while no other process on this machine holds `file`. A holder that died is passed over.
 * Rejects with `FG_STORE_LOCKED` when a living one keeps it for more than `withinMs`.
 */
export async function withFileLock<Result>(
  file: string,
  withinMs: number,
  work: () => Promise<Result>,
): Promise<Result> {
  const deadline = Date.now() + withinMs
  while (!(await claim(file))) {
    if (Date.now() > deadline) {
      const holder = Number.parseInt((await textOf(file)) ?? '', 10)
      throw new StoreError(
        'FG_STORE_LOCKED',
        `${file} has been held by process ${holder} for ${withinMs / 1000} s: wait until it has started or stopped, or end it.`,
      )
    }
    await passOverTheDead(file)
    await delay(LOOK_AGAIN_AFTER_MS)
  }
  try {
    return await work()
  } finally {
    await rm(file, { force: true })
  }
}

/** By a link, not by creating the file: it appears with its content or not at all. */
async function claim(file: string): Promise<boolean> {
  claims += 1
  const own = `${file}.${process.pid}.${claims}`
  await writeFile(own, processIdentity(process.pid) ?? '', { mode: 0o644 })
  try {
    await link(own, file)
    return true
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false
    throw error
  } finally {
    await rm(own, { force: true })
  }
}

/**
 * Of several processes that see a dead holder only one may remove its file: a slower one would remove the lock that
 * the faster has taken meanwhile. So removal has a lock of its own, and the holder is read again inside it.
 */
async function passOverTheDead(file: string): Promise<void> {
  const holder = await textOf(file)
  if (holder === undefined || isAlive(holder)) return
  const takeover = `${file}.takeover`
  try {
    await writeFile(takeover, '', { flag: 'wx' })
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error
    const age = await stat(takeover).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    )
    if (age > TAKEOVER_ENDS_AFTER_MS) await rm(takeover, { force: true })
    return
  }
  try {
    if ((await textOf(file)) === holder) await rm(file, { force: true })
  } finally {
    await rm(takeover, { force: true })
  }
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined
    throw error
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
