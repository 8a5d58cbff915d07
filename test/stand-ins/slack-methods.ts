import { readBlocks } from './slack-blocks.ts'
import type { SlackChannel, SlackMessage, SlackWorkspace } from './slack-workspace.ts'

/** Arguments of a Web API method, as text: the SDK sends forms, with objects as JSON. */
export type Arguments = Readonly<Record<string, string>>

/** The JSON of an answer. */
export type Answer = { readonly ok: boolean; readonly [name: string]: unknown }

/** The methods of Slack's Web API that the stand-in knows, by name. Each is called with an accepted token. */
export const slackMethods: Readonly<Record<string, (workspace: SlackWorkspace, given: Arguments) => Answer>> = {
  'auth.test': (workspace) => ({
    ok: true,
    url: `https://${workspace.domain}.slack.com/`,
    team: workspace.team,
    user: 'flowgate',
    team_id: 'T0ACME',
    user_id: workspace.botUser,
    bot_id: workspace.botId,
    is_enterprise_install: false,
  }),

  'chat.postMessage': (workspace, given) => {
    const channel = workspace.channelNamed(given['channel'] ?? '')
    const refused = missing(given, 'channel') ?? lacks(workspace, 'chat:write') ?? closed(workspace, channel)
    if (refused || !channel) return refused ?? no('channel_not_found')
    const content = readContent(given)
    if ('ok' in content) return content
    const thread = given['thread_ts']
    if (thread !== undefined && !channel.messages.some(({ ts }) => ts === thread)) return no('thread_not_found')
    const ts = workspace.nextTs()
    const own = { type: 'message', user: workspace.botUser, bot_id: workspace.botId, ts } as const
    const message: SlackMessage = { ...own, ...(thread === undefined ? {} : { thread_ts: thread }), ...content }
    channel.messages.push(message)
    return { ok: true, channel: channel.id, ts, message }
  },

  'chat.update': (workspace, given) => {
    const refused = missing(given, 'channel', 'ts') ?? lacks(workspace, 'chat:write')
    if (refused) return refused
    const channel = workspace.channel(given['channel'] ?? '')
    if (!channel) return no('channel_not_found')
    const message = channel.messages.find(({ ts }) => ts === given['ts'])
    if (!message) return no('message_not_found')
    if (message.user !== workspace.botUser) return no('cant_update_message')
    if (workspace.refusesUpdates) return no(workspace.refusesUpdates)
    const content = readContent(given)
    if ('ok' in content) return content
    Object.assign(message, content, { edited: { user: workspace.botUser, ts: workspace.nextTs() } })
    return { ok: true, channel: channel.id, ts: message.ts, text: message.text, message }
  },

  'chat.getPermalink': (workspace, given) => {
    const refused = missing(given, 'channel', 'message_ts')
    if (refused) return refused
    const channel = workspace.channel(given['channel'] ?? '')
    if (!channel) return no('channel_not_found')
    const ts = given['message_ts'] ?? ''
    if (!channel.messages.some((message) => message.ts === ts)) return no('message_not_found')
    const permalink = `https://${workspace.domain}.slack.com/archives/${channel.id}/p${ts.replace('.', '')}`
    return { ok: true, channel: channel.id, permalink }
  },

  'conversations.info': (workspace, given) => {
    const channel = workspace.channel(given['channel'] ?? '')
    const refused = missing(given, 'channel') ?? lacks(workspace, channel?.private ? 'groups:read' : 'channels:read')
    if (refused) return refused
    if (!channel || (channel.private && !channel.member)) return no('channel_not_found')
    const { id, name, archived, member } = channel
    const shown = { id, name, is_channel: true, is_archived: archived, is_member: member, is_private: channel.private }
    return { ok: true, channel: shown }
  },

  'conversations.history': (workspace, given) => {
    const channel = workspace.channel(given['channel'] ?? '')
    const refused = missing(given, 'channel') ?? unread(workspace, channel)
    if (refused || !channel) return refused ?? no('channel_not_found')
    const inChannel = channel.messages.filter(({ thread_ts: thread }) => thread === undefined)
    return page(inChannel, given)
  },

  'conversations.replies': (workspace, given) => {
    const channel = workspace.channel(given['channel'] ?? '')
    const refused = missing(given, 'channel', 'ts') ?? unread(workspace, channel)
    if (refused || !channel) return refused ?? no('channel_not_found')
    const parent = given['ts']
    const thread = channel.messages.filter(({ ts, thread_ts: of }) => ts === parent || of === parent)
    return thread.length === 0 ? no('thread_not_found') : page(thread, given)
  },

  'conversations.open': (workspace, given) => {
    const refused = missing(given, 'users') ?? lacks(workspace, 'im:write')
    if (refused) return refused
    const user = workspace.user(given['users'] ?? '')
    if (!user) return no('user_not_found')
    return user.disabled ? no('user_disabled') : { ok: true, channel: { id: workspace.directChannel(user).id } }
  },

  'users.lookupByEmail': (workspace, given) => {
    const refused = missing(given, 'email') ?? lacks(workspace, 'users:read.email')
    if (refused) return refused
    const user = workspace.userByEmail(given['email'] ?? '')
    return user && !user.disabled ? { ok: true, user: { id: user.id } } : no('users_not_found')
  },
}

/** Slack's refusal of a call. */
export function no(error: string, more: Readonly<Record<string, unknown>> = {}): Answer {
  return { ok: false, error, ...more }
}

/** Why the messages of a channel may not be read. */
function unread(workspace: SlackWorkspace, channel: SlackChannel | undefined): Answer | undefined {
  const kind = channel?.user !== undefined ? 'im' : channel?.private ? 'groups' : 'channels'
  const refused = lacks(workspace, `${kind}:history`)
  if (refused) return refused
  if (!channel || (channel.private && !channel.member)) return no('channel_not_found')
  return channel.member ? undefined : no('not_in_channel')
}

function page(messages: readonly SlackMessage[], given: Arguments): Answer {
  const limit = Number(given['limit'] ?? 100)
  if (!Number.isInteger(limit) || limit < 1 || limit > 999) return no('invalid_limit')
  const before = given['cursor'] ? /^next_ts:(\d+)$/.exec(atob(given['cursor']))?.[1] : undefined
  if (given['cursor'] && before === undefined) return no('invalid_cursor')
  const [oldest, latest] = [Number(given['oldest'] ?? 0), Number(given['latest'] ?? Number.POSITIVE_INFINITY)]
  if (Number.isNaN(oldest) || Number.isNaN(latest))
    return no(Number.isNaN(oldest) ? 'invalid_ts_oldest' : 'invalid_ts_latest')
  const inclusive = given['inclusive'] === 'true'
  const within = messages.filter(({ ts }) => {
    const at = Number(ts)
    const inside = inclusive ? at >= oldest && at <= latest : at > oldest && at < latest
    return inside && (before === undefined || micros(ts) < Number(before))
  })
  const newestFirst = within.toReversed().slice(0, limit)
  const more = within.length > limit
  const last = newestFirst.at(-1)
  return {
    ok: true,
    messages: newestFirst.map(({ metadata, ...message }) =>
      given['include_all_metadata'] === 'true' && metadata ? { ...message, metadata } : message,
    ),
    has_more: more,
    pin_count: 0,
    ...(more && last ? { response_metadata: { next_cursor: btoa(`next_ts:${micros(last.ts)}`) } } : {}),
  }
}

function micros(ts: string): number {
  return Number(ts.replace('.', ''))
}

/** Text, blocks and metadata of a message, or Slack's refusal of them. */
function readContent(given: Arguments): Pick<SlackMessage, 'text' | 'blocks' | 'metadata'> | Answer {
  const blocks = given['blocks'] === undefined ? [] : readBlocks(given['blocks'])
  if ('error' in blocks)
    return no(blocks.error, blocks.messages ? { response_metadata: { messages: blocks.messages } } : {})
  const text = given['text'] ?? ''
  if (!text && blocks.length === 0) return no('no_text')
  if (given['metadata'] === undefined) return { text: text.slice(0, 40_000), blocks }
  const metadata = readMetadata(given['metadata'])
  return metadata ? { text: text.slice(0, 40_000), blocks, metadata } : no('invalid_metadata_format')
}

function readMetadata(text: string): SlackMessage['metadata'] | undefined {
  try {
    const { event_type: type, event_payload: payload } = JSON.parse(text)
    if (typeof type !== 'string' || !/^\w{1,255}$/.test(type)) return undefined
    if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return undefined
    return { event_type: type, event_payload: payload }
  } catch {
    return undefined
  }
}

function closed(workspace: SlackWorkspace, channel: SlackChannel | undefined): Answer | undefined {
  if (!channel || (channel.private && !channel.member)) return no('channel_not_found')
  if (channel.archived) return no('is_archived')
  return channel.member || workspace.scopes.has('chat:write.public') ? undefined : no('not_in_channel')
}

function lacks(workspace: SlackWorkspace, scope: string): Answer | undefined {
  if (workspace.scopes.has(scope)) return undefined
  return no('missing_scope', { needed: scope, provided: [...workspace.scopes].join(',') })
}

function missing(given: Arguments, ...names: readonly string[]): Answer | undefined {
  const absent = names.filter((name) => !given[name])
  if (absent.length === 0) return undefined
  const messages = absent.map((name) => `[ERROR] missing required field: ${name}`)
  return no('invalid_arguments', { response_metadata: { messages } })
}
