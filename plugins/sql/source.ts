import { definePlugin, FailureError } from 'flowgate/plugin'
import { connectingBy, connectionFaults, orRefused } from './connect/connecting.ts'
import { openDatabase } from './connect/open-database.ts'
import { failureOf } from './queries/failure.ts'
import { failureCodes } from './queries/failure-codes.ts'
import { fileOf, namedQueries } from './queries/named-queries.ts'
import { configSchema, type SqlSourceConfig } from './queries/settings.ts'
import { SqlSource } from './queries/sql-source.ts'

/** Nobody waits longer for a screen. */
const MANNERS = { statementMs: 5_000, strict: false }

/** Named SQL queries as a source: PostgreSQL, MySQL, MariaDB. */
export default definePlugin<'source', SqlSourceConfig>({
  apiVersion: 1,
  kind: 'source',
  name: 'sql-source',
  title: 'SQL source',
  configSchema,
  faults: connectionFaults,
  async configure(config, context) {
    const connecting = await orRefused('FG_SQL_SOURCE_ADDRESS', () => connectingBy(config, MANNERS, context))
    const queries = await orRefused('FG_SQL_SOURCE_QUERIES', () => namedQueries(config, context))
    return new SqlSource(openDatabase(connecting, context.log), queries, fileOf(config))
  },
  async queries(config, context) {
    const queries = await namedQueries(config, context)
    return [...queries.values()].map(({ name, parameters, purpose }) => ({ name, parameters, purpose }))
  },
  classify: (error) => (error instanceof FailureError ? undefined : failureOf(error)),
  failureCodes,
})
