import type { StandInAnswer, StandInRequest } from 'flowgate/plugin/testing'
import type { HubspotAccount } from './hubspot-account.ts'
import { errorAnswer, invalidRequest, notFound, Refused } from './hubspot-answers.ts'
import type { Property } from './hubspot-schema.ts'

/** HubSpot allows ten unique properties on an object. */
const MOST_UNIQUE = 10

/** `GET /crm/v3/properties/:object`. */
export function listProperties(account: HubspotAccount, request: StandInRequest): StandInAnswer {
  const object = request.parameters['object'] ?? ''
  return {
    status: 200,
    body: { results: account.properties(object).map((property) => shown(account, object, property)) },
  }
}

/** `GET /crm/v3/properties/:object/:name`. */
export function readProperty(account: HubspotAccount, request: StandInRequest): StandInAnswer {
  const { object = '', name = '' } = request.parameters
  const property = account.properties(object).find((known) => known.name === name)
  if (property === undefined) return notFound(`Property "${name}" does not exist`)
  return { status: 200, body: shown(account, object, property) }
}

/** `GET /crm/v3/properties/:object/groups`. */
export function listGroups(account: HubspotAccount, request: StandInRequest): StandInAnswer {
  const { groups } = account.objectType(request.parameters['object'] ?? '')
  return { status: 200, body: { results: groups.map((name) => ({ name, label: name, archived: false })) } }
}

/** `POST /crm/v3/properties/:object`. Uniqueness is decided here and never again. */
export function createProperty(account: HubspotAccount, request: StandInRequest): StandInAnswer {
  const object = request.parameters['object'] ?? ''
  const definition = readDefinition(request.body)
  const known = account.properties(object)
  if (known.some(({ name }) => name === definition.name)) {
    return errorAnswer(409, 'CONFLICT', `A property named '${definition.name}' already exists.`)
  }
  const groups = account.objectType(object).groups
  if (!groups.includes(definition.groupName ?? '')) {
    return invalidRequest(`Property group "${definition.groupName}" does not exist`)
  }
  if (definition.unique && known.filter(({ unique }) => unique).length >= MOST_UNIQUE) {
    return invalidRequest(`You have reached the limit of ${MOST_UNIQUE} unique properties.`)
  }
  account.addProperty(object, definition)
  return { status: 201, body: shown(account, object, definition) }
}

function readDefinition(body: unknown): Property {
  const given: Record<string, unknown> = typeof body === 'object' && body !== null ? { ...body } : {}
  const name = requiredText(given, 'name')
  if (!/^[a-z][a-z0-9_]*$/.test(name)) throw new Refused(invalidRequest(`Property name ${name} is invalid`))
  const type = TYPES.find((known) => known === given['type'])
  if (type === undefined) throw new Refused(invalidRequest('That is no type of property'))
  return {
    name,
    type,
    label: requiredText(given, 'label'),
    groupName: requiredText(given, 'groupName'),
    fieldType: requiredText(given, 'fieldType'),
    unique: given['hasUniqueValue'] === true,
  }
}

function requiredText(given: Record<string, unknown>, key: string): string {
  const value = given[key]
  if (typeof value === 'string' && value !== '') return value
  throw new Refused(invalidRequest(`Some required fields were not set: [${key}]`))
}

const TYPES = ['string', 'number', 'bool', 'date', 'datetime', 'enumeration'] as const

function shown(account: HubspotAccount, object: string, property: Property) {
  return {
    name: property.name,
    label: property.label ?? property.name,
    type: property.type,
    fieldType: property.fieldType ?? (property.type === 'enumeration' ? 'select' : 'text'),
    groupName: property.groupName ?? account.objectType(object).groups[0],
    description: '',
    hasUniqueValue: property.unique === true,
    options: (property.options ?? []).map((value) => ({ label: value, value, hidden: false })),
    modificationMetadata: { readOnlyValue: property.readOnly === true },
  }
}
