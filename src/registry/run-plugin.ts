import type { Log } from '../log.ts'
import type { Instances, PluginContext } from '../plugin/definition.ts'
import { type Failure, FailureError } from '../plugin/failure.ts'
import { type AnyPlugin, loadPlugin } from './load-plugin.ts'
import { soundFailure } from './sound-failure.ts'

/** A plugin as an operator configured it. */
export interface Configured {
  /** Where in `destinations.yaml` it stands. */
  readonly as: 'destination' | 'source'
  readonly plugin: string
  readonly config: Readonly<Record<string, unknown>>
}

/** A plugin's instance, of whatever kind the plugin is. */
export interface RunningPlugin {
  readonly plugin: AnyPlugin
  readonly instance: Instances[keyof Instances]
  /** The class of an error its instance threw; `undefined` where the plugin does not know it. Never throws. */
  classify(error: unknown): Failure | undefined
}

export interface RunPluginOptions {
  /** Where plugins named `./folder` and `npm:package` are looked for. */
  readonly folder: string
  /** What the plugin is lent, which its own words on its budgets decide. */
  readonly context: (plugin: AnyPlugin) => PluginContext
  readonly log: Log
  /** Why a plugin of this kind is of no use here. */
  readonly unfit: (plugin: AnyPlugin) => FailureError | undefined
}

const CODES = {
  destination: {
    failed: 'FG_DESTINATION_PLUGIN_FAILED',
    unknown: 'FG_DESTINATION_PLUGIN_UNKNOWN',
    refused: 'FG_DESTINATION_CONFIGURE_FAILED',
  },
  source: {
    failed: 'FG_SOURCE_PLUGIN_FAILED',
    unknown: 'FG_SOURCE_PLUGIN_UNKNOWN',
    refused: 'FG_SOURCE_CONFIGURE_FAILED',
  },
} as const

/**
 * Loads the plugin and gives it its settings. Rejects with a FailureError that concerns the destination; what the plugin
 * itself said, which may quote settings, is in the log alone.
 */
export async function runPlugin(
  configured: Configured,
  { folder, context, log, unfit }: RunPluginOptions,
): Promise<RunningPlugin> {
  const plugin = await load(configured, folder, log)
  const fault = unfit(plugin)
  if (fault !== undefined) throw fault
  const instance = await configure(plugin, configured, context, log)
  return { plugin, instance, classify: (error) => classifySafely(plugin, error, log) }
}

/** Nothing works here until someone repairs it. */
export function outOfOrder(code: string, message: string, cause?: unknown): FailureError {
  return new FailureError({ kind: 'permanent', scope: 'destination', code, message }, { cause })
}

async function load({ as, plugin: name }: Configured, folder: string, log: Log): Promise<AnyPlugin> {
  let plugin: AnyPlugin | undefined
  try {
    plugin = await loadPlugin(name, folder)
  } catch (error) {
    log.error({ error }, 'plugin.failed')
    throw outOfOrder(CODES[as].failed, `The plugin ${name} could not be loaded: the log line plugin.failed says why.`)
  }
  if (plugin !== undefined) return plugin
  throw outOfOrder(CODES[as].unknown, `There is no plugin ${name}: check its name, folder or package.`)
}

async function configure(
  plugin: AnyPlugin,
  configured: Configured,
  context: RunPluginOptions['context'],
  log: Log,
): Promise<Instances[keyof Instances]> {
  const { as } = configured
  const event = as === 'destination' ? 'destination.failed' : 'source.refused'
  try {
    return await plugin.configure(configured.config, context(plugin))
  } catch (error) {
    if (error instanceof FailureError) throw outOfOrder(error.failure.code, error.failure.message, error)
    // The message may quote the settings, so only its kind is shown beyond the log's masking.
    log.error({ error }, event)
    throw outOfOrder(
      CODES[as].refused,
      `The plugin ${configured.plugin} refused this ${as}'s settings: the log line ${event} says why. Correct them in destinations.yaml.`,
      error,
    )
  }
}

function classifySafely(plugin: AnyPlugin, error: unknown, log: Log): Failure | undefined {
  try {
    return soundFailure(error instanceof FailureError ? error.failure : plugin.classify(error))
  } catch (thrown) {
    log.error({ error: thrown }, 'plugin.failed')
    return undefined
  }
}
