import type { Ability, AccountBudgets, Kind, PersonAddress, Query, SettingFault } from '../plugin/definition.ts'
import type { JsonSchema } from '../plugin/json.ts'
import type { AllowedHost } from './allowed-host.ts'

/** What the loader must know of plugins; the registry supplies it. */
export interface PluginCatalogue {
  /** What the plugin an operator named is, `undefined` where there is none. Rejects where its module cannot be loaded. */
  describe(plugin: string): Promise<PluginDescription | undefined>
  /** Names an operator could have meant. */
  names(): readonly string[]
  /**
   * Why a URL will never be asked, whatever its host's name leads to: a sentence that holds no more of it than scheme, host
   * and port. `undefined` where it may be.
   */
  urlFault(url: string, allowed: readonly AllowedHost[]): string | undefined
}

/** Orders of values, lowest first, by `object.field`. */
export type WriteOrders = Readonly<Record<string, readonly string[]>>

export interface PluginDescription {
  readonly kind: Kind
  readonly configSchema: JsonSchema
  /** For a CRM: the orders of values that it knows, lowest first, by `object.field`. */
  readonly orders?: WriteOrders | undefined
  /**
   * For a source: the queries these settings give it, `undefined` where any name may be asked. Rejects with a sentence for
   * the operator where what the settings lead to holds mistakes. Absent where the plugin cannot tell.
   */
  queries?(config: Readonly<Record<string, unknown>>): Promise<readonly Query[] | undefined>
  /** What can never work in settings that fit the schema. Absent where the plugin has no word on it. */
  faults?(config: Readonly<Record<string, unknown>>): Promise<readonly SettingFault[]>
  /** For a CRM: what these settings let it do with records of an object. Absent where the plugin cannot tell. */
  abilities?(config: Readonly<Record<string, unknown>>, object: string): readonly Ability[]
  /** For a channel: the addresses by which it reaches the person who filled a form. `undefined` where it cannot tell. */
  readonly persons?: readonly PersonAddress[] | undefined
  /** What the account behind these settings may be asked, as the plugin has it. Absent where it limits nothing. */
  budgets?(config: Readonly<Record<string, unknown>>): AccountBudgets
}
