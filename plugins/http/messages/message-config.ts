import type { JsonSchema } from 'flowgate/plugin'
import {
  type DeliveryConfig,
  deliverySchema,
  type FindConfig,
  findSchema,
  linkSchema,
  type WriteConfig,
  writeSchema,
} from '../deliveries/delivery-config.ts'
import type { Markup } from './markup.ts'

/** Settings of one HTTP notifier, as checked by `configSchema`. */
export interface HttpMessageConfig extends DeliveryConfig {
  readonly request: WriteConfig
  readonly find?: FindConfig
  readonly link?: string
  readonly escape?: Markup
  readonly to?: string
  readonly recipients?: Readonly<Record<string, string>>
  readonly owners?: Readonly<Record<string, string>>
}

const address = { type: 'string', minLength: 1 }

/** What an operator can set for an HTTP notifier. */
export const configSchema: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['base_url', 'request'],
  properties: {
    ...deliverySchema,
    request: { ...writeSchema('sent'), description: 'The request that sends one message. Default method: POST.' },
    find: { ...findSchema, description: 'Finds the message that carries `{key}`, before one is sent again.' },
    link: { ...linkSchema, description: 'A link to the message, for example https://chat.example.com/messages/{id}.' },
    escape: {
      enum: ['text', 'markdown', 'html'],
      default: 'text',
      description: 'The markup that the API reads in messages; what people typed is escaped for it.',
    },
    to: { ...address, description: 'Whom a message is for whose mapping names nobody: the place `{recipient}`.' },
    recipients: {
      type: 'object',
      additionalProperties: address,
      description: 'Name, as mappings use it → address, as the API wants it.',
    },
    owners: {
      type: 'object',
      additionalProperties: address,
      description: 'E-mail address of an owner in the CRM → address, as the API wants it.',
    },
  },
}
