import type { Flow } from '../flow/model.ts'
import type { Mapping } from '../map/model.ts'
import type { Issue } from './issue.ts'
import type { FlowTest } from './schema/tests.ts'

/** Everything an operator configured, checked and compiled. Replaced as a whole, never in part. */
export interface Configuration {
  readonly flows: ReadonlyMap<string, ConfiguredFlow>
  readonly destinations: ReadonlyMap<string, DestinationSettings>
  /** The notification destination that hears operators' alerts. */
  readonly alertsTo: string | undefined
  /** Advice only: a configuration with errors is never built. */
  readonly advice: readonly Issue[]
}

export interface ConfiguredFlow {
  readonly flow: Flow
  /** Absent where the flow has no `mapping.yaml`: submissions are stored and nothing is delivered. */
  readonly mapping: Mapping | undefined
  readonly tests: readonly FlowTest[]
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
}
