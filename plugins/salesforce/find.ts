import { FailureError, type Json, type JsonObject, type LookUp } from 'flowgate/plugin'
import type { ShownRecord } from './api.ts'
import { classify } from './failure.ts'
import { isRecord } from './json-shape.ts'
import { ambiguous, followedLead, selectById } from './looked.ts'
import type { Desk } from './place.ts'
import { ProblemError } from './problem.ts'
import { isRecordId, objectOf } from './record-id.ts'
import { type Described, fieldOf } from './schema.ts'
import { isSendable, literal, quoted, requireNames, requirePaths } from './soql.ts'

/** A longer value is in no field that can be looked up by, and would make the address of the query too long. */
const LONGEST_VALUE = 1_000

/**
 * Finds one record by the value of a field, with the fields asked for that are not blank. A query sees what was written
 * a moment ago. A lead that was converted is found as the contact it became, so that what is read is what would be
 * written. Rejects with FailureErrors only.
 */
export async function findRecord(desk: Desk, look: LookUp): Promise<JsonObject | null> {
  try {
    return await find(desk, look)
  } catch (error) {
    if (error instanceof ProblemError) desk.schema.forget(look.object)
    throw failureOfLookUp(error, look)
  }
}

async function find(desk: Desk, { object, field, value, fields }: LookUp): Promise<JsonObject | null> {
  requireNames([object])
  requirePaths([field, ...fields])
  if (value.trim() === '' || value.length > LONGEST_VALUE || !isSendable(value)) return null
  const { api, schema, settings } = desk
  const byId = field.toLowerCase() === 'id'
  if (byId && !isRecordId(value)) return null
  if (byId && objectOf(object, value) !== object) return readContact(desk, value, fields)
  const described = await schema.describe(api, object)
  const wanted = byId ? quoted(value) : literal(value, fieldOf(described, field))
  if (wanted === undefined) return null
  const looked = { object, where: `${field} = ${wanted}`, fields: known(described, fields) }
  const found = await followedLead(api, settings, described, looked)
  const [first, ...others] = found
  if (others.length > 0) throw new FailureError(ambiguous(object, field, found))
  if (first === undefined) return null
  // A converted lead was followed to its contact, of which only the id is known so far.
  if (first.object !== object) return readContact(desk, first.id, fields)
  return answerOf(first.id, first.shown, fields)
}

/** The contact that a lead became, with what its fields are called on leads. */
async function readContact(desk: Desk, id: string, fields: readonly string[]): Promise<JsonObject | null> {
  const { api, schema, settings } = desk
  const contact = await schema.describe(api, 'Contact')
  const named = new Map(fields.map((name) => [name, settings.convertedLeadFields.get(name.toLowerCase()) ?? name]))
  const [found] = await selectById(api, 'Contact', id, known(contact, [...new Set(named.values())]))
  return found === undefined ? null : answerOf(found.id, found.shown, fields, named)
}

/** Salesforce refuses a query for one unknown field; an unknown one is blank on every record. */
function known(described: Described | undefined, fields: readonly string[]): readonly string[] {
  return fields.filter(
    (name) => described === undefined || name.includes('.') || fieldOf(described, name) !== undefined,
  )
}

/** `named`: what fields are called in the record, where that is not what they were asked by. */
function answerOf(
  id: string,
  shown: ShownRecord,
  fields: readonly string[],
  named: ReadonlyMap<string, string> = new Map(),
): JsonObject {
  const held = fields.flatMap((name): (readonly [string, Json])[] => {
    const value = (named.get(name) ?? name).split('.').reduce(memberOf, shown as unknown)
    return typeof value === 'boolean' || typeof value === 'number' || (typeof value === 'string' && value !== '')
      ? [[name, value]]
      : []
  })
  return { ...Object.fromEntries(held), id }
}

/** Salesforce answers in its own spelling, whatever the question's. */
function memberOf(holder: unknown, name: string): unknown {
  if (!isRecord(holder)) return undefined
  return Object.entries(holder).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1]
}

function failureOfLookUp(error: unknown, { object, field }: LookUp): unknown {
  const failure = classify(error)
  if (failure === undefined) return error
  const about = failure.kind === 'permanent' && failure.scope === 'record'
  if (!about || !(error instanceof ProblemError)) return new FailureError(failure, { cause: error })
  const codes = error.problem.errors.map(({ code }) => code).join(', ')
  const refused = {
    kind: 'permanent',
    scope: 'record',
    code: 'FG_SALESFORCE_FIND_REFUSED',
    message: `Salesforce cannot look ${object} up by ${field} (HTTP ${error.problem.status}${codes && `, ${codes}`}). Correct the object or the field.`,
  } as const
  return new FailureError(refused, { cause: error })
}
