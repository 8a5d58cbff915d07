import type { StagePart } from './stage.ts'
import type { Trial } from './trial.ts'

/** One promise of the plugin contract, as a function that rejects when a plugin does not keep it. */
export interface ConformanceCheck {
  /** A sentence that says the promise. */
  readonly name: string
  /** The kind of plugin that promises it, where not both do. */
  readonly kind?: 'crm' | 'notification'
  /** The part of the contract it is about, where not every plugin has it. */
  readonly about?: StagePart
  run<Input, Config>(trial: Trial<Input, Config>): Promise<void>
}
