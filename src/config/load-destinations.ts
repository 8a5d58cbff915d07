import type { Ability, Kind } from '../plugin/definition.ts'
import type { DestinationSettings, SourceSettings } from './configuration.ts'
import { type ConfiguredPlugin, type PluginReading, readPlugin } from './configured-plugin.ts'
import { checkLookUps, type DestinationAbilities } from './cross-check/abilities.ts'
import { checkDestination, type DestinationKinds } from './cross-check/destinations.ts'
import { type KnownRecipients, type Reached, reachedBy } from './cross-check/recipients.ts'
import type { SourceFacts } from './cross-check/sources.ts'
import type { DestinationOrders } from './cross-check/write-orders.ts'
import type { Issue } from './issue.ts'
import { loadSource } from './load-source.ts'
import type { WriteOrders } from './plugin-catalogue.ts'
import { readBudget } from './read-budget.ts'
import { reportIn } from './report-in.ts'
import { DEFAULT_ANSWER_WITHIN_MS, DEFAULT_AT_ONCE } from './schema/defaults.ts'
import { type DestinationsFile, DestinationsFileSchema } from './schema/destinations.ts'
import { checkSchema } from './schema-check.ts'
import type { SourceFile } from './source-file.ts'

/** Of destinations; sources may have other secrets and hosts. */
export interface DestinationsReading extends Omit<PluginReading, 'report'> {
  readonly ofSources: Pick<PluginReading, 'secrets' | 'allowHosts'>
}

export interface LoadedDestinations {
  readonly settings: ReadonlyMap<string, DestinationSettings>
  /** Every name the file has, with its plugin's kind. `undefined` where the file could not be read, so names cannot be checked. */
  readonly kinds: DestinationKinds | undefined
  /** Orders of values that the plugin of each destination knows. */
  readonly orders: DestinationOrders
  /** What the plugin of each CRM can do with its settings. */
  readonly abilities: DestinationAbilities
  /** Whom each destination for messages reaches. */
  readonly recipients: KnownRecipients
  readonly sources: ReadonlyMap<string, SourceSettings>
  /** What is known of each source. `undefined` as `kinds`. */
  readonly sourceFacts: ReadonlyMap<string, SourceFacts> | undefined
}

/**
 * Reads `destinations.yaml`, fills in variables and checks the settings of each destination and source against its
 * plugin's schema. A destination and a source may share a name: nothing ever names both.
 */
export async function loadDestinations(
  file: SourceFile | undefined,
  { ofSources, ...options }: DestinationsReading,
  add: (issue: Issue) => void,
): Promise<LoadedDestinations> {
  const empty = { orders: new Map(), abilities: new Map(), recipients: new Map() }
  const none = { ...empty, settings: new Map(), sources: new Map() }
  if (file === undefined || file.data === null) return { ...none, kinds: new Map(), sourceFacts: new Map() }
  if (file.data === undefined) return { ...none, kinds: undefined, sourceFacts: undefined }
  const report = reportIn(file, add)
  const { value, whole, report: told } = checkSchema<DestinationsFile>(DestinationsFileSchema, file.data, report)
  const reading: PluginReading = { ...options, report: told }
  const destinations = await loadEach(value?.destinations, reading)
  const readingSources = { ...reading, ...ofSources }
  const sources = new Map<string, SourceSettings>()
  const sourceFacts = new Map<string, SourceFacts>()
  for (const [name, entry] of Object.entries(value?.sources ?? {})) {
    const loaded = await loadSource(name, entry, readingSources)
    sources.set(name, loaded.settings)
    sourceFacts.set(name, loaded.facts)
    if (!whole) continue
    const [named, ...others] = loaded.named.destinations
    for (const { path, text } of loaded.named.destinations) {
      checkDestination(text, 'crm', path, destinations.kinds, told)
    }
    // Of several nobody can tell in which of them an object is looked up.
    if (named !== undefined && others.length === 0) {
      checkLookUps(named.text, loaded.named.objects, destinations.abilities, told)
    }
  }
  return {
    settings: destinations.settings,
    kinds: whole ? destinations.kinds : undefined,
    orders: destinations.orders,
    abilities: destinations.abilities,
    recipients: destinations.recipients,
    sources,
    sourceFacts: whole ? sourceFacts : undefined,
  }
}

async function loadEach(entries: DestinationsFile['destinations'], reading: PluginReading) {
  const settings = new Map<string, DestinationSettings>()
  const kinds = new Map<string, Kind | undefined>()
  const orders = new Map<string, WriteOrders>()
  const abilities = new Map<string, (object: string) => readonly Ability[] | undefined>()
  const recipients = new Map<string, Reached>()
  for (const [name, entry] of Object.entries(entries ?? {})) {
    const plugin = await readPlugin(entry, ['destinations', name], 'destinations', reading)
    const { description, config } = plugin
    kinds.set(name, description?.kind)
    if (description?.orders !== undefined) orders.set(name, description.orders)
    if (description?.kind === 'crm') abilities.set(name, abilitiesOf(plugin))
    if (description?.kind === 'notification') recipients.set(name, reachedBy(description, config))
    settings.set(name, {
      name,
      plugin: entry.plugin,
      config,
      atOnce: entry.at_once ?? DEFAULT_AT_ONCE,
      answerWithinMs: entry.answer_within_ms ?? DEFAULT_ANSWER_WITHIN_MS,
      onUnknown: entry.on_unknown ?? 'hold',
      ...readBudget(entry.budget, plugin, ['destinations', name, 'budget'], reading.report),
    })
  }
  return { settings, kinds, orders, abilities, recipients }
}

/** `undefined` where the plugin cannot tell, or its settings do not fit. */
function abilitiesOf({ description, config, sound }: ConfiguredPlugin) {
  return (object: string): readonly Ability[] | undefined => {
    if (description === undefined || !sound) return undefined
    try {
      return description.abilities?.(config, object)
    } catch {
      // Settings without their variables may be too little for it.
      return undefined
    }
  }
}
