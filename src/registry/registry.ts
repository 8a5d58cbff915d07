import type { Clock } from '../clock.ts'
import type { AllowedHost } from '../config/allowed-host.ts'
import type { Configuration, DestinationSettings, SourceSettings } from '../config/configuration.ts'
import type { Log } from '../log.ts'
import type { Crm, Notifier, Source } from '../plugin/definition.ts'
import { type Failure, FailureError } from '../plugin/failure.ts'
import { type AccessTokens, createAccessTokens } from './access-tokens.ts'
import { type AccountBudget, accountBudget } from './account-budget.ts'
import { type BudgetLedger, createLedgerInMemory } from './budget-ledger.ts'
import { type Budgets, createBudgets } from './budgets.ts'
import type { AnyPlugin } from './load-plugin.ts'
import { createPluginContext } from './plugin-context.ts'
import { outOfOrder, type RunningPlugin, runPlugin } from './run-plugin.ts'
import type { TokenShelf } from './token-shelf.ts'
import { traced } from './traced.ts'

/** A destination ready to deliver to. */
export type RunningDestination = RunningCrm | RunningNotifier

export interface RunningCrm extends Running<DestinationSettings> {
  readonly kind: 'crm'
  readonly instance: Crm
  /** Orders of values that its plugin knows, lowest first, by `object.field`. */
  readonly orders: Readonly<Record<string, readonly string[]>>
  /** Whether it can look up records of this object. */
  finds(object: string): boolean
}

export interface RunningNotifier extends Running<DestinationSettings> {
  readonly kind: 'notification'
  readonly instance: Notifier
}

/** A source ready to be asked. */
export interface RunningSource extends Running<SourceSettings> {
  readonly instance: Source
}

interface Running<Settings> {
  readonly settings: Settings
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
  /** The source of that name, set up on first use. Rejects with a FailureError that concerns the destination. */
  source(name: string): Promise<RunningSource>
  /** Closes every destination and source that was set up. Harmless when called twice. */
  close(): Promise<void>
}

export interface RegistryOptions {
  /** The configuration now in force. */
  readonly configuration: () => Configuration
  /** Where plugins named `./folder` and `npm:package` are looked for, and where plugins read files. */
  readonly configurationFolder: string
  /** Where configured URLs may lead beyond the public internet. Left out: nowhere. */
  readonly allowHosts?: readonly AllowedHost[]
  readonly log: Log
  readonly clock: Clock
  /** Left out: this process keeps to the budgets of accounts by itself. */
  readonly budgetLedger?: BudgetLedger | undefined
  /** Left out: this process has access tokens of its own. */
  readonly tokenShelf?: TokenShelf | undefined
}

/** What all plugins of one registry share. */
interface Shared extends RegistryOptions {
  readonly crm: LookUpIn
  readonly budgets: Budgets
  readonly tokens: AccessTokens
}

/** Makes running destinations and sources of configured plugins, each once per process and only when first needed. */
export function createRegistry(options: RegistryOptions): Registry {
  const { budgetLedger = createLedgerInMemory(), tokenShelf: shelf, clock, log } = options
  const shared: Shared = {
    ...options,
    crm: async (name) => {
      const found = await destinations.get(name)
      if (found.kind === 'crm') return found.instance
      throw wrongKind(
        `Records are looked up in ${name}, but its plugin takes messages: name a destination that is a CRM.`,
      )
    },
    budgets: createBudgets(budgetLedger),
    tokens: createAccessTokens({ shelf, clock, log }),
  }
  const destinations = onFirstUse((name) => startDestination(name, shared))
  const sources = onFirstUse((name) => startSource(name, shared))

  return {
    destination: destinations.get,
    async crm(name) {
      const found = await destinations.get(name)
      if (found.kind !== 'crm') throw wrongAddress(name, 'records, but its plugin takes messages')
      return found
    },
    async notifier(name) {
      const found = await destinations.get(name)
      if (found.kind !== 'notification') throw wrongAddress(name, 'messages, but its plugin takes records')
      return found
    },
    source: sources.get,
    async close() {
      // Sources first: one may look records up in a destination.
      await sources.close()
      await destinations.close()
    },
  }
}

type LookUpIn = (destination: string) => Promise<Crm>

interface OnFirstUse<Started> {
  readonly get: (name: string) => Promise<Started>
  /** Closes whatever was started. */
  close(): Promise<void>
}

function onFirstUse<Started extends { readonly instance: { close(): Promise<void> } }>(
  start: (name: string) => Promise<Started>,
): OnFirstUse<Started> {
  const running = new Map<string, Promise<Started>>()
  return {
    get(name) {
      const known = running.get(name)
      if (known !== undefined) return known
      const starting = start(name)
      running.set(name, starting)
      // A failed start is tried again by the next caller, so that what was repaired needs no restart.
      starting.catch(() => running.delete(name))
      return starting
    },
    async close() {
      const all = [...running.values()]
      running.clear()
      const settled = await Promise.allSettled(all)
      await Promise.allSettled(
        settled.map((each) => (each.status === 'fulfilled' ? each.value.instance.close() : undefined)),
      )
    },
  }
}

async function startDestination(name: string, options: Shared): Promise<RunningDestination> {
  const settings = options.configuration().destinations.get(name)
  if (settings === undefined) {
    throw outOfOrder(
      'FG_DESTINATION_UNKNOWN',
      `No destination ${name} is configured: add it to destinations.yaml again.`,
    )
  }
  const { plugin, instance, classify } = await run('destination', settings, options)
  if (plugin.kind === 'crm') {
    const crm = instance as Crm
    const finds = (object: string) =>
      crm.find !== undefined && (plugin.abilities?.(settings.config, object).includes('find') ?? true)
    return { kind: 'crm', settings, instance: crm, classify, orders: plugin.orders ?? {}, finds }
  }
  return { kind: 'notification', settings, instance: instance as Notifier, classify }
}

async function startSource(name: string, options: Shared): Promise<RunningSource> {
  const settings = options.configuration().sources.get(name)
  if (settings === undefined) {
    throw outOfOrder('FG_SOURCE_UNKNOWN', `No source ${name} is configured: add it to destinations.yaml again.`)
  }
  const { instance, classify } = await run('source', settings, options)
  return { settings, instance: instance as Source, classify }
}

const OUR_OWN = /^FG_(?:BUDGET|ACCESS_TOKEN)_/u

async function run(
  as: 'destination' | 'source',
  settings: DestinationSettings | SourceSettings,
  { configurationFolder: folder, log: all, clock, allowHosts = [], crm, budgets, tokens }: Shared,
): Promise<RunningPlugin> {
  const { name, plugin, config } = settings
  const log = all.with({ [as]: name })
  const tokenPlace = as === 'source' ? `sources/${name}` : name
  const lent = { name, tokenPlace, folder, log, clock, allowHosts, crm, budgets, tokens }
  let budget: AccountBudget | undefined
  const context = (definition: AnyPlugin) => {
    budget = budgetOf(definition, settings)
    return createPluginContext({ ...lent, budget })
  }
  const unfit = ({ kind }: AnyPlugin) =>
    (kind === 'source') === (as === 'source') ? undefined : misplaced(as, name, plugin)
  const running = await runPlugin({ as, plugin, config }, { folder, context, log, unfit })
  const onThrown = (error: unknown) => {
    const failure = error instanceof FailureError ? error.failure : running.classify(error)
    // What the gateway refuses itself is no word of the vendor's.
    if (budget === undefined || failure?.kind !== 'rate-limited' || OUR_OWN.test(failure.code)) return
    void budgets.hold(budget.account, failure.retryAfterSeconds)
  }
  return { ...running, instance: traced(running.instance, onThrown) }
}

function budgetOf(plugin: AnyPlugin, settings: DestinationSettings | SourceSettings): AccountBudget | undefined {
  const told = plugin.budgets?.(settings.config)
  return told && accountBudget(plugin.name, told, ('budget' in settings && settings.budget) || new Map())
}

function misplaced(as: 'destination' | 'source', name: string, plugin: string): FailureError {
  if (as === 'destination') {
    return wrongKind(
      `The plugin ${plugin} only answers questions, so ${name} takes no deliveries: move it to sources in destinations.yaml.`,
    )
  }
  return outOfOrder(
    'FG_SOURCE_WRONG_KIND',
    `The plugin ${plugin} takes deliveries and answers no questions, so ${name} is no source: move it to destinations in destinations.yaml.`,
  )
}

function wrongAddress(name: string, what: string): FailureError {
  return wrongKind(`A mapping sends ${name} ${what}: name another destination in the mapping.`)
}

function wrongKind(message: string): FailureError {
  return outOfOrder('FG_DESTINATION_WRONG_KIND', message)
}
