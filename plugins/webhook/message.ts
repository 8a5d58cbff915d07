import { type Call, definePlugin, type JsonObject, type Message, type Receipt, type Recipient } from 'flowgate/plugin'
import { accountBudgets, type WebhookMessageConfig, webhookMessageSchema } from './config.ts'
import { refused } from './failure.ts'
import { messageFailureCodes } from './failure-codes.ts'
import { type OtherReceiver, type Sender, settingFaults, webhookSender } from './sender.ts'

/** Messages as signed events to a URL of yours (Standard Webhooks). */
export default definePlugin<'notification', WebhookMessageConfig>({
  apiVersion: 1,
  kind: 'notification',
  name: 'webhook-message',
  title: 'Webhook message',
  configSchema: webhookMessageSchema,
  configure(config, context) {
    const sender = webhookSender(config, context)
    return {
      health: (call) => sender.health(call),
      deliver: (message, call) => deliver(sender, config, message, call),
      // Connections belong to the gateway, which lends them.
      close: async () => undefined,
    }
  },
  faults: settingFaults,
  persons: [],
  budgets: accountBudgets,
  // Every failure is thrown as what it is.
  classify: () => undefined,
  // What else can go wrong has the codes of the family's CRM.
  failureCodes: messageFailureCodes,
})

async function deliver(sender: Sender, config: WebhookMessageConfig, message: Message, call: Call): Promise<Receipt> {
  const other = receiverFor(message.recipient, config)
  return { outcome: 'sent', id: await sender.send({ type: 'notification', data: dataOf(message) }, call, other) }
}

const lateNote = 'The CRM has not confirmed the record yet; the link follows.'
/** With a link, to what is there already. */
const lateNoteBesideLink = 'The CRM has not confirmed every record yet; the rest follows.'

/** All of a message, as plain text: whoever shows it escapes it. */
function dataOf({ title, text, facts, link, record, late, completes }: Message): JsonObject {
  return {
    title,
    ...(text === undefined ? {} : { text }),
    facts: facts.map(({ label, value }) => ({ label, value })),
    ...(link === undefined ? {} : { link: { label: link.label, url: link.url } }),
    ...(record === undefined ? {} : { record }),
    ...(late ? { late, note: link === undefined ? lateNote : lateNoteBesideLink } : {}),
    ...(completes === undefined ? {} : { completes: completes.id, note: 'This completes the earlier message.' }),
  }
}

/** Where a message goes instead of `url`. Never an address that a form holds. */
function receiverFor(
  recipient: Recipient | undefined,
  { recipients = {}, owners = {} }: WebhookMessageConfig,
): OtherReceiver | undefined {
  const named = (name: string): OtherReceiver => {
    const url = Object.hasOwn(recipients, name) ? recipients[name] : undefined
    if (url !== undefined) return { url, whose: `the recipient ${name}` }
    const known = Object.keys(recipients).join(', ') || 'none'
    throw refused(
      'FG_WEBHOOK_RECIPIENT_UNKNOWN',
      `The destination has no recipient of that name; it knows: ${known}. Add it to \`recipients\`, or correct the mapping.`,
    )
  }
  switch (recipient?.kind) {
    case undefined:
      return undefined
    case 'named':
      return named(recipient.name)
    case 'owner': {
      const wanted = recipient.owner.email?.trim().toLowerCase()
      const url = Object.entries(owners).find(([email]) => email.trim().toLowerCase() === wanted)?.[1]
      if (url !== undefined) return { url, whose: 'an owner' }
      return recipient.otherwise === undefined ? undefined : named(recipient.otherwise)
    }
    case 'person':
      throw refused(
        'FG_WEBHOOK_RECIPIENT_PERSON',
        'A webhook reaches only receivers of its settings: name one, or send by e-mail or WhatsApp.',
      )
  }
}
