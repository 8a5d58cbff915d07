import { type Call, type CrmRecord, type Failure, FailureError } from 'flowgate/plugin'
import type { SalesforceApi, Target } from './api.ts'
import { ambiguous, followedLead, type Looked } from './looked.ts'
import { isRecordId, objectOf } from './record-id.ts'
import { type Described, fieldOf, type Schema } from './schema.ts'
import type { SalesforceSettings } from './settings.ts'
import { isSendable, literal } from './soql.ts'

/** Longest text that a field can be an external id with (help.salesforce.com, "Custom field attributes"). */
const LONGEST_ID = 255
/** Salesforce takes the end of a path that looks like a file's for the format wanted, and finds nothing or another record. */
const FILE_LIKE = /\.(?:json|xml|inc|csv|txt|html?|js|jsp|css|php|asp|cgi|pdf|zip|exe)$/i

/** What one call writes with. */
export interface Desk {
  readonly api: SalesforceApi
  readonly schema: Schema
  readonly settings: SalesforceSettings
}

/** The field that makes the write of a new record repeatable: the match of an upsert, or the submission of a create. */
export interface OwnKey {
  readonly field: string
  readonly value: string
  readonly kind: 'match' | 'submission'
}

/** Where a record is written. */
export interface Place {
  readonly target: Target
  readonly key?: OwnKey
  /** The record is there and was created by this very delivery, in an earlier try. */
  readonly ours?: true
  /** Somebody looked and found it a moment ago: whoever looks again learns what became of it. */
  readonly found?: true
}

type Values = Readonly<Record<string, string | number | boolean | null>>

/**
 * Finds where a record must be written so that writing it twice leaves one.
 *
 * Salesforce has one write that can be repeated: that by the value of a field which finds records, in the path. It is
 * used wherever the match is such a field and its value can stand in a path, and for creates with the submission field.
 * Otherwise the record is looked for, and created by the submission field where there is none.
 */
export async function placeOf(desk: Desk, record: CrmRecord, values: Values, call: Call): Promise<Place> {
  const { object, existing } = record
  if (existing !== undefined)
    return { target: { by: 'id', object: objectOf(object, existing), id: requireId(existing) }, found: true }
  if (record.operation === 'create') return submissionPlace(desk, object, call, true)
  const { match } = record
  const value = match === undefined ? undefined : matchValue(values, match)
  if (match === undefined || value === undefined) throw new FailureError(emptyMatch(match))
  if (match.toLowerCase() === 'id')
    return { target: { by: 'id', object: objectOf(object, value), id: requireId(value) } }
  if (!isSendable(value) || value.length > LONGEST_ID) throw new FailureError(unfitMatch(match))
  const described = await desk.schema.describe(desk.api, object)
  const field = fieldOf(described, match)
  const inPath = field?.findsRecords !== false && value !== '.' && value !== '..' && !FILE_LIKE.test(value)
  if (inPath)
    return { target: { by: 'field', object, field: match, value }, key: { field: match, value, kind: 'match' } }
  const wanted = literal(value, field)
  if (wanted === undefined) throw new FailureError(unfitMatch(match))
  return (await lookUp(desk, object, { match, wanted }, described, call)) ?? submissionPlace(desk, object, call, false)
}

/** For records that only a query finds. */
async function lookUp(
  { api, settings }: Desk,
  object: string,
  { match, wanted }: { readonly match: string; readonly wanted: string },
  described: Described | undefined,
  call: Call,
): Promise<Place | undefined> {
  const submission = fieldOf(described, settings.submissionField)?.name
  const looked: Looked = { object, where: `${match} = ${wanted}`, fields: submission === undefined ? [] : [submission] }
  const found = await followedLead(api, settings, described, looked)
  const [first, ...others] = found
  if (others.length > 0) throw new FailureError(ambiguous(object, match, found))
  if (first === undefined) return undefined
  const ours = submission !== undefined && first.shown[submission] === call.idempotencyKey
  return { target: { by: 'id', object: first.object, id: first.id }, found: true, ...(ours ? { ours: true } : {}) }
}

/**
 * A new record is written by the submission field, so that a repeat meets the record that the first try created. Where
 * the field cannot find records it is asked for by a query. `needed`: nothing else finds the record either.
 */
async function submissionPlace(
  { api, schema, settings }: Desk,
  object: string,
  call: Call,
  needed: boolean,
): Promise<Place> {
  const described = await schema.describe(api, object)
  const field = fieldOf(described, settings.submissionField)
  const name = field?.name ?? settings.submissionField
  const key: OwnKey = { field: name, value: call.idempotencyKey, kind: 'submission' }
  // A field that is not described may be hidden from describe alone; Salesforce itself says whether it is there.
  if (field === undefined && described !== undefined && !needed) return { target: { by: 'nothing', object } }
  if (field?.findsRecords !== false) return { target: { by: 'field', object, field: name, value: key.value }, key }
  const where = `${name} = ${literal(key.value, undefined)}`
  const [found] = await followedLead(api, settings, described, { object, where, fields: [] })
  if (found !== undefined) return { target: { by: 'id', object: found.object, id: found.id }, ours: true }
  return { target: { by: 'nothing', object }, key }
}

/** Whether a field is the one that a place is found by, which Salesforce does not take in the body as well. */
export function isKey(key: OwnKey | undefined, name: string): boolean {
  return key !== undefined && key.field.toLowerCase() === name.toLowerCase()
}

function matchValue(values: Values, match: string): string | undefined {
  const entry = Object.entries(values).find(([name]) => name.toLowerCase() === match.toLowerCase())
  const text = entry === undefined || entry[1] === null ? '' : String(entry[1])
  return text.trim() === '' ? undefined : text
}

function requireId(id: string): string {
  if (isRecordId(id)) return id
  throw new FailureError({
    kind: 'permanent',
    scope: 'record',
    code: 'FG_SALESFORCE_NOT_FOUND',
    message:
      'What should be the id of a record is none: 15 or 18 letters and digits. Correct the mapping, then replay.',
  })
}

function emptyMatch(match: string | undefined): Failure {
  return {
    kind: 'permanent',
    scope: 'record',
    code: 'FG_SALESFORCE_MATCH_EMPTY',
    message: 'An upsert needs `match`, and a value in the field it names. Correct the mapping, then replay.',
    ...(match === undefined ? {} : { fields: [match] }),
  }
}

function unfitMatch(match: string): Failure {
  return {
    kind: 'permanent',
    scope: 'record',
    code: 'FG_SALESFORCE_MATCH_UNFIT',
    message: `The value in ${match} cannot find a record: it is longer than the field, of another type, or holds control characters. Correct the mapping, then replay.`,
    fields: [match],
  }
}
