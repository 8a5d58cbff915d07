import type { PluginCatalogue } from '../config/plugin-catalogue.ts'
import { loadPlugin } from './load-plugin.ts'
import { builtInNames } from './resolve-plugin.ts'

/** What the configuration loader must know of plugins, with folders and packages looked for from `configurationFolder`. */
export function createPluginCatalogue(configurationFolder: string): PluginCatalogue {
  return {
    describe: (plugin) => loadPlugin(plugin, configurationFolder),
    names: builtInNames,
  }
}
