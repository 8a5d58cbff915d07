import type { Refusal } from './hubspot-answers.ts'
import type { Property } from './hubspot-schema.ts'

/** Why HubSpot would refuse a value for a property; nothing when it takes it. An empty text clears and always passes. */
export function refusalOf(name: string, value: string, property: Property | undefined): Refusal | undefined {
  const refuse = (code: string, text: string): Refusal => ({ name, code, text })
  if (property === undefined) return refuse('PROPERTY_DOESNT_EXIST', `Property "${name}" does not exist`)
  if (property.readOnly) return refuse('READ_ONLY_VALUE', `"${name}" is a read only property; its value cannot be set.`)
  if (value === '') return undefined
  switch (property.type) {
    case 'number':
      return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(value)
        ? undefined
        : refuse('INVALID_NUMBER', `${value} was not a valid number.`)
    case 'bool':
      return value === 'true' || value === 'false'
        ? undefined
        : refuse('INVALID_BOOLEAN', `${value} was not a valid boolean.`)
    case 'date':
    case 'datetime':
      return isTime(value) ? undefined : refuse('INVALID_DATE', `${value} was not a valid long.`)
    case 'enumeration':
      return refusedOption(name, value, property)
    case 'string':
      return name === 'email' && !isEmail(value)
        ? refuse('INVALID_EMAIL', `Email address ${value} is invalid`)
        : undefined
  }
}

/** Options are compared by their internal value, exactly; a checkbox property takes several, joined with `;`. */
function refusedOption(name: string, value: string, property: Property): Refusal | undefined {
  const given = property.fieldType === 'checkbox' ? value.split(';') : [value]
  const options = property.options ?? []
  const strange = given.find((option) => !options.includes(option))
  if (strange === undefined) return undefined
  const text = `${strange} was not one of the allowed options: [${options.join(', ')}]`
  return { name, code: 'INVALID_OPTION', text }
}

function isEmail(value: string): boolean {
  return /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(value)
}

/** Milliseconds since 1970 or an ISO date. */
function isTime(value: string): boolean {
  return /^\d+$/.test(value) || (/^\d{4}-\d\d-\d\d/.test(value) && !Number.isNaN(Date.parse(value)))
}
