import { FailureError } from 'flowgate/plugin'

/** The objects every account has, by every name that HubSpot takes for them in paths. */
const TYPES: Readonly<Record<StandardObject, readonly string[]>> = {
  contacts: ['contacts', 'contact', '0-1'],
  companies: ['companies', 'company', '0-2'],
  deals: ['deals', 'deal', '0-3'],
  tickets: ['tickets', 'ticket', '0-5'],
  notes: ['notes', 'note', '0-46'],
}

export type StandardObject = 'contacts' | 'companies' | 'deals' | 'tickets' | 'notes'

const BY_NAME = new Map(
  (Object.keys(TYPES) as StandardObject[]).flatMap((type) => TYPES[type].map((name) => [name, type] as const)),
)

/** Which of them an object is; `undefined` for all others, custom ones among them. */
export function standardObject(object: string): StandardObject | undefined {
  return BY_NAME.get(object)
}

/** What HubSpot's pages call an object in addresses; `undefined` where it has no page, or only its name is known. */
export function pageType(object: string): string | undefined {
  const type = standardObject(object)
  // Notes have no page of their own: they are shown on the records they are linked to.
  if (type === 'notes') return undefined
  return type === undefined ? /^\d+-\d+$/.exec(object)?.[0] : TYPES[type][2]
}

/** Stages of life, lowest first, as every account has them at first (https://knowledge.hubspot.com/records/use-lifecycle-stages). */
export const LIFECYCLE_STAGES = [
  'subscriber',
  'lead',
  'marketingqualifiedlead',
  'salesqualifiedlead',
  'opportunity',
  'customer',
  'evangelist',
  'other',
] as const

/** Whether a text can be the name or the type id of an object, such as `contacts`, `2-123` or `p4711_spaceship`. */
export function isObjectName(object: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/.test(object)
}

/** Rejects what cannot name an object, so that a mistyped mapping never leads to another path. */
export function requireObject(object: string): void {
  if (isObjectName(object)) return
  const message =
    'A name in the mapping cannot be that of a HubSpot object: letters, digits, underscores and hyphens. Correct it, then replay.'
  throw new FailureError({ kind: 'permanent', scope: 'record', code: 'FG_HUBSPOT_NOT_FOUND', message })
}

/** Record ids are numbers in text. What else stands in place of one names no record, and could lead to another path. */
export function isRecordId(id: string): boolean {
  return /^\d{1,20}$/.test(id)
}
