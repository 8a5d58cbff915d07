import { matchSpellings } from '../map/match-spellings.ts'
import type { RecordMapping } from '../map/model.ts'
import { applyPolicies, isGuarded, type LeftOut, needsReading } from '../map/write-policy.ts'
import type { AttachedFile, Call, CrmRecord, Receipt } from '../plugin/delivery.ts'
import { type Failure, FailureError } from '../plugin/failure.ts'
import type { Json } from '../plugin/json.ts'
import type { RecordChange } from '../store/changes.ts'
import { type Find, type Found, findChosen, findMatching } from './find-record.ts'
import { changeOf, wasCreated } from './record-change.ts'

/** A record as its mapping makes it, before anybody has looked what stands in the CRM. */
export interface MappedRecord {
  readonly record: CrmRecord
  /** Answers of media pickers whose files are attached to it. */
  readonly media: readonly Json[]
  readonly mapping: RecordMapping
  readonly acceptedAt: Date
  /** What a person chose: the vendor's id of the record, or `new`. */
  readonly chosen: string | undefined
  /** The plugin's settings chose it, not a person. */
  readonly adopted?: true
}

/** The CRM that a record goes to, and what else preparing it takes. */
export interface Target {
  readonly destination: string
  /** Looks records up; absent where it cannot, those of this object at least. */
  readonly find: Find | undefined
  /** Orders of values that its plugin knows, by `object.field`. */
  readonly orders: Readonly<Record<string, readonly string[]>>
  /** Makes files of media answers; absent where nothing can fetch them. */
  readonly files?: ((answers: readonly Json[]) => readonly AttachedFile[]) | undefined
}

/** A record as it is handed to the plugin; or why it can be handed to none, whatever the vendor says. */
export type PreparedRecord = ReadyRecord | { readonly kind: 'unwritable'; readonly failure: Failure }

export interface ReadyRecord {
  readonly kind: 'ready'
  readonly record: CrmRecord
  /** Fields that are left as they stand, and why. */
  readonly leftOut: ReadonlyMap<string, LeftOut>
  /** What will have changed; absent where nothing had to be read for it. */
  readonly change: RecordChange | undefined
  /** What the plugin's receipt says of the record in the end. */
  receipt(given: Receipt): Receipt
}

const NEW = 'new'

/**
 * Looks up what stands in the CRM where it depends on that what is written, and applies the write policies. Writes nothing.
 * Rejects with a FailureError. `earlier` is what earlier tries of this delivery wrote down.
 */
export async function prepareRecord(
  mapped: MappedRecord,
  target: Target,
  earlier: RecordChange | undefined,
  call: Call,
): Promise<PreparedRecord> {
  const { mapping, chosen, media } = mapped
  const attached = attach(mapped.record, media, target.files)
  if ('kind' in attached) return unwritable(attached)
  const record = guarded({ ...asChosen(mapped.record, chosen), ...attached }, mapping)
  if (record.operation === 'create') return written(record, undefined, mapped, target, earlier)
  const { find } = target
  const reads = needsReading(record, mapping) || earlier !== undefined
  if (find === undefined && (reads || chosen !== undefined)) return unwritable(needsFind(record, target.destination))
  const looks = reads || chosen !== undefined || matchSpellings(record).length > 1
  if (find === undefined || !looks) return untouched(record)
  const { match = '' } = record
  const fields = reads ? [...new Set([...Object.keys(record.fields), ...Object.keys(earlier?.written ?? {})])] : [match]
  const found =
    chosen === undefined
      ? await findMatching(find, record, fields, call)
      : await findChosen(find, record, chosen, fields, call)
  if (reads) return written(record, found, mapped, target, earlier)
  if (found === undefined) return untouched(record)
  const { [match]: _, ...others } = record.fields
  const fieldsLeft = { ...others, ...missingMatch(record, found, chosen) }
  return untouched({ ...record, fields: somethingOf(fieldsLeft, record, found), existing: found.id })
}

function written(
  record: CrmRecord,
  found: Found | undefined,
  { mapping, acceptedAt, chosen, adopted }: MappedRecord,
  { destination, orders }: Target,
  earlier: RecordChange | undefined,
): PreparedRecord {
  const { object } = record
  const orderOf = (field: string) =>
    Object.hasOwn(orders, `${object}.${field}`) ? orders[`${object}.${field}`] : undefined
  const result = applyPolicies(record, mapping, { standing: found?.fields, acceptedAt, orderOf })
  if (result.kind === 'failed') return unwritable(result.failure)
  const { leftOut } = result
  const fields = { ...result.fields, ...missingMatch(record, found, chosen) }
  if (record.operation === 'create') return { ...untouched({ ...record, fields }), leftOut }
  const change = changeOf({ destination, object, standing: found, written: fields, adopted }, earlier)
  if (found === undefined) return { ...untouched({ ...record, fields }), leftOut, change }
  const nothing = Object.keys(fields).length === 0
  const created = wasCreated(found.fields, earlier)
  return {
    kind: 'ready',
    record: { ...record, fields: somethingOf(fields, record, found), existing: found.id },
    leftOut,
    change,
    receipt: (given) => {
      if (created) return { ...given, outcome: 'created' }
      return nothing ? { ...given, outcome: 'unchanged' } : given
    },
  }
}

/** The files of media answers; what is wrong with an answer is no word of the CRM's. */
function attach(
  record: CrmRecord,
  media: readonly Json[],
  files: Target['files'],
): { readonly files?: readonly AttachedFile[] } | Failure {
  if (media.length === 0) return {}
  if (files === undefined) return noFiles(record)
  try {
    return { files: files(media) }
  } catch (error) {
    if (error instanceof FailureError) return error.failure
    throw error
  }
}

function unwritable(failure: Failure): PreparedRecord {
  return { kind: 'unwritable', failure }
}

function untouched(record: CrmRecord): ReadyRecord {
  return { kind: 'ready', record, leftOut: new Map(), change: undefined, receipt: (given) => given }
}

/** A record of its own is created, whatever an upsert would find; a record that was chosen is updated, also by a create. */
function asChosen({ match, ...record }: CrmRecord, chosen: string | undefined): CrmRecord {
  if (chosen === NEW) return { ...record, operation: 'create', separate: true }
  const found = match === undefined ? record : { ...record, match }
  return chosen === undefined ? found : { ...found, operation: 'upsert' }
}

/** Tells the plugin where it must not write these fields into another record than they were chosen for. */
function guarded(record: CrmRecord, mapping: RecordMapping): CrmRecord {
  return !record.separate && isGuarded(record, mapping) ? { ...record, guarded: true } : record
}

/** What finds a record goes into one that was chosen and has none: else nobody would find it the next time either. */
function missingMatch(
  { match = '', fields }: CrmRecord,
  found: Found | undefined,
  chosen: string | undefined,
): CrmRecord['fields'] {
  const value = fields[match]
  const stands = (found?.fields[match] ?? '') !== ''
  return found === undefined || chosen === undefined || stands || value === undefined ? {} : { [match]: value }
}

/**
 * What finds a record is not rewritten in it. Where there is nothing else to write it is, as it stands there: a plugin is
 * given something in any case, so that its receipt brings the record's link.
 */
function somethingOf(fields: CrmRecord['fields'], record: CrmRecord, found: Found): CrmRecord['fields'] {
  const { match = '' } = record
  const value = found.fields[match] ?? record.fields[match]
  return Object.keys(fields).length > 0 || value === undefined ? fields : { [match]: value }
}

function needsFind({ id }: CrmRecord, destination: string): Failure {
  return {
    kind: 'permanent',
    scope: 'record',
    code: 'FG_WRITE_NEEDS_FIND',
    message: `record \`${id}\`: how it is written depends on what stands there, and the plugin of ${destination} cannot look records up. Take \`write\` and \`keep_before\` out of the record, or use a plugin that can, then replay.`,
  }
}

function noFiles({ id }: CrmRecord): Failure {
  return {
    kind: 'permanent',
    scope: 'record',
    code: 'FG_FILES_UNAVAILABLE',
    message: `record \`${id}\`: this gateway cannot fetch files. Take \`files\` out of the record, then replay.`,
  }
}
