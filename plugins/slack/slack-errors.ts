/**
 * What Slack's error codes ask for (docs.slack.dev, methods auth.test, chat.postMessage and conversations.history).
 * Codes in none of these lists pass by themselves, or are unknown to us: they are tried again.
 */

/** Too fast: wait and send again. */
export const waitErrors: ReadonlySet<string> = new Set(['ratelimited', 'rate_limited', 'message_limit_exceeded'])

/**
 * Passing troubles in which Slack certainly posted nothing. Of `internal_error` and `fatal_error` it says itself that some of
 * it may have been done.
 */
export const turnedAway: ReadonlySet<string> = new Set([
  'org_login_required',
  'request_timeout',
  'service_unavailable',
  'team_added_to_org',
])

/** This message can never pass; others can. */
export const recordErrors: ReadonlySet<string> = new Set([
  'attachment_payload_limit_exceeded',
  'cannot_reply_to_message',
  'invalid_arg_name',
  'invalid_arguments',
  'invalid_array_arg',
  'invalid_blocks',
  'invalid_blocks_format',
  'invalid_charset',
  'invalid_form_data',
  'invalid_metadata_format',
  'invalid_metadata_schema',
  'markdown_text_conflict',
  'metadata_too_large',
  'msg_blocks_too_long',
  'msg_too_long',
  'no_text',
  'too_many_attachments',
  'too_many_contact_cards',
])

const token = 'Put the current bot token of the Slack app into bot_token.'
const reinstall = 'Reinstall the Slack app in the workspace and put its new bot token into bot_token.'
const admin = 'Ask an administrator of the Slack workspace to allow it.'

const lacksPostScope =
  'The Slack app lacks a scope, chat:write or another that is in use: add it to its bot token scopes, then reinstall it.'

/** Nothing passes until someone repairs the account: what to do, by code. */
export const repairs: ReadonlyMap<string, string> = new Map([
  ['access_denied', `Slack denies access to the channel. ${admin}`],
  ['accesslimited', `Slack limits access from this network. ${admin}`],
  ['account_inactive', `The bot's user or workspace was removed. ${reinstall}`],
  ['channel_not_found', 'Slack does not find the channel: check its id, and invite the bot if the channel is private.'],
  ['deprecated_endpoint', 'Slack has withdrawn this method. Update Flowgate.'],
  ['ekm_access_denied', `The workspace's key management suspends posting. ${admin}`],
  ['enterprise_is_restricted', `The method cannot be called from an Enterprise organisation. ${admin}`],
  ['invalid_auth', `Slack refuses the token. ${token}`],
  ['is_archived', 'The channel is archived: unarchive it, or put another channel id into channel.'],
  ['messages_tab_disabled', 'The app cannot receive direct messages: put the id of a channel into channel.'],
  ['metadata_must_be_sent_from_app', `The token does not belong to an app. ${token}`],
  ['method_deprecated', 'Slack has withdrawn this method. Update Flowgate.'],
  ['missing_scope', lacksPostScope],
  ['no_permission', `The bot's user may not post here. ${admin}`],
  ['not_allowed_token_type', `The token is not of a kind that may post. ${token}`],
  ['not_authed', `Slack got no token. ${token}`],
  ['not_in_channel', 'The bot is not in the channel: invite it there with /invite.'],
  ['restricted_action', `A preference of the workspace forbids posting here. ${admin}`],
  ['team_access_not_granted', `The app has no access to this workspace. ${reinstall}`],
  ['team_not_found', 'Slack does not find the workspace: use the id of a channel, not its name.'],
  ['token_expired', `The token has expired. ${token}`],
  ['token_revoked', `The token was revoked. ${reinstall}`],
  ['two_factor_setup_required', `The bot's user must set up two-factor sign-in. ${admin}`],
  ['unknown_method', 'The address is not that of Slack: check api_url.'],
])
