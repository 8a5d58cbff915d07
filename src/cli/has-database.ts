import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { EMBEDDED_FOLDER } from '../store/embedded/folder.ts'
import { commandEnvironment } from './environment.ts'

/** Whether the gateway has a database that can be used without starting one: a command at a vendor needs none. */
export function hasDatabase(env: Readonly<Record<string, string | undefined>>): boolean {
  const running = join(EMBEDDED_FOLDER, 'cluster', 'postmaster.pid')
  return commandEnvironment(env).databaseUrl !== undefined || existsSync(running)
}
