import { type Call, FailureError, type RecordLink } from 'flowgate/plugin'
import type { HubspotApi, RecordAddress } from '../calls/api.ts'
import { ProblemError } from '../calls/problem.ts'
import { isRecordId } from '../object-types.ts'
import { nothingWritten, notThereYet } from './write-failure.ts'

/**
 * Links a written record, whichever of the two HubSpot would name first. What is linked already stays so. An answer that is
 * complete and names no link is asked for once more; after the second HubSpot is asked which links there are, since it does
 * not document what it says of a pair that is linked already. Where that cannot be asked the second answer is believed.
 *
 * A record that HubSpot does not know here may have been merged: then what it went into is linked. Or it was written a
 * moment ago and is not seen everywhere: the first tries wait for it.
 */
export async function linkRecord(api: HubspotApi, from: RecordAddress, to: RecordLink, call: Call): Promise<void> {
  if (!isRecordId(to.id)) {
    throw new FailureError({
      kind: 'permanent',
      scope: 'record',
      code: 'FG_HUBSPOT_NOT_FOUND',
      message: `The ${to.object} record to link to has an id that is not HubSpot's. Link to records of this destination only.`,
    })
  }
  try {
    await makeSure(api, from, to)
  } catch (error) {
    if (!(error instanceof ProblemError) || !error.isNotFound) throw error
    const successor = await successorOf(api, to)
    if (successor !== undefined) return makeSure(api, from, successor)
    const failure = notThereYet(`${from.object} or ${to.object}`, call)
    throw failure === undefined ? error : new FailureError(failure, { cause: error })
  }
}

async function makeSure(api: HubspotApi, from: RecordAddress, to: RecordAddress): Promise<void> {
  if ((await api.link(from, to)) || (await api.link(from, to))) return
  if ((await isLinked(api, from, to)) === false) {
    throw new FailureError(nothingWritten(`link from ${from.object} to ${to.object}`))
  }
}

/** The record that this one was merged into; `undefined` where it was not. */
async function successorOf(api: HubspotApi, { object, id }: RecordLink): Promise<RecordAddress | undefined> {
  try {
    const shown = await api.read({ object, id }, undefined, [])
    return shown.id === id || !isRecordId(shown.id) ? undefined : { object, id: shown.id }
  } catch (error) {
    if (error instanceof ProblemError && error.isNotFound) return undefined
    throw error
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
