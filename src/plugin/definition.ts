import type { Call, CrmRecord, Health, Message, Receipt } from './delivery.ts'
import type { Explanations } from './explanation.ts'
import type { Failure } from './failure.ts'
import type { Json, JsonObject, JsonSchema } from './json.ts'

/** What the gateway lends a plugin instance. */
export interface PluginContext {
  /** The name the operator gave this destination. */
  readonly destination: string
  /** Structured log lines; never pass secrets or a person's answers. */
  readonly log: PluginLog
  /** The gateway's time: tests move it. */
  now(): Date
}

export interface PluginLog {
  info(fields: JsonObject, event: string): void
  warn(fields: JsonObject, event: string): void
}

/** A plugin configured and named. `deliver` resolves with what the vendor confirmed or throws. */
export interface Deliverer<Input> {
  /** Asks the vendor whether the credentials work. Writes nothing. */
  health(call: Call): Promise<Health>
  deliver(input: Input, call: Call): Promise<Receipt>
  /** Harmless when called twice. */
  close(): Promise<void>
}

/** One thing `destinations prepare` would create at the vendor so that deliveries can be repeated safely. */
export interface Preparation {
  /** One sentence for the operator, for example "create the unique property flowgate_submission on deals". */
  readonly description: string
  readonly done: boolean
}

export interface Crm extends Deliverer<CrmRecord> {
  /** Lists what exactly-once needs for these objects, and with `apply` creates what is missing. */
  prepare?(objects: readonly string[], apply: boolean, call: Call): Promise<readonly Preparation[]>
}

export interface Notifier extends Deliverer<Message> {}

/** A plugin asked for data while a person waits. */
export interface Source {
  health(call: Call): Promise<Health>
  read(query: string, parameters: JsonObject, call: Call): Promise<Json>
  close(): Promise<void>
}

export interface Instances {
  readonly crm: Crm
  readonly notification: Notifier
  readonly source: Source
}

export type Kind = keyof Instances

/** The one object a plugin's module exports as its default. Plain data and functions: nothing runs at import. */
export interface PluginDefinition<K extends Kind = Kind, Config = unknown> {
  readonly apiVersion: 1
  readonly kind: K
  readonly name: string
  readonly title: string
  /** The only source of checks, documentation, forms and masking of the plugin's settings. */
  readonly configSchema: JsonSchema
  /** Makes an instance from checked settings. Must not reach the vendor. */
  configure(config: Config, context: PluginContext): Instances[K] | Promise<Instances[K]>
  /** Pure. `undefined` says "this error is not mine". */
  classify(error: unknown): Failure | undefined
  /** Failure codes of the plugin's own making, not a vendor's words; an operator reads them with `flowgate error <code>`. */
  readonly failureCodes?: Explanations | undefined
}

/** Gives a definition its types without changing it. */
export function definePlugin<K extends Kind, Config>(
  definition: PluginDefinition<K, Config>,
): PluginDefinition<K, Config> {
  return definition
}
