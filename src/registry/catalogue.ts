import type { AllowedHost } from '../config/allowed-host.ts'
import type { PluginCatalogue, PluginDescription } from '../config/plugin-catalogue.ts'
import { FailureError } from '../plugin/failure.ts'
import { builtInNames } from './built-in-plugins.ts'
import { type AnyPlugin, loadPlugin } from './load-plugin.ts'
import { readConfigurationFile } from './read-configuration-file.ts'
import { checkUrl, targetOf } from './url-guard.ts'

/** What the configuration loader must know of plugins, with folders and packages looked for from `configurationFolder`. */
export function createPluginCatalogue(configurationFolder: string): PluginCatalogue {
  return {
    async describe(plugin) {
      const definition = await loadPlugin(plugin, configurationFolder)
      return definition && description(definition, configurationFolder)
    },
    names: () => builtInNames(),
    urlFault,
  }
}

function description(definition: AnyPlugin, configurationFolder: string): PluginDescription {
  const { kind, configSchema, orders, persons } = definition
  const lent = { readFile: readConfigurationFile(configurationFolder) }
  return {
    kind,
    configSchema,
    orders,
    persons,
    ...(definition.faults === undefined
      ? {}
      : { faults: async (config) => (await definition.faults?.(config, lent)) ?? [] }),
    ...(definition.abilities === undefined ? {} : { abilities: definition.abilities }),
    ...(definition.queries === undefined ? {} : { queries: async (config) => definition.queries?.(config, lent) }),
    ...(definition.budgets === undefined ? {} : { budgets: definition.budgets }),
  }
}

/** What the guard of URLs says before anything is looked up. */
function urlFault(url: string, allowed: readonly AllowedHost[]): string | undefined {
  try {
    checkUrl(targetOf(url), allowed)
    return undefined
  } catch (error) {
    if (error instanceof FailureError) return error.failure.message
    throw error
  }
}
