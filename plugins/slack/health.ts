import { type Call, type Failure, FailureError, type Health } from 'flowgate/plugin'
import type { SlackConfig } from './config.ts'
import { ask, slackClient } from './connection.ts'
import { classify, refusal } from './failure.ts'
import { repairs } from './slack-errors.ts'

/**
 * Asks Slack whose token this is, and, as far as the token's scopes let us see, whether it may post in the channel.
 * Writes nothing. Throws what `classify` does not know.
 */
export async function health(config: SlackConfig, call: Call): Promise<Health> {
  try {
    const answer = await ask(slackClient(config, call.signal).auth.test())
    const scopes = answer.response_metadata?.scopes
    const fault = scopes?.includes('chat:write') === false ? 'missing_scope' : await channelFault(config, call, scopes)
    if (fault) return { ok: false, failure: stopped(fault) }
    return { ok: true, account: `${answer.team ?? 'Slack'} (${answer.user ?? 'bot'})` }
  } catch (error) {
    const failure = error instanceof FailureError ? error.failure : classify(error)
    if (failure) return { ok: false, failure }
    throw error
  }
}

/**
 * Why nothing can be posted in the channel, if that can be seen (it needs channels:read or groups:read). Without this a
 * destination paused for an archived channel would resume at once, for its token is good.
 */
async function channelFault(
  config: SlackConfig,
  call: Call,
  scopes: readonly string[] | undefined,
): Promise<string | undefined> {
  if (!/^[CG][A-Z0-9]+$/.test(config.channel)) return undefined
  try {
    const { channel } = await ask(slackClient(config, call.signal).conversations.info({ channel: config.channel }))
    if (channel?.is_archived) return 'is_archived'
    const mayStayOutside = scopes?.includes('chat:write.public') !== false && !channel?.is_private
    return channel?.is_member === false && !mayStayOutside ? 'not_in_channel' : undefined
  } catch (error) {
    const refused = refusal(error)
    if (refused === undefined) throw error
    return refused === 'channel_not_found' ? refused : undefined
  }
}

function stopped(code: string): Failure {
  return { kind: 'permanent', scope: 'destination', code, message: repairs.get(code) ?? code }
}
