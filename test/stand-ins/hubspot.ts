import {
  type StandIn,
  type StandInAnswer,
  type StandInHandler,
  type StandInRequest,
  startStandIn,
} from 'flowgate/plugin/testing'
import { HubspotAccount, type StoredAssociation, type StoredRecord } from './hubspot-account.ts'
import { Refused, unauthorized } from './hubspot-answers.ts'
import { batchUpsert, createOne, readOne, search, updateOne } from './hubspot-objects.ts'
import { createProperty, listGroups, listPipelines, listProperties, readProperty } from './hubspot-properties.ts'
import type { Property } from './hubspot-schema.ts'

/** How a HubSpot stand-in is started. */
export interface HubspotStandInOptions {
  /** The one token it accepts. */
  readonly token: string
  /** Whether every object already has the unique property `flowgate_submission`; true when left out. */
  readonly preparedProperties?: boolean
  /** New and changed records stay hidden from search until `catchUp`. */
  readonly searchLags?: boolean
  readonly port?: number
}

/** One HubSpot account behind HTTP: it checks what HubSpot checks and keeps what HubSpot keeps. */
export interface HubspotStandIn extends StandIn {
  readonly portalId: number
  readonly uiDomain: string
  contacts(): readonly StoredRecord[]
  companies(): readonly StoredRecord[]
  deals(): readonly StoredRecord[]
  tickets(): readonly StoredRecord[]
  associations(): readonly StoredAssociation[]
  /** How many requests came to each route that writes, by its pattern. */
  writes(): Readonly<Record<string, number>>
  properties(object: string): readonly Property[]
  addProperty(object: string, property: Property): void
  /** From now on only this token is accepted: the old one is revoked. */
  acceptOnly(token: string): void
  /** Lets search see every write. */
  catchUp(): void
}

const SUBMISSION_PROPERTY: Property = { name: 'flowgate_submission', type: 'string', fieldType: 'text', unique: true }

/** Patterns of the routes that change records or properties. */
export const HUBSPOT_WRITES = [
  'POST /crm/v3/objects/:object/batch/upsert',
  'POST /crm/v3/objects/:object',
  'PATCH /crm/v3/objects/:object/:id',
  'PUT /crm/v4/objects/:from/:fromId/associations/default/:to/:toId',
  'POST /crm/v3/properties/:object',
] as const

/** Patterns of the routes that look records up. */
export const HUBSPOT_LOOK_UPS = [
  'GET /crm/v3/objects/:object/:id',
  'POST /crm/v3/objects/:object/search',
  'GET /crm/v3/properties/:object/:name',
] as const

/** Starts an empty HubSpot account on 127.0.0.1. */
export async function startHubspotStandIn(options: HubspotStandInOptions): Promise<HubspotStandIn> {
  const account = new HubspotAccount(options.searchLags ?? false)
  if (options.preparedProperties ?? true) {
    for (const object of ['contacts', 'companies', 'deals', 'tickets']) account.addProperty(object, SUBMISSION_PROPERTY)
  }
  let token = options.token
  const guarded = (handle: (account: HubspotAccount, request: StandInRequest) => StandInAnswer): StandInHandler => {
    return (request) => {
      if (request.headers.authorization !== `Bearer ${token}`) return unauthorized()
      try {
        return handle(account, request)
      } catch (error) {
        if (error instanceof Refused) return error.answer
        throw error
      }
    }
  }
  const standIn = await startStandIn({
    routes: routesOf(guarded),
    ...(options.port === undefined ? {} : { port: options.port }),
  })
  return Object.assign(standIn, {
    portalId: account.portalId,
    uiDomain: account.uiDomain,
    contacts: () => account.records('contacts'),
    companies: () => account.records('companies'),
    deals: () => account.records('deals'),
    tickets: () => account.records('tickets'),
    associations: () => [...account.associations],
    writes: () => Object.fromEntries(HUBSPOT_WRITES.map((route) => [route, standIn.requestsTo(route).length])),
    properties: (object: string) => account.properties(object),
    addProperty: (object: string, property: Property) => account.addProperty(object, property),
    acceptOnly(accepted: string) {
      token = accepted
    },
    catchUp: () => account.catchUp(),
  })
}

type Guarded = (handle: (account: HubspotAccount, request: StandInRequest) => StandInAnswer) => StandInHandler

function routesOf(guarded: Guarded): Record<string, StandInHandler> {
  return {
    'GET /account-info/v3/details': guarded(accountDetails),
    'POST /crm/v3/objects/:object/batch/upsert': guarded(batchUpsert),
    'POST /crm/v3/objects/:object/search': guarded(search),
    'POST /crm/v3/objects/:object': guarded(createOne),
    'GET /crm/v3/objects/:object/:id': guarded(readOne),
    'PATCH /crm/v3/objects/:object/:id': guarded(updateOne),
    'PUT /crm/v4/objects/:from/:fromId/associations/default/:to/:toId': guarded(associateDefault),
    'GET /crm/v4/objects/:from/:fromId/associations/:to': guarded(readAssociations),
    'GET /crm/v3/properties/:object': guarded(listProperties),
    'POST /crm/v3/properties/:object': guarded(createProperty),
    'GET /crm/v3/properties/:object/groups': guarded(listGroups),
    'GET /crm/v3/properties/:object/:name': guarded(readProperty),
    'GET /crm/v3/pipelines/:object': guarded(listPipelines),
  }
}

function accountDetails({ portalId, uiDomain }: HubspotAccount): StandInAnswer {
  const details = { portalId, uiDomain, accountType: 'STANDARD', timeZone: 'Europe/Berlin', dataHostingLocation: 'eu1' }
  return { status: 200, body: details }
}

function associateDefault(account: HubspotAccount, request: StandInRequest): StandInAnswer {
  const { from = '', fromId = '', to = '', toId = '' } = request.parameters
  const association = {
    from: { object: account.objectType(from).name, id: fromId },
    to: { object: account.objectType(to).name, id: toId },
  }
  account.associate(association)
  const results = [
    { from: { id: fromId }, to: { id: toId }, associationSpec: { associationCategory: 'HUBSPOT_DEFINED' } },
  ]
  const time = new Date().toISOString()
  return { status: 200, body: { status: 'COMPLETE', results, startedAt: time, completedAt: time } }
}

function readAssociations(account: HubspotAccount, request: StandInRequest): StandInAnswer {
  const { from = '', fromId = '', to = '' } = request.parameters
  const [fromName, toName] = [account.objectType(from).name, account.objectType(to).name]
  const mine = ({ object, id }: StoredAssociation['from']) => object === fromName && id === fromId
  // A default association can be read from both ends.
  const linked = account.associations
    .flatMap((held) => [held, { from: held.to, to: held.from }])
    .filter((held) => mine(held.from) && held.to.object === toName)
  const associationTypes = [{ category: 'HUBSPOT_DEFINED', label: null }]
  const results = linked.map((held) => ({ toObjectId: Number(held.to.id), associationTypes }))
  return { status: 200, body: { results } }
}
