import { type Call, FailureError, type Message, type PluginContext, type Receipt } from 'flowgate/plugin'
import { defaultApiUrl, defaultApiVersion, type WhatsappConfig } from './config.ts'
import { failureOfReply } from './failure.ts'
import { ask, type GraphReply, objectOf } from './graph-reply.ts'
import { targetOf } from './recipient.ts'
import { layOut } from './template.ts'

/**
 * Sends a template message once. Meta has no key and no look-up, so an uncertain call ends as `unknown`, unless the operator
 * chose to send again: then the message says so. The receipt says that Meta accepted it; its id is the `wamid` that later
 * statuses name, beside the delivery's key (`biz_opaque_callback_data`).
 */
export async function deliver(
  config: WhatsappConfig,
  context: PluginContext,
  message: Message,
  call: Call,
): Promise<Receipt> {
  const { addressee, pair } = targetOf(config, message.recipient)
  if (call.uncertain && !call.resend) throw new FailureError(possiblySent)
  const { name, language } = config.template
  const body = JSON.stringify({
    messaging_product: 'whatsapp',
    recipient_type: 'individual',
    ...addressee,
    type: 'template',
    template: { name, language: { code: language }, components: layOut(message, config.template, call.resend) },
    biz_opaque_callback_data: call.idempotencyKey,
  })
  if (pair !== undefined) await context.spend(pair, call.signal)
  await context.spend('all', call.signal)
  const headers = { authorization: `Bearer ${config.access_token}`, 'content-type': 'application/json' }
  const reply = await ask(`${numberUrl(config)}/messages`, { method: 'POST', headers, body, signal: call.signal })
  if (reply.status !== 200) throw new FailureError(failureOfReply(reply, message.recipient !== undefined))
  return { outcome: 'sent', id: wamidOf(reply) }
}

/** Where the Graph API knows the sending number. */
export function numberUrl({ api_url = defaultApiUrl, api_version, phone_number_id }: WhatsappConfig): string {
  return `${api_url.replace(/\/+$/, '')}/${api_version ?? defaultApiVersion}/${phone_number_id}`
}

function wamidOf(reply: GraphReply): string {
  const messages = objectOf(reply.body)?.['messages']
  const id = Array.isArray(messages) ? objectOf(messages[0])?.['id'] : undefined
  if (typeof id !== 'string' || id === '') throw new FailureError(unreadable)
  return id
}

const unreadable = {
  kind: 'retryable',
  code: 'FG_WHATSAPP_UNREADABLE',
  message: 'The answer was a success without the id of a message. If it stays so, check api_url and any proxy.',
} as const

const possiblySent = {
  kind: 'unknown',
  code: 'FG_WHATSAPP_POSSIBLY_SENT',
  message: 'It may have been sent, and Meta cannot be asked. Ask the recipient, then send again or drop it.',
} as const
