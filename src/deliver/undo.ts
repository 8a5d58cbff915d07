import type { Clock } from '../clock.ts'
import { maskInput } from '../map/mask.ts'
import type { Mapping } from '../map/model.ts'
import type { MappingScope } from '../map/result.ts'
import { sameValue } from '../map/same-value.ts'
import { type Failure, FailureError } from '../plugin/failure.ts'
import type { Json, JsonObject } from '../plugin/json.ts'
import { markUndone, type RecordChange, readWrittenRecords, type WrittenRecord } from '../store/changes.ts'
import { readSubmissionContent } from '../store/deliveries.ts'
import type { Sql } from '../store/pool.ts'
import { type Asking, ask } from './ask.ts'
import { submissionScope } from './input.ts'
import type { Mappings } from './mappings.ts'

/** What undoing needs; the command line has no more. */
export interface Undoing extends Asking {
  readonly pool: Sql
  readonly mappings: Mappings
  readonly clock: Clock
}

/** One field of a record that a submission has written. */
export interface FieldDiff {
  readonly field: string
  /** As it stands now and as it stood before; personal values are masked, blank ones absent. */
  readonly now: Json | undefined
  readonly before: Json | undefined
}

/** One record of a submission, and what can be restored in it. */
export interface UndoStep {
  readonly deliveryId: string
  readonly item: string
  readonly destination: string
  readonly id: string
  readonly url: string | undefined
  readonly state: UndoState
}

/**
 * `restorable`: `restore` goes back to what it was, `changed` was changed since and stays, and either may be empty.
 * `created`: by this submission; nothing is deleted. `unknown`: nobody looked what stood in this record before. `undone`: before now.
 */
export type UndoState =
  | { readonly kind: 'restorable'; readonly restore: readonly FieldDiff[]; readonly changed: readonly FieldDiff[] }
  | { readonly kind: 'created' | 'unknown' }
  | { readonly kind: 'undone'; readonly at: Date }
  | { readonly kind: 'failed'; readonly failure: Failure }

/** What undoing a submission would do, and the means to do it. */
export interface UndoPlan {
  readonly steps: readonly UndoStep[]
  /** Reads every record again and restores what can be, one after the other. Gives every step again, `failed` where it did not work. */
  carryOut(): Promise<readonly UndoStep[]>
}

/** Compares what a submission has written with what stands there now. Writes nothing. `undefined` where there is no such submission. */
export async function planUndo(undoing: Undoing, submissionId: string): Promise<UndoPlan | undefined> {
  const records = await readWrittenRecords(undoing.pool, submissionId)
  const submission = await readSubmissionContent(undoing.pool, submissionId)
  if (records === undefined || submission === undefined) return undefined
  const scope = submissionScope(submission, undoing.configuration())
  const steps: UndoStep[] = []
  for (const record of records) steps.push((await planRecord(undoing, record, scope)).step)
  return {
    steps,
    carryOut: async () => {
      const done: UndoStep[] = []
      for (const record of records) {
        // Read anew: whoever had to agree may have thought for long.
        done.push(await carryOut(undoing, submissionId, await planRecord(undoing, record, scope)))
      }
      return done
    },
  }
}

interface Planned {
  readonly step: UndoStep
  /** Sets the fields back at the vendor; absent where there is nothing to do. */
  readonly restore: (() => Promise<void>) | undefined
}

async function planRecord(undoing: Undoing, record: WrittenRecord, scope: MappingScope): Promise<Planned> {
  const { deliveryId, item, destination, receipt, change, undoneAt } = record
  const step = (state: UndoState): UndoStep => ({
    ...{ deliveryId, item, destination, id: receipt.id, url: receipt.url },
    state,
  })
  if (undoneAt !== undefined) return { step: step({ kind: 'undone', at: undoneAt }), restore: undefined }
  if (receipt.outcome === 'created') return { step: step({ kind: 'created' }), restore: undefined }
  if (change === undefined) return { step: step({ kind: 'unknown' }), restore: undefined }
  try {
    const mapping = await undoing.mappings.get(record.mappingHash, undoing.pool)
    if (!isOf(change, record, mapping)) return { step: step({ kind: 'unknown' }), restore: undefined }
    const now = await readNow(undoing, record, change)
    const { back, restore, changed } = compare(change, now)
    const shown = (fields: readonly string[]) => diffs(fields, record, change, now, mapping, scope)
    const state = { kind: 'restorable', restore: shown(restore), changed: shown(changed) } as const
    return { step: step(state), restore: restore.length === 0 ? undefined : () => write(undoing, record, change, back) }
  } catch (error) {
    return { step: step({ kind: 'failed', failure: failureOf(error) }), restore: undefined }
  }
}

/**
 * Whether it is the delivered record that was looked at. A try under an earlier mapping may have been about another object,
 * and a vendor may say in the end that it wrote to another record: what stood in the one says nothing about the other.
 */
function isOf({ object, id }: RecordChange, { item, receipt }: WrittenRecord, { records }: Mapping): boolean {
  return id === receipt.id && object === records.find((record) => record.id === item)?.object
}

/** Which fields hold what was written and go back, and which somebody changed since. */
function compare({ before, written }: RecordChange, now: JsonObject) {
  const back: Record<string, Json> = {}
  const changed: string[] = []
  for (const [name, value] of Object.entries(written)) {
    if (sameValue(now[name], before[name])) continue
    if (sameValue(now[name], value)) back[name] = before[name] ?? null
    else changed.push(name)
  }
  return { back, restore: Object.keys(back), changed }
}

async function readNow(undoing: Undoing, record: WrittenRecord, change: RecordChange): Promise<JsonObject> {
  const { destination: name, receipt } = record
  const destination = await undoing.registry.crm(name)
  const { instance } = destination
  if (!destination.finds(change.object) || instance.update === undefined) throw new FailureError(unsupported(name))
  const look = { object: change.object, field: 'id', value: receipt.id, fields: Object.keys(change.written) }
  const found = await ask(undoing, destination, going(), async (call) => (await instance.find?.(look, call)) ?? null)
  if (found === null) throw new FailureError(gone(name, change.object, receipt.id))
  return found
}

async function write(
  undoing: Undoing,
  { destination: name, deliveryId, receipt }: WrittenRecord,
  { object }: RecordChange,
  fields: Readonly<Record<string, Json>>,
): Promise<void> {
  const destination = await undoing.registry.crm(name)
  const address = { object, id: receipt.id }
  // A key of its own: under the delivery's a vendor may take it for the write that it undoes.
  const idempotencyKey = `undo.${deliveryId}`.slice(0, 64)
  await ask(undoing, destination, going(), async (call) => {
    await destination.instance.update?.(address, fields, { ...call, idempotencyKey })
  })
}

async function carryOut(undoing: Undoing, submissionId: string, { step, restore }: Planned): Promise<UndoStep> {
  if (step.state.kind !== 'restorable') return step
  const { deliveryId, item, destination } = step
  try {
    await restore?.()
  } catch (error) {
    return { ...step, state: { kind: 'failed', failure: failureOf(error) } }
  }
  await markUndone(undoing.pool, deliveryId, undoing.clock.now())
  const fields = step.state.restore.map(({ field }) => field)
  undoing.log.info({ submissionId, deliveryId, item, destination, fields }, 'submission.undone')
  return step
}

/** Values as an operator may see them: what came of a personal answer is masked in the record too. */
function diffs(
  fields: readonly string[],
  { item }: WrittenRecord,
  { object, before }: RecordChange,
  now: JsonObject,
  mapping: Mapping,
  scope: MappingScope,
): readonly FieldDiff[] {
  const masked = (values: JsonObject): JsonObject => {
    const shown = Object.entries(values).filter(([name]) => fields.includes(name))
    const record = { id: item, object, operation: 'upsert', fields: Object.fromEntries(shown), links: [] } as const
    return maskInput(record, mapping, scope).fields
  }
  const [standing, earlier] = [masked(now), masked(before)]
  return fields.map((field) => ({ field, now: standing[field], before: earlier[field] }))
}

function going(): AbortSignal {
  return new AbortController().signal
}

function failureOf(error: unknown): Failure {
  if (error instanceof FailureError) return error.failure
  throw error
}

function unsupported(destination: string): Failure {
  return {
    kind: 'permanent',
    scope: 'record',
    code: 'FG_UNDO_UNSUPPORTED',
    message: `The plugin of ${destination} cannot read or set single fields: restore them there by hand.`,
  }
}

function gone(destination: string, object: string, id: string): Failure {
  return {
    kind: 'permanent',
    scope: 'record',
    code: 'FG_UNDO_GONE',
    message: `${object} ${id} is not in ${destination} any more.`,
  }
}
