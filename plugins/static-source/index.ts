import { definePlugin } from 'flowgate/plugin'
import { configSchema, type Lists } from './config.ts'
import { failureCodes } from './failure-codes.ts'
import { queriesOf } from './queries.ts'
import { read } from './read.ts'

/** Lists written into the configuration, asked like any other source. */
export default definePlugin<'source', { readonly lists: Lists }>({
  apiVersion: 1,
  kind: 'source',
  name: 'static-source',
  title: 'Static lists',
  configSchema,
  offline: true,
  configure: ({ lists }) => ({
    health: async () => ({ ok: true, account: `${Object.keys(lists).length} lists` }),
    read: async (query, parameters) => read(lists, query, parameters),
    close: async () => {},
  }),
  queries: async ({ lists }) => queriesOf(lists),
  // Whatever it throws says itself what it is.
  classify: () => undefined,
  failureCodes,
})
