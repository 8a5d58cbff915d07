import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type SlackStandIn, startSlack } from './slack.ts'
import { shownLines } from './slack-shown.ts'

const channel = 'C0SALES'

async function ask(slack: SlackStandIn, method: string, given: Record<string, string>, token = slack.workspace.token) {
  const headers = { authorization: `Bearer ${token}` }
  const response = await fetch(slack.apiUrl + method, { method: 'POST', headers, body: new URLSearchParams(given) })
  return (await response.json()) as Record<string, unknown>
}

test('calls without a token, with a wrong one or to an unknown method are refused as Slack does', async () => {
  await using slack = await startSlack()
  assert.equal((await ask(slack, 'auth.test', {}, '')).error, 'not_authed')
  assert.equal((await ask(slack, 'auth.test', {}, 'xoxb-other')).error, 'invalid_auth')
  assert.equal((await ask(slack, 'auth.test', { token: slack.workspace.token }, '')).ok, true)
  assert.equal((await ask(slack, 'chat.nothing', {})).error, 'unknown_method')
  assert.equal((await ask(slack, 'toString', {})).error, 'unknown_method')
  slack.workspace.refuses = 'token_expired'
  assert.equal((await ask(slack, 'auth.test', {})).error, 'token_expired')
})

test('a post is refused for what Slack refuses', async () => {
  await using slack = await startSlack()
  slack.workspace.addChannel({ id: 'C0OLD', archived: true })
  slack.workspace.addChannel({ id: 'C0OUT', member: false })
  slack.workspace.addChannel({ id: 'C0HIDDEN', private: true, member: false })
  const block = (text: string) => ({ type: 'section', text: { type: 'plain_text', text } })
  const table: readonly [error: string, given: Record<string, string>][] = [
    ['invalid_arguments', { text: 'a' }],
    ['channel_not_found', { channel: 'C0NONE', text: 'a' }],
    ['channel_not_found', { channel: 'C0HIDDEN', text: 'a' }],
    ['is_archived', { channel: 'C0OLD', text: 'a' }],
    ['not_in_channel', { channel: 'C0OUT', text: 'a' }],
    ['no_text', { channel }],
    ['no_text', { channel, text: '' }],
    ['invalid_blocks_format', { channel, blocks: 'no JSON' }],
    ['invalid_blocks_format', { channel, blocks: '{}' }],
    ['invalid_blocks', { channel, blocks: JSON.stringify([block('')]) }],
    ['invalid_blocks', { channel, blocks: JSON.stringify([block('x'.repeat(3_001))]) }],
    ['invalid_blocks', { channel, blocks: JSON.stringify([{ ...block('a'), colour: 'red' }]) }],
    ['invalid_blocks', { channel, blocks: JSON.stringify([{ type: 'poem' }]) }],
    ['invalid_blocks', { channel, blocks: JSON.stringify([{ type: 'section' }]) }],
    ['invalid_blocks', { channel, blocks: JSON.stringify(Array.from({ length: 51 }, () => ({ type: 'divider' }))) }],
    [
      'msg_blocks_too_long',
      { channel, blocks: JSON.stringify(Array.from({ length: 5 }, () => block('x'.repeat(2_700)))) },
    ],
    ['invalid_metadata_format', { channel, text: 'a', metadata: '{"event_type":"x"}' }],
    ['invalid_metadata_format', { channel, text: 'a', metadata: 'no JSON' }],
  ]
  for (const [error, given] of table) assert.equal((await ask(slack, 'chat.postMessage', given)).error, error)
  slack.workspace.scopes.delete('chat:write')
  const refused = await ask(slack, 'chat.postMessage', { channel, text: 'a' })
  assert.deepEqual([refused.error, refused['needed']], ['missing_scope', 'chat:write'])
  assert.equal(slack.workspace.messages(channel).length, 0)
})

test('the refusal of blocks says where the fault is', async () => {
  await using slack = await startSlack()
  const blocks = JSON.stringify([{ type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } }])
  const refused = await ask(slack, 'chat.postMessage', { channel, blocks })
  assert.deepEqual(refused['response_metadata'], {
    messages: ['[ERROR] must be less than 151 characters [json-pointer:/blocks/0/text/text]'],
  })
})

test('messages are kept, updated and shown', async () => {
  await using slack = await startSlack()
  const { ts } = await ask(slack, 'chat.postMessage', { channel, text: 'first' })
  const blocks = JSON.stringify([{ type: 'section', text: { type: 'mrkdwn', text: 'a &lt; <https://a.b/|open>' } }])
  const updated = await ask(slack, 'chat.update', { channel, ts: String(ts), text: 'second', blocks })
  assert.deepEqual([updated['ok'], updated['ts']], [true, ts])
  const [message] = slack.workspace.messages(channel)
  assert.ok(message?.edited)
  assert.deepEqual([message.text, shownLines(message)], ['second', ['a < open (https://a.b/)']])
  assert.equal((await ask(slack, 'chat.update', { channel, ts: '1.0', text: 'x' })).error, 'message_not_found')
  assert.equal((await ask(slack, 'chat.getPermalink', { channel, message_ts: '1.0' })).error, 'message_not_found')
})

test('history pages newest first, with metadata only on request, and no message twice', async () => {
  await using slack = await startSlack()
  const metadata = JSON.stringify({ event_type: 'x', event_payload: { id: 'k' } })
  for (let index = 0; index < 5; index += 1)
    await ask(slack, 'chat.postMessage', { channel, text: `${index}`, metadata })
  const first = await ask(slack, 'conversations.history', { channel, limit: '3' })
  const { next_cursor: cursor } = first['response_metadata'] as { next_cursor: string }
  const second = await ask(slack, 'conversations.history', {
    channel,
    limit: '3',
    cursor,
    include_all_metadata: 'true',
  })
  const texts = (page: Record<string, unknown>) => (page['messages'] as { text: string }[]).map(({ text }) => text)
  assert.deepEqual(
    [texts(first), texts(second)],
    [
      ['4', '3', '2'],
      ['1', '0'],
    ],
  )
  assert.deepEqual([first['has_more'], second['has_more'], second['response_metadata']], [true, false, undefined])
  const carries = (page: Record<string, unknown>) => (page['messages'] as object[]).every((each) => 'metadata' in each)
  assert.deepEqual([carries(first), carries(second)], [false, true])
})

test('history is bounded in time, checked and refused without its scope', async () => {
  await using slack = await startSlack()
  const { ts } = await ask(slack, 'chat.postMessage', { channel, text: 'old' })
  await ask(slack, 'chat.postMessage', { channel, text: 'new' })
  const since = await ask(slack, 'conversations.history', { channel, oldest: String(ts) })
  assert.equal((since['messages'] as object[]).length, 1)
  const history = async (given: Record<string, string>) => (await ask(slack, 'conversations.history', given)).error
  assert.equal(await history({ channel, limit: '1000' }), 'invalid_limit')
  assert.equal(await history({ channel, cursor: btoa('nonsense') }), 'invalid_cursor')
  assert.equal(await history({}), 'invalid_arguments')
  slack.workspace.scopes.delete('channels:history')
  assert.equal(await history({ channel }), 'missing_scope')
})
