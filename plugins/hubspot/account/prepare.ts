import { FailureError, type ObjectUse, type Preparation } from 'flowgate/plugin'
import type { HubspotApi, UniqueProperty } from '../calls/api.ts'
import { ProblemError } from '../calls/problem.ts'
import { standardObject } from '../object-types.ts'

/** Groups that HubSpot ships with; other objects are asked for theirs. */
const GROUPS: ReadonlyMap<string, string> = new Map([
  ['contacts', 'contactinformation'],
  ['companies', 'companyinformation'],
  ['deals', 'dealinformation'],
  ['tickets', 'ticketinformation'],
])

/** How an object is used, and whether files are attached to its records: they hang on notes. */
type Use = ObjectUse & { readonly files?: boolean }

/** A property that must be unique, and what it is for. */
interface Needed {
  readonly object: string
  readonly name: string
  readonly purpose: 'submission' | 'match'
}

/**
 * Says for each object whether the properties that records are found by are there with unique values, and with `apply`
 * creates those that are missing. Scopes that HubSpot names as lacking are told one by one. Creating needs the schema
 * scope of the object.
 */
export async function prepareObjects(
  api: HubspotApi,
  uses: readonly Use[],
  submissionProperty: string,
  apply: boolean,
): Promise<readonly Preparation[]> {
  const preparations: Preparation[] = []
  const objects = new Set([...uses.map(({ object }) => object), ...(uses.some(({ files }) => files) ? ['notes'] : [])])
  for (const object of objects) {
    const lacking = await scopesToWrite(api, object)
    if (lacking !== undefined) preparations.push(lacking)
    for (const needed of neededOn(object, uses, submissionProperty)) {
      preparations.push(await prepareProperty(api, needed, apply))
    }
  }
  return preparations
}

function neededOn(object: string, uses: readonly Use[], submissionProperty: string): readonly Needed[] {
  const here = uses.filter((use) => use.object === object)
  const creates = here.some((use) => use.creates) || (object === 'notes' && uses.some(({ files }) => files))
  const matches = new Set(here.flatMap((use) => use.matches))
  for (const name of ['id', 'hs_object_id', submissionProperty]) matches.delete(name)
  // HubSpot keeps contacts apart by their e-mail without calling the property unique.
  if (standardObject(object) === 'contacts') matches.delete('email')
  return [
    ...(creates ? [{ object, name: submissionProperty, purpose: 'submission' } as const] : []),
    ...[...matches].map((name) => ({ object, name, purpose: 'match' }) as const),
  ]
}

/** An upsert of no rows writes nothing: only whether HubSpot says that scopes are missing counts. */
async function scopesToWrite(api: HubspotApi, object: string): Promise<Preparation | undefined> {
  try {
    await api.upsertNothing(object)
    return undefined
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    const scopes = lackedScopes(error)
    if (scopes !== undefined) return { description: `${scopes} to write ${object}`, done: false, byHand: ADD_SCOPES }
    // Rows are missing, or the object is: that is said where it matters.
    if ([400, 404].includes(error.problem.status)) return undefined
    throw error
  }
}

async function prepareProperty(api: HubspotApi, needed: Needed, apply: boolean): Promise<Preparation> {
  const { object, name } = needed
  const missing = { description: `create the unique property ${name} on ${object}`, done: false }
  try {
    const found = await look(api, needed)
    if (found !== undefined) return found
    if (!apply) return missing
    await api.createUniqueProperty(object, await definitionOf(api, needed))
    return { description: missing.description, done: true }
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    const scopes = lackedScopes(error)
    if (scopes !== undefined) {
      const description = `${missing.description}, which needs ${scopes}`
      return { description, done: false, byHand: `${ADD_SCOPES} Or ${stepsFor(needed)}` }
    }
    // Someone else created it in between: what counts is what is there now.
    if (error.problem.status === 409) return (await look(api, needed)) ?? missing
    throw objectUnknown(error, object)
  }
}

async function look(api: HubspotApi, needed: Needed): Promise<Preparation | undefined> {
  const { object, name, purpose } = needed
  try {
    if (await api.propertyIsUnique(object, name))
      return { description: `unique property ${name} on ${object}`, done: true }
  } catch (error) {
    if (error instanceof ProblemError && error.problem.status === 404 && error.problem.fromHubspot) return undefined
    throw error
  }
  const description = `the property ${name} on ${object} exists without unique values, which HubSpot cannot add later`
  const cure =
    purpose === 'submission'
      ? 'Set another name in submission_property, or delete the property in HubSpot and prepare again.'
      : `Match ${object} by another property: choose a name that is not in use yet, prepare again, and write the same value into it.`
  return { description, done: false, byHand: cure }
}

const ADD_SCOPES =
  'In HubSpot open the service key under Development > Keys > Service keys (or the scopes of the app), add the scopes, and save.'

/** For whoever may change properties in HubSpot while the credentials may not. */
function stepsFor({ object, name }: Needed): string {
  return `make it yourself: Settings > Properties, choose ${object}, Create property, internal name ${name}, field type "Single-line text", and under Rules "Require unique values for this property".`
}

function lackedScopes({ problem: { status, scopes } }: ProblemError): string | undefined {
  if (status !== 403) return undefined
  return scopes.length === 0 ? 'a scope that HubSpot does not name' : `the scopes ${scopes.join(', ')}`
}

function objectUnknown(error: ProblemError, object: string): unknown {
  if (error.problem.status !== 404 || !error.problem.fromHubspot) return error
  const message = `HubSpot has no object ${object}. Correct the mapping.`
  return new FailureError(
    { kind: 'permanent', scope: 'record', code: 'FG_HUBSPOT_NOT_FOUND', message },
    { cause: error },
  )
}

async function definitionOf(api: HubspotApi, { object, name, purpose }: Needed): Promise<UniqueProperty> {
  const groupName = GROUPS.get(standardObject(object) ?? object) ?? (await someGroup(api, object))
  if (purpose === 'submission') {
    const description = 'Set by Flowgate so that a submission creates one record only, even when it is sent again.'
    return { name, label: 'Flowgate submission', description, groupName }
  }
  return { name, label: labelOf(name), description: `Flowgate finds ${object} by it.`, groupName }
}

/** `wa_id` becomes `Wa id`; people can change it in HubSpot. */
function labelOf(name: string): string {
  const words = name.replaceAll('_', ' ').trim()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

async function someGroup(api: HubspotApi, object: string): Promise<string> {
  const groups = await api.propertyGroups(object)
  return groups.find((group) => group.endsWith('information')) ?? groups[0] ?? `${object}information`
}
