import type { Kind } from '../plugin/definition.ts'
import type { JsonSchema } from '../plugin/json.ts'

/** What the loader must know of plugins; the registry supplies it. */
export interface PluginCatalogue {
  /** Kind and settings of the plugin an operator named, `undefined` where there is none. Rejects where its module cannot be loaded. */
  describe(plugin: string): Promise<PluginDescription | undefined>
  /** Names an operator could have meant. */
  names(): readonly string[]
}

export interface PluginDescription {
  readonly kind: Kind
  readonly configSchema: JsonSchema
}
