import type { JsonSchema } from 'flowgate/plugin'

const DEFAULT_BASE_URL = 'https://api.hubapi.com'
const DEFAULT_SUBMISSION_PROPERTY = 'flowgate_submission'

/** What an operator writes under `config` of a HubSpot destination. */
export interface HubspotConfig {
  readonly access_token: string
  readonly base_url?: string
  readonly submission_property?: string
}

/** The settings with their defaults filled in. */
export interface HubspotSettings {
  readonly accessToken: string
  /** Without a slash at the end. */
  readonly baseUrl: string
  readonly submissionProperty: string
}

export const configSchema: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['access_token'],
  properties: {
    access_token: {
      type: 'string',
      minLength: 1,
      writeOnly: true,
      title: 'Access token',
      description: 'A HubSpot service key, or the token of an existing private app.',
    },
    base_url: {
      type: 'string',
      pattern: '^https?://[^/\\s]',
      default: DEFAULT_BASE_URL,
      title: 'Base URL',
      description: 'Where the HubSpot API is. Change it only to talk to a stand-in or through a proxy.',
    },
    submission_property: {
      type: 'string',
      pattern: '^[a-z][a-z0-9_]*$',
      maxLength: 100,
      default: DEFAULT_SUBMISSION_PROPERTY,
      title: 'Submission property',
      description:
        'The unique custom property that makes creates repeatable. `flowgate destinations prepare` creates it.',
    },
  },
}

/** Fills in the defaults. */
export function readSettings(config: HubspotConfig): HubspotSettings {
  return {
    accessToken: config.access_token,
    baseUrl: (config.base_url ?? DEFAULT_BASE_URL).replace(/\/+$/, ''),
    submissionProperty: config.submission_property ?? DEFAULT_SUBMISSION_PROPERTY,
  }
}
