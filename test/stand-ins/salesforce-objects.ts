import type { StandInAnswer, StandInRequest } from 'flowgate/plugin/testing'
import { errorAnswer, notFound, Refused } from './salesforce-answers.ts'
import type { SalesforceOrg, StoredRecord, Value, Values } from './salesforce-org.ts'
import { query } from './salesforce-query.ts'
import { described } from './salesforce-schema.ts'

/** `GET …/sobjects/:object/describe`. */
export function describe(org: SalesforceOrg, request: StandInRequest): StandInAnswer {
  const type = org.type(parameter(request, 'object'))
  return { status: 200, body: described(type, org.fields(type.name)) }
}

/** `GET …/query?q=…`: the first page. */
export function runQuery(org: SalesforceOrg, request: StandInRequest): StandInAnswer {
  return pageOf(org, query(org, request.query.get('q') ?? ''), 0)
}

/** `GET …/query/:locator`: a later page of what was asked before. */
export function nextPage(org: SalesforceOrg, request: StandInRequest): StandInAnswer {
  const [, place = '', from = ''] = /^01g-(\d+)-(\d+)$/.exec(parameter(request, 'locator')) ?? []
  const records = org.answered[Number(place)]
  if (place === '' || records === undefined) {
    throw new Refused(errorAnswer(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator'))
  }
  return pageOf(org, records, Number(from))
}

function pageOf(org: SalesforceOrg, records: readonly unknown[], from: number): StandInAnswer {
  const until = from + org.pageSize
  const page = { totalSize: records.length, records: records.slice(from, until) }
  if (until >= records.length) return { status: 200, body: { ...page, done: true } }
  const known = org.answered.indexOf(records)
  const place = known === -1 ? org.answered.push(records) - 1 : known
  const nextRecordsUrl = `/services/data/v62.0/query/01g-${place}-${until}`
  return { status: 200, body: { ...page, done: false, nextRecordsUrl } }
}

/** `POST …/sobjects/:object`. */
export function create(org: SalesforceOrg, request: StandInRequest): StandInAnswer {
  const object = org.type(parameter(request, 'object')).name
  const record = org.insert(object, bodyOf(request), duplicatesAllowed(request))
  return { status: 201, body: { id: record.id, success: true, errors: [] } }
}

/** `GET …/sobjects/:object/:id`. */
export function readById(org: SalesforceOrg, request: StandInRequest): StandInAnswer {
  return shown(org, org.record(parameter(request, 'object'), parameter(request, 'id')), request)
}

/** `PATCH …/sobjects/:object/:id`. */
export function updateById(org: SalesforceOrg, request: StandInRequest): StandInAnswer {
  const record = org.record(parameter(request, 'object'), parameter(request, 'id'))
  org.update(record, bodyOf(request), duplicatesAllowed(request))
  return { status: 204 }
}

/** `GET …/sobjects/:object/:field/:value`. */
export function readByField(org: SalesforceOrg, request: StandInRequest): StandInAnswer {
  const found = byField(org, request)
  const [record, ...others] = found
  if (others.length > 0) return choices(found)
  if (record === undefined) throw new Refused(notFound())
  return shown(org, record, request)
}

/** `PATCH …/sobjects/:object/:field/:value`: 201 or 200, and 300 with the paths of those that share the value. */
export function upsert(org: SalesforceOrg, request: StandInRequest): StandInAnswer {
  const object = org.type(parameter(request, 'object')).name
  const { name = '' } = org.field(object, parameter(request, 'field')) ?? {}
  const values = bodyOf(request)
  const found = byField(org, request)
  const [record, ...others] = found
  if (others.length > 0) return choices(found)
  if (Object.keys(values).some((key) => key.toLowerCase() === name.toLowerCase() || key.toLowerCase() === 'id')) {
    const message = `The ${name} field should not be specified in the sobject data.`
    throw new Refused(errorAnswer(400, 'INVALID_FIELD', message, [name]))
  }
  const allowed = duplicatesAllowed(request)
  const written =
    record === undefined
      ? org.insert(object, { ...values, [name]: parameter(request, 'value') }, allowed)
      : org.update(record, values, allowed)
  const created = record === undefined
  return { status: created ? 201 : 200, body: { id: written.id, success: true, errors: [], created } }
}

function byField(org: SalesforceOrg, request: StandInRequest): readonly StoredRecord[] {
  return org.byField(parameter(request, 'object'), parameter(request, 'field'), parameter(request, 'value'))
}

function choices(records: readonly StoredRecord[]): StandInAnswer {
  return { status: 300, body: records.map(({ object, id }) => `/services/data/v62.0/sobjects/${object}/${id}`) }
}

function shown(org: SalesforceOrg, record: StoredRecord, request: StandInRequest): StandInAnswer {
  const asked = request.query.get('fields')?.split(',') ?? ['Id', ...org.fields(record.object).map(({ name }) => name)]
  for (const name of asked) {
    if (name === 'Id' || org.field(record.object, name) !== undefined) continue
    throw new Refused(errorAnswer(400, 'INVALID_FIELD', `No such column '${name}' on sobject of type ${record.object}`))
  }
  const values = asked.map((name) => [name, name === 'Id' ? record.id : (record.values[name] ?? null)])
  return { status: 200, body: { attributes: { type: record.object }, ...Object.fromEntries(values) } }
}

function bodyOf({ body }: StandInRequest): Values {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new Refused(errorAnswer(400, 'JSON_PARSER_ERROR', 'The HTTP entity body is required and must be JSON'))
  }
  for (const [name, value] of Object.entries(body)) {
    if (!isValue(value)) throw new Refused(errorAnswer(400, 'JSON_PARSER_ERROR', `Cannot deserialize ${name}`))
  }
  return Object.fromEntries(Object.entries(body))
}

function isValue(value: unknown): value is Value {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value)
}

function duplicatesAllowed({ headers }: StandInRequest): boolean {
  return headers['sforce-duplicate-rule-header'] === 'allowSave=true'
}

function parameter({ parameters }: StandInRequest, name: string): string {
  return parameters[name] ?? ''
}
