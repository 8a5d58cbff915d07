import { definePlugin } from 'flowgate/plugin'
import { SOURCE_CODES } from './calls/codes.ts'
import { readingSettings, settingFaults } from './calls/reading-settings.ts'
import { sourceFailureCodes } from './failure-codes.ts'
import { httpSource } from './questions/asking.ts'
import { configSchema, type HttpSourceConfig } from './questions/source-config.ts'
import { readQueries, readSettings } from './questions/source-settings.ts'

/** Questions to any HTTP API that answers in JSON. */
export default definePlugin<'source', HttpSourceConfig>({
  apiVersion: 1,
  kind: 'source',
  name: 'http-source',
  title: 'HTTP API',
  configSchema,
  configure: (config, context) =>
    httpSource(
      readingSettings(SOURCE_CODES, () => readSettings(config)),
      context,
    ),
  faults: (config) => settingFaults(() => readSettings(config)),
  // The address may be a variable that is not set yet: only the queries are read.
  queries: async ({ queries }) =>
    [...readQueries(queries).values()].map(({ name, parameters, purpose }) => ({ name, parameters, purpose })),
  // Every failure is thrown as what it is.
  classify: () => undefined,
  failureCodes: sourceFailureCodes,
})
