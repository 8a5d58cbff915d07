import { definePlugin } from 'flowgate/plugin'
import { SalesforceCrm } from './crm.ts'
import { classify } from './failure.ts'
import { failureCodes } from './failure-codes.ts'
import { budgetsOf, configSchema, isName, readSettings, type SalesforceConfig, settingFaults } from './settings.ts'

/** Writes records of any object into a Salesforce org. */
export default definePlugin<'crm', SalesforceConfig>({
  apiVersion: 1,
  kind: 'crm',
  name: 'salesforce',
  title: 'Salesforce',
  configSchema,
  configure: (config, context) => new SalesforceCrm(readSettings(config), context),
  faults: settingFaults,
  abilities: (_, object) => (isName(object) ? ['create', 'upsert', 'find', 'update', 'owner', 'files'] : []),
  budgets: budgetsOf,
  classify,
  failureCodes,
})
