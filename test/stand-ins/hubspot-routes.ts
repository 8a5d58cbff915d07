import type { StandInAnswer, StandInRequest } from 'flowgate/plugin/testing'
import type { HubspotAccount } from './hubspot-account.ts'
import { associateDefault, readAssociations } from './hubspot-associations.ts'
import { uploadFile } from './hubspot-files.ts'
import { batchUpsert, createOne, readOne, search, updateOne } from './hubspot-objects.ts'
import { listOwners, readOwner } from './hubspot-owners.ts'
import { listPipelines } from './hubspot-pipelines.ts'
import { createProperty, listGroups, listProperties, readProperty } from './hubspot-properties.ts'

/** Applies a request to the account and answers it, or throws `Refused`. */
export type HubspotCall = (account: HubspotAccount, request: StandInRequest) => StandInAnswer | Promise<StandInAnswer>

const V3: Readonly<Record<string, HubspotCall>> = {
  'GET /account-info/v3/details': accountDetails,
  'POST /crm/v3/objects/:object/batch/upsert': batchUpsert,
  'POST /crm/v3/objects/:object/search': search,
  'POST /crm/v3/objects/:object': createOne,
  'GET /crm/v3/objects/:object/:id': readOne,
  'PATCH /crm/v3/objects/:object/:id': updateOne,
  'PUT /crm/v4/objects/:from/:fromId/associations/default/:to/:toId': associateDefault,
  'GET /crm/v4/objects/:from/:fromId/associations/:to': readAssociations,
  'GET /crm/v3/properties/:object': listProperties,
  'POST /crm/v3/properties/:object': createProperty,
  'GET /crm/v3/properties/:object/groups': listGroups,
  'GET /crm/v3/properties/:object/:name': readProperty,
  'GET /crm/v3/pipelines/:object': listPipelines,
  'GET /crm/v3/owners': listOwners,
  'GET /crm/v3/owners/:id': readOwner,
  'POST /files/v3/files': uploadFile,
}

/** The same call in HubSpot's version of September 2026: the date follows the name of the API. Files have no dated upload. */
export function dated(route: string): string {
  const [method, , api, , ...rest] = route.split(/[ /]/)
  if (api === 'account-info') return `${method} /account-info/2026-09/${rest.join('/')}`
  return api === 'crm'
    ? `${method} /crm/${rest[0]}/2026-09${rest
        .slice(1)
        .map((part) => `/${part}`)
        .join('')}`
    : route
}

/** Every call the stand-in answers with a token, by its pattern, in v3 and under its date. */
export const HUBSPOT_CALLS: Readonly<Record<string, HubspotCall>> = Object.fromEntries(
  Object.entries(V3).flatMap(([route, call]) => [
    [route, call],
    [dated(route), call],
  ]),
)

/** Patterns of the routes that change records, files or properties. */
export const HUBSPOT_WRITES = [
  'POST /crm/v3/objects/:object/batch/upsert',
  'POST /crm/v3/objects/:object',
  'PATCH /crm/v3/objects/:object/:id',
  'PUT /crm/v4/objects/:from/:fromId/associations/default/:to/:toId',
  'POST /crm/v3/properties/:object',
  'POST /files/v3/files',
] as const

/** Patterns of the routes that look records up. */
export const HUBSPOT_LOOK_UPS = [
  'GET /crm/v3/objects/:object/:id',
  'POST /crm/v3/objects/:object/search',
  'GET /crm/v3/properties/:object/:name',
] as const

function accountDetails({ portalId, uiDomain }: HubspotAccount): StandInAnswer {
  const details = { portalId, uiDomain, accountType: 'STANDARD', timeZone: 'Europe/Berlin', dataHostingLocation: 'eu1' }
  return { status: 200, body: details }
}
