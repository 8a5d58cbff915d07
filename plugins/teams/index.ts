import { definePlugin } from 'flowgate/plugin'
import { configSchema, type TeamsConfig } from './config.ts'
import { deliver } from './deliver.ts'
import { failureCodes } from './failure-codes.ts'
import { health, settingFaults } from './health.ts'

/** Messages to channels and chats of Microsoft Teams by workflows (Adaptive Card). */
export default definePlugin<'notification', TeamsConfig>({
  apiVersion: 1,
  kind: 'notification',
  name: 'teams',
  title: 'Microsoft Teams',
  configSchema,
  configure: (config, context) => ({
    health: async () => health(config),
    deliver: (message, call) => deliver(config, context, message, call),
    close: async () => {},
  }),
  faults: settingFaults,
  persons: [],
  // The pace that connectors had for a channel, and a workflow's owner is not throttled by:
  // https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using
  budgets: ({ url }) => ({ account: url, limits: { all: { requests: 1, perSeconds: 1 } } }),
  // Every failure is named where it happens.
  classify: () => undefined,
  failureCodes,
})
