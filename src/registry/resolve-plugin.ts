import { registerHooks } from 'node:module'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { builtInEntry } from './built-in-plugins.ts'
import { pluginEntry } from './plugin-entry.ts'

const CONTRACT = /^flowgate\/plugin(\/testing)?$/
const FROM_FOLDER = 'flowgate-plugin-package:'

/**
 * What to import for a plugin as an operator names it: a built-in one's name, `./folder` relative to the configuration
 * folder, or `npm:package`. `undefined` where nothing is there; a package is only looked for when it is imported.
 */
export function pluginSpecifier(plugin: string, configurationFolder: string): string | undefined {
  if (plugin.startsWith('npm:')) {
    const folder = pathToFileURL(`${resolve(configurationFolder)}/`).href
    return `${FROM_FOLDER}${plugin.slice('npm:'.length)}?${encodeURIComponent(folder)}`
  }
  const entry = plugin.startsWith('.') ? pluginEntry(resolve(configurationFolder, plugin)) : builtInEntry(plugin)
  return entry === undefined ? undefined : pathToFileURL(entry).href
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
