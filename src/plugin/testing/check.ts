import type { Trial } from './trial.ts'

/** One promise of the plugin contract, as a function that rejects when a plugin does not keep it. */
export interface ConformanceCheck {
  /** A sentence that says the promise. */
  readonly name: string
  run<Input, Config>(trial: Trial<Input, Config>): Promise<void>
}
