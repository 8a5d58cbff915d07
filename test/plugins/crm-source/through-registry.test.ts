import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Call, FailureError } from 'flowgate/plugin'
import type { DestinationSettings, SourceSettings } from '../../../src/config/configuration.ts'
import { createRegistry } from '../../../src/registry/registry.ts'
import { startHubspotStandIn } from '../../stand-ins/hubspot.ts'
import { testClock } from '../../support/clock.ts'
import { keptLog } from '../../support/log.ts'

const TOKEN = 'pat-eu1-test-token'
const call: Call = {
  signal: new AbortController().signal,
  idempotencyKey: 'asked',
  attempt: 1,
  uncertain: false,
  resend: false,
}

const destination = (name: string, plugin: string, config: object): [string, DestinationSettings] => [
  name,
  { name, plugin, config: { ...config }, atOnce: 4, answerWithinMs: 10_000, onUnknown: 'hold' },
]

const source = (name: string, inDestination: string): [string, SourceSettings] => [
  name,
  {
    name,
    plugin: 'crm-source',
    config: {
      destination: inDestination,
      queries: { customer: { object: 'contacts', by: 'email', fields: ['firstname'] } },
    },
    atOnce: 4,
    answerWithinMs: 30_000,
    cache: undefined,
    breaker: { failures: 5, restMs: 10_000 },
    ifUnavailable: [],
  },
]

test('a source asks the destination of its name, once it is configured, and no other', async () => {
  await using standIn = await startHubspotStandIn({ token: TOKEN })
  const registry = createRegistry({
    configuration: () => ({
      flows: new Map(),
      destinations: new Map([
        destination('crm', 'hubspot', { access_token: TOKEN, base_url: standIn.url }),
        destination('chat', 'slack', { bot_token: 'xoxb-1', channel: 'C0SALES' }),
      ]),
      sources: new Map([source('customers', 'crm'), source('chatters', 'chat'), source('strangers', 'nowhere')]),
      alertsTo: undefined,
      advice: [],
    }),
    configurationFolder: 'config',
    log: keptLog().log,
    clock: testClock(),
  })
  const ask = async (name: string) => {
    const { instance } = await registry.source(name)
    return instance.read('customer', { email: 'ana@acme.com' }, call)
  }
  const { instance: crm } = await registry.crm('crm')
  const fields = { email: 'ana@acme.com', firstname: 'Ana' }
  const { id } = await crm.deliver(
    { id: 'contact', object: 'contacts', operation: 'upsert', match: 'email', fields, links: [] },
    call,
  )
  assert.deepEqual(await ask('customers'), [{ id, firstname: 'Ana' }])
  const health = await (await registry.source('customers')).instance.health(call)
  assert.equal(health.ok && health.account, `HubSpot account ${standIn.portalId} (${standIn.uiDomain})`)
  for (const name of ['chatters', 'strangers']) {
    const thrown = await ask(name).catch((error: unknown) => error)
    assert.ok(thrown instanceof FailureError)
    assert.equal(thrown.failure.kind === 'permanent' && thrown.failure.scope, 'destination')
    const unwell = await (await registry.source(name)).instance.health(call)
    assert.deepEqual(unwell, { ok: false, failure: thrown.failure })
  }
  await registry.close()
})
