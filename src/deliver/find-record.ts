import { matchSpellings } from '../map/match-spellings.ts'
import type { Crm } from '../plugin/definition.ts'
import type { Call, CrmRecord } from '../plugin/delivery.ts'
import { type Failure, FailureError } from '../plugin/failure.ts'
import type { JsonObject } from '../plugin/json.ts'

/** A record that stands in the CRM, with those of the fields asked for that are not blank. */
export interface Found {
  readonly id: string
  readonly fields: JsonObject
}

/** Looks a record up in a CRM. */
export type Find = NonNullable<Crm['find']>

/** The code of a failure to read a chosen record. */
export const CHOSEN_GONE = 'FG_WRITE_CHOSEN_GONE'

/**
 * The record of this id that a person chose, under the id that the CRM has for it now: it may have become another, and what
 * was read is what is written. Rejects with a FailureError where it is not there.
 */
export async function findChosen(
  find: Find,
  record: CrmRecord,
  id: string,
  fields: readonly string[],
  call: Call,
): Promise<Found> {
  const { id: item, object } = record
  const found = await find({ object, field: 'id', value: id, fields }, call)
  if (found !== null) return { id: idOf(found, record), fields: found }
  throw new FailureError({
    kind: 'permanent',
    scope: 'record',
    code: CHOSEN_GONE,
    message: `record \`${item}\`: ${object} ${id}, which was chosen for it, is not there any more. Choose again: flowgate deliveries choose.`,
  })
}

/**
 * The one record that an upsert would update: by its `match` as it is and, where that is a number that people write in
 * several ways, by each of them. `undefined` where there is none. Rejects with a FailureError that names them where there
 * are several.
 */
export async function findMatching(
  find: Find,
  record: CrmRecord,
  fields: readonly string[],
  call: Call,
): Promise<Found | undefined> {
  const { object, match = '' } = record
  const spellings = matchSpellings(record)
  const found = new Map<string, JsonObject | undefined>()
  let several: Failure | undefined
  for (const value of spellings) {
    try {
      const one = await find({ object, field: match, value, fields }, call)
      if (one !== null) found.set(idOf(one, record), one)
    } catch (error) {
      const candidates = candidatesOf(error)
      if (candidates === undefined || !(error instanceof FailureError)) throw error
      several = error.failure
      for (const id of candidates) if (!found.has(id)) found.set(id, undefined)
    }
  }
  const [first, ...others] = found
  if (others.length > 0 || several !== undefined) throw ambiguous(record, [...found.keys()], several, spellings)
  return first === undefined ? undefined : { id: first[0], fields: first[1] ?? {} }
}

/** Ids of several records that a failure names. */
function candidatesOf(error: unknown): readonly string[] | undefined {
  const failure = error instanceof FailureError ? error.failure : undefined
  return failure?.kind === 'permanent' ? failure.candidates : undefined
}

function ambiguous(
  { id, object, match = '' }: CrmRecord,
  candidates: readonly string[],
  several: Failure | undefined,
  spellings: readonly string[],
): FailureError {
  // Alone, the plugin's own words say best what it found.
  if (several !== undefined && spellings.length === 1) return new FailureError(several)
  const why = spellings.length > 1 ? `${match}, a number that is written in ${spellings.length} ways,` : match
  const message = `record \`${id}\`: ${candidates.length} ${object} fit this ${why} so none is chosen for anybody. Choose one with \`flowgate deliveries choose\`, or merge them there and replay.`
  return new FailureError({
    kind: 'permanent',
    scope: 'record',
    code: 'FG_IDENTITY_AMBIGUOUS',
    message,
    fields: [match],
    candidates,
  })
}

function idOf({ id }: JsonObject, { object }: CrmRecord): string {
  if (typeof id === 'string' && id !== '') return id
  if (typeof id === 'number') return String(id)
  throw new TypeError(`The plugin found a record of ${object} and gave no id`)
}
