import type { Preparation } from 'flowgate/plugin'
import type { HubspotApi, UniqueProperty } from './api.ts'
import { ProblemError } from './problem.ts'

/** Groups that HubSpot ships with; other objects are asked for theirs. */
const GROUPS: ReadonlyMap<string, string> = new Map([
  ['contacts', 'contactinformation'],
  ['companies', 'companyinformation'],
  ['deals', 'dealinformation'],
  ['tickets', 'ticketinformation'],
])

/**
 * Says whether each object has the submission property with unique values, and with `apply` creates it where it is
 * missing. Creating needs the token's schema scope of the object.
 */
export async function prepareObjects(
  api: HubspotApi,
  objects: readonly string[],
  name: string,
  apply: boolean,
): Promise<readonly Preparation[]> {
  const preparations: Preparation[] = []
  for (const object of new Set(objects)) preparations.push(await prepareObject(api, object, name, apply))
  return preparations
}

async function prepareObject(api: HubspotApi, object: string, name: string, apply: boolean): Promise<Preparation> {
  const missing = { description: `create the unique property ${name} on ${object}`, done: false }
  const found = await look(api, object, name)
  if (found !== undefined) return found
  if (!apply) return missing
  try {
    await api.createUniqueProperty(object, await submissionProperty(api, object, name))
    return { ...missing, done: true }
  } catch (error) {
    // Someone else created it in between: what counts is what is there now.
    if (!(error instanceof ProblemError) || error.problem.status !== 409) throw error
    return (await look(api, object, name)) ?? missing
  }
}

async function look(api: HubspotApi, object: string, name: string): Promise<Preparation | undefined> {
  try {
    if (await api.propertyIsUnique(object, name))
      return { description: `unique property ${name} on ${object}`, done: true }
    const description = `the property ${name} on ${object} exists without unique values, which HubSpot cannot add later: set another name in submission_property, or delete the property in HubSpot and prepare again`
    return { description, done: false }
  } catch (error) {
    if (error instanceof ProblemError && error.problem.status === 404 && error.problem.fromHubspot) return undefined
    throw error
  }
}

async function submissionProperty(api: HubspotApi, object: string, name: string): Promise<UniqueProperty> {
  return {
    name,
    label: 'Flowgate submission',
    description: 'Set by Flowgate so that a submission creates one record only, even when it is sent again.',
    groupName: GROUPS.get(object) ?? (await someGroup(api, object)),
  }
}

async function someGroup(api: HubspotApi, object: string): Promise<string> {
  const groups = await api.propertyGroups(object)
  return groups.find((group) => group.endsWith('information')) ?? groups[0] ?? `${object}information`
}
