import type { WebClient } from '@slack/web-api'
import { ask } from './connection.ts'
import { refusal } from './failure.ts'

/** Marks our messages in Slack's message metadata. */
export const eventType = 'flowgate_delivery'

/** A message in a channel, as Slack names it. */
export interface Posted {
  readonly channel: string
  readonly ts: string
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
  'unknown_method',
])

/**
 * Looks through the channel's last seven days, newest first and at most 4,000 messages, for the one that carries this
 * delivery's key. Slack documents no idempotency argument, so this is what makes a repeat safe.
 * Throws what the SDK throws when Slack cannot be asked now.
 */
export async function lookUp(client: WebClient, channel: string, key: string, now: Date): Promise<Finding> {
  const oldest = String(Math.floor(now.getTime() / 1000) - windowSeconds)
  let cursor: string | undefined
  for (let page = 0; page < pageLimit; page += 1) {
    const query = { channel, oldest, limit: pageSize, include_all_metadata: true, ...(cursor ? { cursor } : {}) }
    const history = await permitted(ask(client.conversations.history(query)))
    if ('refused' in history) return { is: 'unclear', why: history.refused }
    const found = history.messages?.find((message) => carries(message.metadata, key))
    if (found?.ts) return { is: 'there', message: { channel, ts: found.ts } }
    cursor = history.response_metadata?.next_cursor || undefined
    if (!cursor) return { is: 'absent' }
  }
  return { is: 'unclear', why: `more than ${pageSize * pageLimit} messages in the last seven days` }
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
