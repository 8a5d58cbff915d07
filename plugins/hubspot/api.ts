import * as associations from '@hubspot/api-client/lib/codegen/crm/associations/v4/index.js'
import * as objects from '@hubspot/api-client/lib/codegen/crm/objects/index.js'
import * as properties from '@hubspot/api-client/lib/codegen/crm/properties/index.js'
import { exchange, type OutgoingRequest, type Patience, UnansweredError } from './exchange.ts'
import { problemOfBatchRow } from './problem.ts'
import type { HubspotSettings } from './settings.ts'

/** One row to write by the value of a unique property. */
export interface UpsertRow {
  readonly id: string
  readonly idProperty: string
  readonly properties: Readonly<Record<string, string>>
}

/** What HubSpot says about a row it wrote. */
export interface WrittenRow {
  readonly id: string
  readonly isNew: boolean
}

/** A record in HubSpot. */
export interface RecordAddress {
  readonly object: string
  readonly id: string
}

/** What a search looks for. */
export interface PropertyValue {
  readonly name: string
  readonly value: string
}

/** A record as HubSpot shows it. A property it does not hold is `null` or left out. */
export interface ShownRecord {
  readonly id: string
  readonly properties: Readonly<Record<string, string | null>>
}

/** A text property whose values are unique, to be created. */
export interface UniqueProperty {
  readonly name: string
  readonly label: string
  readonly description: string
  /** Must exist. */
  readonly groupName: string
}

/** The calls this plugin makes. Each is one request; each rejects with `ProblemError` or `UnansweredError`. */
export interface HubspotApi {
  /** `undefined`: HubSpot says yes and has written nothing, which it does at times. */
  upsert(object: string, row: UpsertRow): Promise<WrittenRow | undefined>
  /** Links two records with the default label. Harmless when they are linked. `false`: HubSpot says yes and names no link. */
  link(from: RecordAddress, to: RecordAddress): Promise<boolean>
  /** By HubSpot's id, or by the value of a unique property: then `idProperty` names it. A record that is not there is a problem, 404. */
  read(record: RecordAddress, idProperty: string | undefined, properties: readonly string[]): Promise<ShownRecord>
  /** Records whose property has this value, at most two. What was written a moment ago may be missing. */
  searchTwo(object: string, by: PropertyValue, properties: readonly string[]): Promise<readonly ShownRecord[]>
  propertyIsUnique(object: string, name: string): Promise<boolean>
  createUniqueProperty(object: string, property: UniqueProperty): Promise<void>
  propertyGroups(object: string): Promise<readonly string[]>
  /** The account behind the token, as HubSpot answers it. */
  accountDetails(): Promise<unknown>
}

/** The SDK's request, which each of its generated packages declares anew. */
interface SdkRequest {
  getUrl(): string
  getHttpMethod(): string
  getHeaders(): Record<string, string>
  getBody(): unknown
}

interface SdkBody {
  text(): Promise<string>
  binary(): Promise<Buffer>
}

/**
 * Ties the SDK's generated calls to one call of the gateway. They come without the SDK's `Client`: its retries and its
 * limiter are one setting for the whole process, and it passes no AbortSignal on. Its transport is ours, so that an
 * abort closes the socket; building the three APIs costs about two microseconds.
 */
export function hubspotApi(settings: HubspotSettings, patience: Patience): HubspotApi {
  const authMethods = { oauth2: { accessToken: settings.accessToken } }
  const send = <Answer>(Answer: new (status: number, headers: Record<string, string>, body: SdkBody) => Answer) => {
    // The SDK throws on a 2xx its specification does not list: it is told the one whose model knows every field we read.
    return (readAs: number) => ({
      send: async (request: SdkRequest) => {
        const text = await exchange(outgoing(request), patience)
        return new Answer(readAs, { 'content-type': 'application/json' }, bodyOf(text))
      },
    })
  }
  const server = [settings.baseUrl, {}] as const
  const objectCalls = (readAs: number) =>
    objects.createConfiguration({
      authMethods,
      baseServer: new objects.ServerConfiguration(...server),
      httpApi: objects.wrapHttpLibrary(send(objects.ResponseContext)(readAs)),
    })
  const associationCalls = associations.createConfiguration({
    authMethods,
    baseServer: new associations.ServerConfiguration(...server),
    httpApi: associations.wrapHttpLibrary(send(associations.ResponseContext)(200)),
  })
  const propertyCalls = (readAs: number) =>
    properties.createConfiguration({
      authMethods,
      baseServer: new properties.ServerConfiguration(...server),
      httpApi: properties.wrapHttpLibrary(send(properties.ResponseContext)(readAs)),
    })

  return {
    async upsert(object, row) {
      const answer = await new objects.BatchApi(objectCalls(207)).upsert(object, { inputs: [{ ...row }] })
      const [written] = answer.results ?? []
      if (written?.id) return { id: String(written.id), isNew: written._new === true }
      const errors = 'errors' in answer ? (answer.errors ?? []) : []
      if (errors.length > 0) throw problemOfBatchRow(errors[0])
      return undefined
    },
    async link(from, to) {
      const call = new associations.BasicApi(associationCalls)
      const answer = await call.createDefault(from.object, from.id, to.object, to.id)
      const errors = answer.errors ?? []
      if (errors.length > 0) throw problemOfBatchRow(errors[0])
      // Typed as always there, and left out by the very answers this is about.
      return (answer.results ?? []).length > 0
    },
    async read({ object, id }, idProperty, wanted) {
      const call = new objects.BasicApi(objectCalls(200))
      return shown(await call.getById(object, id, [...wanted], undefined, undefined, undefined, idProperty))
    },
    async searchTwo(object, { name, value }, wanted) {
      const equal = { propertyName: name, operator: objects.FilterOperatorEnum.Eq, value }
      const answer = await new objects.SearchApi(objectCalls(200)).doSearch(object, {
        filterGroups: [{ filters: [equal] }],
        properties: [...wanted],
        limit: 2,
      })
      // Typed as always there, and left out by what is not HubSpot.
      if (!Array.isArray(answer.results)) throw new UnansweredError('unreadable', 'The search answers no results')
      return answer.results.map(shown)
    },
    async propertyIsUnique(object, name) {
      const property = await new properties.CoreApi(propertyCalls(200)).getByName(object, name)
      return property.hasUniqueValue === true
    },
    async createUniqueProperty(object, property) {
      await new properties.CoreApi(propertyCalls(201)).create(object, {
        ...property,
        type: properties.PropertyCreateTypeEnum.String,
        fieldType: properties.PropertyCreateFieldTypeEnum.Text,
        hasUniqueValue: true,
        formField: false,
      })
    },
    async propertyGroups(object) {
      const groups = await new properties.GroupsApi(propertyCalls(200)).getAll(object)
      return groups.results.map((group) => group.name)
    },
    async accountDetails() {
      // The SDK has no call for it.
      const headers = { accept: 'application/json', authorization: `Bearer ${settings.accessToken}` }
      const url = `${settings.baseUrl}/account-info/v3/details`
      return JSON.parse(await exchange({ method: 'GET', url, headers }, patience))
    },
  }
}

/** An id is typed as always there, and left out by what is not HubSpot. */
function shown({ id, properties }: Partial<ShownRecord>): ShownRecord {
  if (!id) throw new UnansweredError('unreadable', 'The record has no id')
  return { id: String(id), properties: properties ?? {} }
}

function outgoing(request: SdkRequest): OutgoingRequest {
  const body = request.getBody()
  return {
    method: request.getHttpMethod(),
    url: request.getUrl(),
    headers: request.getHeaders(),
    ...(typeof body === 'string' ? { body } : {}),
  }
}

function bodyOf(text: string): SdkBody {
  return { text: async () => text, binary: async () => Buffer.from(text) }
}
