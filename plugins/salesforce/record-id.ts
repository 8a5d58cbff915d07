/** The first three characters of every contact's id (developer.salesforce.com, "Standard object prefixes"). */
const CONTACT_PREFIX = '003'

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
