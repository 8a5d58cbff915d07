import type { SourceFallback } from '../flow/asking.ts'
import type { Flow } from '../flow/model.ts'
import type { Mapping } from '../map/model.ts'
import type { BudgetLimit } from '../plugin/definition.ts'
import type { Issue } from './issue.ts'
import type { FlowTest } from './schema/tests.ts'

/** Everything an operator configured, checked and compiled. Replaced as a whole, never in part. */
export interface Configuration {
  readonly flows: ReadonlyMap<string, ConfiguredFlow>
  readonly destinations: ReadonlyMap<string, DestinationSettings>
  readonly sources: ReadonlyMap<string, SourceSettings>
  /** The notification destination that hears operators' alerts. */
  readonly alertsTo: string | undefined
  /** Advice only: a configuration with errors is never built. */
  readonly advice: readonly Issue[]
}

/** One version of a flow. */
export interface FlowVersion {
  readonly flow: Flow
  /** Absent where the flow has no `mapping.yaml`: submissions are stored and nothing is delivered. */
  readonly mapping: Mapping | undefined
  readonly tests: readonly FlowTest[]
}

/** A flow as its newest version, with all that are alive. */
export interface ConfiguredFlow extends FlowVersion {
  /** By the version's name; the newest one is among them. */
  readonly versions: ReadonlyMap<string, FlowVersion>
}

export interface DestinationSettings {
  readonly name: string
  /** A built-in plugin's name, `./folder` relative to the configuration, or `npm:package`. */
  readonly plugin: string
  /** With every `${VARIABLE}` filled in. Holds secrets: never log it. */
  readonly config: Readonly<Record<string, unknown>>
  /** Deliveries at once per process. Default 4. */
  readonly atOnce: number
  /** Deadline of one call. Default 10,000. */
  readonly answerWithinMs: number
  readonly onUnknown: 'resend_marked' | 'hold'
  /** What the account may be asked, by class of request, in place of what its plugin says. */
  readonly budget?: ReadonlyMap<string, BudgetLimit | 'unlimited'>
}

export interface SourceSettings {
  readonly name: string
  /** As a destination's. */
  readonly plugin: string
  /** With every `${VARIABLE}` filled in. Holds secrets: never log it. */
  readonly config: Readonly<Record<string, unknown>>
  /** Questions at once per process. */
  readonly atOnce: number
  /** Deadline of one question. */
  readonly answerWithinMs: number
  /** Absent: nothing is kept. */
  readonly cache: CacheSettings | undefined
  readonly breaker: { readonly failures: number; readonly restMs: number }
  /** Tried in turn for asks that declare nothing themselves. */
  readonly ifUnavailable: readonly ('stale' | SourceFallback)[]
}

export interface CacheSettings {
  readonly ttlMs: number
  readonly staleMs: number
  readonly nothingFoundMs: number
  /** Answers kept in each process. */
  readonly entries: number
  /** Whether all processes share answers through the database. */
  readonly shared: boolean
}
