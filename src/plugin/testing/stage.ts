import type { Ability, Deliverer, LookUp, PersonAddress, PluginContext, SettingFaults } from '../definition.ts'
import type { Explanations } from '../explanation.ts'
import type { Failure } from '../failure.ts'
import type { JsonSchema } from '../json.ts'
import type { StandIn } from './stand-in.ts'

/** A plugin that delivers: any `PluginDefinition` of kind `crm` or `notification` is one. */
export interface DeliveringPlugin<Input, Config> {
  readonly apiVersion: 1
  readonly kind: string
  readonly name: string
  readonly title: string
  readonly configSchema: JsonSchema
  configure(config: Config, context: PluginContext): Deliverer<Input> | Promise<Deliverer<Input>>
  faults?(config: Config, context: Pick<PluginContext, 'readFile'>): SettingFaults
  abilities?(config: Config, object: string): readonly Ability[]
  readonly persons?: readonly PersonAddress[]
  classify(error: unknown): Failure | undefined
  readonly failureCodes?: Explanations | undefined
}

/** What the gateway lends the plugin, where it needs more than a log, a clock and a `fetch` without the URL guard. */
export type LentParts = Partial<Omit<PluginContext, 'log'>>

/** Trouble the checks make at the vendor. All of it strikes requests that write; requests that only read go on working. */
export interface Trouble {
  /** How many requests that write have arrived, answered or not. */
  writes(): number
  /** From now on writes are answered 503, or whatever the vendor says when it is down. */
  unavailable(): void
  /** From now on writes are refused for going too fast, with this time to wait. Left out where there is no such limit. */
  limited?(retryAfterSeconds: number): void
  /** The next write is applied and its reply is lost. */
  loseReply(): void
  /** From now on writes arrive, are not applied and are never answered. */
  hang(): void
  /** Whether the plugin closed the socket of a write before it was answered. */
  aborted(): boolean
  /** Resolves once the condition holds; rejects when it does not within `withinMs`. */
  until(condition: () => boolean, withinMs?: number): Promise<void>
}

/** One fresh vendor, with everything a check needs to try a plugin on it. Made anew for every check. */
export interface Stage<Input, Config> extends Trouble, AsyncDisposable {
  /** Settings that work, leading to this vendor. */
  readonly config: Config
  /** The same with credentials the vendor refuses. */
  readonly refusedConfig: Config
  /** What must never be printed: the credentials of both settings, and answers in the samples. */
  readonly secrets: readonly string[]
  readonly context?: LentParts
  /**
   * Whether the vendor has a key or a look-up, so that an uncertain call finds what landed. Where it has none
   * (false), an uncertain call must end in a failure of kind `unknown`.
   */
  readonly canTell: boolean
  /** A deliverable input, different for each index from 0 to 9. */
  sample(index: number): Input
  /** An input that the vendor refuses for what it holds. */
  readonly unacceptable: Input
  /** How many records or messages the vendor holds that came from this key and have this input's content. */
  effects(idempotencyKey: string, input: Input): number | Promise<number>
  /** For a CRM whose samples are upserts that `find` finds. Left out where it has no `find`, or samples are made anew. */
  readonly records?: StageRecords
  /**
   * For a channel: what people read of each message that the vendor holds, in the order they came, with the addresses of
   * links. Left out where the messages cannot be seen.
   */
  shown?(): readonly string[] | Promise<readonly string[]>
}

/** How records of the samples are looked up. The samples have a `match` and no `existing`. */
export interface StageRecords {
  /** Finds the record that sample `index` makes, by its `match`, and asks for fields that are not blank in it. */
  lookUp(index: number): LookUp
  /** A text field of the samples that is no `match`, among the fields of `lookUp`, and may be blank. */
  readonly clears: string
  /** Whether the plugin has `update`. */
  readonly canUpdate: boolean
  /** Makes two records with one value in a field, and says how to look for it. Left out where no two can have one. */
  twins?(): LookUp | Promise<LookUp>
}

/** A part of the contract that not every vendor or plugin has. */
export type StagePart = 'rate limits' | 'look-up' | 'updates' | 'twins' | 'late messages'

/** The parts that a plugin of this kind can have, and whether this stage has them. */
export function partsOf<Input, Config>(kind: string, stage: Stage<Input, Config>): ReadonlyMap<StagePart, boolean> {
  const records: readonly (readonly [StagePart, boolean])[] = [
    ['look-up', stage.records !== undefined],
    ['updates', stage.records?.canUpdate === true],
    ['twins', stage.records?.twins !== undefined],
  ]
  return new Map([
    ['rate limits', stage.limited !== undefined],
    ...(kind === 'crm' ? records : ([['late messages', stage.shown !== undefined]] as const)),
  ])
}

/** What a vendor's own trouble looks like, where a bare status is not enough. */
export interface HttpTroubleOptions {
  /** Patterns (see `Misbehaviour.route`) of the requests that write. */
  readonly writes: readonly string[]
  readonly unavailableBody?: unknown
  readonly limitedBody?: unknown
}

/** The `Trouble` part of a stage for a vendor with an HTTP stand-in: spread it into the stage. */
export function httpTrouble(standIn: StandIn, options: HttpTroubleOptions): Required<Trouble> {
  const writes = () => options.writes.flatMap((route) => standIn.requestsTo(route))
  return {
    writes: () => writes().length,
    unavailable() {
      const fault = { kind: 'status', status: 503, body: options.unavailableBody } as const
      for (const route of options.writes) standIn.misbehave({ route, fault })
    },
    limited(retryAfterSeconds) {
      const headers = { 'retry-after': String(retryAfterSeconds) }
      const fault = { kind: 'status', status: 429, body: options.limitedBody, headers } as const
      for (const route of options.writes) standIn.misbehave({ route, fault })
    },
    loseReply() {
      let struck = false
      const once = () => {
        if (struck) return false
        struck = true
        return true
      }
      for (const route of options.writes) standIn.misbehave({ route, when: once, fault: { kind: 'lose-after' } })
    },
    hang() {
      for (const route of options.writes) standIn.misbehave({ route, fault: { kind: 'hang' } })
    },
    aborted: () => writes().some((request) => request.aborted),
    until: (condition, withinMs) => standIn.until(condition, withinMs),
  }
}
