import type { PluginCatalogue, PluginDescription } from '../config/plugin-catalogue.ts'
import { builtInNames } from './built-in-plugins.ts'
import { type AnyPlugin, loadPlugin } from './load-plugin.ts'
import { readConfigurationFile } from './read-configuration-file.ts'

/** What the configuration loader must know of plugins, with folders and packages looked for from `configurationFolder`. */
export function createPluginCatalogue(configurationFolder: string): PluginCatalogue {
  return {
    async describe(plugin) {
      const definition = await loadPlugin(plugin, configurationFolder)
      return definition && description(definition, configurationFolder)
    },
    names: () => builtInNames(),
  }
}

function description(definition: AnyPlugin, configurationFolder: string): PluginDescription {
  const { kind, configSchema, orders } = definition
  const lent = { readFile: readConfigurationFile(configurationFolder) }
  return {
    kind,
    configSchema,
    orders,
    ...(definition.queries === undefined ? {} : { queries: async (config) => definition.queries?.(config, lent) }),
    ...(definition.budgets === undefined ? {} : { budgets: definition.budgets }),
  }
}
