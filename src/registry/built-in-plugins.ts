import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pluginEntry } from './plugin-entry.ts'

const FOLDER = fileURLToPath(new URL('../../plugins', import.meta.url))

/** What a folder may hold beside its `index`, or instead of it: plugins of other kinds that share its code. */
const FAMILY_ENTRIES = ['source', 'message'] as const
const OF_FAMILY = new RegExp(`^(?<family>.+)-(?<entry>${FAMILY_ENTRIES.join('|')})$`, 'u')
const EXTENSIONS = ['.ts', '.js', '.mjs']

/** Names of the plugins that come with the gateway: each folder with an `index`, and `<folder>-<entry>` for its others. */
export function builtInNames(folder = FOLDER): readonly string[] {
  if (!existsSync(folder)) return []
  const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  const names = folders.flatMap(({ name }) => {
    const alone = pluginEntry(join(folder, name)) === undefined ? [] : [name]
    const family = FAMILY_ENTRIES.filter((entry) => familyEntry(join(folder, name), entry) !== undefined)
    return [...alone, ...family.map((entry) => `${name}-${entry}`)]
  })
  return [...new Set(names)].sort()
}

/** The file to import for a built-in plugin; a folder of that very name goes before a family. */
export function builtInEntry(name: string, folder = FOLDER): string | undefined {
  if (!/^[a-z0-9][a-z0-9-]*$/u.test(name)) return undefined
  const alone = pluginEntry(join(folder, name))
  if (alone !== undefined) return alone
  const { family, entry } = OF_FAMILY.exec(name)?.groups ?? {}
  return family === undefined || entry === undefined ? undefined : familyEntry(join(folder, family), entry)
}

/** Other plugins have files of these names too; what makes one an entry is that it exports a plugin. */
function familyEntry(folder: string, entry: string): string | undefined {
  const files = EXTENSIONS.map((extension) => join(folder, `${entry}${extension}`))
  return files.find((file) => existsSync(file) && /^export default\b/mu.test(readFileSync(file, 'utf8')))
}
