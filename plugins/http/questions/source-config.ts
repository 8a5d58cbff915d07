import type { JsonSchema } from 'flowgate/plugin'
import type { ConnectionConfig } from '../calls/line.ts'
import type { RequestConfig } from '../calls/request.ts'
import { connectionSchema, requestSchema } from '../calls/schemas.ts'

/** Settings of one HTTP source, as checked by `configSchema`. */
export interface HttpSourceConfig extends ConnectionConfig {
  readonly health?: string
  readonly queries: Readonly<Record<string, QueryConfig>>
}

export interface QueryConfig extends RequestConfig {
  readonly purpose?: 'read' | 'reserve' | 'release'
  readonly result?: string
  readonly nothing_on?: readonly number[]
  readonly taken_on?: readonly number[]
  readonly look_up?: string
}

const statuses = { type: 'array', items: { type: 'integer', minimum: 400, maximum: 499 } }

const query: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['path'],
  properties: {
    purpose: {
      enum: ['read', 'reserve', 'release'],
      default: 'read',
      description: 'What it does: find something, hold something that only one person can have, or give that back.',
    },
    ...requestSchema,
    result: {
      type: 'string',
      description: 'Where in the reply the answer is, for example `data.slots` or `items[0]`. Default: all of it.',
    },
    nothing_on: {
      ...statuses,
      description: 'To read or release: statuses that say there is no such thing. Default: 404 and 410.',
    },
    taken_on: {
      ...statuses,
      description: 'To reserve: statuses that say somebody else has it. Default: 409.',
    },
    look_up: {
      type: 'string',
      description: 'To reserve: a query that finds by `{key}` what we hold, asked where the reply says taken.',
    },
  },
}

/** What an operator can set for an HTTP source. */
export const configSchema: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['base_url', 'queries'],
  properties: {
    ...connectionSchema,
    queries: {
      type: 'object',
      minProperties: 1,
      propertyNames: { pattern: '^[a-z][a-z0-9_-]*$' },
      additionalProperties: query,
      description: 'Name of a query → what is asked.',
    },
  },
}
