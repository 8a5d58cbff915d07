import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SlackConfig } from '../../../plugins/slack/config.ts'
import type { SlackStandIn } from '../../stand-ins/slack.ts'
import { callOf, channel, slackDestination } from './destination.ts'

async function healthWhen(change: (vendor: SlackStandIn) => void, config: Partial<SlackConfig> = {}) {
  await using slack = await slackDestination(config)
  change(slack.vendor)
  const health = await slack.instance.health(callOf({}))
  assert.equal(slack.vendor.standIn.requestsTo('POST /api/chat.postMessage').length, 0)
  return health.ok ? health.account : `${health.failure.kind} ${health.failure.code}`
}

test('a token that may post in the channel is healthy', async () => {
  assert.equal(await healthWhen(() => {}), 'Acme (flowgate)')
})

test('what stops posting is found without posting', async () => {
  const table: readonly [expected: string, change: (vendor: SlackStandIn) => void][] = [
    ['permanent token_revoked', ({ workspace }) => Object.assign(workspace, { refuses: 'token_revoked' })],
    ['permanent missing_scope', ({ workspace }) => workspace.scopes.delete('chat:write')],
    ['permanent is_archived', ({ workspace }) => workspace.addChannel({ id: channel, archived: true })],
    ['permanent not_in_channel', ({ workspace }) => workspace.addChannel({ id: channel, member: false })],
    [
      'permanent channel_not_found',
      ({ workspace }) => workspace.addChannel({ id: channel, private: true, member: false }),
    ],
    ['retryable http_503', down('auth.test')],
    ['retryable http_503', down('conversations.info')],
  ]
  for (const [expected, change] of table) assert.equal(await healthWhen(change), expected)
})

test('a bot that may post in every public channel need not be in this one', async () => {
  const outside = ({ workspace }: SlackStandIn) => {
    workspace.scopes.add('chat:write.public')
    workspace.addChannel({ id: channel, member: false })
  }
  assert.equal(await healthWhen(outside), 'Acme (flowgate)')
})

test('without the scope to see channels the token alone counts', async () => {
  assert.equal(await healthWhen(({ workspace }) => void workspace.scopes.delete('channels:read')), 'Acme (flowgate)')
})

test('a channel given by name is not asked for', async () => {
  assert.equal(await healthWhen(() => {}, { channel: '#c0sales' }), 'Acme (flowgate)')
})

function down(method: string) {
  return ({ standIn }: SlackStandIn) =>
    void standIn.misbehave({ route: `POST /api/${method}`, fault: { kind: 'status', status: 503 } })
}
