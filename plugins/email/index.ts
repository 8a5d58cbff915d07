import { definePlugin } from 'flowgate/plugin'
import { configSchema, type EmailConfig } from './config.ts'
import { connectionOptions, settingFaults } from './connection.ts'
import { failureCodes } from './failure-codes.ts'
import { health } from './health.ts'
import { Mailer } from './mailer.ts'

/** Messages by e-mail over an SMTP server. */
export default definePlugin<'notification', EmailConfig>({
  apiVersion: 1,
  kind: 'notification',
  name: 'email',
  title: 'E-mail',
  configSchema,
  configure(config, context) {
    const mailer = new Mailer(config, context, connectionOptions(config))
    return {
      health: (call) => health(config, call),
      deliver: (message, call) => mailer.deliver(message, call),
      close: async () => mailer.close(),
    }
  },
  faults: settingFaults,
  persons: ['email'],
  // The strictest of the usual providers: 30 messages a minute from a mailbox of Exchange Online,
  // https://learn.microsoft.com/office365/servicedescriptions/exchange-online-service-description/exchange-online-limits
  budgets: ({ host, username = '' }) => ({
    account: `${host} ${username}`,
    limits: { all: { requests: 30, perSeconds: 60 } },
  }),
  // Every failure is named where it happens.
  classify: () => undefined,
  failureCodes,
})
