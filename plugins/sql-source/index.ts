import { definePlugin, FailureError } from 'flowgate/plugin'
import { connectingBy } from './connecting.ts'
import type { Database } from './database.ts'
import { failureOf } from './failure.ts'
import { failureCodes } from './failure-codes.ts'
import { Mysql } from './mysql.ts'
import { fileOf, namedQueries } from './named-queries.ts'
import { Postgres } from './postgres.ts'
import { configSchema, type SqlSourceConfig } from './settings.ts'
import { SqlSource } from './source.ts'

/** Named SQL queries as a source: PostgreSQL, MySQL, MariaDB. */
export default definePlugin<'source', SqlSourceConfig>({
  apiVersion: 1,
  kind: 'source',
  name: 'sql-source',
  title: 'SQL source',
  configSchema,
  async configure(config, context) {
    const connecting = await orRefused('FG_SQL_SOURCE_ADDRESS', () => connectingBy(config, context))
    const queries = await orRefused('FG_SQL_SOURCE_QUERIES', () => namedQueries(config, context))
    const database: Database =
      connecting.server.dialect === 'postgres' ? new Postgres(connecting, context.log) : new Mysql(connecting)
    return new SqlSource(database, queries, fileOf(config))
  },
  async queries(config, context) {
    const queries = await namedQueries(config, context)
    return [...queries.values()].map(({ name, parameters, purpose }) => ({ name, parameters, purpose }))
  },
  classify: (error) => (error instanceof FailureError ? undefined : failureOf(error)),
  failureCodes,
})

/** What a mistake in the settings throws is a sentence for the operator already. */
async function orRefused<Result>(code: string, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read()
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new FailureError({ kind: 'permanent', scope: 'destination', code, message })
  }
}
