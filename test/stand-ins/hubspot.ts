import { type StandIn, type StandInAnswer, type StandInRequest, startStandIn } from 'flowgate/plugin/testing'
import { HubspotAccount, type StoredAssociation, type StoredRecord } from './hubspot-account.ts'
import { Refused } from './hubspot-answers.ts'
import { HubspotAuthority, type InstalledApp } from './hubspot-authority.ts'
import type { StoredFile } from './hubspot-files.ts'
import type { StoredOwner } from './hubspot-owners.ts'
import { HUBSPOT_CALLS, HUBSPOT_WRITES, type HubspotCall } from './hubspot-routes.ts'
import type { Pipeline, Property } from './hubspot-schema.ts'

export { HUBSPOT_LOOK_UPS } from './hubspot-routes.ts'

/** How a HubSpot stand-in is started. */
export interface HubspotStandInOptions {
  /** The one token it accepts that does not end. */
  readonly token: string
  /** An app that may exchange its refresh token for access tokens. */
  readonly app?: InstalledApp
  /** What the credentials may do; everything when left out. */
  readonly scopes?: readonly string[]
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
  notes(): readonly StoredRecord[]
  files(): readonly StoredFile[]
  /** Writes a contact as a person does in HubSpot, and answers its id. */
  addContact(properties: Readonly<Record<string, string>>): string
  addOwner(owner: StoredOwner): void
  addPipeline(object: string, pipeline: Pipeline): void
  /** Takes a record away, as a person deletes it. */
  remove(id: string): void
  /** Merges a record into another: its id leads to the other from now on. */
  merge(from: string, into: string): void
  associations(): readonly StoredAssociation[]
  /** How many requests came to each route that writes, by its pattern. */
  writes(): Readonly<Record<string, number>>
  properties(object: string): readonly Property[]
  addProperty(object: string, property: Property): void
  /** From now on only this token is accepted: the old one is revoked. */
  acceptOnly(token: string): void
  /** The access tokens that the app was given are over. */
  expireTokens(): void
  /** The app is uninstalled; with `deleted` because the account is gone. */
  uninstall(how: { readonly deleted: boolean }): void
  /** Lets search see every write. */
  catchUp(): void
}

const SUBMISSION_PROPERTY: Property = { name: 'flowgate_submission', type: 'string', fieldType: 'text', unique: true }

/** Starts an empty HubSpot account on 127.0.0.1. */
export async function startHubspotStandIn(options: HubspotStandInOptions): Promise<HubspotStandIn> {
  const account = new HubspotAccount(options.searchLags ?? false)
  if (options.preparedProperties ?? true) {
    for (const object of ['contacts', 'companies', 'deals', 'tickets', 'notes']) {
      account.addProperty(object, SUBMISSION_PROPERTY)
    }
  }
  const authority = new HubspotAuthority(options.token, options.app, options.scopes)
  const guarded =
    (handle: HubspotCall) =>
    async (request: StandInRequest): Promise<StandInAnswer> => {
      try {
        return authority.refusal(request) ?? (await handle(account, request))
      } catch (error) {
        if (error instanceof Refused) return error.answer
        throw error
      }
    }
  const calls = Object.entries(HUBSPOT_CALLS).map(([route, handle]) => [route, guarded(handle)])
  const token = (request: StandInRequest) => authority.token(request)
  const standIn = await startStandIn({
    routes: {
      ...Object.fromEntries(calls),
      'POST /oauth/2026-03/token': token,
      'POST /oauth/2026-09/token': token,
    },
    ...(options.port === undefined ? {} : { port: options.port }),
  })
  return Object.assign(standIn, {
    portalId: account.portalId,
    uiDomain: account.uiDomain,
    contacts: () => account.records('contacts'),
    companies: () => account.records('companies'),
    deals: () => account.records('deals'),
    tickets: () => account.records('tickets'),
    notes: () => account.records('notes'),
    files: () => [...account.files],
    addContact: (properties: Readonly<Record<string, string>>) => account.write('contacts', properties, undefined).id,
    addOwner: (owner: StoredOwner) => void account.owners.push(owner),
    addPipeline: (object: string, pipeline: Pipeline) => account.addPipeline(object, pipeline),
    remove: (id: string) => account.remove(id),
    merge: (from: string, into: string) => account.merge(from, into),
    associations: () => [...account.associations],
    writes: () => Object.fromEntries(HUBSPOT_WRITES.map((route) => [route, standIn.requestsTo(route).length])),
    properties: (object: string) => account.properties(object),
    addProperty: (object: string, property: Property) => account.addProperty(object, property),
    acceptOnly: (accepted: string) => authority.acceptOnly(accepted),
    expireTokens: () => authority.expireTokens(),
    uninstall: (how: { readonly deleted: boolean }) => authority.uninstall(how),
    catchUp: () => account.catchUp(),
  })
}
