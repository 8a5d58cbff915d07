import { type Call, FailureError, type Message, type PluginContext, type Receipt } from 'flowgate/plugin'
import { defaultApiUrl, defaultApiVersion, type WhatsappConfig } from './config.ts'
import { failureOfReply } from './failure.ts'
import { ask, errorCodeOf, type GraphReply, objectOf } from './graph-reply.ts'
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
  try {
    return { outcome: 'sent', id: await post(config, context, body, message.recipient !== undefined, call.signal) }
  } catch (error) {
    throw call.resend ? onceMore(error) : error
  }
}

/** Rejects with a FailureError where Meta has not accepted it, or may not have; resolves with the `wamid`. */
async function post(
  config: WhatsappConfig,
  { now }: PluginContext,
  body: string,
  chosen: boolean,
  signal: AbortSignal,
): Promise<string> {
  const headers = { authorization: `Bearer ${config.access_token}`, 'content-type': 'application/json' }
  const reply = await ask(`${numberUrl(config)}/messages`, { method: 'POST', headers, body, signal })
  const done = reply.status >= 200 && reply.status < 300 && errorCodeOf(reply) === undefined
  if (!done) throw new FailureError(failureOfReply(reply, chosen, now()))
  return wamidOf(reply)
}

/** What was sent again and got no clear answer is not sent a third time by itself. */
function onceMore(error: unknown): unknown {
  if (!(error instanceof FailureError) || error.failure.kind !== 'retryable' || error.failure.nothingWritten)
    return error
  const message = `${error.failure.message} ${possiblySent.message}`
  return new FailureError({ ...possiblySent, message }, { cause: error })
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
