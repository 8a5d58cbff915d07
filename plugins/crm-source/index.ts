import { definePlugin, FailureError, type Health } from 'flowgate/plugin'
import { type CrmSourceConfig, configSchema } from './config.ts'
import { failureCodes } from './failure-codes.ts'
import { lookUpOf, searchable } from './look-up.ts'

/** Looks one record up in a CRM that is configured as a destination, whichever it is. */
export default definePlugin<'source', CrmSourceConfig>({
  apiVersion: 1,
  kind: 'source',
  name: 'crm-source',
  title: 'CRM look-up',
  configSchema,
  configure(config, context) {
    // Asked for anew each time: the registry keeps the CRM, and starts it again after a failed start.
    const crm = async () => searchable(await context.crm(config.destination), config.destination)
    return {
      async health(call): Promise<Health> {
        try {
          return await (await crm()).health(call)
        } catch (error) {
          if (error instanceof FailureError) return { ok: false, failure: error.failure }
          throw error
        }
      },
      async read(query, parameters, call) {
        const look = lookUpOf(config, query, parameters)
        const found = await (await crm()).find(look, call)
        return found === null ? [] : [found]
      },
      // The CRM is the destination's, not ours to close.
      close: async () => {},
    }
  },
  queries: async ({ queries }) =>
    Object.entries(queries).map(([name, { by }]) => ({ name, parameters: [by], purpose: 'read' })),
  // A CRM says itself what its failures are.
  classify: () => undefined,
  failureCodes,
})
