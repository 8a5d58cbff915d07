import type { CrmObject } from './crm-object.ts'
import type { Call, CrmRecord, Health, Message, Owner, Receipt, RecordLink } from './delivery.ts'
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
  /**
   * Waits until the account's budget lets one more request of this class through; of a class that `budgets` does not name
   * there is as much as anyone likes. Ask before every request that counts. Rejects with a FailureError of kind
   * `rate-limited` where the wait would outlast `signal`, and when it aborts.
   */
  spend(endpointClass: string, signal: AbortSignal): Promise<void>
  /**
   * An access token that all processes share, stored encrypted: the one kept, or what `obtain` fetches where none is kept,
   * it runs out within a minute, or it is `stale`, the one that the vendor just refused. One process obtains at a time.
   */
  accessToken(request: AccessTokenRequest): Promise<ObtainedToken>
}

/** How a plugin gets its access token. */
export interface AccessTokenRequest {
  /** Tells apart tokens of one destination, for example by a hash of the credentials it is obtained with. */
  readonly name: string
  /** The token that the vendor has refused; any other that is kept by now is newer and is given instead. */
  readonly stale?: string | undefined
  readonly signal: AbortSignal
  /** Fetches a token. `kept` is what was obtained before, so that a refresh token that changes with each use is not lost. */
  obtain(kept: ObtainedToken | undefined, signal: AbortSignal): Promise<ObtainedToken>
}

/** A token as the vendor gave it. */
export interface ObtainedToken {
  readonly accessToken: string
  readonly refreshToken?: string
  /** Left out: until the vendor refuses it. */
  readonly expiresAt?: Date
  /** What else the vendor said and the plugin needs, such as the address of its API. Nothing secret. */
  readonly about?: JsonObject
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

/** One thing that must stand at the vendor so that deliveries can be repeated safely. */
export interface Preparation {
  /** One sentence for the operator, for example "create the unique property flowgate_submission on deals". */
  readonly description: string
  readonly done: boolean
  /** The gateway cannot do it: how a person does, step by step, or the statement to run. */
  readonly byHand?: string
}

/** How the mappings in force use one kind of record. */
export interface ObjectUse {
  readonly object: string
  /** Whether any record of it is written with `operation: create`. */
  readonly creates: boolean
  /** The fields that upserts find it by. */
  readonly matches: readonly string[]
  /** Every field that is written. */
  readonly fields: readonly string[]
  /** Whether files are attached to records of it. */
  readonly files?: boolean
}

export interface Crm extends Deliverer<CrmRecord> {
  /** Lists what exactly-once needs for these objects, scopes of the credentials included, and with `apply` creates what is missing and can be. */
  prepare?(uses: readonly ObjectUse[], apply: boolean, call: Call): Promise<readonly Preparation[]>
  /**
   * The one record of `object` whose `field` is `value`, with its `id` and those of the fields asked for that are not blank;
   * `null` where there is none. The field `id` is the record's own, as receipts give it. Several records are a permanent
   * failure with their ids as `candidates`. Writes nothing, and rejects with FailureErrors only: who calls is another.
   * Write policies other than `overwrite` need it.
   */
  find?(look: LookUp, call: Call): Promise<JsonObject | null>
  /** Sets fields of one record; `null` clears. Creates nothing. `flowgate undo` needs it. Rejects with FailureErrors only. */
  update?(record: RecordLink, fields: Readonly<Record<string, Json>>, call: Call): Promise<void>
  /** Who owns a record; `null` where nobody does. `owner_of` needs it. Rejects with FailureErrors only. */
  ownerOf?(record: RecordLink, call: Call): Promise<Owner | null>
  /** The fields of these objects as they are in the account now. An object that is not there is left out. */
  describe?(objects: readonly string[], call: Call): Promise<readonly CrmObject[]>
}

/** One record to look up in a CRM. */
export interface LookUp {
  readonly object: string
  /** `id` is the record's own. */
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
  /**
   * What can never work in settings that fit the schema; `flowgate check` and the start refuse it. Reads files at most. Where a
   * setting still holds a variable that is not set, as `${NAME}`, what is said of its place is not told.
   */
  faults?(config: Config, context: Pick<PluginContext, 'readFile'>): SettingFaults
  /** Makes an instance from checked settings. Must not reach the vendor. */
  configure(config: Config, context: PluginContext): Instances[K] | Promise<Instances[K]>
  /** For a source: it answers from its settings alone and reaches nobody, so an operator's tests may ask it. */
  readonly offline?: boolean
  /**
   * For a source: the queries these settings give it, so that `flowgate check` finds mistyped ones. `undefined` where any
   * name may be asked. Reads files at most; rejects with a sentence for the operator where they hold mistakes.
   */
  queries?(config: Config, context: Pick<PluginContext, 'readFile'>): Promise<readonly Query[] | undefined>
  /** Pure. How many requests the account behind these settings may be asked; operators can set other limits. */
  budgets?(config: Config): AccountBudgets
  /**
   * For a CRM: the order of values, lowest first, of fields that only move forward, by `object.field`. Mappings may declare
   * others.
   */
  readonly orders?: Readonly<Record<string, readonly string[]>>
  /**
   * Pure. For a CRM: what these settings let it do with records of an object, and nothing where there can be no such object.
   * `flowgate check` refuses mappings that need more. Left out: it cannot tell.
   */
  abilities?(config: Config, object: string): readonly Ability[]
  /**
   * For a channel: the addresses by which it reaches the person who filled the form; none where it does not. `flowgate check`
   * refuses messages to a person by another. Left out: it cannot tell.
   */
  readonly persons?: readonly PersonAddress[]
  /** Pure. `undefined` says "this error is not mine". */
  classify(error: unknown): Failure | undefined
  /** Failure codes of the plugin's own making, not a vendor's words; an operator reads them with `flowgate error <code>`. */
  readonly failureCodes?: Explanations | undefined
}

/** All that can never work in settings. */
export type SettingFaults = readonly SettingFault[] | Promise<readonly SettingFault[]>

/** Something that can never work in settings. */
export interface SettingFault {
  /** Where in the settings, such as `['recipients', 'vip']`. */
  readonly path: readonly (string | number)[]
  /** A sentence for the operator, which says what to do and holds no secret. */
  readonly message: string
}

/**
 * What a CRM can do with records of one object. `create` and `upsert`: the operations. `find`: looks one up. `update`: writes
 * one by its id, as `existing` and `Crm.update` want it. `owner`: tells who owns one. `files`: attaches files.
 */
export type Ability = 'create' | 'upsert' | 'find' | 'update' | 'owner' | 'files'

/** By what a person who filled a form can be reached. */
export type PersonAddress = 'email' | 'phone'

/** What one account at a vendor may be asked. All destinations and processes with this account share it. */
export interface AccountBudgets {
  /** Tells accounts apart. It is hashed before anything keeps it, so it may be made of the credentials. */
  readonly account: string
  /** By endpoint class, the plugin's own words such as `all` and `search`. */
  readonly limits: Readonly<Record<string, BudgetLimit>>
}

/** At most so many requests in any span of so many seconds. */
export interface BudgetLimit {
  readonly requests: number
  readonly perSeconds: number
}

/** Gives a definition its types without changing it. */
export function definePlugin<K extends Kind, Config>(
  definition: PluginDefinition<K, Config>,
): PluginDefinition<K, Config> {
  return definition
}
