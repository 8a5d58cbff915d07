import { pluginStores } from '../app/plugin-stores.ts'
import { systemClock } from '../clock.ts'
import type { Configuration } from '../config/configuration.ts'
import type { Asking } from '../deliver/ask.ts'
import { createLog } from '../log.ts'
import { FailureError } from '../plugin/index.ts'
import { createRegistry, type RegistryOptions } from '../registry/registry.ts'
import { createSealedShelf } from '../store/access-tokens.ts'
import { didYouMean } from '../value/nearest.ts'
import { type ConfigOption, configurationFolder } from './configuration.ts'
import { atDesk } from './desk.ts'
import { commandEnvironment } from './environment.ts'
import { hasDatabase } from './has-database.ts'
import { CommandError } from './outcome.ts'

type Variables = Readonly<Record<string, string | undefined>>
type Stores = Pick<RegistryOptions, 'budgetLedger' | 'tokenShelf'>

/**
 * Lends the way to the configured destinations. Budgets and access tokens are those of the gateway where its database is
 * within reach, else this process's own. Rejects with a CommandError where a vendor fails.
 */
export async function atVendors<Result>(
  configuration: Configuration,
  options: ConfigOption,
  env: Variables,
  work: (asking: Asking) => Promise<Result>,
): Promise<Result> {
  const folder = configurationFolder(options, env)
  const { allowHosts } = commandEnvironment(env)
  const log = createLog({ level: 'silent' })
  return await withStores(env, async (stores) => {
    const given = { configuration: () => configuration, configurationFolder: folder, allowHosts, log }
    const registry = createRegistry({ ...given, clock: systemClock, ...stores })
    try {
      return await work({ registry, configuration: () => configuration, log })
    } catch (error) {
      if (!(error instanceof FailureError)) throw error
      throw new CommandError(error.failure.code, error.failure.message, { cause: error })
    } finally {
      await registry.close()
    }
  })
}

async function withStores<Result>(env: Variables, work: (stores: Stores) => Promise<Result>): Promise<Result> {
  if (!(await isInReach(env))) return await work({})
  return await atDesk(env, ({ pool, environment, log }) => work(pluginStores(pool, environment.secret, log)))
}

async function isInReach(env: Variables): Promise<boolean> {
  try {
    if (!hasDatabase(env)) return false
    // Looks for nothing: what counts is that it may look.
    await atDesk(env, ({ pool }) => createSealedShelf(pool).read({ destination: '', name: '' }))
    return true
  } catch {
    return false
  }
}

/** Throws a CommandError that offers the near name where no destination has this one. */
export function requireDestination(name: string, { destinations }: Configuration): void {
  if (destinations.has(name)) return
  const near = didYouMean(name, destinations.keys())
  throw new CommandError('FG_CLI_DESTINATION', `There is no destination "${name}"${near || '.'}`)
}
