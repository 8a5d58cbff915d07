import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FailureError, type Message, type Receipt } from 'flowgate/plugin'
import { classify } from '../../../plugins/slack/failure.ts'
import { liveMarkup, shownLines } from '../../stand-ins/slack-shown.ts'
import type { SlackMessage } from '../../stand-ins/slack-workspace.ts'
import { channel, type SlackDestination, slackDestination } from './destination.ts'

const typed = '<!channel> <@U1> <https://evil.example|bank> [x](http://evil)\nnew line'
const facts = [{ label: 'Name', value: typed }]
const lateKey = { idempotencyKey: 'delivery-1.late' }
const whole = (completes: Receipt): Partial<Message> => ({
  facts,
  link: { label: 'Open', url: 'https://crm.example/1' },
  record: 'new',
  completes,
})
const again = { attempt: 2, uncertain: true }

/** A destination that has posted a late message. */
async function afterLate(): Promise<{ readonly slack: SlackDestination; readonly late: Receipt }> {
  const slack = await slackDestination()
  return { slack, late: await slack.deliver(lateKey, { facts, late: true }) }
}

function lines(message: SlackMessage | undefined): readonly string[] {
  return message === undefined ? [] : shownLines(message)
}

test('a late message says that the CRM has not confirmed, and has no link', async () => {
  const { slack } = await afterLate()
  await using _ = slack
  const [message, ...others] = slack.vendor.workspace.messages(channel)
  assert.deepEqual(others, [])
  assert.ok(lines(message).includes('The CRM has not confirmed the record yet; the link follows.'))
  assert.deepEqual(message && liveMarkup(message), [])
})

test('a late message with a link to what is there already does not say that the link follows', async () => {
  await using slack = await slackDestination()
  await slack.deliver(lateKey, { facts, late: true, link: { label: 'Open', url: 'https://crm.example/1' } })
  const shown = lines(slack.vendor.workspace.messages(channel)[0])
  assert.ok(shown.includes('Open (https://crm.example/1)'), shown.join('\n'))
  assert.ok(shown.includes('The CRM has not confirmed every record yet; the rest follows.'), shown.join('\n'))
})

test('the whole message takes the place of the late one, with its link and its own key', async () => {
  const { slack, late } = await afterLate()
  await using _ = slack
  const receipt = await slack.deliver({}, whole(late))
  assert.deepEqual(receipt, late)
  const [message, ...others] = slack.vendor.workspace.messages(channel)
  assert.deepEqual(others, [])
  const shown = lines(message)
  assert.ok(shown.includes('Open (https://crm.example/1)') && shown.includes('New record'), shown.join('\n'))
  assert.ok(!shown.some((line) => line.includes('not confirmed')))
  assert.deepEqual(message?.metadata?.event_payload, { id: 'delivery-1' })
  assert.deepEqual(message && liveMarkup(message), ['https://crm.example/1|Open'])
})

test('completing twice, after a lost answer too, leaves one message', async () => {
  const { slack, late } = await afterLate()
  await using _ = slack
  slack.vendor.standIn.misbehave({ route: 'POST /api/chat.update', fault: { kind: 'lose-after' }, times: 1 })
  const error = await slack.deliver({}, whole(late)).catch((thrown: unknown) => thrown)
  assert.equal(classify(error)?.kind, 'retryable')
  assert.deepEqual(await slack.deliver(again, whole(late)), late)
  assert.equal(slack.vendor.workspace.messages(channel).length, 1)
})

test('a message that cannot be changed any more is completed in its thread, once', async () => {
  for (const refusal of ['cant_update_message', 'edit_window_closed']) {
    const { slack, late } = await afterLate()
    await using _ = slack
    const { workspace, standIn } = slack.vendor
    workspace.refusesUpdates = refusal
    standIn.misbehave({ route: 'POST /api/chat.postMessage', fault: { kind: 'lose-after' }, times: 1 })
    await assert.rejects(slack.deliver({}, whole(late)))
    const receipt = await slack.deliver(again, whole(late))
    const [first, followUp, ...others] = workspace.messages(channel)
    assert.deepEqual(others, [])
    assert.equal(followUp?.thread_ts, first?.ts)
    assert.equal(receipt.id, `${channel}/${followUp?.ts}`)
    assert.ok(lines(followUp).includes('New record · Completes the message above'))
    assert.ok(lines(followUp).includes('Open (https://crm.example/1)'))
  }
})

test('a late message that was deleted is followed by the whole one as a message of its own', async () => {
  const { slack, late } = await afterLate()
  await using _ = slack
  const { workspace } = slack.vendor
  workspace.channel(channel)?.messages.splice(0)
  const receipt = await slack.deliver({}, whole(late))
  assert.deepEqual(await slack.deliver(again, whole(late)), receipt)
  assert.equal(workspace.messages(channel).length, 1)
  assert.notDeepEqual(receipt, late)
})

test('a late message in a channel that is closed by now stops the destination only where that is still its channel', async () => {
  const { slack, late } = await afterLate()
  await using _ = slack
  const { workspace } = slack.vendor
  workspace.addChannel({ id: 'C0NEW' })
  const elsewhere = await slack.instanceOf({ channel: 'C0NEW' })
  workspace.addChannel({ id: channel, archived: true })
  workspace.refusesUpdates = 'is_archived'
  const error = await slack.deliver({}, whole(late)).catch((thrown: unknown) => thrown)
  assert.equal(classify(error)?.code, 'is_archived')
  await elsewhere({}, whole(late))
  assert.equal(workspace.messages('C0NEW').length, 1)
})

test('who owns the record is told besides those who got the late message', async () => {
  const { slack, late } = await afterLate()
  await using _ = slack
  const { workspace } = slack.vendor
  workspace.addUser({ id: 'U0ANA', email: 'ana@acme.com' })
  const recipient = { kind: 'owner', owner: { id: '7', email: 'ana@acme.com' } } as const
  const receipt = await slack.deliver({}, { ...whole(late), recipient })
  assert.deepEqual(await slack.deliver(again, { ...whole(late), recipient }), receipt)
  const counts = [channel, 'D0ANA'].map((id) => workspace.messages(id).length)
  assert.deepEqual(counts, [1, 1])
  assert.ok(lines(workspace.messages(channel)[0]).includes('Open (https://crm.example/1)'))
})

test('who got the completion in the thread does not get it again because the owner could not be told at once', async () => {
  const { slack, late } = await afterLate()
  await using _ = slack
  const { workspace, standIn } = slack.vendor
  workspace.refusesUpdates = 'cant_update_message'
  workspace.addUser({ id: 'U0ANA', email: 'ana@acme.com' })
  const message = { ...whole(late), recipient: { kind: 'owner', owner: { id: '7', email: 'ana@acme.com' } } } as const
  const toOwner = (bytes: Uint8Array) => String(bytes).includes('channel=D0ANA')
  const fault = { kind: 'status', status: 429, headers: { 'retry-after': '1' } } as const
  const route = 'POST /api/chat.postMessage'
  standIn.misbehave({ route, fault, when: ({ bytes }) => toOwner(bytes), times: 1 })
  await assert.rejects(slack.deliver({}, message))
  await slack.deliver({ attempt: 2 }, message)
  const counts = [channel, 'D0ANA'].map((id) => workspace.messages(id).length)
  assert.deepEqual(counts, [2, 1], 'the late message and its completion, and the one for the owner')
})

test('a receipt of another plugin is nothing that can be changed: the whole message is posted', async () => {
  await using slack = await slackDestination()
  await slack.deliver({}, whole({ outcome: 'sent', id: 'e-mail <1@acme.com>' }))
  assert.equal(slack.vendor.workspace.messages(channel).length, 1)
  assert.equal(slack.vendor.standIn.requestsTo('POST /api/chat.update').length, 0)
})

test('updating too fast waits as long as Slack says', async () => {
  const { slack, late } = await afterLate()
  await using _ = slack
  const fault = { kind: 'status', status: 429, headers: { 'retry-after': '17' } } as const
  slack.vendor.standIn.misbehave({ route: 'POST /api/chat.update', fault })
  const error = await slack.deliver({}, whole(late)).catch((thrown: unknown) => thrown)
  const failure = error instanceof FailureError ? error.failure : classify(error)
  assert.deepEqual(failure?.kind === 'rate-limited' && failure.retryAfterSeconds, 17)
})
