import type { WebClient } from '@slack/web-api'
import { refusal } from './failure.ts'
import type { Visit } from './workspace.ts'

/** The channel of a person's direct messages, or Slack's word for why there is none. */
export type DirectChannel = { readonly channel: string } | { readonly refused: string }

interface Kept {
  readonly answer: DirectChannel
  readonly until: number
}

/** People keep their ids; who was not found may be invited, or a scope added, at any time. */
const foundForMs = 24 * 3_600_000
const refusedForMs = 5 * 60_000
const mostKept = 1_000

/** Refusals that are about this person, or about what the app may do with people; others are troubles of the moment. */
const ofPerson: ReadonlySet<string> = new Set([
  'invalid_arguments',
  'invalid_email',
  'method_not_supported_for_channel_type',
  'missing_scope',
  'not_allowed_token_type',
  'not_enough_users',
  'user_disabled',
  'user_not_found',
  'user_not_visible',
  'users_not_found',
])

/** Finds the channels of people's direct messages, and keeps what it found: Slack is asked once a day for each. */
export class DirectChannels {
  readonly #kept = new Map<string, Kept>()

  /** Of the person with this e-mail address (scopes users:read.email and im:write). */
  ofEmail(visit: Visit, email: string): Promise<DirectChannel> {
    return this.#keep(visit, email.toLowerCase(), async () => {
      const found = await permitted(visit, 'people', (client) => client.users.lookupByEmail({ email }))
      if ('refused' in found) return found
      const id = found.answer.user?.id
      return id === undefined ? { refused: 'users_not_found' } : await open(visit, id)
    })
  }

  /** Of the person with this id of Slack's (scope im:write). */
  ofUser(visit: Visit, id: string): Promise<DirectChannel> {
    return this.#keep(visit, id, () => open(visit, id))
  }

  async #keep({ context }: Visit, key: string, look: () => Promise<DirectChannel>): Promise<DirectChannel> {
    const now = context.now().getTime()
    const kept = this.#kept.get(key)
    if (kept !== undefined && kept.until > now) return kept.answer
    const answer = await look()
    this.#kept.delete(key)
    const [oldest] = this.#kept.keys()
    if (this.#kept.size >= mostKept && oldest !== undefined) this.#kept.delete(oldest)
    this.#kept.set(key, { answer, until: now + ('refused' in answer ? refusedForMs : foundForMs) })
    if ('refused' in answer) context.log.warn({ refused: answer.refused }, 'slack.person_unreachable')
    return answer
  }
}

async function open(visit: Visit, user: string): Promise<DirectChannel> {
  const opened = await permitted(visit, 'open', (client) => client.conversations.open({ users: user }))
  if ('refused' in opened) return opened
  const id = opened.answer.channel?.id
  return id === undefined ? { refused: 'channel_not_found' } : { channel: id }
}

async function permitted<Answer>(
  visit: Visit,
  endpointClass: 'people' | 'open',
  request: (client: WebClient) => Promise<Answer>,
): Promise<{ readonly answer: Answer } | { readonly refused: string }> {
  try {
    return { answer: await visit.request(endpointClass, request) }
  } catch (error) {
    const refused = refusal(error)
    if (refused !== undefined && ofPerson.has(refused)) return { refused }
    throw error
  }
}
