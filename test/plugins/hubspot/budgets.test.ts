import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FailureError } from 'flowgate/plugin'
import plugin from '../../../plugins/hubspot/index.ts'
import type { HubspotConfig } from '../../../plugins/hubspot/settings.ts'
import { appStage, call, contact, deal, failureOf, file, hubspotStage } from './hubspot-stage.ts'

const limitsOf = (config: HubspotConfig) => plugin.budgets?.(config).limits

test('the limit is that of the credentials and the plan, and searches have their own', () => {
  const app = { client_id: 'a', client_secret: 'b', refresh_token: 'c' }
  const limits = [
    limitsOf({ access_token: 't' }),
    limitsOf({ access_token: 't', plan: 'professional' }),
    limitsOf({ access_token: 't', plan: 'enterprise' }),
    limitsOf({ oauth: app, plan: 'enterprise' }),
  ]
  assert.deepEqual(
    limits.map((each) => each?.['all']),
    [100, 190, 190, 110].map((requests) => ({ requests, perSeconds: 10 })),
  )
  assert.ok(limits.every((each) => each?.['search']?.requests === 5 && each['search'].perSeconds === 1))
})

test('destinations with one token share a budget, other tokens and other apps have their own', () => {
  const account = (config: HubspotConfig) => plugin.budgets?.(config).account
  const app = { client_id: 'a', client_secret: 'b', refresh_token: 'c' }
  assert.equal(account({ access_token: 't' }), account({ access_token: 't', submission_property: 'other' }))
  const others = [{ access_token: 'u' }, { oauth: app }, { oauth: { ...app, refresh_token: 'd' } }].map(account)
  assert.equal(new Set([account({ access_token: 't' }), ...others]).size, 4)
})

test('every request is asked for before it is sent, a search twice, and the exchange of tokens never', async () => {
  const asked: string[] = []
  const spend = async (endpointClass: string) => void asked.push(endpointClass)
  await using stage = await appStage({ spend })
  const { crm, standIn } = stage
  await crm.deliver({ ...deal('Acme'), files: [file('a.jpg')] }, call('one'))
  const sent = standIn.requests.filter(({ path }) => !path.startsWith('/oauth/')).length
  assert.deepEqual([sent, asked], [6, Array.from({ length: 6 }, () => 'all')])
  asked.length = 0
  await crm.find?.({ object: 'contacts', field: 'city', value: 'Lima', fields: [] }, call('look'))
  assert.deepEqual(asked, ['all', 'search', 'all'])
})

test('a budget that is spent is told as it is, and nothing is sent', async () => {
  const failure = { kind: 'rate-limited', code: 'FG_BUDGET', message: 'Wait.', retryAfterSeconds: 3 } as const
  const spend = () => Promise.reject(new FailureError(failure))
  await using stage = await hubspotStage({}, {}, { spend })
  for (const attempt of [1, 5]) {
    assert.deepEqual(await failureOf(stage.crm.deliver(contact('ana@acme.com'), call('one', { attempt }))), failure)
  }
  const health = await stage.crm.health(call('health'))
  assert.deepEqual(health, { ok: false, failure })
  assert.equal(stage.standIn.requests.length, 0)
})
