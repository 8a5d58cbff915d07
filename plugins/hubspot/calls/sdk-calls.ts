import * as associations from '@hubspot/api-client/lib/codegen/crm/associations/v4/index.js'
import * as objects from '@hubspot/api-client/lib/codegen/crm/objects/index.js'
import * as owners from '@hubspot/api-client/lib/codegen/crm/owners/index.js'
import * as pipelines from '@hubspot/api-client/lib/codegen/crm/pipelines/index.js'
import * as properties from '@hubspot/api-client/lib/codegen/crm/properties/index.js'
import type { SdkCalls } from './api.ts'
import type { Send } from './connection.ts'
import type { Patience } from './exchange.ts'
import { problemOfBatchRow } from './problem.ts'
import { contentOf, labelled, listed, shownOwner, shownProperty, shownRecord } from './shown.ts'

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

/** Stands where the SDK wants a host: the connection knows the real one. */
const NOWHERE = 'https://hubspot.invalid'
/** The most that HubSpot lists at once. */
const LINKS_IN_A_PAGE = 500

/**
 * The SDK's generated calls without its `Client`, whose retries and limiter are one setting for the whole process and which
 * passes no AbortSignal on. Its transport is ours, so that an abort closes the socket, and so that path, budget and token
 * are those of the connection; building the APIs costs some microseconds.
 */
export function sdkCalls(send: Send, patience: Patience): SdkCalls {
  const transport =
    <Answer>(Answer: new (status: number, headers: Record<string, string>, body: SdkBody) => Answer) =>
    // The SDK throws on a 2xx its specification does not list: it is told the one whose model knows every field we read.
    (readAs: number) => ({
      send: async (request: SdkRequest) => {
        const text = await send(apiRequest(request), patience)
        return new Answer(readAs, { 'content-type': 'application/json' }, bodyOf(text))
      },
    })
  const objectCalls = (readAs: number) =>
    objects.createConfiguration({
      baseServer: new objects.ServerConfiguration(NOWHERE, {}),
      httpApi: objects.wrapHttpLibrary(transport(objects.ResponseContext)(readAs)),
    })
  const associationCalls = associations.createConfiguration({
    baseServer: new associations.ServerConfiguration(NOWHERE, {}),
    httpApi: associations.wrapHttpLibrary(transport(associations.ResponseContext)(200)),
  })
  const propertyCalls = (readAs: number) =>
    properties.createConfiguration({
      baseServer: new properties.ServerConfiguration(NOWHERE, {}),
      httpApi: properties.wrapHttpLibrary(transport(properties.ResponseContext)(readAs)),
    })
  const pipelineCalls = pipelines.createConfiguration({
    baseServer: new pipelines.ServerConfiguration(NOWHERE, {}),
    httpApi: pipelines.wrapHttpLibrary(transport(pipelines.ResponseContext)(200)),
  })
  const ownerCalls = new owners.OwnersApi(
    owners.createConfiguration({
      baseServer: new owners.ServerConfiguration(NOWHERE, {}),
      httpApi: owners.wrapHttpLibrary(transport(owners.ResponseContext)(200)),
    }),
  )

  return {
    async upsert(object, row) {
      const inputs = [{ ...row, properties: { ...row.properties } }]
      const answer = await new objects.BatchApi(objectCalls(207)).upsert(object, { inputs })
      const [written] = answer.results ?? []
      if (written?.id) return { id: String(written.id), isNew: written._new === true }
      const errors = 'errors' in answer ? (answer.errors ?? []) : []
      if (errors.length > 0) throw problemOfBatchRow(errors[0])
      return undefined
    },
    async create(object, values) {
      const call = new objects.BasicApi(objectCalls(201))
      return shownRecord(await call.create(object, { properties: { ...values } })).id
    },
    async upsertNothing(object) {
      await new objects.BatchApi(objectCalls(207)).upsert(object, { inputs: [] })
    },
    async update({ object, id }, values) {
      const call = new objects.BasicApi(objectCalls(200))
      return shownRecord(await call.update(object, id, { properties: { ...values } })).id
    },
    async link(from, to) {
      const call = new associations.BasicApi(associationCalls)
      const answer = await call.createDefault(from.object, from.id, to.object, to.id)
      const errors = answer.errors ?? []
      if (errors.length > 0) throw problemOfBatchRow(errors[0])
      // Typed as always there, and left out by the very answers this is about.
      return (answer.results ?? []).length > 0
    },
    async isLinked(from, to) {
      const call = new associations.BasicApi(associationCalls)
      const { results, paging } = await call.getPage(from.object, from.id, to.object, undefined, LINKS_IN_A_PAGE)
      if (listed(results).some(({ toObjectId }) => String(toObjectId) === to.id)) return true
      return paging?.next === undefined ? false : undefined
    },
    async read({ object, id }, idProperty, wanted) {
      const call = new objects.BasicApi(objectCalls(200))
      return shownRecord(await call.getById(object, id, [...wanted], undefined, undefined, undefined, idProperty))
    },
    async search(object, { name, value }, wanted, most) {
      const equal = { propertyName: name, operator: objects.FilterOperatorEnum.Eq, value }
      const answer = await new objects.SearchApi(objectCalls(200)).doSearch(object, {
        filterGroups: [{ filters: [equal] }],
        properties: [...wanted],
        limit: most,
      })
      return listed(answer.results).map(shownRecord)
    },
    async properties(object) {
      return listed((await new properties.CoreApi(propertyCalls(200)).getAll(object)).results).map(shownProperty)
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
      return listed(groups.results).map((group) => group.name)
    },
    async pipelines(object) {
      const answer = await new pipelines.PipelinesApi(pipelineCalls).getAll(object)
      return labelled(answer.results).map(({ stages, ...pipeline }) => ({
        ...contentOf(pipeline),
        stages: labelled(stages).map(contentOf),
      }))
    },
    owner: async (id) => shownOwner(await ownerCalls.getById(id, 'id', false)),
    async activeOwners(email) {
      return listed((await ownerCalls.getPage(email, undefined, 100, false)).results).map(shownOwner)
    },
  }
}

function apiRequest(request: SdkRequest) {
  const body = request.getBody()
  const path = request.getUrl().slice(NOWHERE.length)
  return {
    method: request.getHttpMethod(),
    // Written with a slash at the end by the SDK for owners, which HubSpot's documentation does not have.
    path: path.replace(/\/(?=\?|$)/, ''),
    headers: request.getHeaders(),
    ...(typeof body === 'string' ? { body } : {}),
  }
}

function bodyOf(text: string): SdkBody {
  return { text: async () => text, binary: async () => Buffer.from(text) }
}
