import { type Call, type CrmRecord, definePlugin, type Receipt } from 'flowgate/plugin'
import { accountBudgets, type WebhookConfig, webhookSchema } from './config.ts'
import { refused } from './failure.ts'
import { failureCodes } from './failure-codes.ts'
import { type Sender, settingFaults, webhookSender } from './sender.ts'

/** Records as signed events to a URL of yours (Standard Webhooks). */
export default definePlugin<'crm', WebhookConfig>({
  apiVersion: 1,
  kind: 'crm',
  name: 'webhook',
  title: 'Webhook',
  configSchema: webhookSchema,
  configure(config, context) {
    const sender = webhookSender(config, context)
    return {
      health: (call) => sender.health(call),
      deliver: (record, call) => deliver(sender, record, call),
      // Connections belong to the gateway, which lends them.
      close: async () => undefined,
    }
  },
  faults: settingFaults,
  abilities: () => ['create', 'upsert'],
  budgets: accountBudgets,
  // Every failure is thrown as what it is.
  classify: () => undefined,
  failureCodes,
})

/** The receiver knows a repeat by its id, so it is sent again without looking. */
async function deliver(sender: Sender, record: CrmRecord, call: Call): Promise<Receipt> {
  if (record.files !== undefined && record.files.length > 0) {
    throw refused('FG_WEBHOOK_FILES', 'Files cannot be attached to an event: take `files` out of the record.')
  }
  const links = record.links.map(({ object, id }) => ({ object, id }))
  const event = { type: record.object, data: record.fields, ...(links.length === 0 ? {} : { links }) }
  return { outcome: 'created', id: await sender.send(event, call) }
}
