import { test } from 'node:test'
import type { ConformanceCheck } from './check.ts'
import { conformanceChecks } from './checks.ts'
import type { DeliveringPlugin, Stage } from './stage.ts'
import { trial } from './trial.ts'

/** What is tried, and on what. */
export interface ConformanceOptions<Input, Config> {
  /** Begins each test's name. */
  readonly name: string
  readonly plugin: DeliveringPlugin<Input, Config>
  /** Makes a fresh vendor with nothing delivered; the kit disposes of it. */
  readonly stage: () => Stage<Input, Config> | Promise<Stage<Input, Config>>
}

/** Registers one `node:test` test per check. A failing one says what to change in the plugin. */
export function conformance<Input, Config>(options: ConformanceOptions<Input, Config>): void {
  for (const check of conformanceChecks) {
    test(`${options.name}: ${check.name}`, () => runCheck(check, options))
  }
}

/** Runs one check on a fresh stage; rejects with what to change when the plugin does not pass. */
export async function runCheck<Input, Config>(
  check: ConformanceCheck,
  { plugin, stage }: Pick<ConformanceOptions<Input, Config>, 'plugin' | 'stage'>,
): Promise<void> {
  await using fresh = await stage()
  await check.run(trial(plugin, fresh))
}
