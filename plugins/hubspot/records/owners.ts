import { type Call, FailureError, type Owner } from 'flowgate/plugin'
import type { HubspotApi, RecordAddress } from '../calls/api.ts'
import { ProblemError } from '../calls/problem.ts'
import { Kept } from './kept.ts'
import { notThereYet } from './write-failure.ts'

/** The property that holds who owns a record. */
export const OWNER_PROPERTY = 'hubspot_owner_id'

const KEEP = { forMs: 5 * 60_000, most: 500 }

/** Who owns records, and which ids people have. People join and leave seldom: answers are kept for five minutes. */
export class Owners {
  readonly #byId: Kept<Owner | null>
  readonly #idByEmail: Kept<string>

  constructor(now: () => Date) {
    this.#byId = new Kept(KEEP, now)
    this.#idByEmail = new Kept(KEEP, now)
  }

  /** Who owns a record. `null` where nobody does, or somebody who is no longer active. */
  async of(api: HubspotApi, record: RecordAddress, call: Call): Promise<Owner | null> {
    const id = await ownerIdOf(api, record, call)
    if (!id || !/^\d{1,15}$/.test(id)) return null
    const known = this.#byId.get(id)
    if (known !== undefined) return known
    const owner = await activeOwner(api, Number(id))
    this.#byId.keep(id, owner)
    return owner
  }

  /** The id of the active owner with this e-mail address. Rejects with what to do where there is none. */
  async idOf(api: HubspotApi, email: string): Promise<string> {
    const wanted = email.trim().toLowerCase()
    const known = this.#idByEmail.get(wanted)
    if (known !== undefined) return known
    const found = await api.activeOwners(wanted)
    const owner = found.find((each) => each.email?.toLowerCase() === wanted)
    if (owner === undefined) throw unknownOwner()
    this.#idByEmail.keep(wanted, owner.id)
    return owner.id
  }
}

/** It is asked of records that were written a moment ago, which need not be seen everywhere yet. */
async function ownerIdOf(api: HubspotApi, record: RecordAddress, call: Call): Promise<string | null | undefined> {
  try {
    return (await api.read(record, undefined, [OWNER_PROPERTY])).properties[OWNER_PROPERTY]
  } catch (error) {
    const failure = error instanceof ProblemError && error.isNotFound ? notThereYet(record.object, call) : undefined
    throw failure === undefined ? error : new FailureError(failure, { cause: error })
  }
}

async function activeOwner(api: HubspotApi, id: number): Promise<Owner | null> {
  try {
    return await api.owner(id)
  } catch (error) {
    if (error instanceof ProblemError && error.problem.status === 404 && error.problem.fromHubspot) return null
    throw error
  }
}

/** Without the address: it may have come from a form. */
function unknownOwner(): FailureError {
  return new FailureError({
    kind: 'permanent',
    scope: 'record',
    code: 'FG_HUBSPOT_OWNER_UNKNOWN',
    message: `HubSpot has no active user with the e-mail address in ${OWNER_PROPERTY}. Correct the mapping, or add the user in HubSpot, then replay.`,
    fields: [OWNER_PROPERTY],
  })
}
