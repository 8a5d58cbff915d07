import type { JsonSchema } from 'flowgate/plugin'

/** Settings of one Teams destination, as checked by `configSchema`. */
export interface TeamsConfig {
  readonly url: string
  readonly recipients?: Readonly<Record<string, string>>
  readonly owners?: Readonly<Record<string, string>>
}

const address: JsonSchema = { type: 'string', pattern: '^https?://', format: 'guarded-url', writeOnly: true }

/** What an operator can set for a Teams destination. Whoever has one of these URLs can post: all of them are secrets. */
export const configSchema: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['url'],
  properties: {
    url: {
      ...address,
      description:
        'The URL of the workflow that posts in the channel, whole, with port and signature. Whoever has it can post.',
    },
    recipients: {
      type: 'object',
      description: 'Other channels and chats by a name of your own: the URL of a workflow for each.',
      additionalProperties: address,
    },
    owners: {
      type: 'object',
      description: "Where owners of records are told, by their e-mail address in the CRM: a workflow's URL for each.",
      additionalProperties: address,
    },
  },
}
