/** What the gateway reads from its environment, before the values are read. The one source of checks and of the reference page. */
export interface VariableDescription {
  readonly name: string
  /** Roles that cannot start without it. */
  readonly requiredFor: readonly ('web' | 'worker' | 'all')[]
  readonly default?: string
  readonly description: string
}

/** Every environment variable of the gateway. Each may also be given as `NAME_FILE`, a file that holds the value. */
export const VARIABLES = {
  PORT: { default: '8080', requiredFor: [], description: 'TCP port of the HTTP server; 0 picks a free one.' },
  HOST: { default: '0.0.0.0', requiredFor: [], description: 'Address the HTTP server listens on.' },
  DATABASE_URL: {
    requiredFor: [],
    description:
      'PostgreSQL, as `postgres://user:password@host:5432/database`. Not set: an embedded PostgreSQL under `.data/`.',
  },
  DATABASE_DIRECT_URL: {
    requiredFor: [],
    description:
      'The same database past a pooler such as PgBouncer, for LISTEN and locks. Not set: `DATABASE_URL` is used for these too.',
  },
  FLOWGATE_CONFIG: { default: './config', requiredFor: [], description: 'The configuration folder.' },
  META_APP_SECRET: {
    requiredFor: ['web', 'all'],
    description: 'Secret of the Meta app that signs requests. During a rotation several, separated by commas.',
  },
  META_VERIFY_TOKEN: {
    requiredFor: [],
    description: 'Not used by this version: it receives no webhooks, so that Meta has nothing to verify.',
  },
  FLOW_PRIVATE_KEY: {
    requiredFor: ['web', 'all'],
    description:
      'RSA private key that opens requests, as PEM text (line breaks may be written `\\n`). During a rotation several, separated by commas. `FLOW_PRIVATE_KEY_FILE` names one file or several, separated by commas.',
  },
  FLOW_PRIVATE_KEY_PASSPHRASE: { requiredFor: [], description: 'Passphrase of encrypted private keys.' },
  FLOWGATE_API_TOKEN: {
    requiredFor: [],
    description: 'Bearer token of `/api/v1`. Not set: the API is off and answers every request with 403.',
  },
  FLOWGATE_RATE_LIMIT: {
    default: '300',
    requiredFor: [],
    description: 'Requests per minute for each flow and token, a whole number from 1, or `off`.',
  },
  FLOWGATE_SECRET: {
    requiredFor: [],
    description:
      'Signs the flow tokens minted here, and encrypts access tokens of vendors that processes share. Without it no token is minted or accepted, and each process fetches access tokens for itself.',
  },
  FLOWGATE_ALLOW_HOSTS: {
    requiredFor: [],
    description:
      'What plugins may reach beyond public hosts by https on port 443 or 8443: host names (`crm.internal`, `*.internal`), addresses and ranges (`10.0.0.0/8`), each but a range also with a port (`crm.internal:8080`), separated by commas.',
  },
  LOG_LEVEL: {
    default: 'info',
    requiredFor: [],
    description: 'One of `fatal`, `error`, `warn`, `info`, `debug`, `trace`, `silent`.',
  },
} as const satisfies Record<string, Omit<VariableDescription, 'name'>>

export type VariableName = keyof typeof VARIABLES
