import type { AccountBudgets, JsonSchema, SettingFault } from 'flowgate/plugin'

const DEFAULT_API_VERSION = '62.0'
const DEFAULT_SUBMISSION_FIELD = 'Flowgate_Submission__c'
const LONGEST_NAME = 80
const NAME_PATTERN = '^[A-Za-z][A-Za-z0-9_]*$'

/** What an operator writes under `config` of a Salesforce destination. */
export interface SalesforceConfig {
  readonly login_url: string
  readonly client_id: string
  readonly client_secret?: string
  readonly username?: string
  readonly private_key?: string
  readonly audience?: string
  readonly api_version?: string
  readonly submission_field?: string
  readonly duplicates?: SalesforceSettings['duplicates']
  readonly converted_leads?: SalesforceSettings['convertedLeads']
  readonly converted_lead_fields?: Readonly<Record<string, string>>
  readonly link_fields?: Readonly<Record<string, string>>
}

/** How the plugin signs in. */
export type Credentials =
  | { readonly grant: 'client-credentials'; readonly clientId: string; readonly clientSecret: string }
  | {
      readonly grant: 'jwt'
      readonly clientId: string
      readonly username: string
      readonly privateKey: string
      readonly audience: string
    }

/** The settings with their defaults filled in. */
export interface SalesforceSettings {
  /** Without a slash at the end. */
  readonly loginUrl: string
  readonly credentials: Credentials
  /** For example `62.0`. */
  readonly apiVersion: string
  readonly submissionField: string
  /** What happens when a duplicate rule of the org finds the record there already. */
  readonly duplicates: 'update' | 'allow' | 'refuse'
  readonly convertedLeads: 'contact' | 'refuse'
  /** Field of the Contact by field of the Lead, where they are not named alike; in lower case. */
  readonly convertedLeadFields: ReadonlyMap<string, string>
  /** Field that holds a link, by `Object.LinkedObject` in lower case. */
  readonly linkFields: ReadonlyMap<string, string>
}

export const configSchema: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['login_url', 'client_id'],
  properties: {
    login_url: {
      type: 'string',
      pattern: '^https?://[^/\\s]',
      title: 'Login URL',
      description: "The org's My Domain, such as https://acme.my.salesforce.com. Client credentials work nowhere else.",
    },
    client_id: {
      type: 'string',
      minLength: 1,
      title: 'Consumer key',
      description: 'The consumer key of the external client app.',
    },
    client_secret: {
      type: 'string',
      minLength: 1,
      writeOnly: true,
      title: 'Consumer secret',
      description: 'The consumer secret of the external client app, for the client credentials flow.',
    },
    username: {
      type: 'string',
      minLength: 1,
      title: 'Username',
      description: 'For the JWT bearer flow: the username of the integration user.',
    },
    private_key: {
      type: 'string',
      minLength: 1,
      writeOnly: true,
      title: 'Private key',
      description: 'For the JWT bearer flow: the private key (PEM) of the certificate the external client app knows.',
    },
    audience: {
      type: 'string',
      pattern: '^https?://[^/\\s]',
      title: 'Audience',
      description: 'For the JWT bearer flow: whom the token is addressed to, where it is not login_url.',
    },
    api_version: {
      type: 'string',
      pattern: '^[0-9]{2,3}\\.0$',
      default: DEFAULT_API_VERSION,
      title: 'API version',
      description: 'The version of the REST API, pinned so that nothing changes unasked.',
    },
    submission_field: {
      type: 'string',
      pattern: NAME_PATTERN,
      maxLength: LONGEST_NAME,
      default: DEFAULT_SUBMISSION_FIELD,
      title: 'Submission field',
      description: 'The unique external id field that makes creates repeatable. It must exist on every object created.',
    },
    duplicates: {
      type: 'string',
      enum: ['update', 'allow', 'refuse'],
      default: 'update',
      title: 'Duplicates',
      description:
        'When a duplicate rule finds the record: update the one it found, allow another, or refuse and let a person choose.',
    },
    converted_leads: {
      type: 'string',
      enum: ['contact', 'refuse'],
      default: 'contact',
      title: 'Converted leads',
      description: 'What is written to a lead that was converted goes to its contact, or is refused.',
    },
    converted_lead_fields: {
      type: 'object',
      additionalProperties: { type: 'string', pattern: NAME_PATTERN },
      default: {},
      title: 'Fields of converted leads',
      description: 'Field of the contact by field of the lead, where the two are not named alike.',
    },
    link_fields: {
      type: 'object',
      patternProperties: {
        '^[A-Za-z][A-Za-z0-9_]*\\.[A-Za-z][A-Za-z0-9_]*$': { type: 'string', pattern: NAME_PATTERN },
      },
      additionalProperties: false,
      default: {},
      title: 'Link fields',
      description: 'The lookup field that holds a link, by Object.LinkedObject, where several could.',
    },
  },
  dependentRequired: { username: ['private_key'], private_key: ['username'] },
}

/** What can never work in settings that fit the schema. */
export function settingFaults(config: SalesforceConfig): readonly SettingFault[] {
  const { login_url, client_secret, username, private_key } = config
  const noUrl = 'login_url is no URL: write it whole, as in https://acme.my.salesforce.com'
  const nobody = 'write client_secret, or username and private_key: without them nobody can sign in'
  return [
    ...(URL.canParse(login_url) ? [] : [{ path: ['login_url'], message: noUrl }]),
    ...((username !== undefined && private_key !== undefined) || client_secret !== undefined
      ? []
      : [{ path: ['client_secret'], message: nobody }]),
  ]
}

/** Fills in the defaults. Throws a sentence for the operator where the settings have a fault. */
export function readSettings(config: SalesforceConfig): SalesforceSettings {
  const [fault] = settingFaults(config)
  if (fault !== undefined) throw new Error(fault.message)
  const loginUrl = config.login_url.replace(/\/+$/, '')
  return {
    loginUrl,
    credentials: readCredentials(config, loginUrl),
    apiVersion: config.api_version ?? DEFAULT_API_VERSION,
    submissionField: config.submission_field ?? DEFAULT_SUBMISSION_FIELD,
    duplicates: config.duplicates ?? 'update',
    convertedLeads: config.converted_leads ?? 'contact',
    convertedLeadFields: byLowerCase(config.converted_lead_fields),
    linkFields: byLowerCase(config.link_fields),
  }
}

function readCredentials(config: SalesforceConfig, loginUrl: string): Credentials {
  const { client_id: clientId, client_secret: clientSecret = '', username, private_key: privateKey } = config
  if (username !== undefined && privateKey !== undefined) {
    return { grant: 'jwt', clientId, username, privateKey, audience: config.audience ?? loginUrl }
  }
  return { grant: 'client-credentials', clientId, clientSecret }
}

/** Whether a text can be the API name of an object. */
export function isName(text: string): boolean {
  return new RegExp(NAME_PATTERN).test(text) && text.length <= LONGEST_NAME
}

function byLowerCase(texts: Readonly<Record<string, string>> = {}): ReadonlyMap<string, string> {
  return new Map(Object.entries(texts).map(([key, text]) => [key.toLowerCase(), text]))
}

/**
 * Salesforce counts calls per org and 24 hours (100,000 and more; 15,000 in developer orgs), not per second; this keeps a
 * flood of submissions from using them up in minutes, and from the 25 long calls at once that an org may have.
 */
export function budgetsOf({ login_url, client_id, username }: SalesforceConfig): AccountBudgets {
  return {
    account: JSON.stringify([login_url.replace(/\/+$/, '').toLowerCase(), client_id, username ?? null]),
    limits: { all: { requests: 20, perSeconds: 1 } },
  }
}
