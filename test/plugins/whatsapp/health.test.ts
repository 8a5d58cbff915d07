import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WhatsappConfig } from '../../../plugins/whatsapp/config.ts'
import type { GraphStandIn } from '../../stand-ins/whatsapp-graph.ts'
import { callOf, whatsappDestination } from './destination.ts'

async function healthWhen(change: (graph: GraphStandIn) => void, config: Partial<WhatsappConfig> = {}) {
  await using destination = await whatsappDestination(config)
  change(destination.graph)
  const health = await destination.instance.health(callOf({}))
  assert.equal(destination.graph.messages.length, 0)
  return health.ok ? health.account : `${health.failure.kind} ${health.failure.code}`
}

test('a number that Meta sends from is healthy', async () => {
  assert.equal(await healthWhen(() => {}), 'Acme (+1 555-000-1111)')
  assert.equal(await healthWhen((graph) => void Object.assign(graph.number, { name: undefined })), '+1 555-000-1111')
})

test('what stops sending is found without sending', async () => {
  const down = (status: number, body: unknown) => (graph: GraphStandIn) =>
    void graph.standIn.misbehave({ route: 'GET /*', fault: { kind: 'status', status, body } })
  const banned = (graph: GraphStandIn) => void Object.assign(graph.number, { status: 'BANNED' })
  const nothing = () => {}
  assert.equal(await healthWhen(nothing, { access_token: 'wrong' }), 'permanent FG_WHATSAPP_CREDENTIALS')
  assert.equal(await healthWhen(nothing, { phone_number_id: '2000000000' }), 'permanent FG_WHATSAPP_VALUE')
  assert.equal(await healthWhen(nothing, { api_version: 'v1.0' }), 'permanent FG_WHATSAPP_ADDRESS')
  assert.equal(await healthWhen(banned), 'permanent FG_WHATSAPP_ACCOUNT')
  assert.equal(await healthWhen(down(503, '')), 'retryable FG_WHATSAPP_UNAVAILABLE')
  assert.equal(await healthWhen(down(200, '<html>')), 'permanent FG_WHATSAPP_ADDRESS')
  assert.equal(await healthWhen(down(200, { error: { code: 190 } })), 'permanent FG_WHATSAPP_CREDENTIALS')
  assert.equal(await healthWhen((graph) => void graph.standIn.close()), 'retryable FG_WHATSAPP_UNREACHABLE')
})
