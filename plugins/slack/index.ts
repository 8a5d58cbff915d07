import { definePlugin } from 'flowgate/plugin'
import { budgets } from './budgets.ts'
import { configSchema, type SlackConfig } from './config.ts'
import { deliver } from './deliver.ts'
import { DirectChannels } from './direct-channels.ts'
import { classify } from './failure.ts'
import { failureCodes } from './failure-codes.ts'
import { health } from './health.ts'
import { visit } from './workspace.ts'

/** Messages to Slack channels and people by a bot token (Web API, Block Kit). */
export default definePlugin<'notification', SlackConfig>({
  apiVersion: 1,
  kind: 'notification',
  name: 'slack',
  title: 'Slack',
  configSchema,
  configure: (config, context) => {
    const workspace = { config, context, directChannels: new DirectChannels() }
    return {
      health: (call) => health(config, call),
      deliver: (message, call) => deliver(visit(workspace, call), message),
      // Every call has a client of its own, so there is nothing to close.
      close: async () => {},
    }
  },
  persons: [],
  budgets,
  classify,
  failureCodes,
})
