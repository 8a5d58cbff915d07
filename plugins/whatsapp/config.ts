import type { JsonSchema } from 'flowgate/plugin'
import { addressPattern } from './address.ts'

/** What fills one variable of the template's body. */
export type Variable = 'title' | 'text' | 'facts' | 'link' | 'status' | { readonly fact: string }

/** The template that alerts are sent with. */
export interface Template {
  readonly name: string
  readonly language: string
  readonly parameters: readonly Variable[]
  readonly button?: { readonly base: string; readonly otherwise: string; readonly index?: number }
}

/** Settings of one WhatsApp destination, as checked by `configSchema`. */
export interface WhatsappConfig {
  readonly access_token: string
  readonly phone_number_id: string
  readonly template: Template
  readonly to: string
  readonly recipients?: Readonly<Record<string, string>>
  readonly owners?: Readonly<Record<string, string>>
  readonly api_url?: string
  readonly api_version?: string
}

/** Meta's own address of the Graph API. */
export const defaultApiUrl = 'https://graph.facebook.com'

/** The newest version in 2026 (https://developers.facebook.com/docs/graph-api/changelog). */
export const defaultApiVersion = 'v26.0'

const address: JsonSchema = { type: 'string', pattern: addressPattern.source }

/** What an operator can set for a WhatsApp destination. */
export const configSchema: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['access_token', 'phone_number_id', 'template', 'to'],
  properties: {
    access_token: {
      type: 'string',
      minLength: 1,
      writeOnly: true,
      description: 'The token of a system user of your business with the permission whatsapp_business_messaging.',
    },
    phone_number_id: {
      type: 'string',
      pattern: '^[0-9]{5,30}$',
      description: 'The id (not the number) of the WhatsApp number that alerts come from, in quotes.',
    },
    template: {
      type: 'object',
      description: 'The approved template that alerts are sent with, and what fills its variables.',
      additionalProperties: false,
      required: ['name', 'language', 'parameters'],
      properties: {
        name: { type: 'string', pattern: '^[a-z0-9_]{1,512}$', description: "The template's name." },
        language: {
          type: 'string',
          pattern: '^[a-z]{2,3}(_[A-Z]{2})?$',
          description: 'Its language, as Meta writes it, for example en_US.',
        },
        parameters: {
          type: 'array',
          minItems: 1,
          maxItems: 20,
          contains: { const: 'title' },
          description:
            'What fills {{1}}, {{2}} … of the body, in their order: title, text, facts (all of them), link, status (new or known, and notes), or { fact: <its label> }. The title must be among them.',
          items: {
            anyOf: [
              { enum: ['title', 'text', 'facts', 'link', 'status'] },
              {
                type: 'object',
                additionalProperties: false,
                required: ['fact'],
                properties: { fact: { type: 'string', minLength: 1 } },
              },
            ],
          },
        },
        button: {
          type: 'object',
          description: 'Fills the button of a template whose address ends in a variable.',
          additionalProperties: false,
          required: ['base', 'otherwise'],
          properties: {
            base: {
              type: 'string',
              pattern: '^https://',
              description: "The button's address in the template, up to the variable.",
            },
            otherwise: {
              type: 'string',
              minLength: 1,
              description: 'What fills it where a message has no link, or one that begins otherwise.',
            },
            index: { type: 'integer', minimum: 0, maximum: 9, default: 0, description: 'Which button it is, from 0.' },
          },
        },
      },
    },
    to: { ...address, description: 'Who is told where the mapping names nobody: a number such as +34600000000.' },
    recipients: {
      type: 'object',
      description: 'Whom mappings can name: a number by a name of your own.',
      additionalProperties: address,
    },
    owners: {
      type: 'object',
      description: 'The number of each owner of records, by their e-mail address in the CRM.',
      additionalProperties: address,
    },
    api_url: {
      type: 'string',
      pattern: '^https?://',
      default: defaultApiUrl,
      description: 'The address of the Graph API. Change it only for a proxy or a test.',
    },
    api_version: {
      type: 'string',
      pattern: '^v[0-9]{1,3}[.][0-9]$',
      default: defaultApiVersion,
      description: 'The version of the Graph API.',
    },
  },
}
