import type { JsonSchema } from 'flowgate/plugin'

/** Which record a query finds, and what it gives of it. */
export interface LookUpQuery {
  /** The vendor's object, for example `contacts`. */
  readonly object: string
  /** The field whose value finds the record; also the name of the query's one parameter. */
  readonly by: string
  readonly fields: readonly string[]
}

/** What an operator writes under `config` of a CRM source. */
export interface CrmSourceConfig {
  readonly destination: string
  readonly queries: Readonly<Record<string, LookUpQuery>>
}

const name = { type: 'string', minLength: 1 } as const

export const configSchema: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['destination', 'queries'],
  properties: {
    destination: {
      ...name,
      format: 'crm-destination',
      title: 'Destination',
      description: 'The CRM to look records up in: the name of a destination of `destinations.yaml`.',
    },
    queries: {
      type: 'object',
      minProperties: 1,
      title: 'Queries',
      description: 'The records that flows may look up, by a name of your own.',
      additionalProperties: {
        type: 'object',
        additionalProperties: false,
        required: ['object', 'by', 'fields'],
        properties: {
          object: {
            ...name,
            format: 'crm-object',
            description: 'The object as the CRM calls it, for example `contacts`.',
          },
          by: { ...name, description: 'The field whose value finds the record; asks give the value under this name.' },
          fields: {
            type: 'array',
            items: name,
            uniqueItems: true,
            minItems: 1,
            description: 'The fields that the answer holds, as the CRM calls them.',
          },
        },
      },
    },
  },
}
