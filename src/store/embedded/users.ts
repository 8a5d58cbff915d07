import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isAlive, processIdentity } from './process-identity.ts'

let entries = 0

/** Notes in the data folder that this process uses its server. To be called under the folder's lock. */
export async function enter(folder: string): Promise<string> {
  entries += 1
  const entry = join(folder, 'users', `${processIdentity(process.pid)}.${entries}`)
  await mkdir(join(folder, 'users'), { recursive: true })
  await writeFile(entry, '')
  return entry
}

/** Takes the note back and resolves with whether no living process uses the server any more. To be called under the lock. */
export async function leave(folder: string, entry: string): Promise<boolean> {
  await rm(entry, { force: true })
  let others = 0
  for (const other of await readdir(join(folder, 'users'))) {
    if (isAlive(other.slice(0, other.lastIndexOf('.')))) others += 1
    else await rm(join(folder, 'users', other), { force: true })
  }
  return others === 0
}
