import type { Json, RecordLink } from 'flowgate/plugin'
import type { HubspotApi } from '../calls/api.ts'
import { LIFECYCLE_STAGES, standardObject } from '../object-types.ts'
import type { RecordValues } from './values.ts'

const STAGE = 'lifecyclestage'

/**
 * Sets properties of one record by its id. A lifecycle stage that goes back is cleared first, for HubSpot ignores a step
 * back without a word.
 */
export async function updateRecord(
  api: HubspotApi,
  record: RecordLink,
  fields: Readonly<Record<string, Json>>,
  recordValues: RecordValues,
): Promise<void> {
  const values = await recordValues.of(api, record.object, fields)
  if (Object.keys(values).length === 0) return
  const stage = hasLifecycle(record.object) ? values[STAGE] : undefined
  if (stage) {
    const held = (await api.read(record, undefined, [STAGE])).properties[STAGE]
    if (held && held !== stage && !isForward(held, stage)) await api.update(record, { [STAGE]: '' })
  }
  await api.update(record, values)
}

function hasLifecycle(object: string): boolean {
  const type = standardObject(object)
  return type === 'contacts' || type === 'companies'
}

/** Stages of the account's own making have no order that is known here: for them it may be back. */
function isForward(held: string, stage: string): boolean {
  const order: readonly string[] = LIFECYCLE_STAGES
  return order.includes(held) && order.indexOf(stage) > order.indexOf(held)
}
