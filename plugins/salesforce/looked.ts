import type { Failure } from 'flowgate/plugin'
import type { SalesforceApi, ShownRecord } from './api.ts'
import { isRecordId } from './record-id.ts'
import { type Described, fieldOf } from './schema.ts'
import type { SalesforceSettings } from './settings.ts'
import { quoted } from './soql.ts'

/** One more than a person can be asked to choose from. */
const AT_MOST = 11

/** What a query looks for. Names and literals in it are checked already. */
export interface Looked {
  readonly object: string
  readonly where: string
  readonly fields: readonly string[]
}

/** A record that was found, under the object it is of. */
export interface Found {
  readonly object: string
  readonly id: string
  readonly shown: ShownRecord
}

/** Whether records of this object may have been converted into others. */
export function isLead(object: string): boolean {
  return object.toLowerCase() === 'lead'
}

/**
 * The records a query finds, eleven at most. Of leads those that were converted count only where there is no other, and
 * then as the contacts they became, unless the settings say otherwise. One look more, where that happens.
 */
export async function followedLead(
  api: SalesforceApi,
  settings: SalesforceSettings,
  described: Described | undefined,
  looked: Looked,
): Promise<readonly Found[]> {
  const conversion = isLead(looked.object) ? ['IsConverted', 'ConvertedContactId'] : []
  const asked = conversion.filter((name) => fieldOf(described, name) !== undefined)
  const found = await select(api, { ...looked, fields: [...looked.fields, ...asked] })
  const living = found.filter(({ shown }) => shown['IsConverted'] !== true)
  const contacts = found.map(({ shown }) => shown['ConvertedContactId']).filter(isRecordId)
  if (living.length > 0 || found.length === 0) return living
  if (settings.convertedLeads === 'refuse' || contacts.length === 0) return found
  const where = `Id IN (${[...new Set(contacts)].map(quoted).join(', ')})`
  return await select(api, { object: 'Contact', where, fields: [] })
}

/** The record with this id; none where there is none. */
export function selectById(
  api: SalesforceApi,
  object: string,
  id: string,
  fields: readonly string[],
): Promise<readonly Found[]> {
  return select(api, { object, where: `Id = ${quoted(id)}`, fields })
}

/** Runs a query for records and their ids. */
async function select(api: SalesforceApi, { object, where, fields }: Looked): Promise<readonly Found[]> {
  const names = [...new Set(['Id', ...fields.filter((field) => field.toLowerCase() !== 'id')])]
  const shown = await api.query(`SELECT ${names.join(', ')} FROM ${object} WHERE ${where} LIMIT ${AT_MOST}`)
  return shown.flatMap((record) => (isRecordId(record['Id']) ? [{ object, id: record['Id'], shown: record }] : []))
}

/** Several records fit alike, so a person chooses. */
export function ambiguous(object: string, field: string, found: readonly Found[]): Failure {
  return {
    kind: 'permanent',
    scope: 'record',
    code: 'FG_SALESFORCE_AMBIGUOUS',
    message: `Several ${object} records have the ${field} looked for. Choose one, merge them, or look by a unique field.`,
    candidates: found.map(({ id }) => id),
  }
}
