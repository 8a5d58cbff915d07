import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { type StandInAnswer, startStandIn, tokensInMemory } from 'flowgate/plugin/testing'
import { DESCRIBE, LIMITS, SIGN_IN, UPSERT } from '../../stand-ins/salesforce.ts'
import { errorAnswer, signInRefused } from '../../stand-ins/salesforce-answers.ts'
import { again, call, failureOf, lead, opportunity, salesforceStage } from './salesforce-stage.ts'

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const username = 'integration@acme.example'
const jwtClient = { username, publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString() }

test('the JWT bearer flow signs in with a private key, its line breaks written as \\n or not', async () => {
  await using stage = await salesforceStage({ username, private_key: pem }, jwtClient)
  await stage.crm.deliver(lead('1'), call('one'))
  const other = await stage.another({ private_key: pem.replaceAll('\n', '\\n') })
  await other.deliver(lead('1'), call('two'))
  assert.equal(stage.org.records('Lead').length, 1)
  assert.equal(stage.standIn.requestsTo(SIGN_IN).length, 2)
  assert.ok(stage.standIn.requestsTo(SIGN_IN).every(({ bytes }) => !bytes.toString().includes('consumer-secret')))
})

test('a wrong key, user or audience, and a key that is none, stop the destination without being told', async () => {
  await using stage = await salesforceStage({ username, private_key: pem }, jwtClient)
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
  const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const wrong = [
    { private_key: stranger.export({ type: 'pkcs8', format: 'pem' }).toString() },
    { private_key: curve.export({ type: 'pkcs8', format: 'pem' }).toString() },
    { private_key: 'no key at all' },
    { username: 'someone@acme.example' },
    { audience: 'https://login.salesforce.com' },
  ]
  for (const config of wrong) {
    const failure = await failureOf((await stage.another(config)).deliver(lead('1'), call('one')))
    assert.deepEqual(
      [failure.code, failure.kind === 'permanent' && failure.scope],
      ['FG_SALESFORCE_CREDENTIALS', 'destination'],
    )
    for (const secret of Object.values(config)) assert.ok(!failure.message.includes(secret))
  }
})

test('settings that nobody could sign in with are refused when they are read', async () => {
  await using stage = await salesforceStage()
  const { client_secret: _secret, ...bare } = stage.config
  const { default: plugin } = await import('../../../plugins/salesforce/index.ts')
  const { pluginContext } = await import('../../support/plugin-context.ts')
  assert.throws(() => plugin.configure(bare, pluginContext()), /client_secret, or username and private_key/)
  assert.throws(
    () => plugin.configure({ ...stage.config, login_url: 'http://[' }, pluginContext()),
    /login_url is no URL/,
  )
})

test('a session that ended is renewed once, for all that shared it', async () => {
  await using stage = await salesforceStage()
  await stage.crm.deliver(lead('0'), call('zero'))
  stage.standIn.endSessions()
  const waIds = Array.from({ length: 20 }, (_, index) => `5511${index}`)
  await Promise.all(waIds.map((waId) => stage.crm.deliver(lead(waId), call(waId))))
  assert.equal(stage.org.records('Lead').length, 21)
  assert.equal(stage.standIn.requestsTo(SIGN_IN).length, 2)
})

test('processes share a token through the gateway', async () => {
  await using stage = await salesforceStage()
  const shared = { accessToken: tokensInMemory() }
  for (const waId of ['1', '2']) await (await stage.another({}, shared)).deliver(lead(waId), call(waId))
  assert.equal(stage.standIn.tokens().length, 1)
})

test('a 401 that lasts costs one new token and stops the destination', async () => {
  await using stage = await salesforceStage()
  stage.standIn.refuseSessions()
  const failure = await failureOf(stage.crm.deliver(lead('1'), call('one')))
  assert.deepEqual(
    [failure.code, failure.kind === 'permanent' && failure.scope],
    ['FG_SALESFORCE_CREDENTIALS', 'destination'],
  )
  assert.deepEqual(
    stage.standIn.requests.map(({ route }) => route),
    [SIGN_IN, DESCRIBE, SIGN_IN, DESCRIBE],
  )
})

test('a session that ends twice within one delivery is renewed twice', async () => {
  await using stage = await salesforceStage()
  const { crm, org, standIn } = stage
  const contact = { object: 'Contact', id: org.insert('Contact', { LastName: 'Souza' }, false).id }
  const ending = (real: StandInAnswer) => {
    standIn.endSessions()
    return real
  }
  standIn.misbehave({ route: DESCRIBE, fault: { kind: 'answer', answer: ending }, times: 1 })
  // The first of these meets the session that is over.
  standIn.misbehave({ route: UPSERT, fault: { kind: 'answer', answer: ending }, times: 2 })
  assert.equal((await crm.deliver(opportunity('Acme', [contact]), call('one'))).outcome, 'created')
  assert.equal(org.records('OpportunityContactRole').length, 1)
  assert.equal(standIn.tokens().length, 3)
})

test('a session that may not use the REST API is not renewed', async () => {
  await using stage = await salesforceStage()
  const body = [{ errorCode: 'INVALID_SESSION_ID', message: 'This session is not valid for use with the REST API' }]
  stage.standIn.misbehave({ route: UPSERT, fault: { kind: 'status', status: 401, body } })
  assert.equal((await failureOf(stage.crm.deliver(lead('1'), call('one')))).code, 'FG_SALESFORCE_CREDENTIALS')
  assert.equal(stage.standIn.requestsTo(SIGN_IN).length, 1)
})

test('what the token endpoint says is told by its code and a hint, never in its words', async () => {
  await using stage = await salesforceStage()
  const cases = [
    [signInRefused('invalid_grant', 'request not supported on this domain'), 'FG_SALESFORCE_CREDENTIALS', /My Domain/],
    [signInRefused('invalid_grant', 'no client credentials user enabled'), 'FG_SALESFORCE_CREDENTIALS', /run-as user/],
    [signInRefused('inactive_user', 'user ana@acme.com is inactive'), 'FG_SALESFORCE_CREDENTIALS', /inactive_user/],
    [signInRefused('invalid_grant', 'login rate exceeded'), 'FG_SALESFORCE_RATE_LIMIT', /limit/],
    [signInRefused('unknown_error', 'retry your request'), 'FG_SALESFORCE_UNAVAILABLE', /trouble/],
    [{ status: 503, body: '<html>' }, 'FG_SALESFORCE_UNAVAILABLE', /trouble/],
    [{ status: 404, body: '<html>' }, 'FG_SALESFORCE_ADDRESS', /login_url/],
    [{ status: 400, body: 'no' }, 'FG_SALESFORCE_ADDRESS', /login_url/],
    [{ status: 302, headers: { location: 'https://evil.example/' } }, 'FG_SALESFORCE_ADDRESS', /login_url/],
    [{ status: 200, body: { instance_url: 'x' } }, 'FG_SALESFORCE_ADDRESS', /login_url/],
    [{ status: 200, body: 'hello' }, 'FG_SALESFORCE_UNREADABLE', /not JSON/],
  ] as const
  for (const [answer, code, words] of cases) {
    const fault = stage.standIn.misbehave({ route: SIGN_IN, fault: { kind: 'status', ...answer } })
    const failure = await failureOf(stage.crm.deliver(lead('1'), call('one')))
    assert.equal(failure.code, code)
    assert.match(failure.message, words)
    assert.ok(!failure.message.includes('ana@acme.com'))
    fault.clear()
  }
})

test('a token reply that leads elsewhere is not followed', async () => {
  await using stage = await salesforceStage({}, { instanceUrl: 'http://169.254.169.254' })
  const failure = await failureOf(stage.crm.deliver(lead('1'), call('one')))
  assert.deepEqual(
    [failure.code, failure.kind === 'permanent' && failure.scope],
    ['FG_SALESFORCE_INSTANCE', 'destination'],
  )
})

test('health names the org, also for a user who may not look at its limits, and says what is wrong', async () => {
  await using stage = await salesforceStage()
  const { crm, org, standIn } = stage
  const account = `Salesforce org ${org.id} (${new URL(standIn.url).host})`
  assert.deepEqual(await crm.health(call('health')), { ok: true, account })
  standIn.misbehave({ route: LIMITS, fault: { kind: 'status', ...errorAnswer(403, 'INSUFFICIENT_ACCESS', 'no') } })
  standIn.misbehave({
    route: 'GET /services/oauth2/userinfo',
    fault: { kind: 'status', status: 200, body: { sub: 'x' } },
  })
  assert.deepEqual(await crm.health(call('health')), { ok: true, account })
  standIn.misbehave({ route: LIMITS, fault: { kind: 'status', ...errorAnswer(403, 'API_DISABLED_FOR_ORG', 'no') } })
  const health = await crm.health(call('health'))
  assert.equal(health.ok ? 'ok' : health.failure.code, 'FG_SALESFORCE_ACCESS')
})

test('an org that was moved is found by signing in anew, and what was asked of nobody is asked of it', async () => {
  const left = {
    'nobody is there': undefined,
    'a page says that it is gone': { status: 404, body: '<html>URL No Longer Exists</html>' },
    'another host is named': { status: 302, headers: { location: 'https://na99.salesforce.com/' } },
  } as const
  for (const [what, answer] of Object.entries(left)) {
    await using former = await startStandIn({ routes: {} })
    if (answer === undefined) await former.close()
    else former.misbehave({ route: '* /*', fault: { kind: 'status', ...answer } })
    await using stage = await salesforceStage({}, { instanceUrl: former.url })
    const { crm, org, standIn } = stage
    const failure = await failureOf(crm.deliver(lead('1'), call('one')))
    assert.match(failure.code, /^FG_SALESFORCE_(?:UNREACHABLE|ADDRESS)$/, what)
    standIn.moveTo(standIn.url)
    assert.equal((await crm.deliver(lead('1'), call('one', again))).outcome, 'created', what)
    assert.equal(org.records('Lead').length, 1)
    const asked = standIn.tokens().length
    await crm.deliver(lead('1'), call('two'))
    assert.equal(standIn.tokens().length, asked)
  }
})

test('an org that is away for a moment at the very host of the sign-in costs no sign-in', async () => {
  await using stage = await salesforceStage()
  stage.standIn.misbehave({ route: UPSERT, fault: { kind: 'status', status: 404, body: '<html>' }, times: 1 })
  assert.equal((await failureOf(stage.crm.deliver(lead('1'), call('one')))).code, 'FG_SALESFORCE_ADDRESS')
  assert.equal(stage.standIn.tokens().length, 1)
})
