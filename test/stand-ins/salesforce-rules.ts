import type { ApiError } from './salesforce-answers.ts'
import type { Values } from './salesforce-org.ts'
import type { Field } from './salesforce-schema.ts'

/** What Salesforce says against these values of a record, and the values by the fields' own names. */
export function fieldErrors(
  fields: readonly Field[],
  values: Values,
  exists: boolean,
): { readonly errors: readonly ApiError[]; readonly kept: Values } {
  const errors: ApiError[] = []
  const kept: Record<string, Values[string]> = {}
  for (const [name, value] of Object.entries(values)) {
    const field = fields.find((each) => each.name.toLowerCase() === name.toLowerCase())
    const error = field === undefined ? unknownField(name) : errorOf(field, value, exists)
    if (error !== undefined) errors.push(error)
    if (field !== undefined) kept[field.name] = value === '' ? null : value
  }
  const missing = fields
    .filter((field) => field.required && (exists ? kept[field.name] === null : (kept[field.name] ?? null) === null))
    .map(({ name }) => name)
  if (missing.length > 0) {
    const message = `Required fields are missing: [${missing.join(', ')}]`
    errors.push({ message, errorCode: 'REQUIRED_FIELD_MISSING', fields: missing })
  }
  return { errors, kept }
}

function unknownField(name: string): ApiError {
  const message = `No such column '${name}' on sobject of type Lead`
  return { message, errorCode: 'INVALID_FIELD' }
}

function errorOf(field: Field, value: Values[string], exists: boolean): ApiError | undefined {
  const { name } = field
  const refused = (errorCode: string, message: string): ApiError => ({ message, errorCode, fields: [name] })
  if ((exists ? field.updateable : field.createable) === false) {
    const message = `Unable to create/update fields: ${name}. Please check the security settings of this field.`
    return refused('INVALID_FIELD_FOR_INSERT_UPDATE', message)
  }
  if (value === null || value === '') return undefined
  const text = String(value)
  if (field.length && text.length > field.length) {
    return refused('STRING_TOO_LONG', `${name}: data value too large: ${text} (max length=${field.length})`)
  }
  if (field.type === 'email' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)) {
    return refused('INVALID_EMAIL_ADDRESS', `${name}: invalid email address: ${text}`)
  }
  const stranger = field.options && text.split(';').find((part) => !field.options?.includes(part))
  if (stranger !== undefined) {
    const message = `${name}: bad value for restricted picklist field: ${stranger}`
    return refused('INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', message)
  }
  if (field.type === 'boolean' && typeof value !== 'boolean') {
    return {
      message: `Cannot deserialize instance of boolean from VALUE_STRING value ${text}`,
      errorCode: 'JSON_PARSER_ERROR',
    }
  }
  return undefined
}
