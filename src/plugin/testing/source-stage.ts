import type { PluginContext, Query, SettingFaults, Source } from '../definition.ts'
import type { Explanations } from '../explanation.ts'
import type { Failure } from '../failure.ts'
import type { Json, JsonObject, JsonSchema } from '../json.ts'
import type { LentParts } from './stage.ts'
import type { StandIn } from './stand-in.ts'

/** A plugin that is asked: any `PluginDefinition` of kind `source` is one. */
export interface AskedPlugin<Config> {
  readonly apiVersion: 1
  readonly kind: string
  readonly name: string
  readonly title: string
  readonly configSchema: JsonSchema
  configure(config: Config, context: PluginContext): Source | Promise<Source>
  queries?(config: Config, context: Pick<PluginContext, 'readFile'>): Promise<readonly Query[] | undefined>
  faults?(config: Config, context: Pick<PluginContext, 'readFile'>): SettingFaults
  classify(error: unknown): Failure | undefined
  readonly failureCodes?: Explanations | undefined
}

/** One question, as an ask of a flow puts it. */
export interface StageQuestion {
  readonly query: string
  readonly parameters: JsonObject
}

/** A question with the answer that the stage holds for it. */
export interface AnsweredQuestion extends StageQuestion {
  readonly answer: Json
}

/** Trouble the checks make where the answers come from. All of it strikes questions; `health` may go on working. */
export interface SourceTrouble {
  /** How many requests of questions have arrived, answered or not; connections, where there are no requests. */
  asked(): number | Promise<number>
  /** From now on questions are answered 503, or whatever is said or not said when that system is down. */
  unavailable(): void | Promise<void>
  /** From now on questions are refused for coming too fast, with this time to wait. Left out where there is no such limit. */
  limited?(retryAfterSeconds: number): void | Promise<void>
  /** From now on questions arrive and are never answered. */
  hang(): void | Promise<void>
  /** Whether a question that hung was ended there: its socket closed, its statement cancelled. */
  aborted(): boolean | Promise<boolean>
}

/** Things of which only one can have each, all free. */
export interface StageReservations {
  /** The query that takes one, and the one that gives it back. */
  readonly reserve: string
  readonly release: string
  /** Of both queries, without the key: another thing for each index from 0 to 4. */
  parameters(index: number): JsonObject
  /** How many hold that thing. */
  held(index: number): number | Promise<number>
  /** The next reservation is made and its reply is lost. */
  loseReply(): void | Promise<void>
}

/** A fresh system to ask, with everything a check needs to try a plugin on it. Made anew for every check. */
export interface SourceStage<Config> extends AsyncDisposable {
  /** Settings that work, leading to this system. */
  readonly config: Config
  /** The same with credentials that are refused. Left out where there are none. */
  readonly refusedConfig?: Config
  /** What must never be printed: the credentials of both settings, and parameters that are a person's answers. */
  readonly secrets: readonly string[]
  readonly context?: LentParts
  /** A question for each index from 0 to 9, each with an answer of its own. */
  known(index: number): AnsweredQuestion
  /** A question that finds nothing. */
  readonly nothing: StageQuestion
  /** Left out where the plugin asks nothing outside of the process. */
  readonly trouble?: SourceTrouble
  /** Left out where nothing can be reserved. */
  readonly reservations?: StageReservations
}

/** A part of the contract that not every source has. */
export type SourcePart = 'credentials' | 'trouble' | 'rate limits' | 'reservations'

/** The parts that a stage has, in the order of `SourcePart`. */
export function partsOf(stage: SourceStage<unknown>): readonly SourcePart[] {
  return [
    ...(stage.refusedConfig === undefined ? [] : (['credentials'] as const)),
    ...(stage.trouble === undefined ? [] : (['trouble'] as const)),
    ...(stage.trouble?.limited === undefined ? [] : (['rate limits'] as const)),
    ...(stage.reservations === undefined ? [] : (['reservations'] as const)),
  ]
}

/** What the trouble of a system looks like that is asked over HTTP, where a bare status is not enough. */
export interface HttpSourceTroubleOptions {
  /** Patterns (see `Misbehaviour.route`) of the requests that ask. */
  readonly questions: readonly string[]
  readonly unavailableBody?: unknown
  readonly limitedBody?: unknown
}

/** The `trouble` of a stage whose system is an HTTP stand-in. */
export function httpSourceTrouble(standIn: StandIn, options: HttpSourceTroubleOptions): Required<SourceTrouble> {
  const { questions, unavailableBody, limitedBody } = options
  const arrived = () => questions.flatMap((route) => standIn.requestsTo(route))
  return {
    asked: () => arrived().length,
    unavailable() {
      for (const route of questions) {
        standIn.misbehave({ route, fault: { kind: 'status', status: 503, body: unavailableBody } })
      }
    },
    limited(retryAfterSeconds) {
      const headers = { 'retry-after': String(retryAfterSeconds) }
      for (const route of questions) {
        standIn.misbehave({ route, fault: { kind: 'status', status: 429, body: limitedBody, headers } })
      }
    },
    hang() {
      for (const route of questions) standIn.misbehave({ route, fault: { kind: 'hang' } })
    },
    aborted: () => arrived().some((request) => request.aborted),
  }
}
