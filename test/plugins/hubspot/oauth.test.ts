import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { tokensInMemory } from 'flowgate/plugin/testing'
import { hubspotTrouble } from '../../stand-ins/hubspot-trouble.ts'
import { ACCOUNT, APP, appStage, call, contact, failureOf, TOKENS, UPSERT } from './hubspot-stage.ts'

const refused = { kind: 'status', status: 401, body: { status: 'error', category: 'EXPIRED_AUTHENTICATION' } } as const

test('an app gets one access token for everything, by a form with nothing secret in the address', async () => {
  await using stage = await appStage()
  await stage.crm.deliver(contact('ana@acme.com'), call('one'))
  await (await stage.another()).deliver(contact('bea@acme.com'), call('two'))
  const [asked, ...others] = stage.standIn.requestsTo(TOKENS)
  assert.deepEqual([others.length, asked?.query.size, stage.standIn.contacts().length], [0, 0, 2])
  assert.deepEqual(asked?.body, {
    grant_type: 'refresh_token',
    client_id: APP.clientId,
    client_secret: APP.clientSecret,
    refresh_token: APP.refreshToken,
  })
})

test('a token is renewed before it runs out', async () => {
  let now = new Date('2026-11-20T10:00:00Z')
  const clock = () => now
  await using stage = await appStage({ now: clock, accessToken: tokensInMemory(clock) })
  await stage.crm.deliver(contact('ana@acme.com'), call('one'))
  now = new Date('2026-11-20T10:28:59Z')
  await stage.crm.deliver(contact('ana@acme.com'), call('two'))
  assert.equal(stage.standIn.requestsTo(TOKENS).length, 1)
  now = new Date('2026-11-20T10:29:01Z')
  await stage.crm.deliver(contact('ana@acme.com'), call('three'))
  assert.equal(stage.standIn.requestsTo(TOKENS).length, 2)
})

test('a token that expired early is renewed once for all who met it, and the delivery goes on', async () => {
  await using stage = await appStage()
  await stage.crm.deliver(contact('ana@acme.com'), call('one'))
  stage.standIn.expireTokens()
  const deliveries = Array.from({ length: 20 }, (_, index) =>
    stage.crm.deliver(contact('ana@acme.com'), call(`${index}`)),
  )
  const receipts = await Promise.all(deliveries)
  assert.equal(new Set(receipts.map(({ id }) => id)).size, 1)
  assert.deepEqual([stage.standIn.requestsTo(TOKENS).length, stage.standIn.contacts().length], [2, 1])
})

test('a token that is refused twice stops the destination after one renewal', async () => {
  await using stage = await appStage()
  const struck = stage.standIn.misbehave({ route: UPSERT, fault: refused })
  const failure = await failureOf(stage.crm.deliver(contact('ana@acme.com'), call('one')))
  assert.deepEqual(
    [failure.code, failure.kind === 'permanent' && failure.scope],
    ['FG_HUBSPOT_CREDENTIALS', 'destination'],
  )
  assert.deepEqual([struck.struck, stage.standIn.requestsTo(TOKENS).length], [2, 2])
})

test('an app that was uninstalled, and an account that is gone, stop the destination and health says so', async () => {
  for (const [deleted, code] of [
    [false, 'FG_HUBSPOT_OAUTH'],
    [true, 'FG_HUBSPOT_REVOKED'],
  ] as const) {
    await using stage = await appStage()
    await stage.crm.deliver(contact('ana@acme.com'), call('one'))
    stage.standIn.uninstall({ deleted })
    const failure = await failureOf(stage.crm.deliver(contact('ana@acme.com'), call('two')))
    assert.deepEqual([failure.code, failure.kind === 'permanent' && failure.scope], [code, 'destination'])
    assert.match(failure.message, deleted ? /BAD_HUB/ : /BAD_REFRESH_TOKEN/)
    const health = await stage.crm.health(call('health'))
    assert.equal(health.ok ? 'ok' : health.failure.code, code)
  }
})

test('wrong credentials of the app are named, and nothing of them is printed', async () => {
  for (const [setting, word] of [
    ['client_id', 'BAD_CLIENT_ID'],
    ['client_secret', 'BAD_CLIENT_SECRET'],
    ['refresh_token', 'BAD_REFRESH_TOKEN'],
  ] as const) {
    await using stage = await appStage()
    const right = { client_id: APP.clientId, client_secret: APP.clientSecret, refresh_token: APP.refreshToken }
    const crm = await stage.another({ oauth: { ...right, [setting]: 'secret-typo' } })
    const thrown = await crm.deliver(contact('ana@acme.com'), call('one')).catch((error: unknown) => error)
    const failure = await failureOf(Promise.reject(thrown))
    assert.equal(failure.code, 'FG_HUBSPOT_OAUTH')
    assert.match(failure.message, new RegExp(word))
    assert.doesNotMatch(inspect(thrown, { depth: 9, showHidden: true }), /secret-typo|app-secret|refresh-1|access-/)
  }
})

test('trouble where tokens come from has the class it has elsewhere', async () => {
  for (const [fault, kind, code] of [
    [hubspotTrouble.page(502), 'retryable', 'FG_HUBSPOT_UNAVAILABLE'],
    [hubspotTrouble.rateLimit('SECONDLY', 3), 'rate-limited', 'FG_HUBSPOT_RATE_LIMIT'],
    [{ kind: 'lose-after' }, 'retryable', 'FG_HUBSPOT_UNREACHABLE'],
    [hubspotTrouble.page(404), 'permanent', 'FG_HUBSPOT_ADDRESS'],
    [{ kind: 'status', status: 200, body: { hello: 'world' } }, 'permanent', 'FG_HUBSPOT_ADDRESS'],
  ] as const) {
    await using stage = await appStage()
    stage.standIn.misbehave({ route: TOKENS, fault })
    const failure = await failureOf(stage.crm.deliver(contact('ana@acme.com'), call('one')))
    assert.deepEqual([failure.kind, failure.code], [kind, code])
    stage.standIn.behave()
    assert.equal((await stage.crm.deliver(contact('ana@acme.com'), call('one'))).outcome, 'created')
  }
})

test('an answer in the other spelling of the documentation is read as well', async () => {
  await using stage = await appStage()
  const body = { accessToken: 'access-other', refreshToken: 'refresh-2', expiresIn: 1800, tokenType: 'bearer' }
  stage.standIn.misbehave({ route: TOKENS, fault: { kind: 'status', status: 200, body } })
  await failureOf(stage.crm.deliver(contact('ana@acme.com'), call('one')))
  assert.equal(stage.standIn.requestsTo(ACCOUNT)[0]?.headers.authorization, 'Bearer access-other')
  const bodies = stage.standIn.requestsTo(TOKENS).map((request) => Object(request.body).refresh_token)
  assert.deepEqual(bodies, ['refresh-1', 'refresh-2'])
})

test('an abort ends a call that waits for a token', async () => {
  await using stage = await appStage()
  stage.standIn.misbehave({ route: TOKENS, fault: { kind: 'hang' } })
  const abort = new AbortController()
  const failing = failureOf(stage.crm.deliver(contact('ana@acme.com'), call('one', { signal: abort.signal })))
  await stage.standIn.until(() => stage.standIn.requestsTo(TOKENS).length > 0)
  abort.abort()
  assert.equal((await failing).code, 'FG_HUBSPOT_TIMEOUT')
  await stage.standIn.until(() => stage.standIn.requestsTo(TOKENS).at(-1)?.aborted === true, 1_000)
})
