import type { StandInAnswer, StandInRequest } from 'flowgate/plugin/testing'
import type { HubspotAccount, StoredRecord } from './hubspot-account.ts'
import { alreadyExists, invalidRequest, notFound, Refused } from './hubspot-answers.ts'

interface Row {
  readonly id: string
  readonly idProperty: string
  readonly properties: Readonly<Record<string, string>>
  readonly objectWriteTraceId?: string
}

/**
 * `POST /crm/v3/objects/:object/batch/upsert`. A bad row fails the whole batch, unless the rows carry an
 * `objectWriteTraceId`: then the answer is 207 with an entry in `errors` for each bad row.
 */
export function batchUpsert(account: HubspotAccount, request: StandInRequest): StandInAnswer {
  const object = account.objectType(segment(request, 'object')).name
  const rows = readRows(account, object, request.body)
  const rowByRow = rows.some((row) => row.objectWriteTraceId !== undefined)
  const errors: unknown[] = []
  const passed: Row[] = []
  for (const row of rows) {
    try {
      account.check(
        object,
        { [row.idProperty]: row.id, ...row.properties },
        account.find(object, row.id, row.idProperty),
      )
      passed.push(row)
    } catch (error) {
      if (!rowByRow || !(error instanceof Refused)) throw error
      const body = typeof error.answer.body === 'object' ? error.answer.body : {}
      errors.push({ ...body, context: { objectWriteTraceId: [row.objectWriteTraceId] } })
    }
  }
  const results = passed.map((row) => upsertRow(account, object, row))
  const time = new Date().toISOString()
  const frame = { status: 'COMPLETE', results, startedAt: time, completedAt: time }
  if (errors.length === 0) return { status: 200, body: frame }
  return { status: 207, body: { ...frame, numErrors: errors.length, errors } }
}

function upsertRow(account: HubspotAccount, object: string, row: Row): unknown {
  const existing = account.find(object, row.id, row.idProperty)
  const record = account.write(object, { [row.idProperty]: row.id, ...row.properties }, existing)
  const trace = row.objectWriteTraceId === undefined ? {} : { objectWriteTraceId: row.objectWriteTraceId }
  const url = `https://${account.uiDomain}/contacts/${account.portalId}/record/${account.objectType(object).typeId}/${record.id}`
  return { ...shown(record), new: existing === undefined, archived: false, url, ...trace }
}

/** `POST /crm/v3/objects/:object`: 201, or 409 with the id of the record that is there. */
export function createOne(account: HubspotAccount, request: StandInRequest): StandInAnswer {
  const type = account.objectType(segment(request, 'object'))
  const properties = readProperties(field(request.body, 'properties'))
  const email = type.name === 'contacts' ? properties['email'] : undefined
  const existing = email ? account.find(type.name, email, 'email') : undefined
  if (existing !== undefined) return alreadyExists('Contact', existing.id)
  account.check(type.name, properties, undefined)
  return { status: 201, body: { ...shown(account.write(type.name, properties, undefined)), archived: false } }
}

/** `GET /crm/v3/objects/:object/:id`, also by a unique property; shows the properties asked for, else all. */
export function readOne(account: HubspotAccount, request: StandInRequest): StandInAnswer {
  const record = requireRecord(account, request)
  const wanted = request.query.getAll('properties').flatMap((names) => names.split(','))
  return { status: 200, body: { ...shownPart(account, record, wanted), archived: false } }
}

/** `PATCH /crm/v3/objects/:object/:id`. */
export function updateOne(account: HubspotAccount, request: StandInRequest): StandInAnswer {
  const existing = requireRecord(account, request)
  const properties = readProperties(field(request.body, 'properties'))
  account.check(existing.object, properties, existing)
  return { status: 200, body: { ...shown(account.write(existing.object, properties, existing)), archived: false } }
}

/** `POST /crm/v3/objects/:object/search` with filters by EQ; what search shows may lag behind the writes. */
export function search(account: HubspotAccount, request: StandInRequest): StandInAnswer {
  const groups = list(field(request.body, 'filterGroups')).map((group) => list(field(group, 'filters')))
  const known = account.properties(segment(request, 'object')).map(({ name }) => name)
  for (const filter of groups.flat()) {
    const name = String(field(filter, 'propertyName'))
    if (!known.includes(name))
      throw new Refused(invalidRequest(`There was a problem with the request: no property ${name}`))
  }
  const limit = Number(field(request.body, 'limit') ?? 10)
  if (!(limit >= 1 && limit <= 200)) throw new Refused(invalidRequest('limit must be from 1 to 200'))
  const wanted = list(field(request.body, 'properties')).map(String)
  const results = account
    .searchable(segment(request, 'object'))
    .filter(
      (record) => groups.length === 0 || groups.some((filters) => filters.every((filter) => holds(record, filter))),
    )
  const page = results.slice(0, limit).map((record) => shownPart(account, record, wanted))
  return { status: 200, body: { total: results.length, results: page } }
}

function holds(record: StoredRecord, filter: unknown): boolean {
  if (field(filter, 'operator') !== 'EQ') throw new Refused(invalidRequest('The stand-in searches by EQ only'))
  const held = record.properties[String(field(filter, 'propertyName'))]
  return held?.toLowerCase() === String(field(filter, 'value')).toLowerCase()
}

function requireRecord(account: HubspotAccount, request: StandInRequest): StoredRecord {
  const object = segment(request, 'object')
  const idProperty = request.query.get('idProperty') ?? undefined
  if (idProperty !== undefined) account.requireUnique(object, idProperty)
  const record = account.find(object, segment(request, 'id'), idProperty)
  if (record === undefined) throw new Refused(notFound('resource not found'))
  return record
}

/** Reads the rows as the specification has them: values are text, and nothing else passes. */
function readRows(account: HubspotAccount, object: string, body: unknown): Row[] {
  const inputs = list(field(body, 'inputs'))
  if (inputs.length === 0 || inputs.length > 100) throw new Refused(invalidRequest('inputs must hold 1 to 100 rows'))
  const seen = new Set<string>()
  return inputs.map((input) => {
    const [id, idProperty, trace] = ['id', 'idProperty', 'objectWriteTraceId'].map((key) => field(input, key))
    if (typeof id !== 'string' || id === '')
      throw new Refused(invalidRequest('Some required fields were not set: [id]'))
    if (typeof idProperty !== 'string') throw new Refused(invalidRequest('idProperty is required for an upsert'))
    account.requireUnique(object, idProperty)
    const compared = idProperty === 'email' ? id.toLowerCase() : id
    if (seen.has(compared)) throw new Refused(invalidRequest(`Duplicate IDs found in batch input: [${id}]`))
    seen.add(compared)
    const properties = readProperties(field(input, 'properties'))
    return { id, idProperty, properties, ...(typeof trace === 'string' ? { objectWriteTraceId: trace } : {}) }
  })
}

function readProperties(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null)
    throw new Refused(invalidRequest('Some required fields were not set: [properties]'))
  const entries = Object.entries(value)
  const [strange] = entries.find(([, held]) => typeof held !== 'string') ?? []
  if (strange !== undefined) throw new Refused(invalidRequest(`Invalid input JSON: properties.${strange} is not text`))
  return Object.fromEntries(entries.map(([name, held]) => [name, String(held)]))
}

function shown(record: StoredRecord) {
  const { id, createdAt, updatedAt, properties } = record
  return { id, createdAt, updatedAt, properties: { ...properties, hs_object_id: id, createdate: createdAt } }
}

/** Properties asked for that a record does not hold are `null`; those the account does not have are ignored. */
function shownPart(account: HubspotAccount, record: StoredRecord, wanted: readonly string[]) {
  const whole = shown(record)
  if (wanted.length === 0) return whole
  const always = { hs_object_id: whole.id, createdate: whole.createdAt, lastmodifieddate: whole.updatedAt }
  const held = new Map(Object.entries(whole.properties))
  const known = account.properties(record.object).filter(({ name }) => wanted.includes(name))
  const asked = known.map(({ name }) => [name, held.get(name) ?? null])
  return { ...whole, properties: { ...always, ...Object.fromEntries(asked) } }
}

function segment(request: StandInRequest, name: string): string {
  return request.parameters[name] ?? ''
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([name]) => name === key)?.[1]
    : undefined
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
