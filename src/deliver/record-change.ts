import { sameValue } from '../map/same-value.ts'
import type { Json, JsonObject } from '../plugin/json.ts'
import type { RecordChange } from '../store/changes.ts'

/** What one attempt finds and is about to write. */
export interface ThisTry {
  readonly destination: string
  readonly object: string
  /** The record found with those of its fields that are not blank; `undefined` where there is none. */
  readonly standing: { readonly id: string; readonly fields: JsonObject } | undefined
  readonly written: Readonly<Record<string, Json>>
  readonly adopted?: true | undefined
}

/**
 * What a delivery changes, all its tries together. An earlier try may have landed without a word: a field that holds what
 * that one wrote is its work, and what stood there before it still counts. A field that holds anything else was never
 * written, or somebody changed it since: then what stands there now is what this try replaces.
 */
export function changeOf(now: ThisTry, earlier: RecordChange | undefined): RecordChange {
  const { destination, object, standing, written, adopted } = now
  const created = standing !== undefined && wasCreated(standing.fields, earlier)
  const before: Record<string, Json> = {}
  const all: Record<string, Json> = {}
  const ofThisRecord = standing !== undefined && (created || earlier?.id === standing.id)
  for (const [name, value] of Object.entries(ofThisRecord ? (earlier?.written ?? {}) : {})) {
    if (!sameValue(standing?.fields[name], value)) continue
    all[name] = value
    keep(before, name, earlier?.before[name])
  }
  for (const [name, value] of Object.entries(written)) {
    if (!(name in all)) keep(before, name, standing?.fields[name])
    all[name] = value
  }
  const id = standing === undefined || created ? null : standing.id
  return { destination, object, id, ...(adopted && id !== null ? { adopted } : {}), before, written: all }
}

/** Whether a record that stands now is the work of an earlier try, which had found none: it holds all that was written. */
export function wasCreated(standing: JsonObject, earlier: RecordChange | undefined): boolean {
  if (earlier === undefined || earlier.id !== null) return false
  return Object.entries(earlier.written).every(([name, value]) => sameValue(standing[name], value))
}

function keep(before: Record<string, Json>, name: string, value: Json | undefined): void {
  if (value !== undefined) before[name] = value
}
