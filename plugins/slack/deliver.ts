import { FailureError, type Message, type Receipt } from 'flowgate/plugin'
import { type Addressee, addresseeOf } from './addressee.ts'
import { layOut } from './blocks.ts'
import { complete, postedAs } from './complete.ts'
import { ask, slackClient } from './connection.ts'
import { beforePosting, classify } from './failure.ts'
import { eventType, lookUp, type Place, type Posted } from './look-up.ts'
import type { Visit } from './workspace.ts'

/** A permalink is a courtesy: it may not take much of the call's time. */
const permalinkWithinMs = 2_000

/**
 * Posts a message once to whom it is for, or puts it in the place of the late one that it completes. After an uncertain
 * attempt it first looks for the message; where Slack does not let us look, the failure is `unknown`, unless the operator
 * chose to send again: then the message says so.
 */
export async function deliver(visit: Visit, message: Message): Promise<Receipt> {
  const addressee = await beforePosting(addresseeOf(visit, message.recipient))
  const late = message.completes === undefined ? undefined : postedAs(message.completes.id)
  if (late === undefined) return await receipt(visit, await postOnce(visit, addressee, message, notesOf(addressee)))
  const completion = await complete(visit, late, message)
  const elsewhere = isOther(addressee.channel, late.channel)
  const completing = completion === 'fixed' ? await followUp(visit, late, message, elsewhere) : late
  // Who owns the record may not have been told of the late message; those who were are told here.
  const reached = completion !== 'gone' && !elsewhere
  return await receipt(visit, reached ? completing : await postOnce(visit, addressee, message, notesOf(addressee)))
}

/**
 * Where a late message cannot be changed any more, the whole one stands in its thread. `elsewhere`: another is posted after
 * it, whose refusal says nothing of this one, so a later attempt looks for it.
 */
function followUp(visit: Visit, { channel, ts }: Posted, message: Message, elsewhere: boolean): Promise<Posted> {
  const { call } = visit
  const uncertain = call.uncertain || (elsewhere && call.attempt > 1)
  const place = { channel, thread: ts }
  return postOnce({ ...visit, call: { ...call, uncertain } }, place, message, ['Completes the message above'])
}

function notesOf({ note }: Addressee): readonly string[] {
  return note === undefined ? [] : [note]
}

/** Whether a message belongs into another channel than the late one stands in. Only ids can be compared. */
function isOther(channel: string, lateChannel: string): boolean {
  return /^[CDG][A-Z0-9]{2,}$/.test(channel) && channel !== lateChannel
}

async function postOnce(visit: Visit, place: Place, message: Message, notes: readonly string[]): Promise<Posted> {
  const { uncertain, resend } = visit.call
  if (!uncertain && !resend) return await post(visit, place, message, notes, false)
  const finding = await lookUp(visit, place)
  if (finding.is === 'there') return finding.message
  if (finding.is === 'unclear' && !resend) throw new FailureError(unknownOutcome(finding.why))
  if (finding.is === 'absent') return await post(visit, place, message, notes, false)
  try {
    return await post(visit, place, message, notes, true)
  } catch (error) {
    throw onceMore(error, finding.why)
  }
}

/** What was sent again without looking and got no clear answer is not sent a third time by itself. */
function onceMore(error: unknown, why: string): unknown {
  const failure = error instanceof FailureError ? error.failure : classify(error)
  if (failure?.kind !== 'retryable' || failure.nothingWritten) return error
  return new FailureError(unknownOutcome(why), { cause: error })
}

async function post(
  visit: Visit,
  { channel, thread }: Place,
  message: Message,
  notes: readonly string[],
  mark: boolean,
): Promise<Posted> {
  const { blocks, text } = layOut(message, { mark, notes })
  const answer = await visit.request({ post: channel }, (client) =>
    client.chat.postMessage({
      channel,
      text,
      blocks,
      metadata: { event_type: eventType, event_payload: { id: visit.call.idempotencyKey } },
      unfurl_links: false,
      unfurl_media: false,
      ...(thread === undefined ? {} : { thread_ts: thread }),
    }),
  )
  if (!answer.ts) throw new FailureError(unconfirmed)
  return { channel: answer.channel ?? channel, ts: answer.ts }
}

/** The id is `<channel>/<ts>`: Slack needs both to find a message again. */
async function receipt(visit: Visit, { channel, ts }: Posted): Promise<Receipt> {
  const url = await permalink(visit, { channel, ts })
  return { outcome: 'sent', id: `${channel}/${ts}`, ...(url ? { url } : {}) }
}

/** A link to a posted message; `undefined` when there is none, for a message that is sent must not fail any more. */
async function permalink({ config, call }: Visit, { channel, ts }: Posted): Promise<string | undefined> {
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
  const cure = 'Look into the channel, then send again or drop it; the scope channels:history (private channel:'
  const scopes = 'groups:history, direct messages: im:history) prevents this.'
  const message = `It may have been sent, and Slack does not let us look (${why}). ${cure} ${scopes}`
  return { kind: 'unknown', code: 'possibly_sent', message } as const
}
