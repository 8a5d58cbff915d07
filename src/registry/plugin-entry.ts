import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'

const ENTRIES = ['index.ts', 'index.js', 'index.mjs']

/** The file to import for a plugin at a path: the file itself, or the `index` of the folder. `undefined` where there is none. */
export function pluginEntry(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) return undefined
  if (found.isFile()) return path
  return ENTRIES.map((entry) => resolve(path, entry)).find((entry) => existsSync(entry))
}
