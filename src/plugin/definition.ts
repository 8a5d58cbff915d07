import type { Call, CrmRecord, Health, Message, Receipt } from './delivery.ts'
import type { Explanations } from './explanation.ts'
import type { Failure } from './failure.ts'
import type { Json, JsonObject, JsonSchema } from './json.ts'

/** What the gateway lends a plugin instance. */
export interface PluginContext {
  /** The name the operator gave this destination or source. */
  readonly destination: string
  /** Structured log lines; never pass secrets or a person's answers. */
  readonly log: PluginLog
  /** The gateway's time: tests move it. */
  now(): Date
  /** The text of a file of the configuration folder, by its path in there. Rejects with a sentence for the operator. */
  readFile(path: string): Promise<string>
  /**
   * `fetch` behind the URL guard: https (http only to hosts the operator allows), never a private address unless
   * FLOWGATE_ALLOW_HOSTS names it, no redirects. A refused URL rejects with a FailureError that concerns the destination.
   */
  fetch(url: string | URL, init?: RequestInit): Promise<Response>
  /** The CRM destination of that name, to look records up in. Rejects with a FailureError that concerns the destination. */
  crm(destination: string): Promise<Crm>
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
  /** The one record of `object` whose `field` is `value`, with the fields asked for; `null` where there is none. Writes nothing, and rejects with FailureErrors only: who calls is another plugin. */
  find?(look: LookUp, call: Call): Promise<JsonObject | null>
}

/** One record to look up in a CRM. */
export interface LookUp {
  readonly object: string
  readonly field: string
  readonly value: string
  /** Names of the fields wanted, as the vendor spells them. */
  readonly fields: readonly string[]
}

export interface Notifier extends Deliverer<Message> {}

/** A plugin asked for data while a person waits. */
export interface Source {
  /** Asks whether the credentials work. Changes nothing. */
  health(call: Call): Promise<Health>
  /** What a query finds: rows as a list of objects, or any other JSON; an empty list or `null` where it finds nothing. */
  read(query: string, parameters: JsonObject, call: Call): Promise<Json>
  /**
   * Holds something only one person can have, atomically: resolves with what is held, or `undefined` where somebody else
   * has it. The same `call.idempotencyKey` again finds it held and resolves alike.
   */
  reserve?(query: string, parameters: JsonObject, call: Call): Promise<Json | undefined>
  /** Gives back what is held under `call.idempotencyKey`. Harmless when nothing is. */
  release?(query: string, parameters: JsonObject, call: Call): Promise<void>
  /** Harmless when called twice. */
  close(): Promise<void>
}

/** One question a configured source can answer. */
export interface Query {
  readonly name: string
  /** Names of the parameters it needs. `key` (what a reservation is held under) is the gateway's and not among them. */
  readonly parameters: readonly string[]
  /** Names of the parameters it may be given besides. */
  readonly optional?: readonly string[]
  readonly purpose: 'read' | 'reserve' | 'release'
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
  /** For a source: it answers from its settings alone and reaches nobody, so an operator's tests may ask it. */
  readonly offline?: boolean
  /**
   * For a source: the queries these settings give it, so that `flowgate check` finds mistyped ones. `undefined` where any
   * name may be asked. Reads files at most; rejects with a sentence for the operator where they hold mistakes.
   */
  queries?(config: Config, context: Pick<PluginContext, 'readFile'>): Promise<readonly Query[] | undefined>
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
