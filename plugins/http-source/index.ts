import { definePlugin } from 'flowgate/plugin'
import { configSchema, type HttpSourceConfig } from './config.ts'
import { stops } from './failure.ts'
import { failureCodes } from './failure-codes.ts'
import { type HttpSourceSettings, readQueries, readSettings } from './settings.ts'
import { httpSource } from './source.ts'

/** Questions to any HTTP API that answers in JSON. */
export default definePlugin<'source', HttpSourceConfig>({
  apiVersion: 1,
  kind: 'source',
  name: 'http-source',
  title: 'HTTP API',
  configSchema,
  configure: (config, context) => httpSource(soundSettings(config), context),
  // The address may be a variable that is not set yet: only the queries are read.
  queries: async ({ queries }) =>
    [...readQueries(queries).values()].map(({ name, parameters, purpose }) => ({ name, parameters, purpose })),
  // Every failure is thrown as what it is.
  classify: () => undefined,
  failureCodes,
})

function soundSettings(config: HttpSourceConfig): HttpSourceSettings {
  try {
    return readSettings(config)
  } catch (error) {
    throw stops('FG_HTTP_SOURCE_SETTINGS', error instanceof Error ? error.message : String(error))
  }
}
