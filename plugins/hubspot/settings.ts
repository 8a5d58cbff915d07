import type { JsonSchema } from 'flowgate/plugin'
import { API_VERSIONS, type ApiVersion } from './calls/paths.ts'

const DEFAULT_BASE_URL = 'https://api.hubapi.com'
const DEFAULT_SUBMISSION_PROPERTY = 'flowgate_submission'
const DEFAULT_FILES_FOLDER = '/flowgate'
const DEFAULT_API: ApiVersion = 'v3'
const DEFAULT_PLAN: Plan = 'starter'
const PLANS = ['free', 'starter', 'professional', 'enterprise'] as const

/** What the account pays for: it decides how many requests HubSpot lets through. */
export type Plan = (typeof PLANS)[number]

/** What an operator writes under `config` of a HubSpot destination: a token or an app, never both. */
export interface HubspotConfig {
  readonly access_token?: string
  readonly oauth?: {
    readonly client_id: string
    readonly client_secret: string
    readonly refresh_token: string
  }
  readonly api?: ApiVersion
  readonly base_url?: string
  readonly plan?: Plan
  readonly submission_property?: string
  readonly files_folder?: string
}

/** What requests are authorised with. */
export type Credentials =
  | { readonly kind: 'token'; readonly accessToken: string }
  | { readonly kind: 'app'; readonly clientId: string; readonly clientSecret: string; readonly refreshToken: string }

/** The settings with their defaults filled in. */
export interface HubspotSettings {
  readonly credentials: Credentials
  readonly api: ApiVersion
  /** Without a slash at the end. */
  readonly baseUrl: string
  readonly plan: Plan
  readonly submissionProperty: string
  /** Begins with a slash. */
  readonly filesFolder: string
}

const secret = { type: 'string', minLength: 1, writeOnly: true } as const

export const configSchema: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  oneOf: [{ required: ['access_token'] }, { required: ['oauth'] }],
  properties: {
    access_token: {
      ...secret,
      title: 'Access token',
      description: 'A HubSpot service key, or the token of an existing private app. Not together with `oauth`.',
    },
    oauth: {
      type: 'object',
      additionalProperties: false,
      required: ['client_id', 'client_secret', 'refresh_token'],
      title: 'OAuth app',
      description: 'An OAuth app that is installed in the account, instead of `access_token`.',
      properties: {
        client_id: { type: 'string', minLength: 1, description: 'The client ID of the app.' },
        client_secret: { ...secret, description: 'The client secret of the app.' },
        refresh_token: { ...secret, description: 'What HubSpot answered when the app was installed in the account.' },
      },
    },
    api: {
      type: 'string',
      enum: [...API_VERSIONS],
      default: DEFAULT_API,
      title: 'API version',
      description: 'The paths of the HubSpot API that are called: `v3`, or a dated version.',
    },
    base_url: {
      type: 'string',
      pattern: '^https?://[^/\\s]',
      default: DEFAULT_BASE_URL,
      title: 'Base URL',
      description: 'Where the HubSpot API is. Change it only to talk to a stand-in or through a proxy.',
    },
    plan: {
      type: 'string',
      enum: [...PLANS],
      default: DEFAULT_PLAN,
      title: 'Plan',
      description: 'The plan of the HubSpot account. It decides how many requests are sent in ten seconds.',
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
    files_folder: {
      type: 'string',
      pattern: '^/[^\\s]',
      maxLength: 200,
      default: DEFAULT_FILES_FOLDER,
      title: 'Folder for files',
      description: "The folder in HubSpot's file manager that files of submissions are uploaded to. HubSpot makes it.",
    },
  },
}

/** Fills in the defaults. */
export function readSettings(config: HubspotConfig): HubspotSettings {
  return {
    credentials: credentialsOf(config),
    api: config.api ?? DEFAULT_API,
    baseUrl: (config.base_url ?? DEFAULT_BASE_URL).replace(/\/+$/, ''),
    plan: config.plan ?? DEFAULT_PLAN,
    submissionProperty: config.submission_property ?? DEFAULT_SUBMISSION_PROPERTY,
    filesFolder: config.files_folder ?? DEFAULT_FILES_FOLDER,
  }
}

function credentialsOf({ access_token: accessToken = '', oauth }: HubspotConfig): Credentials {
  if (oauth === undefined) return { kind: 'token', accessToken }
  const { client_id: clientId, client_secret: clientSecret, refresh_token: refreshToken } = oauth
  return { kind: 'app', clientId, clientSecret, refreshToken }
}
