import { type Call, type Failure, FailureError, type Message, type PluginContext, type Receipt } from 'flowgate/plugin'
import { addressFault } from './address.ts'
import { layOut } from './card.ts'
import { cardFault } from './card-check.ts'
import type { TeamsConfig } from './config.ts'
import { failureOfReply, failureOfRequest } from './failure.ts'
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
  const failure = await post(context, channel, JSON.stringify(body), call.signal)
  if (failure) throw new FailureError(call.resend ? onceMore(failure) : failure)
  return { outcome: 'sent', id: call.idempotencyKey }
}

/** What was sent again and got no clear answer is not sent a third time by itself. */
function onceMore(failure: Failure): Failure {
  if (failure.kind !== 'retryable' || failure.nothingWritten) return failure
  return { ...possiblySent, message: `${failure.message} ${possiblySent.message}` }
}

/** Why a message was not accepted, or may not have been; `undefined` where it was. */
async function post(
  { fetch, now }: PluginContext,
  { url, whose }: Channel,
  body: string,
  signal: AbortSignal,
): Promise<Failure | undefined> {
  const headers = { 'content-type': 'application/json' }
  try {
    const response = await fetch(url, { method: 'POST', headers, body, signal })
    const { status } = response
    const retryAfter = response.headers.get('retry-after')
    // 202 says what there is to say: where the rest of the answer is lost, the message was accepted all the same.
    const text = status === 202 ? response.text().catch(() => '') : response.text()
    return failureOfReply({ status, retryAfter, body: await text }, whose, now())
  } catch (error) {
    return failureOfRequest(error, signal)
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
