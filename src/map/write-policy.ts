import type { CrmRecord, Failure } from '../plugin/index.ts'
import type { Json, JsonObject } from '../plugin/json.ts'
import { asText, isBlank } from '../value/text.ts'
import type { Writing } from '../value/writing.ts'
import { withEntry } from './dated-entry.ts'
import type { RecordMapping } from './model.ts'

/** Why a field is left as it stands. */
export type LeftOut =
  /** `if_empty`: something stands there. */
  | 'not_empty'
  /** `create_only`: the record was there before. */
  | 'not_new'
  /** `append`: the entry stands there already. */
  | 'said_already'
  /** `forward_only`: what stands there is as far, or further. */
  | 'not_forward'
  /** `forward_only`: what stands there is in no order that is known. */
  | 'unknown_place'

/** What writing by policies comes to. `failed`: the mapping and the order of a field do not fit. */
export type Writable =
  | {
      readonly kind: 'ready'
      /** What to write; `null` clears. */
      readonly fields: Readonly<Record<string, Json>>
      readonly leftOut: ReadonlyMap<string, LeftOut>
    }
  | { readonly kind: 'failed'; readonly failure: Failure }

export interface Circumstances {
  /** The fields that stand in the record, without the blank ones; `undefined` where there is no record yet. */
  readonly standing: JsonObject | undefined
  readonly acceptedAt: Date
  /** The order of a field of this object that the plugin knows, lowest first. */
  readonly orderOf: (field: string) => readonly string[] | undefined
}

/** Whether it depends on what stands in the record how it is written. */
export function needsReading(record: CrmRecord, mapping: RecordMapping): boolean {
  return record.operation !== 'create' && isGuarded(record, mapping)
}

/** Whether a record that stands may not be written before it was read: a policy asks what it holds, or that is to be kept. */
export function isGuarded(record: CrmRecord, { keepBefore, fields }: RecordMapping): boolean {
  return (
    keepBefore ||
    Object.keys(record.fields).some((name) => {
      const { policy } = fields.get(name)?.writing ?? { policy: 'overwrite' }
      return name !== record.match && isReadFirst(policy)
    })
  )
}

/** Whether it depends on what stands in a field how it is written. */
export function isReadFirst(policy: Writing['policy']): boolean {
  return policy !== 'overwrite' && policy !== 'never'
}

/**
 * What of a mapped record is written where this stands. The field that finds the record goes into every new one, for
 * without it nobody would find it again; of one that stands it is never rewritten.
 */
export function applyPolicies(
  record: CrmRecord,
  { fields }: Pick<RecordMapping, 'fields'>,
  circumstances: Circumstances,
): Writable {
  const { standing } = circumstances
  const written: Record<string, Json> = {}
  const leftOut = new Map<string, LeftOut>()
  for (const [name, value] of Object.entries(record.fields)) {
    if (name === record.match) {
      if (standing === undefined) written[name] = value
      continue
    }
    const writing = fields.get(name)?.writing
    const field = { name, value, writing, before: standing?.[name], isNew: standing === undefined }
    const decided = decide(field, record.id, circumstances)
    if ('failure' in decided) return { kind: 'failed', failure: decided.failure }
    if ('leave' in decided) leftOut.set(name, decided.leave)
    else if (standing !== undefined || decided.write !== null) written[name] = decided.write
  }
  return { kind: 'ready', fields: written, leftOut }
}

type Decided = { readonly write: Json } | { readonly leave: LeftOut } | { readonly failure: Failure }

interface Field {
  readonly name: string
  readonly value: Json
  readonly writing: Writing | undefined
  readonly before: Json | undefined
  readonly isNew: boolean
}

function decide(field: Field, record: string, circumstances: Circumstances): Decided {
  const { value, before, writing, isNew } = field
  switch (writing?.policy) {
    case 'if_empty':
      return isBlank(before) ? { write: value } : { leave: 'not_empty' }
    case 'create_only':
      return isNew ? { write: value } : { leave: 'not_new' }
    case 'append': {
      const whole = withEntry(before, asText(value), circumstances.acceptedAt)
      return whole === undefined ? { leave: 'said_already' } : { write: whole }
    }
    case 'forward_only':
      return forward(field, record, writing.order ?? circumstances.orderOf(field.name))
    default:
      return { write: value }
  }
}

function forward({ name, value, before }: Field, record: string, order: readonly string[] | undefined): Decided {
  if (order === undefined) {
    return fault(
      'FG_WRITE_ORDER_UNKNOWN',
      name,
      `record \`${record}\`: nobody knows the order of \`${name}\`. Add \`order\` to it, the lowest value first, then replay.`,
    )
  }
  const step = order.indexOf(asText(value))
  if (step === -1) {
    return fault(
      'FG_WRITE_ORDER_VALUE',
      name,
      `record \`${record}\`: what is to be written to \`${name}\` is not in its order (${order.join(', ')}). Correct the value or the order, then replay.`,
    )
  }
  if (isBlank(before)) return { write: value }
  const now = order.indexOf(asText(before).trim())
  if (now === -1) return { leave: 'unknown_place' }
  return step > now ? { write: value } : { leave: 'not_forward' }
}

function fault(code: string, name: string, message: string): Decided {
  return { failure: { kind: 'permanent', scope: 'record', code, message, fields: [name] } }
}
