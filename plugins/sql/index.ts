import { definePlugin, FailureError } from 'flowgate/plugin'
import { connectingBy, connectionFaults, orRefused } from './connect/connecting.ts'
import { openDatabase } from './connect/open-database.ts'
import { SqlCrm } from './records/crm.ts'
import { failureOf } from './records/failure.ts'
import { failureCodes } from './records/failure-codes.ts'
import { abilitiesOf, configSchema, DEFAULTS, type SqlConfig } from './records/settings.ts'

/** Writes records into tables: PostgreSQL, MySQL, MariaDB. */
export default definePlugin<'crm', SqlConfig>({
  apiVersion: 1,
  kind: 'crm',
  name: 'sql',
  title: 'SQL',
  configSchema,
  faults: connectionFaults,
  abilities: abilitiesOf,
  async configure(config, context) {
    const manners = { statementMs: config.statement_timeout_ms ?? DEFAULTS.statement_timeout_ms, strict: true }
    const connecting = await orRefused('FG_SQL_ADDRESS', () => connectingBy(config, manners, context))
    const database = openDatabase(connecting, context.log)
    return new SqlCrm(database, connecting.server.dialect, config, () => context.now())
  },
  classify: (error) => (error instanceof FailureError ? undefined : failureOf(error)),
  failureCodes,
})
