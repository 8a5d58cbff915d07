import type { JsonSchema } from 'flowgate/plugin'

/** How a connection is encrypted: not at all, without looking whose certificate it is, or looking. */
export type Tls = 'off' | 'unverified' | 'verified'

/** Settings of one source, as checked by `configSchema`. */
export interface SqlSourceConfig {
  readonly url: string
  readonly queries: string
  readonly writes?: boolean
  readonly connections?: number
  readonly connect_within_ms?: number
  readonly tls?: Tls
  readonly tls_ca?: string
}

/** For what an operator leaves out. */
export const DEFAULTS = { writes: false, connections: 8, connect_within_ms: 2_000 } as const

/** What an operator can set for a source. */
export const configSchema: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['url', 'queries'],
  properties: {
    url: {
      type: 'string',
      pattern: '^(postgres|postgresql|mysql|mariadb)://',
      writeOnly: true,
      description:
        'The database: postgres://account:password@host:port/database, or with mysql:// or mariadb://. Use an account that may do no more than the queries need.',
    },
    queries: {
      type: 'string',
      minLength: 1,
      description: 'The file of named queries, by its path in the configuration folder.',
    },
    writes: {
      type: 'boolean',
      default: DEFAULTS.writes,
      description: 'Whether the file may hold queries that reserve and release. Everything else only ever reads.',
    },
    connections: {
      type: 'integer',
      minimum: 1,
      maximum: 100,
      default: DEFAULTS.connections,
      description:
        'Connections at most, for each process. At least as many as `at_once`. With `writes`, reservations have as many again.',
    },
    connect_within_ms: {
      type: 'integer',
      minimum: 100,
      maximum: 10_000,
      default: DEFAULTS.connect_within_ms,
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
  },
}
