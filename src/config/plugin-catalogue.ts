import type { AccountBudgets, Kind, Query } from '../plugin/definition.ts'
import type { JsonSchema } from '../plugin/json.ts'

/** What the loader must know of plugins; the registry supplies it. */
export interface PluginCatalogue {
  /** What the plugin an operator named is, `undefined` where there is none. Rejects where its module cannot be loaded. */
  describe(plugin: string): Promise<PluginDescription | undefined>
  /** Names an operator could have meant. */
  names(): readonly string[]
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
  /** What the account behind these settings may be asked, as the plugin has it. Absent where it limits nothing. */
  budgets?(config: Readonly<Record<string, unknown>>): AccountBudgets
}
