import type { Kind, PluginDefinition } from '../plugin/definition.ts'
import { PluginError } from './plugin-error.ts'
import { hookResolution, pluginSpecifier } from './resolve-plugin.ts'

const KINDS: readonly Kind[] = ['crm', 'notification', 'source']

/** Kind and settings of any plugin; what it configures is told apart by its kind. */
export type AnyPlugin = { [K in Kind]: PluginDefinition<K> }[Kind]

/**
 * Imports the plugin that an operator named and checks that it is one. Resolves with `undefined` where there is none;
 * rejects with `FG_PLUGIN_LOAD_FAILED` where its module does not run, `FG_PLUGIN_INVALID` where it exports something else.
 */
export async function loadPlugin(plugin: string, configurationFolder: string): Promise<AnyPlugin | undefined> {
  hookResolution()
  const specifier = pluginSpecifier(plugin, configurationFolder)
  if (specifier === undefined) return undefined
  let module: { readonly default?: unknown }
  try {
    module = await import(specifier)
  } catch (error) {
    if (plugin.startsWith('npm:') && isNotFound(error, plugin.slice('npm:'.length))) return undefined
    throw new PluginError(
      'FG_PLUGIN_LOAD_FAILED',
      `The plugin ${plugin} could not be loaded: ${error instanceof Error ? error.message : String(error)}. ` +
        'Repair its module; a package must ship JavaScript, a folder may hold index.ts.',
      { cause: error },
    )
  }
  const fault = faultOf(module.default)
  if (fault !== undefined) {
    throw new PluginError(
      'FG_PLUGIN_INVALID',
      `The plugin ${plugin} ${fault}. Its module must export one plugin, made with definePlugin, as its default.`,
    )
  }
  return module.default as AnyPlugin
}

function isNotFound(error: unknown, name: string): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown }
  return code === 'ERR_MODULE_NOT_FOUND' && String(message).includes(`'${name}'`)
}

function faultOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return 'has no default export'
  const definition = value as Partial<Record<keyof PluginDefinition, unknown>>
  if (definition.apiVersion !== 1) {
    return `was made for version ${String(definition.apiVersion)} of the plugin contract; this gateway speaks version 1`
  }
  if (!KINDS.some((kind) => kind === definition.kind))
    return `is of kind ${String(definition.kind)}, not ${KINDS.join(', ')}`
  if (typeof definition.configure !== 'function') return 'has no configure function'
  if (typeof definition.classify !== 'function') return 'has no classify function'
  if (typeof definition.configSchema !== 'object' || definition.configSchema === null) return 'has no configSchema'
  for (const name of ['queries', 'faults', 'abilities'] as const) {
    if (!['undefined', 'function'].includes(typeof definition[name])) return `has ${name}, but no function`
  }
  if (definition.persons !== undefined && !Array.isArray(definition.persons)) return 'has persons, but no list of them'
  return undefined
}
