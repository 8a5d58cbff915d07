import { definePlugin } from 'flowgate/plugin'
import { configSchema, type WhatsappConfig } from './config.ts'
import { deliver } from './deliver.ts'
import { failureCodes } from './failure-codes.ts'
import { health } from './health.ts'
import { knownAddresses, pairClass } from './recipient.ts'

/** Alerts to staff on WhatsApp by an approved template (Cloud API). */
export default definePlugin<'notification', WhatsappConfig>({
  apiVersion: 1,
  kind: 'notification',
  name: 'whatsapp',
  title: 'WhatsApp',
  configSchema,
  configure: (config, context) => ({
    health: (call) => health(config, context.now(), call),
    deliver: (message, call) => deliver(config, context, message, call),
    // Every call has a request of its own, so there is nothing to close.
    close: async () => {},
  }),
  persons: ['phone'],
  // 80 messages a second from a number, and to one recipient 45 at once, then one in six seconds:
  // https://developers.facebook.com/docs/whatsapp/cloud-api/overview
  budgets: (config) => {
    const pairs = knownAddresses(config).map(
      (_, place) => [pairClass(place), { requests: 45, perSeconds: 270 }] as const,
    )
    return {
      account: config.phone_number_id,
      limits: { all: { requests: 80, perSeconds: 1 }, ...Object.fromEntries(pairs) },
    }
  },
  // Every failure is named where it happens.
  classify: () => undefined,
  failureCodes,
})
