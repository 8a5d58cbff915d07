import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FailureError } from 'flowgate/plugin'
import { liveMarkup, shownLines } from '../../stand-ins/slack-shown.ts'
import type { SlackWorkspace } from '../../stand-ins/slack-workspace.ts'
import { channel, slackDestination } from './destination.ts'

const again = { attempt: 2, uncertain: true }

test('a message is posted with its key, without unfurling, and its receipt leads to it', async () => {
  await using slack = await slackDestination()
  const receipt = await slack.deliver({})
  const [message] = slack.vendor.workspace.messages(channel)
  assert.deepEqual(message?.metadata, { event_type: 'flowgate_delivery', event_payload: { id: 'delivery-1' } })
  assert.deepEqual(receipt, {
    outcome: 'sent',
    id: `${channel}/${message?.ts}`,
    url: `https://acme.slack.com/archives/${channel}/p${message?.ts.replace('.', '')}`,
  })
  const [post] = slack.vendor.standIn.requestsTo('POST /api/chat.postMessage')
  assert.match(String(post?.bytes), /&unfurl_links=false&unfurl_media=false/)
})

test('whatever a person types arrives as plain text', async () => {
  await using slack = await slackDestination()
  const typed = '<!channel> <@U1> <https://evil.example|bank> [x](http://evil) *b* `c` & a\nnew line'
  await slack.deliver(
    {},
    {
      title: typed,
      text: typed,
      facts: [{ label: typed, value: typed }],
      link: { label: typed, url: 'https://crm.example/1?q=<!here>|x' },
    },
  )
  const [message] = slack.vendor.workspace.messages(channel)
  assert.ok(message)
  const [link, ...others] = liveMarkup(message)
  assert.deepEqual(others, [])
  assert.match(link ?? '', /^https:\/\/crm\.example\/1\?q=%3C!here%3E%7Cx\|/)
  const shown = shownLines(message).join('\n')
  assert.ok(shown.includes(`\n${typed}\n`), shown)
})

test('an uncertain attempt whose message has landed answers that message and posts nothing', async () => {
  await using slack = await slackDestination()
  const first = await slack.deliver({})
  await slack.deliver({ idempotencyKey: 'delivery-2' })
  assert.deepEqual(await slack.deliver(again), first)
  assert.equal(slack.vendor.workspace.messages(channel).length, 2)
})

test('an uncertain attempt whose message has not landed posts it, without a mark', async () => {
  await using slack = await slackDestination()
  await slack.deliver(again)
  assert.deepEqual(
    slack.vendor.workspace.messages(channel).map(({ text }) => text),
    ['New lead'],
  )
})

test('the message is found behind several pages of others', async () => {
  await using slack = await slackDestination()
  const first = await slack.deliver({})
  chatter(slack.vendor.workspace, 450)
  assert.deepEqual(await slack.deliver(again), first)
  assert.equal(slack.vendor.standIn.requestsTo('POST /api/conversations.history').length, 3)
})

test('a channel with more messages than are looked through leaves the outcome unknown', async () => {
  await using slack = await slackDestination()
  chatter(slack.vendor.workspace, 4_001)
  await assert.rejects(slack.deliver(again), unknown(/more than 4000 messages/))
  assert.equal(slack.vendor.standIn.requestsTo('POST /api/conversations.history').length, 20)
  assert.equal(slack.vendor.standIn.requestsTo('POST /api/chat.postMessage').length, 0)
})

test('a message older than seven days is not looked for', async () => {
  const inEightDays = () => new Date(Date.now() + 8 * 24 * 3_600_000)
  await using slack = await slackDestination({}, inEightDays)
  await slack.deliver({})
  await slack.deliver(again)
  assert.equal(slack.vendor.workspace.messages(channel).length, 2)
})

test('a message of another sender with the same words is not taken for ours', async () => {
  await using slack = await slackDestination()
  await slack.deliver({ idempotencyKey: 'delivery-10' })
  await slack.deliver(again)
  assert.equal(slack.vendor.workspace.messages(channel).length, 2)
})

test('without the scope to look, the outcome is unknown until the operator sends again, visibly marked', async () => {
  await using slack = await slackDestination()
  slack.vendor.workspace.scopes.delete('channels:history')
  await slack.deliver({})
  await assert.rejects(slack.deliver(again), unknown(/missing_scope.*channels:history/))
  assert.equal(slack.vendor.workspace.messages(channel).length, 1)
  await slack.deliver({ ...again, resend: true })
  const texts = slack.vendor.workspace.messages(channel).map(({ text }) => text)
  assert.deepEqual(texts, ['New lead', 'New lead (possibly sent twice)'])
})

test('without the scope to look, what was sent again and got no clear answer waits for a person', async () => {
  await using slack = await slackDestination()
  slack.vendor.workspace.scopes.delete('channels:history')
  slack.vendor.standIn.misbehave({ route: 'POST /api/chat.postMessage', fault: { kind: 'lose-after' } })
  await assert.rejects(slack.deliver({ ...again, resend: true }), unknown(/missing_scope/))
  assert.equal(slack.vendor.workspace.messages(channel).length, 1)
})

test('where the bot may post but not look, the outcome is unknown', async () => {
  await using slack = await slackDestination()
  slack.vendor.workspace.scopes.add('chat:write.public')
  slack.vendor.workspace.addChannel({ id: channel, member: false })
  await slack.deliver({})
  await assert.rejects(slack.deliver(again), unknown(/not_in_channel/))
})

test('sending again still finds what has landed', async () => {
  await using slack = await slackDestination()
  const first = await slack.deliver({})
  assert.deepEqual(await slack.deliver({ ...again, resend: true }), first)
})

test('a look-up that fails for now posts nothing', async () => {
  await using slack = await slackDestination()
  slack.vendor.standIn.misbehave({ route: 'POST /api/conversations.history', fault: { kind: 'status', status: 503 } })
  await assert.rejects(slack.deliver({ ...again, resend: true }), { code: 'slack_webapi_http_error' })
  assert.equal(slack.vendor.workspace.messages(channel).length, 0)
})

test('a permalink that fails leaves the delivery confirmed, without a link', async () => {
  await using slack = await slackDestination()
  slack.vendor.standIn.misbehave({ route: 'POST /api/chat.getPermalink', fault: { kind: 'lose-before' } })
  const receipt = await slack.deliver({})
  const [message] = slack.vendor.workspace.messages(channel)
  assert.deepEqual(receipt, { outcome: 'sent', id: `${channel}/${message?.ts}` })
})

test('an abort while the permalink is awaited leaves the delivery confirmed', async () => {
  await using slack = await slackDestination()
  slack.vendor.standIn.misbehave({ route: 'POST /api/chat.getPermalink', fault: { kind: 'hang' } })
  const abort = new AbortController()
  const delivering = slack.deliver({ signal: abort.signal })
  const asked = () => slack.vendor.standIn.requestsTo('POST /api/chat.getPermalink')
  await slack.vendor.standIn.until(() => asked().length === 1)
  abort.abort()
  await slack.vendor.standIn.until(() => asked()[0]?.aborted === true)
  assert.equal((await delivering).outcome, 'sent')
})

test('a channel given by name is posted to, and its receipt names the id', async () => {
  await using slack = await slackDestination({ channel: '#c0sales' })
  assert.match((await slack.deliver({})).id, /^C0SALES\//)
})

function unknown(says: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof FailureError)
    assert.equal(error.failure.kind, 'unknown')
    assert.match(error.failure.message, says)
    return true
  }
}

/** Fills the channel with messages of others. */
function chatter(workspace: SlackWorkspace, count: number): void {
  for (let index = 0; index < count; index += 1) {
    const message = {
      type: 'message',
      user: 'U0ANA',
      bot_id: '',
      ts: workspace.nextTs(),
      text: 'hello',
      blocks: [],
    } as const
    workspace.channel(channel)?.messages.push(message)
  }
}
