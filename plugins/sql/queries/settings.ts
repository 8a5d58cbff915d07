import type { JsonSchema } from 'flowgate/plugin'
import { type ConnectionConfig, connectionProperties } from '../connect/settings.ts'

/** Settings of one source, as checked by `configSchema`. */
export interface SqlSourceConfig extends ConnectionConfig {
  readonly queries: string
  readonly writes?: boolean
}

/** For what an operator leaves out. */
export const DEFAULTS = { writes: false } as const

/** What an operator can set for a source. */
export const configSchema: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['url', 'queries'],
  properties: {
    ...connectionProperties({
      url: 'Use an account that may do no more than the queries need.',
      connections: 'With `writes`, reservations have as many again.',
    }),
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
  },
}
