import { definePlugin } from 'flowgate/plugin'
import { DELIVERY_CODES } from './calls/codes.ts'
import { readingSettings, settingFaults } from './calls/reading-settings.ts'
import { accountBudgets } from './deliveries/delivery-config.ts'
import { messageFailureCodes } from './failure-codes.ts'
import { configSchema, type HttpMessageConfig } from './messages/message-config.ts'
import { readSettings } from './messages/message-settings.ts'
import { httpNotifier } from './messages/notifier.ts'

/** Messages by any HTTP API, one request each. */
export default definePlugin<'notification', HttpMessageConfig>({
  apiVersion: 1,
  kind: 'notification',
  name: 'http-message',
  title: 'HTTP message',
  configSchema,
  configure: (config, context) =>
    httpNotifier(
      readingSettings(DELIVERY_CODES, () => readSettings(config)),
      context,
    ),
  faults: (config) => settingFaults(() => readSettings(config)),
  persons: [],
  budgets: accountBudgets,
  // Every failure is thrown as what it is.
  classify: () => undefined,
  // What else can go wrong has the codes of the family's CRM.
  failureCodes: messageFailureCodes,
})
