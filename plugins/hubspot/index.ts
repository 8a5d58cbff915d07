import { definePlugin } from 'flowgate/plugin'
import { budgetsOf } from './budgets.ts'
import { HubspotCrm } from './crm.ts'
import { classify } from './failure.ts'
import { failureCodes } from './failure-codes.ts'
import { isObjectName, LIFECYCLE_STAGES } from './object-types.ts'
import { configSchema, type HubspotConfig, readSettings } from './settings.ts'

/** Writes records into HubSpot. */
export default definePlugin<'crm', HubspotConfig>({
  apiVersion: 1,
  kind: 'crm',
  name: 'hubspot',
  title: 'HubSpot',
  configSchema,
  configure: (config, context) => new HubspotCrm(readSettings(config), context),
  abilities: (_, object) => (isObjectName(object) ? ['create', 'upsert', 'find', 'update', 'owner', 'files'] : []),
  budgets: (config) => budgetsOf(readSettings(config)),
  orders: { 'contacts.lifecyclestage': LIFECYCLE_STAGES, 'companies.lifecyclestage': LIFECYCLE_STAGES },
  classify,
  failureCodes,
})
