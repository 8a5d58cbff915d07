import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ConformanceCheck } from './check.ts'
import { conformanceChecks } from './checks.ts'
import { type DeliveringPlugin, partsOf, type Stage, type StagePart } from './stage.ts'
import { trial } from './trial.ts'

/** What is tried, and on what. */
export interface ConformanceOptions<Input, Config> {
  /** Begins each test's name. */
  readonly name: string
  readonly plugin: DeliveringPlugin<Input, Config>
  /** Makes a fresh vendor with nothing delivered; the kit disposes of it. */
  readonly stage: () => Stage<Input, Config> | Promise<Stage<Input, Config>>
  /** Parts of the contract that there are not here: their checks are not registered, and the stage has nothing of them. */
  readonly without?: readonly StagePart[]
}

/** Registers one `node:test` test per check that concerns the plugin. A failing one says what to change in it. */
export function conformance<Input, Config>(options: ConformanceOptions<Input, Config>): void {
  const { name, plugin, without } = options
  for (const check of checksFor(plugin.kind, without)) test(`${name}: ${check.name}`, () => runCheck(check, options))
}

/** The checks of the kit for one kind of plugin, but for those about parts that it does not have. */
export function checksFor(kind: string, without: readonly StagePart[] = []): readonly ConformanceCheck[] {
  return conformanceChecks.filter(
    (check) =>
      (check.kind === undefined || check.kind === kind) &&
      (check.about === undefined || !without.includes(check.about)),
  )
}

/** Runs one check on a fresh stage; rejects with what to change when the plugin does not pass. */
export async function runCheck<Input, Config>(
  check: ConformanceCheck,
  { plugin, stage, without = [] }: Omit<ConformanceOptions<Input, Config>, 'name'>,
): Promise<void> {
  await using fresh = await stage()
  for (const [part, has] of partsOf(plugin.kind, fresh)) {
    const says = has
      ? `The stage has ${part}, and \`without\` says no.`
      : `The stage has no ${part}. Give it that part, or name it in \`without\` where there is no such thing.`
    assert.notEqual(has, without.includes(part), says)
  }
  await check.run(trial(plugin, fresh))
}
