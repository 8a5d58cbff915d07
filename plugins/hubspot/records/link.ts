import { FailureError, type RecordLink } from 'flowgate/plugin'
import type { HubspotApi, RecordAddress } from '../calls/api.ts'
import { isRecordId } from '../object-types.ts'

/**
 * Links a written record, whichever of the two HubSpot would name first. What is linked already stays so. An answer that is
 * complete and names no link is asked for once more; the second is believed, since HubSpot does not document what it says
 * of a pair that is linked already.
 */
export async function linkRecord(api: HubspotApi, from: RecordAddress, to: RecordLink): Promise<void> {
  if (!isRecordId(to.id)) {
    throw new FailureError({
      kind: 'permanent',
      scope: 'record',
      code: 'FG_HUBSPOT_NOT_FOUND',
      message: `The ${to.object} record to link to has an id that is not HubSpot's. Link to records of this destination only.`,
    })
  }
  if (!(await api.link(from, to))) await api.link(from, to)
}
