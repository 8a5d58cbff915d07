import { definePlugin } from 'flowgate/plugin'
import { configSchema, type SlackConfig } from './config.ts'
import { deliver } from './deliver.ts'
import { classify } from './failure.ts'
import { health } from './health.ts'

/** Messages to a Slack channel by a bot token (Web API, Block Kit). */
export default definePlugin<'notification', SlackConfig>({
  apiVersion: 1,
  kind: 'notification',
  name: 'slack',
  title: 'Slack',
  configSchema,
  configure: (config, context) => ({
    health: (call) => health(config, call),
    deliver: (message, call) => deliver(config, message, call, context.now()),
    // Every call has a client of its own, so there is nothing to close.
    close: async () => {},
  }),
  classify,
})
