import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sourceConformanceChecks } from './source-checks.ts'
import { type AskedPlugin, partsOf, type SourcePart, type SourceStage } from './source-stage.ts'
import { lacking, type SourceConformanceCheck, sourceTrial } from './source-trial.ts'

/** What is tried, and on what. */
export interface SourceConformanceOptions<Config> {
  /** Begins each test's name. */
  readonly name: string
  readonly plugin: AskedPlugin<Config>
  /** Makes a fresh system to ask; the kit disposes of it. */
  readonly stage: () => SourceStage<Config> | Promise<SourceStage<Config>>
  /** Parts of the contract that this source has not: their checks are not registered, and its stage has nothing of them. */
  readonly without?: readonly SourcePart[]
}

/** Registers one `node:test` test per check. A failing one says what to change in the plugin. */
export function sourceConformance<Config>(options: SourceConformanceOptions<Config>): void {
  const { name, without = [] } = options
  for (const check of sourceConformanceChecks) {
    if (check.about !== undefined && without.includes(check.about)) continue
    test(`${name}: ${check.name}`, () => runSourceCheck(check, options))
  }
}

/** Runs one check on a fresh stage; rejects with what to change when the plugin does not pass. */
export async function runSourceCheck<Config>(
  check: SourceConformanceCheck,
  { plugin, stage, without = [] }: Omit<SourceConformanceOptions<Config>, 'name'>,
): Promise<void> {
  await using fresh = await stage()
  const parts = partsOf(fresh)
  for (const part of ['credentials', 'trouble', 'rate limits', 'reservations'] as const) {
    const has = parts.includes(part)
    assert.notEqual(
      has,
      without.includes(part),
      has ? `The stage has ${part}, and \`without\` says no.` : lacking(part),
    )
  }
  await check.run(sourceTrial(plugin, fresh))
}
