import { pluginStores } from '../app/plugin-stores.ts'
import { systemClock } from '../clock.ts'
import type { Configuration } from '../config/configuration.ts'
import { createMappings } from '../deliver/mappings.ts'
import { type FieldDiff, planUndo, type UndoPlan, type UndoStep } from '../deliver/undo.ts'
import type { Json, JsonObject } from '../plugin/json.ts'
import { createRegistry } from '../registry/registry.ts'
import { type Agreement, agree } from './agree.ts'
import { type ConfigOption, configurationFolder, configurationWithSecrets } from './configuration.ts'
import { atDesk } from './desk.ts'
import type { Outcome } from './outcome.ts'
import type { Terminal } from './terminal.ts'

export interface UndoOptions extends ConfigOption, Agreement {
  readonly dryRun?: boolean
}

/**
 * Shows what a submission changed in records that were there before, and restores what nobody changed since, after asking
 * or with `--yes`. Not ok where there is no such submission, a record could not be read or restored, or nobody agreed.
 */
export async function undoSubmission(id: string, options: UndoOptions, terminal: Terminal): Promise<Outcome> {
  const inForce = await configurationWithSecrets(options, terminal.env)
  const configuration = (): Configuration => inForce
  return await atDesk(terminal.env, async ({ pool, log, environment }) => {
    const folder = configurationFolder(options, terminal.env)
    const { allowHosts, secret } = environment
    const given = { configuration, configurationFolder: folder, allowHosts, log, clock: systemClock }
    const registry = createRegistry({ ...given, ...pluginStores(pool, secret, log) })
    try {
      const undoing = { registry, configuration, log, pool, mappings: createMappings(), clock: systemClock }
      const plan = await planUndo(undoing, id)
      return plan === undefined ? noSubmission(id) : await decide(id, plan, options, terminal)
    } finally {
      await registry.close()
    }
  })
}

async function decide(id: string, plan: UndoPlan, options: UndoOptions, terminal: Terminal): Promise<Outcome> {
  const { steps } = plan
  const work = steps.some(({ state }) => state.kind === 'restorable' && state.restore.length > 0)
  if (options.dryRun) return outcomeOf(id, steps, 'planned')
  // With nothing to ask about, what was changed since and stays is settled as well.
  const about = steps.flatMap((step) => describeStep(step, 'planned'))
  if (work && !(await agree(about, 'Restore it now?', options, terminal))) return outcomeOf(id, steps, 'refused')
  return outcomeOf(id, await plan.carryOut(), 'done')
}

/** `planned`: only shown. `refused`: nobody agreed. */
type How = 'planned' | 'refused' | 'done'

function outcomeOf(id: string, steps: readonly UndoStep[], how: How): Outcome {
  const failed = steps.some(({ state }) => state.kind === 'failed')
  const ok = !failed && how !== 'refused'
  const lines = steps.flatMap((step) => describeStep(step, how))
  const text = [
    ...(lines.length === 0 ? [`Submission ${id} has delivered no records.`] : lines),
    ...verdict(steps, how),
  ]
  return { ok, text: text.join('\n'), json: { ok, submission: id, result: how, records: steps.map(stepJson) } }
}

function verdict(steps: readonly UndoStep[], how: How): readonly string[] {
  if (how === 'refused') return ['', 'Nothing was restored. Run again with --yes to restore it.']
  const restorable = steps.some(({ state }) => state.kind === 'restorable' && state.restore.length > 0)
  if (how === 'planned' && restorable) return ['', 'Nothing was restored: this is what would be.']
  return restorable || steps.length === 0 ? [] : ['', 'There is nothing to restore.']
}

function describeStep({ item, destination, id, url, state }: UndoStep, how: How): readonly string[] {
  const head = `${item}: ${destination} ${url ?? id}`
  switch (state.kind) {
    case 'restorable':
      return [
        head,
        ...state.restore.map(
          (diff) => `  ${diff.field}: ${how === 'done' ? 'restored to' : 'now'} ${sideOf(diff, how)}`,
        ),
        ...state.changed.map(({ field, now }) => `  ${field}: changed since, stays ${shown(now)}`),
        ...(state.restore.length + state.changed.length === 0 ? ['  stands as it did before'] : []),
      ]
    case 'created':
      return [head, '  created by this submission: nothing is deleted']
    case 'unknown':
      return [head, '  nobody looked what stood there before: set `keep_before: true` on the record for the next ones']
    case 'undone':
      return [head, `  undone already ${state.at.toISOString().slice(0, 19).replace('T', ' ')}`]
    case 'failed':
      return [head, `  not restored: ${state.failure.code}: ${state.failure.message}`]
  }
}

function sideOf({ now, before }: FieldDiff, how: How): string {
  return how === 'done' ? shown(before) : `${shown(now)}, before ${shown(before)}`
}

function shown(value: Json | undefined): string {
  return value === undefined ? '(blank)' : JSON.stringify(value)
}

function stepJson({ deliveryId, item, destination, id, url, state }: UndoStep): JsonObject {
  const whole = { delivery: deliveryId, item, destination, id, url, result: state.kind, ...detailsOf(state) }
  return JSON.parse(JSON.stringify(whole)) as JsonObject
}

function detailsOf(state: UndoStep['state']): object {
  if (state.kind === 'restorable') return { restore: state.restore, changed: state.changed }
  if (state.kind === 'undone') return { undone_at: state.at }
  return state.kind === 'failed' ? { failure: state.failure } : {}
}

function noSubmission(id: string): Outcome {
  const text = `There is no submission ${id}. "flowgate deliveries show" names that of a delivery.`
  return { ok: false, text, json: { ok: false, error: { code: 'FG_CLI_SUBMISSION', message: text } } }
}
