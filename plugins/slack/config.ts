import type { JsonSchema } from 'flowgate/plugin'

/** Settings of one Slack destination, as checked by `configSchema`. */
export interface SlackConfig {
  readonly bot_token: string
  readonly channel: string
  readonly recipients?: Readonly<Record<string, string>>
  readonly api_url?: string
}

/** Slack's own address of its Web API. */
export const defaultApiUrl = 'https://slack.com/api/'

/** What an operator can set for a Slack destination. */
export const configSchema: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['bot_token', 'channel'],
  properties: {
    bot_token: {
      type: 'string',
      minLength: 1,
      writeOnly: true,
      description: 'The bot token of the Slack app (begins with xoxb-). It needs the scope chat:write.',
    },
    channel: {
      type: 'string',
      minLength: 1,
      description:
        'The id of the channel, for example C0123ABCD: in Slack, open the channel and choose "Copy channel ID".',
    },
    recipients: {
      type: 'object',
      additionalProperties: { type: 'string', minLength: 1 },
      description:
        'Who else can be told, by a name that mappings use: the id of a channel (C0123ABCD) or of a person (U0123ABCD), who gets a direct message.',
      examples: [{ vip: 'C0123ABCD', ana: 'U0123ABCD' }],
    },
    api_url: {
      type: 'string',
      pattern: '^https?://',
      default: defaultApiUrl,
      description: "The address of Slack's Web API. Change it only for a proxy or a test.",
    },
  },
}
