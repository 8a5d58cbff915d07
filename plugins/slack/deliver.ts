import type { WebClient } from '@slack/web-api'
import { type Call, FailureError, type Message, type Receipt } from 'flowgate/plugin'
import { layOut } from './blocks.ts'
import type { SlackConfig } from './config.ts'
import { ask, slackClient } from './connection.ts'
import { eventType, lookUp, type Posted } from './look-up.ts'

/** A permalink is a courtesy: it may not take much of the call's time. */
const permalinkWithinMs = 2_000

/**
 * Posts a message once. After an uncertain attempt it first looks for the message in the channel; where Slack does not
 * let us look, the failure is `unknown`, unless the operator chose to send again: then the message says so.
 */
export async function deliver(config: SlackConfig, message: Message, call: Call, now: Date): Promise<Receipt> {
  const client = slackClient(config, call.signal)
  let mark = false
  if (call.uncertain || call.resend) {
    const finding = await lookUp(client, config.channel, call.idempotencyKey, now)
    if (finding.is === 'there') return receipt(config, finding.message, call)
    if (finding.is === 'unclear' && !call.resend) throw new FailureError(unknownOutcome(finding.why))
    mark = finding.is === 'unclear'
  }
  return receipt(config, await post(client, config.channel, message, call.idempotencyKey, mark), call)
}

async function post(client: WebClient, channel: string, message: Message, key: string, mark: boolean): Promise<Posted> {
  const { blocks, text } = layOut(message, mark)
  const answer = await ask(
    client.chat.postMessage({
      channel,
      text,
      blocks,
      metadata: { event_type: eventType, event_payload: { id: key } },
      unfurl_links: false,
      unfurl_media: false,
    }),
  )
  if (!answer.ts) throw new FailureError(unconfirmed)
  return { channel: answer.channel ?? channel, ts: answer.ts }
}

/** The id is `<channel>/<ts>`: Slack needs both to find a message again. */
async function receipt(config: SlackConfig, { channel, ts }: Posted, call: Call): Promise<Receipt> {
  const url = await permalink(config, { channel, ts }, call)
  return { outcome: 'sent', id: `${channel}/${ts}`, ...(url ? { url } : {}) }
}

/** A link to a posted message; `undefined` when there is none, for a message that is sent must not fail any more. */
async function permalink(config: SlackConfig, { channel, ts }: Posted, call: Call): Promise<string | undefined> {
  const client = slackClient(config, AbortSignal.any([call.signal, AbortSignal.timeout(permalinkWithinMs)]))
  const answer = await ask(client.chat.getPermalink({ channel, message_ts: ts })).catch(() => undefined)
  return answer?.permalink
}

const unconfirmed = {
  kind: 'retryable',
  code: 'unconfirmed',
  message: 'Slack answered without the id of a message. The next attempt looks whether it has landed.',
} as const

function unknownOutcome(why: string) {
  const cure = 'Look into the channel, then send again or drop it; the scope channels:history (groups:history for a'
  const message = `It may have been sent, and Slack does not let us look (${why}). ${cure} private channel) prevents this.`
  return { kind: 'unknown', code: 'possibly_sent', message } as const
}
