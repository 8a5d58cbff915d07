import type { JsonSchema } from 'flowgate/plugin'

/** Settings of one webhook, as checked by `configSchema`. */
export interface WebhookConfig {
  readonly url: string
  readonly secrets: readonly string[]
  readonly headers?: Readonly<Record<string, string>>
  readonly limits?: { readonly requests: number; readonly per_seconds: number }
}

/** The same for messages, which know several receivers. */
export interface WebhookMessageConfig extends WebhookConfig {
  readonly recipients?: Readonly<Record<string, string>>
  readonly owners?: Readonly<Record<string, string>>
}

/** Without credentials, query or fragment it could hold no secret; many receivers put theirs into the URL, so it is one. */
const url = {
  type: 'string',
  pattern: '^https?://[^\\s/?#@\\\\]+([/?][^\\s#\\\\]*)?$',
  format: 'guarded-url',
  writeOnly: true,
}

/** What both take. */
const receiverSchema: JsonSchema = {
  url: { ...url, description: 'The URL of the receiver, https.' },
  secrets: {
    type: 'array',
    minItems: 1,
    maxItems: 3,
    writeOnly: true,
    items: { type: 'string', minLength: 1, writeOnly: true },
    description:
      'What requests are signed with: `whsec_…`, as the receiver has it. While it changes, the new one and the old one.',
  },
  headers: {
    type: 'object',
    propertyNames: { pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$" },
    additionalProperties: { type: 'string', pattern: '^[\\t\\x20-\\x7e]*$', writeOnly: true },
    description: 'Headers of every request, for example a key that a proxy in front of the receiver wants.',
  },
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
}

/** What an operator can set for a webhook. */
export const webhookSchema: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['url', 'secrets'],
  properties: receiverSchema,
}

/** What an operator can set for a webhook that takes messages. */
export const webhookMessageSchema: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['url', 'secrets'],
  properties: {
    ...receiverSchema,
    recipients: {
      type: 'object',
      additionalProperties: url,
      description: 'Name, as mappings use it → the URL that gets its messages instead.',
    },
    owners: {
      type: 'object',
      additionalProperties: url,
      description: 'E-mail address of an owner in the CRM → the URL that gets the messages for them.',
    },
  },
}

/** Whose requests the limits count: all to this URL. */
export function accountBudgets({ url: account, limits }: WebhookConfig) {
  if (limits === undefined) return { account, limits: {} }
  return { account, limits: { all: { requests: limits.requests, perSeconds: limits.per_seconds } } }
}
