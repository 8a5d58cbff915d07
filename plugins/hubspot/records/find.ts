import { type Failure, FailureError, type JsonObject, type LookUp } from 'flowgate/plugin'
import type { HubspotApi, ShownRecord } from '../calls/api.ts'
import { ProblemError } from '../calls/problem.ts'
import { classify } from '../failure.ts'
import { isRecordId, standardObject } from '../object-types.ts'

/** A record's own id, in our words and in HubSpot's. It is no unique property: a read by it names no property. */
const RECORD_ID: readonly string[] = ['id', 'hs_object_id']
/** As many as a person can choose from. */
const MOST_CANDIDATES = 10

/**
 * Finds one record by the value of a property, and gives its id with the properties asked for. Every failure is a
 * FailureError, so that whoever asks need not know HubSpot.
 *
 * Where the property's values are unique the record is read: one request, and what was written a moment ago is there.
 * Any other property is searched for: HubSpot allows five searches a second for the whole account, and they follow writes
 * with some seconds' delay.
 */
export class RecordFinder {
  /** By object and property. HubSpot decides on uniqueness when a property is created and never again. */
  readonly #unique = new Map<string, boolean>()

  async find(api: HubspotApi, look: LookUp): Promise<JsonObject | null> {
    // No record has a blank value, and an empty path segment would read a list. Half a character is no text.
    if (look.value === '' || !look.value.isWellFormed()) return null
    try {
      const found = await this.#look(api, look)
      return found === undefined ? null : answerOf(found, look.fields)
    } catch (error) {
      if (isNothing(error, look)) return null
      // A property may have been deleted and made anew.
      if (error instanceof ProblemError) this.#unique.delete(keyOf(look))
      const failure = failureOfLookUp(error, look)
      throw failure === undefined ? error : new FailureError(failure, { cause: error })
    }
  }

  async #look(api: HubspotApi, look: LookUp): Promise<ShownRecord | undefined> {
    const { object, field, value, fields } = look
    if (RECORD_ID.includes(field)) return isRecordId(value) ? read(api, look, undefined) : undefined
    // A path segment of dots leads to another path, however it is written.
    if (value !== '.' && value !== '..' && (await this.isUnique(api, look))) return read(api, look, field)
    const found = await api.search(object, { name: field, value }, fields, MOST_CANDIDATES)
    if (found.length > 1) throw new FailureError(ambiguous(look, found))
    return found[0]
  }

  /** Whether HubSpot lets only one record have a value of this property. Rejects as the calls of the API do. */
  async isUnique(api: HubspotApi, look: Pick<LookUp, 'object' | 'field'>): Promise<boolean> {
    const { object, field } = look
    // HubSpot keeps contacts apart by their e-mail without calling the property unique.
    if (field === 'email' && standardObject(object) === 'contacts') return true
    const known = this.#unique.get(keyOf(look))
    if (known !== undefined) return known
    const unique = await isUnique(api, object, field)
    if (unique !== undefined) this.#unique.set(keyOf(look), unique)
    return unique ?? false
  }
}

function keyOf({ object, field }: Pick<LookUp, 'object' | 'field'>): string {
  return JSON.stringify([object, field])
}

/** `undefined` where nobody answers what the property is like: a search needs not know it. */
async function isUnique(api: HubspotApi, object: string, field: string): Promise<boolean | undefined> {
  try {
    return await api.propertyIsUnique(object, field)
  } catch (error) {
    if (error instanceof ProblemError && error.isNoRoute && !error.problem.fromHubspot) return undefined
    throw error
  }
}

async function read(api: HubspotApi, look: LookUp, idProperty: string | undefined): Promise<ShownRecord | undefined> {
  try {
    return await api.read({ object: look.object, id: look.value }, idProperty, look.fields)
  } catch (error) {
    if (error instanceof ProblemError && error.problem.status === 404 && error.problem.fromHubspot) return undefined
    throw error
  }
}

/** The fields asked for and no others; HubSpot's blank ones are left out. */
function answerOf({ id, properties }: ShownRecord, fields: readonly string[]): JsonObject {
  const held = Object.entries(properties).filter(([name, value]) => fields.includes(name) && value !== null)
  return { ...Object.fromEntries(held.filter(([, value]) => value !== '')), id }
}

/** HubSpot says that the property can hold no such value: then no record has it. */
function isNothing(error: unknown, { field }: LookUp): boolean {
  if (!(error instanceof ProblemError)) return false
  return error.problem.refused.some(({ name, code }) => name === field && code.startsWith('INVALID_'))
}

function failureOfLookUp(error: unknown, { object, field }: LookUp): Failure | undefined {
  const failure = classify(error)
  if (!(error instanceof ProblemError) || failure?.kind !== 'permanent' || failure.scope !== 'record') return failure
  const { status, correlationId } = error.problem
  const told = correlationId === undefined ? '' : `, correlation id ${correlationId}`
  return {
    kind: 'permanent',
    scope: 'record',
    code: 'FG_HUBSPOT_FIND_REFUSED',
    message: `HubSpot cannot look ${object} up by ${field} (HTTP ${status}${told}). Correct the object or the property in the source or the mapping.`,
  }
}

function ambiguous({ object, field }: LookUp, found: readonly ShownRecord[]): Failure {
  return {
    kind: 'permanent',
    scope: 'record',
    code: 'FG_HUBSPOT_AMBIGUOUS',
    message: `Several ${object} have the ${field} looked for, so none is chosen. Choose one, look up by a unique property, or merge them in HubSpot.`,
    candidates: found.map(({ id }) => id),
  }
}
