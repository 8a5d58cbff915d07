import type { JsonSchema } from 'flowgate/plugin'
import { type ConnectionConfig, ENDPOINT_CLASS } from '../calls/line.ts'
import type { RequestConfig } from '../calls/request.ts'
import { connectionSchema, requestSchema } from '../calls/schemas.ts'

/** What an operator may say that a status means. */
export const RULINGS = ['retryable', 'rate_limited', 'record', 'destination', 'unknown'] as const

/** `unchanged` (of a record) and `sent` (of a message): it is there already, and all is well. */
export type Ruling = (typeof RULINGS)[number] | 'unchanged' | 'sent'

/** Settings that everything which delivers has. */
export interface DeliveryConfig extends ConnectionConfig {
  readonly health?: string
  readonly limits?: { readonly requests: number; readonly per_seconds: number }
  readonly idempotency_header?: string
}

/** One request that writes, as operators write it. */
export interface WriteConfig extends RequestConfig {
  readonly success_on?: readonly number[]
  readonly success_if?: { readonly path: string; readonly is: string | number | boolean | null; readonly else?: Ruling }
  readonly failures?: Readonly<Record<string, Ruling>>
  readonly id?: string
  readonly url?: string
  readonly error?: string
  readonly repeatable?: boolean
}

/** One request that finds things, as operators write it. */
export interface FindConfig extends RequestConfig {
  readonly items?: string
  readonly id?: string
  readonly fields?: string
  readonly nothing_on?: readonly number[]
}

const jsonPath = (description: string): JsonSchema => ({ type: 'string', minLength: 1, description })

/** The schema of a request that writes; `there` is the word for what is there already. */
export function writeSchema(there: 'unchanged' | 'sent'): JsonSchema {
  const rulings = { enum: [...RULINGS, there] }
  return {
    type: 'object',
    additionalProperties: false,
    required: ['path'],
    properties: {
      ...requestSchema,
      success_on: {
        type: 'array',
        minItems: 1,
        items: { type: 'integer', minimum: 200, maximum: 299 },
        description: 'Statuses that say it was done. Default: every 2xx.',
      },
      success_if: {
        type: 'object',
        additionalProperties: false,
        required: ['path', 'is'],
        description: 'What the reply must hold besides, for APIs that answer 200 to everything.',
        properties: {
          path: jsonPath('Where in the reply, for example `success`.'),
          is: { type: ['string', 'number', 'boolean', 'null'], description: 'What must stand there.' },
          else: { ...rulings, default: 'record', description: 'What it means where something else stands there.' },
        },
      },
      failures: {
        type: 'object',
        propertyNames: { pattern: '^[345][0-9][0-9]$' },
        additionalProperties: rulings,
        description: 'Status → what it means, where that differs from the usual.',
      },
      id: jsonPath('Where the reply holds the id. Left out: the key of the delivery stands for it.'),
      url: jsonPath('Where the reply holds a link that people can open.'),
      error: jsonPath("Where a refusal holds the API's own error code; it is shown as far as it is a code."),
      repeatable: {
        type: 'boolean',
        description: 'Whether sending the same again changes nothing. Default: as the method and its use have it.',
      },
    },
  }
}

/** The schema of a request that finds things. */
export const findSchema: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['path'],
  properties: {
    ...requestSchema,
    items: jsonPath('Where the reply holds what was found, a list or one object. Default: all of it.'),
    id: { ...jsonPath('Where each item holds its id.'), default: 'id' },
    fields: jsonPath('Where each item holds its fields. Default: the item itself.'),
    nothing_on: {
      type: 'array',
      items: { type: 'integer', minimum: 400, maximum: 499 },
      description: 'Statuses that say there is none. Default: 404.',
    },
  },
}

/** The schema of a link template. */
export const linkSchema: JsonSchema = {
  type: 'string',
  pattern: '^https?://[^\\s/?#@\\\\{}]+(/.*)?$',
  description: 'A link that people can open, for example https://app.example.com/contacts/{id}.',
}

/** Settings that everything which delivers has, by their schemas. */
export const deliverySchema: JsonSchema = {
  ...connectionSchema,
  limits: {
    type: 'object',
    additionalProperties: false,
    required: ['requests', 'per_seconds'],
    description:
      'At most so many requests in any so many seconds, of all processes together. Left out: as many as there are.',
    properties: {
      requests: { type: 'integer', minimum: 1, description: 'How many.' },
      per_seconds: { type: 'number', exclusiveMinimum: 0, maximum: 86_400, description: 'In how many seconds.' },
    },
  },
  idempotency_header: {
    type: 'string',
    pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$",
    description:
      'The header by which the API knows a repeated request and does it only once, for example Idempotency-Key. Set it only where the documentation of the API says so.',
  },
}

/** Whose requests these limits count: everything with this address and these credentials. */
export function accountBudgets({ base_url, auth, headers, limits }: DeliveryConfig) {
  const account = JSON.stringify([base_url, auth ?? null, headers ?? null])
  if (limits === undefined) return { account, limits: {} }
  return { account, limits: { [ENDPOINT_CLASS]: { requests: limits.requests, perSeconds: limits.per_seconds } } }
}
