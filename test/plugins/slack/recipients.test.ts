import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Failure, FailureError, type Message, type Owner, type Recipient } from 'flowgate/plugin'
import slack from '../../../plugins/slack/index.ts'
import { shownLines } from '../../stand-ins/slack-shown.ts'
import type { SlackWorkspace } from '../../stand-ins/slack-workspace.ts'
import { callOf, channel, type SlackDestination, slackDestination } from './destination.ts'

const recipients = { vip: 'C0VIP', ana: 'U0ANA', gone: 'U0GONE' }
const ana: Owner = { id: '77', email: 'Ana@Acme.com', name: 'Ana <!channel>' }
const message: Message = { title: 'New lead', facts: [] }

/** A destination with a directory, in a workspace where Ana is and Bo is not any more. */
async function withPeople(now?: () => Date): Promise<SlackDestination> {
  const destination = await slackDestination({ recipients }, now)
  const { workspace } = destination.vendor
  workspace.addChannel({ id: 'C0VIP' })
  workspace.addUser({ id: 'U0ANA', email: 'ana@acme.com' })
  workspace.addUser({ id: 'U0BO', email: 'bo@acme.com' }).disabled = true
  return destination
}

function texts(workspace: SlackWorkspace, id: string): readonly string[] {
  return workspace.messages(id).map(({ text }) => text)
}

test('a message goes to the channel or the person whom the directory names, else to the destination’s channel', async () => {
  await using destination = await withPeople()
  const { workspace } = destination.vendor
  const to = (name: string) => destination.deliver({ idempotencyKey: name }, { recipient: { kind: 'named', name } })
  await to('vip')
  const direct = await to('ana')
  await destination.deliver({ idempotencyKey: 'all' })
  assert.deepEqual(
    ['C0VIP', 'D0ANA', channel].map((id) => texts(workspace, id).length),
    [1, 1, 1],
  )
  assert.match(direct.id, /^D0ANA\//)
})

test('an uncertain direct message is looked for in its own channel', async () => {
  await using destination = await withPeople()
  const recipient: Recipient = { kind: 'named', name: 'ana' }
  const first = await destination.deliver({}, { recipient })
  assert.deepEqual(await destination.deliver({ attempt: 2, uncertain: true }, { recipient }), first)
  assert.equal(texts(destination.vendor.workspace, 'D0ANA').length, 1)
})

test('a name that the directory does not have stops this message and tells those it has, not the name', async () => {
  await using destination = await withPeople()
  for (const name of ['Vip', 'toString', 'C0VIP', 'Ana Souza Lima']) {
    const failure = await refusal(destination, { kind: 'named', name })
    assert.deepEqual(failure, ['permanent record', 'FG_SLACK_RECIPIENT_UNKNOWN', true])
  }
  assert.equal(destination.vendor.standIn.requestsTo('POST /api/chat.postMessage').length, 0)
})

test('a person of the directory who cannot be written to stops this message', async () => {
  await using destination = await withPeople()
  const unreachable = ['permanent record', 'FG_SLACK_RECIPIENT_UNREACHABLE', false]
  assert.deepEqual(await refusal(destination, { kind: 'named', name: 'gone' }), unreachable)
  destination.vendor.workspace.scopes.delete('im:write')
  assert.deepEqual(await refusal(destination, { kind: 'named', name: 'ana' }), unreachable)
})

test('the person who filled the form is nobody of the workspace', async () => {
  await using destination = await withPeople()
  const failure = await refusal(destination, { kind: 'person', email: 'ana@acme.com' })
  assert.deepEqual(failure, ['permanent record', 'FG_SLACK_RECIPIENT_PERSON', false])
})

test('the owner of a record gets a direct message, and is looked up once', async () => {
  await using destination = await withPeople()
  const recipient: Recipient = { kind: 'owner', owner: ana, otherwise: 'vip' }
  await destination.deliver({}, { recipient })
  await destination.deliver({ idempotencyKey: 'delivery-2' }, { recipient })
  const { workspace, standIn } = destination.vendor
  assert.deepEqual([texts(workspace, 'D0ANA').length, texts(workspace, 'C0VIP').length], [2, 0])
  assert.equal(standIn.requestsTo('POST /api/users.lookupByEmail').length, 1)
  assert.equal(standIn.requestsTo('POST /api/conversations.open').length, 1)
})

test('for an owner whom Slack does not reach somebody else is told, with the owner’s name as plain text', async () => {
  const table: readonly (readonly [owner: Owner, otherwise: string | undefined, at: string, says: string])[] = [
    [{ ...ana, email: 'nobody@acme.com' }, 'vip', 'C0VIP', 'For Ana <!channel>, who cannot be reached in Slack'],
    [{ id: '78', email: 'bo@acme.com' }, 'vip', 'C0VIP', 'For bo@acme.com, who cannot be reached in Slack'],
    [{ id: '79' }, undefined, channel, 'For owner 79, who cannot be reached in Slack'],
  ]
  for (const [owner, otherwise, at, says] of table) {
    await using destination = await withPeople()
    const recipient: Recipient = { kind: 'owner', owner, ...(otherwise === undefined ? {} : { otherwise }) }
    await destination.deliver({}, { recipient })
    const [posted] = destination.vendor.workspace.messages(at)
    assert.ok(posted && shownLines(posted).includes(says), `${at}: ${JSON.stringify(posted)}`)
  }
})

test('without the scope to find people the message goes to others, and a scope added later is noticed', async () => {
  let now = new Date('2026-03-02T09:00:00Z')
  await using destination = await withPeople(() => now)
  const { workspace } = destination.vendor
  workspace.scopes.delete('users:read.email')
  const recipient: Recipient = { kind: 'owner', owner: ana }
  await destination.deliver({}, { recipient })
  workspace.scopes.add('users:read.email')
  await destination.deliver({ idempotencyKey: 'delivery-2' }, { recipient })
  assert.deepEqual([texts(workspace, channel).length, texts(workspace, 'D0ANA').length], [2, 0])
  now = new Date(now.getTime() + 5 * 60_000)
  await destination.deliver({ idempotencyKey: 'delivery-3' }, { recipient })
  assert.equal(texts(workspace, 'D0ANA').length, 1)
})

test('a look-up of an owner that fails for now posts nothing', async () => {
  await using destination = await withPeople()
  destination.vendor.standIn.misbehave({
    route: 'POST /api/users.lookupByEmail',
    fault: { kind: 'status', status: 500 },
  })
  const recipient: Recipient = { kind: 'owner', owner: ana, otherwise: 'vip' }
  await assert.rejects(
    destination.deliver({}, { recipient }),
    (error) =>
      error instanceof FailureError && error.failure.kind === 'retryable' && error.failure.nothingWritten === true,
  )
  assert.equal(destination.vendor.standIn.requestsTo('POST /api/chat.postMessage').length, 0)
})

test('every request that counts is asked for under its own limit', async () => {
  const spent: string[] = []
  await using destination = await slackDestination({ recipients }, undefined, async (endpointClass) => {
    spent.push(endpointClass)
  })
  destination.vendor.workspace.addUser({ id: 'U0ANA', email: 'ana@acme.com' })
  await destination.deliver({ uncertain: true })
  await destination.deliver({ idempotencyKey: 'b' }, { recipient: { kind: 'owner', owner: ana } })
  assert.deepEqual(spent, ['history', `post:${channel}`, 'people', 'open', 'post:people'])
  const { account, limits } = slack.budgets?.({ bot_token: 'xoxb-1', channel, recipients }) ?? assert.fail()
  assert.equal(account, 'xoxb-1')
  for (const each of spent) assert.ok(limits[each], each)
  assert.deepEqual(limits[`post:${channel}`], { requests: 1, perSeconds: 1 })
  assert.deepEqual(
    Object.keys(limits).filter((name) => name.startsWith('post:')),
    [`post:${channel}`, 'post:C0VIP', 'post:people'],
  )
})

/** Class, code, and whether the directory is told, of the failure of a message to this recipient. */
async function refusal(destination: SlackDestination, recipient: Recipient): Promise<readonly unknown[]> {
  const delivering = destination.instance.deliver({ ...message, recipient }, callOf({}))
  const failure: Failure = await delivering.then(
    () => assert.fail('The message was sent.'),
    (error: unknown) => (error instanceof FailureError ? error.failure : assert.fail(String(error))),
  )
  assert.ok(failure.kind === 'permanent')
  assert.doesNotMatch(failure.message, /Souza|toString|Vip\b/)
  return [`${failure.kind} ${failure.scope}`, failure.code, failure.message.includes('vip, ana, gone')]
}
