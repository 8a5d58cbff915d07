const CONTACT_PREFIX = '003'
/** The first three characters of the ids of objects that duplicate rules are about (developer.salesforce.com, "Standard object prefixes"). */
const OBJECTS: Readonly<Record<string, string>> = { '001': 'Account', [CONTACT_PREFIX]: 'Contact', '00Q': 'Lead' }

/** Whether a value can be a record's id: 15 letters and digits, or 18 with the check at the end. */
export function isRecordId(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?$/.test(value)
}

/**
 * The object that an id belongs to. It is the one named, except for a lead that was converted: its receipt bears the id
 * of the contact it became, and what is written or linked by that id afterwards concerns the contact.
 */
export function objectOf(object: string, id: string): string {
  return object.toLowerCase() === 'lead' && id.startsWith(CONTACT_PREFIX) ? 'Contact' : object
}

/** The object that an id says it belongs to, where its first characters tell. */
export function objectNamedBy(id: string): string | undefined {
  return OBJECTS[id.slice(0, 3)]
}

/** Whether two ids are of the same record: the 18 characters of an id are its 15 and a check. */
export function isSameId(one: string, other: string): boolean {
  return one.slice(0, 15) === other.slice(0, 15)
}
