import type { CrmField, CrmObject } from 'flowgate/plugin'
import type { Desk } from './place.ts'
import type { DescribedField } from './schema.ts'
import { requireNames } from './soql.ts'

const TYPES: Readonly<Record<string, CrmField['type']>> = {
  string: 'text',
  textarea: 'text',
  email: 'text',
  phone: 'text',
  url: 'text',
  encryptedstring: 'text',
  id: 'text',
  int: 'number',
  long: 'number',
  double: 'number',
  currency: 'number',
  percent: 'number',
  boolean: 'boolean',
  date: 'date',
  datetime: 'datetime',
  picklist: 'choice',
  combobox: 'choice',
  multipicklist: 'choices',
  reference: 'reference',
}

/** The objects as they are in the org now. One that the credentials do not see is left out. */
export async function describeObjects(
  { api, schema }: Desk,
  objects: readonly string[],
): Promise<readonly CrmObject[]> {
  requireNames(objects)
  const described: CrmObject[] = []
  for (const object of objects) {
    schema.forget(object)
    const found = await schema.describe(api, object)
    if (found !== undefined)
      described.push({ name: found.name, label: found.label, fields: found.fields.map(crmField) })
  }
  return described
}

function crmField(field: DescribedField): CrmField {
  const type = TYPES[field.type] ?? 'other'
  const writable = field.createable || field.updateable
  // A picklist that is not restricted takes any value, and a combobox is a text with suggestions.
  const closed = field.restricted && (type === 'choices' || field.type === 'picklist')
  return {
    name: field.name,
    label: field.label,
    type,
    required: field.createable && !field.nillable && !field.defaultedOnCreate,
    writable,
    unique: field.unique || field.type === 'id',
    ...(type === 'text' && field.length > 0 ? { maxLength: field.length } : {}),
    ...(closed ? { options: field.options } : {}),
  }
}
