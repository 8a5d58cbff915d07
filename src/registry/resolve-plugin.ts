import { existsSync, readdirSync, statSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const BUILT_IN = new URL('../../plugins/', import.meta.url)
const ENTRIES = ['index.ts', 'index.js', 'index.mjs']
const CONTRACT = /^flowgate\/plugin(\/testing)?$/
const FROM_FOLDER = 'flowgate-plugin-package:'

/** Names of the plugins that come with the gateway. */
export function builtInNames(): readonly string[] {
  const folder = fileURLToPath(BUILT_IN)
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => entryOf(resolve(folder, name)) !== undefined)
    .sort()
}

/**
 * What to import for a plugin as an operator names it: a built-in one's name, `./folder` relative to the configuration
 * folder, or `npm:package`. `undefined` where nothing is there; a package is only looked for when it is imported.
 */
export function pluginSpecifier(plugin: string, configurationFolder: string): string | undefined {
  if (plugin.startsWith('npm:')) {
    const folder = pathToFileURL(`${resolve(configurationFolder)}/`).href
    return `${FROM_FOLDER}${plugin.slice('npm:'.length)}?${encodeURIComponent(folder)}`
  }
  const path = plugin.startsWith('.') ? resolve(configurationFolder, plugin) : builtInFolder(plugin)
  const entry = path === undefined ? undefined : entryOf(path)
  return entry === undefined ? undefined : pathToFileURL(entry).href
}

function builtInFolder(name: string): string | undefined {
  return /^[a-z0-9][a-z0-9-]*$/.test(name) ? fileURLToPath(new URL(name, BUILT_IN)) : undefined
}

function entryOf(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) return undefined
  if (found.isFile()) return path
  return ENTRIES.map((entry) => resolve(path, entry)).find((entry) => existsSync(entry))
}

let hooked = false

/**
 * From now on every module that imports `flowgate/plugin` gets this gateway's own, wherever it lies: a plugin outside
 * the checkout need not install the gateway, and a `FailureError` of its is one of ours. Packages named in the
 * configuration are looked for from its folder first, then from the gateway's.
 */
export function hookResolution(): void {
  if (hooked) return
  hooked = true
  registerHooks({
    resolve(specifier, context, next) {
      if (CONTRACT.test(specifier)) return next(specifier, { ...context, parentURL: import.meta.url })
      if (!specifier.startsWith(FROM_FOLDER)) return next(specifier, context)
      const [name = '', folder = ''] = specifier.slice(FROM_FOLDER.length).split('?')
      try {
        return next(name, { ...context, parentURL: decodeURIComponent(folder) })
      } catch {
        return next(name, { ...context, parentURL: import.meta.url })
      }
    },
  })
}
