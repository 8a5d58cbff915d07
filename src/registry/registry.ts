import type { Clock } from '../clock.ts'
import type { Configuration, DestinationSettings } from '../config/configuration.ts'
import type { Log } from '../log.ts'
import type { Crm, Instances, Notifier, PluginContext } from '../plugin/definition.ts'
import { type Failure, FailureError } from '../plugin/failure.ts'
import { type AnyPlugin, loadPlugin } from './load-plugin.ts'
import { soundFailure } from './sound-failure.ts'

/** A destination ready to deliver to. */
export type RunningDestination = RunningCrm | RunningNotifier

export interface RunningCrm extends Running {
  readonly kind: 'crm'
  readonly instance: Crm
}

export interface RunningNotifier extends Running {
  readonly kind: 'notification'
  readonly instance: Notifier
}

interface Running {
  readonly settings: DestinationSettings
  /** The class of an error its instance threw; `undefined` where the plugin does not know it. Never throws. */
  classify(error: unknown): Failure | undefined
}

export interface Registry {
  /** The destination of that name, set up on first use. Rejects with a FailureError that concerns the destination. */
  destination(name: string): Promise<RunningDestination>
  /** As `destination`, for one that must be a CRM. */
  crm(name: string): Promise<RunningCrm>
  /** As `destination`, for one that must take messages. */
  notifier(name: string): Promise<RunningNotifier>
  /** Closes every destination that was set up. Harmless when called twice. */
  close(): Promise<void>
}

export interface RegistryOptions {
  /** The configuration now in force. */
  readonly configuration: () => Configuration
  /** Where plugins named `./folder` and `npm:package` are looked for. */
  readonly configurationFolder: string
  readonly log: Log
  readonly clock: Clock
}

/** Makes running destinations of configured plugins, each once per process and only when first needed. */
export function createRegistry(options: RegistryOptions): Registry {
  const running = new Map<string, Promise<RunningDestination>>()

  const destination = (name: string): Promise<RunningDestination> => {
    const known = running.get(name)
    if (known !== undefined) return known
    const starting = start(name, options)
    running.set(name, starting)
    // A failed start is tried again by the next caller, so that a repaired destination needs no restart.
    starting.catch(() => running.delete(name))
    return starting
  }

  return {
    destination,
    async crm(name) {
      const found = await destination(name)
      if (found.kind !== 'crm') throw wrongKind(name, 'records, but its plugin takes messages')
      return found
    },
    async notifier(name) {
      const found = await destination(name)
      if (found.kind !== 'notification') throw wrongKind(name, 'messages, but its plugin takes records')
      return found
    },
    async close() {
      const all = [...running.values()]
      running.clear()
      const instances = await Promise.allSettled(all)
      await Promise.allSettled(
        instances.map((started) => (started.status === 'fulfilled' ? started.value.instance.close() : undefined)),
      )
    },
  }
}

async function start(name: string, options: RegistryOptions): Promise<RunningDestination> {
  const settings = options.configuration().destinations.get(name)
  if (settings === undefined) {
    throw outOfOrder(
      'FG_DESTINATION_UNKNOWN',
      `No destination ${name} is configured: add it to destinations.yaml again.`,
    )
  }
  const log = options.log.with({ destination: name })
  const plugin = await load(settings, options.configurationFolder, log)
  const context: PluginContext = { destination: name, log, now: () => options.clock.now() }
  const instance = await configure(plugin, settings, context, log)
  const classify = (error: unknown) => classifySafely(plugin, error, log)
  if (plugin.kind === 'crm') return { kind: 'crm', settings, instance: instance as Crm, classify }
  if (plugin.kind === 'notification')
    return { kind: 'notification', settings, instance: instance as Notifier, classify }
  throw wrongKind(name, 'deliveries, but its plugin only reads')
}

async function load(settings: DestinationSettings, folder: string, log: Log): Promise<AnyPlugin> {
  let plugin: AnyPlugin | undefined
  try {
    plugin = await loadPlugin(settings.plugin, folder)
  } catch (error) {
    log.error({ error }, 'plugin.failed')
    throw outOfOrder(
      'FG_DESTINATION_PLUGIN_FAILED',
      `The plugin ${settings.plugin} could not be loaded: the log line plugin.failed says why.`,
    )
  }
  if (plugin !== undefined) return plugin
  throw outOfOrder(
    'FG_DESTINATION_PLUGIN_UNKNOWN',
    `There is no plugin ${settings.plugin}: check its name, folder or package.`,
  )
}

async function configure(
  plugin: AnyPlugin,
  settings: DestinationSettings,
  context: PluginContext,
  log: Log,
): Promise<Instances['crm' | 'notification' | 'source']> {
  try {
    return await plugin.configure(settings.config, context)
  } catch (error) {
    if (error instanceof FailureError) throw outOfOrder(error.failure.code, error.failure.message, error)
    // The message may quote the settings, so only its kind is shown beyond the log's masking.
    log.error({ error }, 'destination.failed')
    throw outOfOrder(
      'FG_DESTINATION_CONFIGURE_FAILED',
      `The plugin ${settings.plugin} refused this destination's settings: the log line destination.failed says why. Correct them in destinations.yaml.`,
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

function wrongKind(name: string, what: string): FailureError {
  return outOfOrder(
    'FG_DESTINATION_WRONG_KIND',
    `A mapping sends ${name} ${what}: name another destination in the mapping.`,
  )
}

/** Nothing can be delivered to this destination until someone repairs it. */
function outOfOrder(code: string, message: string, cause?: unknown): FailureError {
  return new FailureError({ kind: 'permanent', scope: 'destination', code, message }, { cause })
}
