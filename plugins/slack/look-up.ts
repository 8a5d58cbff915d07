import { refusal } from './failure.ts'
import type { Visit } from './workspace.ts'

/** Marks our messages in Slack's message metadata. */
export const eventType = 'flowgate_delivery'

/** A message in a channel, as Slack names it. */
export interface Posted {
  readonly channel: string
  readonly ts: string
}

/** Where a message is posted: into a channel, or into the thread of a message there. */
export interface Place {
  readonly channel: string
  readonly thread?: string
}

/** What a look-up found out: `unclear` when Slack does not let us look, or there is more to look through than we do. */
export type Finding =
  | { readonly is: 'there'; readonly message: Posted }
  | { readonly is: 'absent' }
  | { readonly is: 'unclear'; readonly why: string }

/** How far back an earlier attempt can lie. */
const windowSeconds = 7 * 24 * 3600
/** Slack asks for no more than 200 messages per page. */
const pageSize = 200
const pageLimit = 20

/** Refusals that say "you may not look", where posting may still be allowed. */
const noLook: ReadonlySet<string> = new Set([
  'access_denied',
  'channel_not_found',
  'method_not_supported_for_channel_type',
  'missing_scope',
  'no_permission',
  'not_allowed_token_type',
  'not_in_channel',
  'team_access_not_granted',
  'thread_not_found',
  'unknown_method',
])

/**
 * Looks through a channel's or a thread's last seven days, at most 4,000 messages, for the one that carries this
 * delivery's key. Slack documents no idempotency argument, so this is what makes a repeat safe.
 * Throws what the SDK throws when Slack cannot be asked now.
 */
export async function lookUp(visit: Visit, place: Place): Promise<Finding> {
  const oldest = String(Math.floor(visit.context.now().getTime() / 1000) - windowSeconds)
  let cursor: string | undefined
  for (let page = 0; page < pageLimit; page += 1) {
    const answer = await permitted(readPage(visit, place, oldest, cursor))
    if ('refused' in answer) return { is: 'unclear', why: answer.refused }
    const found = answer.messages?.find((message) => carries(message.metadata, visit.call.idempotencyKey))
    if (found?.ts) return { is: 'there', message: { channel: place.channel, ts: found.ts } }
    cursor = answer.response_metadata?.next_cursor || undefined
    if (!cursor) return { is: 'absent' }
  }
  return { is: 'unclear', why: `more than ${pageSize * pageLimit} messages in the last seven days` }
}

interface Page {
  readonly messages?: readonly { readonly ts?: string; readonly metadata?: Metadata }[]
  readonly response_metadata?: { readonly next_cursor?: string }
}

async function readPage(
  visit: Visit,
  { channel, thread }: Place,
  oldest: string,
  cursor: string | undefined,
): Promise<Page> {
  const query = { channel, oldest, limit: pageSize, include_all_metadata: true, ...(cursor ? { cursor } : {}) }
  if (thread === undefined) return await visit.request('history', (client) => client.conversations.history(query))
  return await visit.request('replies', (client) => client.conversations.replies({ ...query, ts: thread }))
}

async function permitted<Answer>(asking: Promise<Answer>): Promise<Answer | { refused: string }> {
  try {
    return await asking
  } catch (error) {
    const refused = refusal(error)
    if (refused !== undefined && noLook.has(refused)) return { refused }
    throw error
  }
}

interface Metadata {
  readonly event_type?: string
  readonly event_payload?: { readonly id?: unknown }
}

function carries(metadata: Metadata | undefined, key: string): boolean {
  return metadata?.event_type === eventType && metadata.event_payload?.id === key
}
