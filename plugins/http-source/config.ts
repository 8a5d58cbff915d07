import type { Json, JsonSchema } from 'flowgate/plugin'

/** Settings of one HTTP source, as checked by `configSchema`. */
export interface HttpSourceConfig {
  readonly base_url: string
  readonly auth?: AuthConfig
  readonly headers?: Readonly<Record<string, string>>
  readonly health?: string
  readonly queries: Readonly<Record<string, QueryConfig>>
}

/** Exactly one of these. */
export interface AuthConfig {
  readonly bearer?: string
  readonly basic?: { readonly username: string; readonly password: string }
  readonly header?: { readonly name: string; readonly value: string }
}

export interface QueryConfig {
  readonly purpose?: 'read' | 'reserve' | 'release'
  readonly method?: Method
  readonly path: string
  readonly query?: Readonly<Record<string, string | number | boolean>>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Json
  readonly result?: string
  readonly nothing_on?: readonly number[]
  readonly taken_on?: readonly number[]
  readonly look_up?: string
}

export const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
export type Method = (typeof METHODS)[number]

const headerName = { pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$" }
const statuses = { type: 'array', items: { type: 'integer', minimum: 400, maximum: 499 } }

const auth: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  minProperties: 1,
  maxProperties: 1,
  description: 'How the gateway proves who it is: one of `bearer`, `basic`, `header`.',
  properties: {
    bearer: {
      type: 'string',
      minLength: 1,
      writeOnly: true,
      description: 'A token, sent as `Authorization: Bearer …`.',
    },
    basic: {
      type: 'object',
      additionalProperties: false,
      required: ['username', 'password'],
      description: 'Name and password, sent as `Authorization: Basic …`.',
      properties: {
        username: { type: 'string', pattern: '^[^:]*$', description: 'The name; it holds no colon.' },
        password: { type: 'string', writeOnly: true, description: 'The password.' },
      },
    },
    header: {
      type: 'object',
      additionalProperties: false,
      required: ['name', 'value'],
      description: 'A key in a header of its own.',
      properties: {
        name: { type: 'string', ...headerName, description: 'The header, for example X-Api-Key.' },
        value: { type: 'string', minLength: 1, writeOnly: true, description: 'The key.' },
      },
    },
  },
}

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
    method: {
      enum: [...METHODS],
      description: 'Default: GET to read, POST to reserve, DELETE to release.',
    },
    path: {
      type: 'string',
      pattern: '^/[^?#\\s\\\\]*$',
      description: 'Below `base_url`; `{name}` is filled with a parameter, escaped.',
    },
    query: {
      type: 'object',
      additionalProperties: { type: ['string', 'number', 'boolean'] },
      description: 'What follows the `?`. A value that is one place is left out where its parameter is null.',
    },
    headers: {
      type: 'object',
      propertyNames: headerName,
      additionalProperties: { type: 'string', writeOnly: true },
      description: 'Headers of this query; their values may hold places.',
    },
    body: {
      description:
        'JSON to send; texts in it may hold places. A text that is one place becomes the parameter as it is.',
    },
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
    base_url: {
      type: 'string',
      pattern: '^https?://[^\\s/?#@\\\\]+(/[^\\s?#@\\\\]*)?$',
      description: 'Where the API is, for example https://calendar.example.com/v2.',
    },
    auth,
    headers: {
      type: 'object',
      propertyNames: headerName,
      additionalProperties: { type: 'string', writeOnly: true },
      description: 'Headers of every request.',
    },
    health: {
      type: 'string',
      pattern: '^/[^#\\s\\\\]*$',
      description:
        'Path that answers 2xx to a GET where all is well. Default: `base_url` itself, any answer but a refusal.',
    },
    queries: {
      type: 'object',
      minProperties: 1,
      propertyNames: { pattern: '^[a-z][a-z0-9_-]*$' },
      additionalProperties: query,
      description: 'Name of a query → what is asked.',
    },
  },
}
