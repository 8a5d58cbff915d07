import { definePlugin } from 'flowgate/plugin'
import { DELIVERY_CODES } from './calls/codes.ts'
import { readingSettings, settingFaults } from './calls/reading-settings.ts'
import { accountBudgets } from './deliveries/delivery-config.ts'
import { failureCodes } from './failure-codes.ts'
import { httpCrm } from './records/crm.ts'
import { abilitiesOf, configSchema, type HttpConfig } from './records/crm-config.ts'
import { readSettings } from './records/crm-settings.ts'

/** Records into any HTTP API that takes and answers JSON or forms. */
export default definePlugin<'crm', HttpConfig>({
  apiVersion: 1,
  kind: 'crm',
  name: 'http',
  title: 'HTTP',
  configSchema,
  configure: (config, context) =>
    httpCrm(
      readingSettings(DELIVERY_CODES, () => readSettings(config)),
      context,
    ),
  faults: (config) => settingFaults(() => readSettings(config)),
  abilities: abilitiesOf,
  budgets: accountBudgets,
  // Every failure is thrown as what it is.
  classify: () => undefined,
  failureCodes,
})
