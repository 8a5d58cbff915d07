import type { Clock } from '../clock.ts'
import type { AllowedHost } from '../config/allowed-host.ts'
import type { PluginContext, PluginLog } from '../plugin/definition.ts'
import { FailureError } from '../plugin/failure.ts'
import type { AccessTokens } from './access-tokens.ts'
import type { AccountBudget } from './account-budget.ts'
import type { Budgets } from './budgets.ts'
import { createGuardedFetch } from './guarded-fetch.ts'
import { createPluginFetch } from './plugin-fetch.ts'
import { readConfigurationFile } from './read-configuration-file.ts'

/** What a plugin instance is lent things of. */
export interface PluginContextOptions {
  /** The operator's name for the destination or source. */
  readonly name: string
  /** Under which its tokens are kept: a destination and a source may have one name. */
  readonly tokenPlace: string
  /** The configuration folder. */
  readonly folder: string
  readonly log: PluginLog
  readonly clock: Clock
  /** `FLOWGATE_ALLOW_HOSTS`. */
  readonly allowHosts: readonly AllowedHost[]
  readonly crm: PluginContext['crm']
  /** What its account may be asked; absent where nothing limits it. */
  readonly budget: AccountBudget | undefined
  readonly budgets: Budgets
  readonly tokens: AccessTokens
}

/** What one plugin instance is lent. Opens nothing by itself; connections that its `fetch` keeps end by themselves. */
export function createPluginContext(options: PluginContextOptions): PluginContext {
  const { name, tokenPlace, folder, log, clock, allowHosts, crm, budget, budgets, tokens } = options
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
    fetch: createPluginFetch(createGuardedFetch({ allowHosts })),
    crm,
    async spend(endpointClass, signal) {
      const limit = budget?.limits.get(endpointClass)
      if (budget === undefined || limit === undefined) return
      await budgets.spend({ account: budget.account, endpointClass, ...limit }, signal)
    },
    accessToken: (request) => tokens.get(tokenPlace, request),
  }
}
