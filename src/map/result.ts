import type { CrmRecord, Failure, Receipt } from '../plugin/index.ts'
import type { Json, JsonObject } from '../plugin/json.ts'
import { EMPTY_SCOPE, type Scope } from '../value/scope.ts'

/** What mapping one record or notification came to. `failed` is permanent for this input: a corrected mapping and a replay help. */
export type MapResult<Input> =
  | { readonly kind: 'mapped'; readonly input: Input }
  | { readonly kind: 'skipped'; readonly because: 'when' }
  | { readonly kind: 'failed'; readonly failure: Failure }

/** What mapping a record came to: the record, and the media answers whose files belong to it. */
export type RecordResult =
  | { readonly kind: 'mapped'; readonly input: CrmRecord; readonly media: readonly Json[] }
  | Exclude<MapResult<CrmRecord>, { kind: 'mapped' }>

/** A record delivered before: the vendor's object it is, and what the vendor confirmed. */
export interface DeliveredRecord {
  readonly object: string
  readonly receipt: Receipt
}

/** Records delivered before, by their id in the mapping. Skipped ones are not in it. */
export type DeliveredRecords = ReadonlyMap<string, DeliveredRecord>

/** What a mapping may refer to, as MAPPING_ROOTS; `records` is made from the receipts. */
export type MappingScope = Pick<Scope, 'form' | 'person' | 'session' | 'flow' | 'data'>

/** The whole scope: `records.<id>` holds `id`, `url` and `outcome` of the receipt. */
export function withRecords(scope: MappingScope, delivered: DeliveredRecords): Scope {
  const records: Record<string, JsonObject> = {}
  for (const [id, { receipt }] of delivered) {
    records[id] = {
      id: receipt.id,
      outcome: receipt.outcome,
      ...(receipt.url === undefined ? {} : { url: receipt.url }),
    }
  }
  return { ...EMPTY_SCOPE, ...scope, records }
}
