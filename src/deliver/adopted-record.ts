import { type Failure, FailureError } from '../plugin/failure.ts'
import type { RecordChange } from '../store/changes.ts'
import { CHOSEN_GONE } from './find-record.ts'
import type { MappedRecord, Target } from './prepare-record.ts'

/** As if a person had chosen the one record that a plugin says is to be adopted; `undefined` where none is, or where a person chose. */
export function adoptedRecord(
  mapped: MappedRecord,
  failure: Failure | undefined,
  { find }: Pick<Target, 'find'>,
): MappedRecord | undefined {
  if (failure?.kind !== 'permanent' || failure.adopt !== true || find === undefined) return undefined
  const [candidate, ...others] = failure.candidates ?? []
  if (candidate === undefined || others.length > 0 || mapped.chosen !== undefined) return undefined
  return { ...mapped, chosen: candidate, adopted: true }
}

/** The same for a try that goes on with what an earlier one adopted and may have written: what stood there before is known. */
export function adoptedBefore(
  mapped: MappedRecord,
  earlier: RecordChange | undefined,
  uncertain: boolean,
): MappedRecord | undefined {
  if (!uncertain || !earlier?.adopted || earlier.id === null || mapped.chosen !== undefined) return undefined
  return { ...mapped, chosen: earlier.id, adopted: true }
}

/** Whether a record could not be adopted because nobody can read it: it was removed, or is hidden from us. */
export function isGone(error: unknown): boolean {
  return error instanceof FailureError && error.failure.code === CHOSEN_GONE
}
