import type { Clock } from '../clock.ts'
import type { AllowedHost } from '../config/allowed-host.ts'
import type { PluginContext, PluginLog } from '../plugin/definition.ts'
import { FailureError } from '../plugin/failure.ts'
import { createGuardedFetch } from './guarded-fetch.ts'
import { readConfigurationFile } from './read-configuration-file.ts'

/** What a plugin instance is lent things of. */
export interface PluginContextOptions {
  /** The operator's name for the destination or source. */
  readonly name: string
  /** The configuration folder. */
  readonly folder: string
  readonly log: PluginLog
  readonly clock: Clock
  /** `FLOWGATE_ALLOW_HOSTS`. */
  readonly allowHosts: readonly AllowedHost[]
  readonly crm: PluginContext['crm']
}

/** What one plugin instance is lent. Opens nothing by itself; connections that its `fetch` keeps end by themselves. */
export function createPluginContext({
  name,
  folder,
  log,
  clock,
  allowHosts,
  crm,
}: PluginContextOptions): PluginContext {
  const readFile = readConfigurationFile(folder)
  return {
    destination: name,
    log,
    now: () => clock.now(),
    async readFile(path) {
      try {
        return await readFile(path)
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error)
        // A plain error's words stay in the log; what an operator wrote must reach the operator.
        throw new FailureError(
          { kind: 'permanent', scope: 'destination', code: 'FG_PLUGIN_FILE', message },
          { cause: error },
        )
      }
    },
    fetch: createGuardedFetch({ allowHosts }),
    crm,
  }
}
