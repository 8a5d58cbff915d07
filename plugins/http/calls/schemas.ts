import type { JsonSchema } from 'flowgate/plugin'
import { authSchema, headerName, plainUrl } from './auth.ts'
import { METHODS } from './request.ts'

/** Settings of every plugin of this family: where the API is and how it is spoken to. */
export const connectionSchema: JsonSchema = {
  base_url: {
    type: 'string',
    pattern: plainUrl,
    format: 'guarded-url',
    description: 'Where the API is, for example https://calendar.example.com/v2.',
  },
  auth: authSchema,
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
}

/** Settings of every request. */
export const requestSchema: JsonSchema = {
  path: {
    type: 'string',
    pattern: '^/[^?#\\s\\\\]*$',
    description: 'Below `base_url`; places in it are filled, escaped.',
  },
  method: { enum: [...METHODS], description: 'How it is asked.' },
  query: {
    type: 'object',
    additionalProperties: { type: ['string', 'number', 'boolean'] },
    description: 'What follows the `?`. A value that is one place is left out where that is null.',
  },
  headers: {
    type: 'object',
    propertyNames: headerName,
    additionalProperties: { type: 'string', writeOnly: true },
    description: 'Headers of this request; their values may hold places.',
  },
  body: {
    description: 'JSON to send; texts in it may hold places. A text that is one place becomes the value as it is.',
  },
  body_as: { enum: ['json', 'form'], default: 'json', description: 'How `body` is sent.' },
}
