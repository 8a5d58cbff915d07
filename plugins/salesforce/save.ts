import { type Failure, FailureError } from 'flowgate/plugin'
import type { Target } from './api.ts'
import { classify } from './failure.ts'
import { isLead } from './looked.ts'
import { masked } from './mask.ts'
import { type Desk, isKey, type OwnKey, type Place } from './place.ts'
import { ProblemError } from './problem.ts'
import { isRecordId, isSameId } from './record-id.ts'
import { type Described, fieldOf } from './schema.ts'

/** Fields and their values, as they are sent. */
export type Body = Readonly<Record<string, string | number | boolean | null>>

/** What was written, under the object it is of. */
export interface Saved {
  readonly object: string
  readonly id: string
  readonly created: boolean
  /** It is another record than the one at its place: a duplicate, or the contact of a lead. */
  readonly moved: boolean
}

interface Attempt {
  readonly target: Target
  readonly key: OwnKey | undefined
  /** Without the key. */
  readonly body: Body
  /** Fields that Salesforce takes only while it creates a record. */
  readonly createOnly: readonly string[]
  readonly allowDuplicates: boolean
  /** The fields were chosen for this record: they go into no other. */
  readonly guarded: boolean
  /** The record was looked for and found a moment ago. */
  readonly found: boolean
  /** What duplicate rules say has been answered, and counts from now on. */
  readonly settled: boolean
  readonly moved: boolean
}

/**
 * Writes a record at its place. What Salesforce refuses in a way that the settings have an answer to is written once
 * more as they say: into the record that a duplicate rule found, into the contact that a lead became, or without the
 * fields that only a new record takes. Each of these refusals wrote nothing. Into another record a guarded one is not
 * written: that record is named in the failure, to be adopted.
 */
export async function saveRecord(
  desk: Desk,
  object: string,
  place: Place,
  values: Body,
  { createOnly, guarded }: Pick<Attempt, 'createOnly' | 'guarded'>,
): Promise<Saved> {
  const { target, key, found = false } = place
  // A lead that is known to have become a contact.
  const fitting = isLead(object) && !isLead(target.object) ? await contactFields(desk, values) : values
  const body = Object.fromEntries(
    Object.entries(fitting).filter(([name]) => !isKey(key, name) && !isIdOf(target, name)),
  )
  const allowDuplicates = desk.settings.duplicates === 'allow'
  const attempt = { target, key, body, createOnly, guarded, found, allowDuplicates, settled: false, moved: false }
  if (target.by === 'id' && fitting !== values && Object.keys(body).length === 0) return { ...target, ...untouched }
  return save(desk, attempt)
}

const untouched = { created: false, moved: true } as const

async function save(desk: Desk, attempt: Attempt): Promise<Saved> {
  const { target, key, body } = attempt
  try {
    const fields = target.by === 'nothing' && key !== undefined ? { ...body, [key.field]: key.value } : body
    const { id, created } = await desk.api.write(target, fields, attempt.allowDuplicates)
    return { object: target.object, id: id ?? (await idOf(desk, target)), created, moved: attempt.moved }
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    return (await answered(desk, attempt, error)) ?? fail(desk, attempt, error)
  }
}

async function answered(desk: Desk, attempt: Attempt, error: ProblemError): Promise<Saved | undefined> {
  if (refusesCreateOnly(attempt, error)) {
    const body = Object.fromEntries(Object.entries(attempt.body).filter(([name]) => !attempt.createOnly.includes(name)))
    return save(desk, { ...attempt, body, createOnly: [] })
  }
  if (error.has('DUPLICATES_DETECTED')) return duplicate(desk, attempt, error)
  if (error.has('CANNOT_UPDATE_CONVERTED_LEAD')) return converted(desk, attempt, error)
  if (error.has('DUPLICATE_VALUE') && (await isTwin(desk, attempt, error)))
    throw new FailureError(conflict(attempt.target))
  return undefined
}

/** Salesforce names one unique field of a clash, not always the key: the holder may be what a twin of this write created. */
async function isTwin({ api }: Desk, { target }: Attempt, { problem }: ProblemError): Promise<boolean> {
  if (target.by !== 'field' || problem.records.length === 0) return false
  const id = (await api.read(target, ['Id']))?.['Id']
  return isRecordId(id) && problem.records.some((holder) => isSameId(holder.id, id))
}

function refusesCreateOnly({ createOnly, target }: Attempt, error: ProblemError): boolean {
  if (createOnly.length === 0 || target.by === 'nothing' || !error.has('INVALID_FIELD_FOR_INSERT_UPDATE')) return false
  const known = createOnly.map((name) => name.toLowerCase())
  return error.problem.errors.every(({ fields }) => fields.every((field) => known.includes(field.toLowerCase())))
}

/** With `update`: a record that is there is written although others resemble it; a new one goes into the one it resembles. */
async function duplicate(desk: Desk, attempt: Attempt, error: ProblemError): Promise<Saved | undefined> {
  if (desk.settings.duplicates !== 'update' || attempt.settled) return undefined
  const { target, key, body } = attempt
  const settled = { ...attempt, found: true, allowDuplicates: true, settled: true }
  if (target.by === 'id') return save(desk, settled)
  const atPlace = target.by === 'field' ? await desk.api.read(target, ['Id']) : undefined
  if (atPlace !== undefined) {
    // Somebody has just made the record that was looked for a moment ago.
    if (attempt.guarded && key?.kind === 'match' && isRecordId(atPlace['Id'])) throw adopted(error, atPlace['Id'])
    return save(desk, settled)
  }
  const { object } = target
  const alike = error.problem.records.filter((found) => (found.object ?? object).toLowerCase() === object.toLowerCase())
  const [id, ...others] = new Set(alike.map((found) => found.id))
  if (id === undefined || others.length > 0) return undefined
  if (attempt.guarded) throw adopted(error, id)
  const found = { by: 'id', object, id } as const
  // The match is written where the record found has none, so that the next submission finds it at once; a create leaves
  // the submission of the record as it is.
  const blank = key?.kind === 'match' && ((await desk.api.read(found, [key.field]))?.[key.field] ?? '') === ''
  const matched = blank ? { ...body, [key.field]: key.value } : body
  return save(desk, { ...settled, target: found, key: undefined, body: matched, createOnly: [], moved: true })
}

/** A converted lead cannot be written any more; the contact it became takes the fields that contacts have. */
async function converted(desk: Desk, attempt: Attempt, error: ProblemError): Promise<Saved | undefined> {
  const { api, settings } = desk
  const { target, key, body } = attempt
  if (settings.convertedLeads === 'refuse' || !isLead(target.object) || target.by === 'nothing') return undefined
  const id = (await api.read(target, ['Id', 'ConvertedContactId']))?.['ConvertedContactId']
  if (!isRecordId(id)) return undefined
  // Whoever has just found the lead finds the contact when they look again, with what it holds.
  if (attempt.guarded && attempt.found) throw new FailureError(gone(target.object), { cause: error })
  if (attempt.guarded) throw adopted(error, id)
  const fields = await contactFields(desk, key?.kind === 'match' ? { [key.field]: key.value, ...body } : body)
  const contact = { by: 'id', object: 'Contact', id } as const
  if (Object.keys(fields).length === 0) return { ...contact, ...untouched }
  const became = { target: contact, key: undefined, body: fields, createOnly: [], found: false, moved: true } as const
  return save(desk, { ...attempt, ...became })
}

/** What Salesforce refused, with the record that it is to go into: how depends on what that one holds. */
function adopted(error: ProblemError, id: string): Error {
  const failure = classify(error)
  if (failure?.kind !== 'permanent') return error
  return new FailureError({ ...failure, candidates: [id], adopt: true }, { cause: error })
}

/** Of what a mapping writes into a lead, what contacts have a field for: that of the settings, or one of the same name. */
async function contactFields({ api, schema, settings }: Desk, body: Body): Promise<Body> {
  const contact = await schema.describe(api, 'Contact')
  const taken = Object.entries(body).flatMap(([name, value]) => {
    const field = fieldOf(contact, settings.convertedLeadFields.get(name.toLowerCase()) ?? name)
    return field?.updateable ? [[field.name, value] as const] : []
  })
  return Object.fromEntries(taken)
}

/** API versions before 46 answer an update without a body. */
async function idOf({ api }: Desk, target: Target): Promise<string> {
  const id = target.by === 'field' ? (await api.read(target, ['Id']))?.['Id'] : undefined
  if (isRecordId(id)) return id
  const message = 'Salesforce accepted the record and did not say which one it wrote.'
  throw new FailureError({ kind: 'retryable', code: 'FG_SALESFORCE_NOTHING_WRITTEN', message })
}

function fail(desk: Desk, attempt: Attempt, error: ProblemError): never {
  const described = desk.schema.known(attempt.target.object)
  // An administrator may have changed the object since it was described.
  desk.schema.forget(attempt.target.object)
  const failure = failureOfWrite(attempt, error) ?? unreadableValue(attempt, error, described)
  throw failure === undefined ? error : new FailureError(failure, { cause: error })
}

/** What an answer means because of what was written and where. `undefined`: nothing beyond what it says itself. */
function failureOfWrite({ target, key, body, found }: Attempt, error: ProblemError): Failure | undefined {
  const { object } = target
  if (found && target.by === 'id' && error.isMissing) return gone(object)
  const aboutKey = key !== undefined && (error.names(key.field) || error.mentions('found: <unknown>'))
  if (error.has('DUPLICATE_VALUE') && aboutKey) {
    return conflict(target)
  }
  const lacking = error.has('NOT_FOUND') || error.has('INVALID_FIELD') || error.has('INVALID_FIELD_FOR_INSERT_UPDATE')
  if (key?.kind === 'submission' && lacking && error.names(key.field)) return notPrepared(object, key.field)
  if (!error.has('FIELD_CUSTOM_VALIDATION_EXCEPTION')) return undefined
  const fields = [...new Set(error.problem.errors.flatMap((each) => each.fields))]
  const said = error.textWithout((text) => masked(text, [...Object.values(body), key?.value ?? null]))
  return {
    kind: 'permanent',
    scope: 'record',
    code: 'FG_SALESFORCE_RULE',
    message: `A validation rule of the org refused the record: "${said}". Correct the mapping or the rule, then replay.`,
    ...(fields.length === 0 ? {} : { fields }),
  }
}

function conflict({ object }: Target): Failure {
  const message = `Another write created the same ${object} record at the same moment.`
  return { kind: 'retryable', code: 'FG_SALESFORCE_CONFLICT', message }
}

/** Of a value that it cannot read Salesforce tells only what it should have been: which fields are that, the org says. */
function unreadableValue(
  { body }: Attempt,
  error: ProblemError,
  described: Described | undefined,
): Failure | undefined {
  const type = error.has('JSON_PARSER_ERROR') ? error.wanted : undefined
  const fields = Object.keys(body).filter((name) => fieldOf(described, name)?.type === type)
  if (type === undefined || fields.length === 0) return undefined
  const message = `Salesforce cannot read ${fields.join(' or ')} as ${type}. Correct the mapping or the flow, then replay.`
  return { kind: 'permanent', scope: 'record', code: 'FG_SALESFORCE_FIELD_REFUSED', message, fields }
}

function gone(object: string): Failure {
  const message = `The ${object} record that was found was deleted, merged, converted or hidden before it was written.`
  return { kind: 'retryable', code: 'FG_SALESFORCE_GONE', message }
}

function notPrepared(object: string, field: string): Failure {
  return {
    kind: 'permanent',
    scope: 'destination',
    code: 'FG_SALESFORCE_NOT_PREPARED',
    message: `Salesforce has no field ${field} on ${object}, or hides it, and without it a create could happen twice. Run \`flowgate destinations prepare\`, then resume the destination.`,
  }
}

/** The id of a record is never one of the fields written into it. */
function isIdOf(target: Target, name: string): boolean {
  return target.by === 'id' && name.toLowerCase() === 'id'
}
