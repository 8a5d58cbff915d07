import { FailureError, type RecordLink } from 'flowgate/plugin'
import type { HubspotApi, RecordAddress } from '../calls/api.ts'
import { ProblemError } from '../calls/problem.ts'
import { isRecordId } from '../object-types.ts'
import { nothingWritten } from './write-failure.ts'

/**
 * Links a written record, whichever of the two HubSpot would name first. What is linked already stays so. An answer that is
 * complete and names no link is asked for once more; after the second HubSpot is asked which links there are, since it does
 * not document what it says of a pair that is linked already. Where that cannot be asked the second answer is believed.
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
  if ((await api.link(from, to)) || (await api.link(from, to))) return
  if ((await isLinked(api, from, to)) === false) {
    throw new FailureError(nothingWritten(`link from ${from.object} to ${to.object}`))
  }
}

async function isLinked(api: HubspotApi, from: RecordAddress, to: RecordLink): Promise<boolean | undefined> {
  try {
    return await api.isLinked(from, to)
  } catch (error) {
    if (error instanceof ProblemError && error.isNoRoute) return undefined
    throw error
  }
}
