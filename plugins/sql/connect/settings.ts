import type { JsonObject } from 'flowgate/plugin'

/** How a connection is encrypted: not at all, without looking whose certificate it is, or looking. */
export type Tls = 'off' | 'unverified' | 'verified'

/** What any plugin of this family is told of its connections. */
export interface ConnectionConfig {
  readonly url: string
  readonly connections?: number
  readonly connect_within_ms?: number
  readonly tls?: Tls
  readonly tls_ca?: string
}

/** For what an operator leaves out. */
export const CONNECTION_DEFAULTS = { connections: 8, connect_within_ms: 2_000 } as const

/** What an operator can set for connections. `url` and `connections` say more, of what the plugin does with them. */
export function connectionProperties(about: { readonly url: string; readonly connections: string }): JsonObject {
  return {
    url: {
      type: 'string',
      pattern: '^(postgres|postgresql|mysql|mariadb)://',
      writeOnly: true,
      description: `The database: postgres://account:password@host:port/database, or with mysql:// or mariadb://. ${about.url}`,
    },
    connections: {
      type: 'integer',
      minimum: 1,
      maximum: 100,
      default: CONNECTION_DEFAULTS.connections,
      description: `Connections at most, for each process. At least as many as \`at_once\`. ${about.connections}`,
    },
    connect_within_ms: {
      type: 'integer',
      minimum: 100,
      maximum: 10_000,
      default: CONNECTION_DEFAULTS.connect_within_ms,
      description: 'How long a new connection may take, in milliseconds.',
    },
    tls: {
      type: 'string',
      enum: ['off', 'unverified', 'verified'],
      description:
        '`verified`: encrypted, to the host the certificate is for. `unverified`: encrypted, whoever answers. `off`: neither. Left out: what `sslmode` in the url says, else `off`.',
    },
    tls_ca: {
      type: 'string',
      minLength: 1,
      description:
        'A file of the configuration folder with the certificates (PEM) to trust for `tls: verified`. Left out: those that Node trusts.',
    },
  }
}
