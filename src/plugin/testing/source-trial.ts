import assert from 'node:assert/strict'
import type { Source } from '../definition.ts'
import type { Failure } from '../failure.ts'
import type { Json } from '../json.ts'
import type {
  AskedPlugin,
  SourcePart,
  SourceStage,
  SourceTrouble,
  StageQuestion,
  StageReservations,
} from './source-stage.ts'
import { call, failureOf, lent, rejection } from './trial.ts'

/** One promise of the contract of sources, as a function that rejects when a plugin does not keep it. */
export interface SourceConformanceCheck {
  /** A sentence that says the promise. */
  readonly name: string
  /** The part of the contract it is about, where not every source has it. */
  readonly about?: SourcePart
  run<Config>(trial: SourceTrial<Config>): Promise<void>
}

/** One source plugin on one fresh stage, while one check runs. */
export interface SourceTrial<Config> {
  readonly plugin: AskedPlugin<Config>
  readonly stage: SourceStage<Config>
  /** Everything the plugin logged through its context, as text. */
  readonly logged: readonly string[]
  /** Origins of everything the plugin asked through its context. */
  readonly fetched: ReadonlySet<string>
  /** A new instance, as another process would make it. */
  configure(config: Config): Promise<Source>
}

/** Brings a source plugin and a stage together for one check. */
export function sourceTrial<Config>(plugin: AskedPlugin<Config>, stage: SourceStage<Config>): SourceTrial<Config> {
  const { context, ...seen } = lent(stage.context)
  return { plugin, stage, ...seen, configure: async (config) => plugin.configure(config, context) }
}

/** Puts a question the way the gateway does. */
export function read(source: Source, { query, parameters }: StageQuestion, signal?: AbortSignal): Promise<Json> {
  return source.read(query, parameters, call('read', signal === undefined ? {} : { signal }))
}

/** The failure a question ends in on a new instance; fails where it is answered. */
export async function failureOfQuestion<Config>(
  { plugin, configure }: SourceTrial<Config>,
  config: Config,
  question: StageQuestion,
  answered: string,
): Promise<Failure | undefined> {
  const source = await configure(config)
  const error = await rejection(read(source, question), answered)
  await source.close()
  return failureOf(plugin, error)
}

/** The part of a stage that a check about it needs. */
export function troubleOf({ trouble }: SourceStage<unknown>): SourceTrouble {
  return trouble ?? assert.fail(lacking('trouble'))
}

/** The part of a stage that a check about it needs. */
export function reservationsOf({ reservations }: SourceStage<unknown>): StageReservations {
  return reservations ?? assert.fail(lacking('reservations'))
}

/** What to do about a stage without this part. */
export function lacking(part: SourcePart): string {
  return `The stage has no ${part}. Give it that part, or name it in \`without\` where the source has no such thing.`
}
