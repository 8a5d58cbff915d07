import { type Call, FailureError, type Message, type PluginContext, type Receipt } from 'flowgate/plugin'
import { addressFault } from './address.ts'
import { layOut } from './card.ts'
import { cardFault } from './card-check.ts'
import type { TeamsConfig } from './config.ts'
import { failureOfReply, failureOfRequest, type Reply } from './failure.ts'
import { type Channel, channelOf } from './recipient.ts'

/**
 * Hands a message to a workflow once. Teams has no key and nothing to look through, so an uncertain call ends as `unknown`,
 * unless the operator chose to send again: then the message says so. The receipt's id is the delivery's own key.
 */
export async function deliver(
  config: TeamsConfig,
  context: PluginContext,
  message: Message,
  call: Call,
): Promise<Receipt> {
  const channel = channelOf(config, message.recipient)
  const unfit = addressFault(channel.url, channel.whose)
  if (unfit) throw new FailureError(unfit)
  if (call.uncertain && !call.resend) throw new FailureError(possiblySent)
  const body = layOut(message, call.resend)
  const fault = cardFault(body.attachments[0].content)
  if (fault !== undefined) throw new FailureError(wrongCard(fault))
  await context.spend('all', call.signal)
  const reply = await post(context, channel, JSON.stringify(body), call.signal)
  const failure = failureOfReply(reply, channel.whose, context.now())
  if (failure) throw new FailureError(failure)
  return { outcome: 'sent', id: call.idempotencyKey }
}

async function post({ fetch }: PluginContext, { url }: Channel, body: string, signal: AbortSignal): Promise<Reply> {
  const headers = { 'content-type': 'application/json' }
  try {
    const response = await fetch(url, { method: 'POST', headers, body, signal })
    const { status } = response
    const retryAfter = response.headers.get('retry-after')
    // 202 says all there is to say: whatever becomes of the rest of the answer, the message was accepted.
    if (status !== 202) return { status, retryAfter, body: await response.text() }
    await response.body?.cancel()
    return { status, retryAfter, body: '' }
  } catch (error) {
    throw new FailureError(failureOfRequest(error, signal))
  }
}

const possiblySent = {
  kind: 'unknown',
  code: 'FG_TEAMS_POSSIBLY_SENT',
  message: 'It may have been sent, and Teams cannot be asked. Look into the channel, then send again or drop it.',
} as const

function wrongCard(fault: string) {
  const message = `Teams would not show this message (${fault}). This is a fault of Flowgate: please report it.`
  return { kind: 'permanent', scope: 'record', code: 'FG_TEAMS_CARD', message } as const
}
