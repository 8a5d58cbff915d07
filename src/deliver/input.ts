import type { Configuration } from '../config/configuration.ts'
import { flowScope } from '../flow/model.ts'
import type { Mapping } from '../map/model.ts'
import { mapRecord } from '../map/record.ts'
import type { DeliveredRecord, MappingScope } from '../map/result.ts'
import type { Message } from '../plugin/delivery.ts'
import type { Failure } from '../plugin/failure.ts'
import type { Delivery, SubmissionContent } from '../store/deliveries.ts'
import { makeMessage } from './message.ts'
import type { MappedRecord } from './prepare-record.ts'
import { versionOf } from './version-of.ts'

/** What is handed to the plugin, or why there is nothing to hand over. */
export type Input =
  | ({ readonly kind: 'record' } & MappedRecord)
  | { readonly kind: 'notification'; readonly message: Message }
  | { readonly kind: 'skipped' }
  | { readonly kind: 'unmapped'; readonly failure: Failure }

/** Maps a submission to the record or message of one delivery. */
export async function makeInput(
  delivery: Pick<Delivery, 'kind' | 'item' | 'stage' | 'lateReceipt' | 'chosen'>,
  mapping: Mapping,
  submission: SubmissionContent,
  scope: MappingScope,
): Promise<Input> {
  const delivered = deliveredRecords(mapping, submission)
  if (delivery.kind === 'record') {
    const found = mapping.records.find(({ id }) => id === delivery.item)
    if (found === undefined) return missing(delivery)
    const result = await mapRecord(found, scope, delivered)
    if (result.kind !== 'mapped') return unmapped(result)
    const { input: record, media } = result
    const { chosen } = delivery
    return { kind: 'record', record, media, mapping: found, acceptedAt: submission.acceptedAt, chosen }
  }
  const notification = mapping.notifications.find(({ id }) => id === delivery.item)
  if (notification === undefined) return missing(delivery)
  const result = await makeMessage(delivery, notification, scope, delivered)
  return result.kind === 'mapped' ? { kind: 'notification', message: result.input } : unmapped(result)
}

/** What a mapping may refer to, from a stored submission. A flow that is not configured any more is known by its name alone. */
export function submissionScope(submission: SubmissionContent, configuration: Configuration): MappingScope {
  const { form, person, session } = submission
  const configured = versionOf(configuration, submission)
  const flow =
    configured === undefined
      ? { name: submission.flow, title: submission.flow, version: submission.version }
      : { ...flowScope(configured.flow), version: submission.version }
  return { form, person, session, flow, data: {} }
}

function deliveredRecords(mapping: Mapping, { receipts }: SubmissionContent): ReadonlyMap<string, DeliveredRecord> {
  const delivered = new Map<string, DeliveredRecord>()
  for (const { id, object } of mapping.records) {
    const receipt = receipts[id]
    if (receipt !== undefined) delivered.set(id, { object, receipt })
  }
  return delivered
}

function unmapped(result: { kind: 'skipped' } | { kind: 'failed'; failure: Failure }): Input {
  return result.kind === 'skipped' ? { kind: 'skipped' } : { kind: 'unmapped', failure: result.failure }
}

function missing({ kind, item }: Pick<Delivery, 'kind' | 'item'>): Input {
  return {
    kind: 'unmapped',
    failure: {
      kind: 'permanent',
      scope: 'record',
      code: 'FG_DELIVERY_ITEM_GONE',
      message: `The mapping has no ${kind} ${item} any more: put it back, or leave this delivery failed.`,
    },
  }
}
