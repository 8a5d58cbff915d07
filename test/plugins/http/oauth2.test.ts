import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tokensInMemory } from 'flowgate/plugin/testing'
import type { Oauth2Config } from '../../../plugins/http/calls/auth.ts'
import { client } from '../../stand-ins/list-api.ts'
import { callOf, failureOf, type HttpStage, httpStage, inWords, recordOf } from './http-stage.ts'

const { client_id, client_secret, refresh_token } = client
const objects = { notes: { create: { path: '/notes', body: '{fields}', id: 'data.id' } } }
const record = recordOf('notes', { text: 'hi' })

async function withTokens(stage: HttpStage, different: Partial<Oauth2Config> = {}, accessToken = tokensInMemory()) {
  const token_url = `${stage.api.standIn.url}/oauth/token`
  const oauth2 = { token_url, client_id, client_secret, ...different }
  return stage.crm(objects, { auth: { oauth2 }, health: '/me' }, { accessToken })
}

test('one token is obtained with the credentials of the client, and used until it is refused', async () => {
  await using stage = await httpStage()
  const crm = await withTokens(stage, { scope: 'notes.write' })
  await Promise.all(
    Array.from({ length: 10 }, (_, index) => crm.deliver(record, callOf({ idempotencyKey: `k${index}` }))),
  )
  assert.deepEqual(stage.api.grants, [
    { grant_type: 'client_credentials', scope: 'notes.write', client_id, client_secret },
  ])
  assert.equal(stage.api.notes.length, 10)
})

test('a refused token is renewed once, and the request sent again', async () => {
  await using stage = await httpStage()
  const tokens = tokensInMemory()
  const crm = await withTokens(stage, {}, tokens)
  await crm.deliver(record, callOf())
  stage.api.revokeTokens()
  await crm.deliver(record, callOf())
  assert.deepEqual([stage.api.grants.length, stage.api.notes.length], [2, 2])
  stage.api.standIn.misbehave({ route: 'POST /v1/notes', fault: { kind: 'status', status: 401 } })
  const before = stage.api.standIn.requestsTo('POST /v1/notes').length
  const failure = await failureOf(crm.deliver(record, callOf()))
  assert.equal(inWords(failure), 'permanent destination FG_HTTP_CREDENTIALS')
  assert.equal(stage.api.standIn.requestsTo('POST /v1/notes').length - before, 2)
  assert.equal(stage.api.grants.length, 3)
})

test('a refresh token that changes with each use is not lost', async () => {
  await using stage = await httpStage()
  const crm = await withTokens(stage, { refresh_token })
  for (let round = 0; round < 3; round += 1) {
    await crm.deliver(record, callOf())
    stage.api.revokeTokens()
  }
  assert.deepEqual(
    stage.api.grants.map((form) => [form['grant_type'], form['refresh_token']]),
    [
      ['refresh_token', 'list-refresh-0'],
      ['refresh_token', 'list-refresh-1'],
      ['refresh_token', 'list-refresh-2'],
    ],
  )
})

test('id and secret go into the header where the settings say so', async () => {
  await using stage = await httpStage()
  const crm = await withTokens(stage, { client_id: 'a:b', client_secret: 'c d', client_auth: 'basic' })
  assert.equal(inWords(await failureOf(crm.deliver(record, callOf()))), 'permanent destination FG_HTTP_CREDENTIALS')
  const [request] = stage.api.standIn.requests
  assert.equal(request?.headers.authorization, `Basic ${btoa('a%3Ab:c%20d')}`)
  assert.deepEqual(request?.body, { grant_type: 'client_credentials' })
})

test('no token is told by why there is none, without a word of the credentials', async () => {
  await using stage = await httpStage()
  const table = [
    [
      { kind: 'status', status: 400, body: { error: 'invalid_grant', secret: client_secret } },
      'permanent destination FG_HTTP_CREDENTIALS',
    ],
    [{ kind: 'status', status: 401 }, 'permanent destination FG_HTTP_CREDENTIALS'],
    [{ kind: 'status', status: 429, headers: { 'retry-after': '9' } }, 'rate-limited 9 FG_HTTP_BUSY'],
    [{ kind: 'status', status: 302, headers: { location: '/x' } }, 'permanent destination FG_HTTP_REDIRECT'],
    // Nothing was sent to an API that could not tell whether it was: the destination waits instead of the record.
    [{ kind: 'status', status: 503 }, 'permanent destination FG_HTTP_UNREACHABLE'],
    [{ kind: 'lose-after' }, 'permanent destination FG_HTTP_UNREACHABLE'],
    [{ kind: 'status', status: 200, body: '<html>' }, 'permanent destination FG_HTTP_UNREACHABLE'],
    [{ kind: 'status', status: 200, body: { token: client_secret } }, 'permanent destination FG_HTTP_UNREACHABLE'],
  ] as const
  for (const [fault, words] of table) {
    const crm = await withTokens(stage)
    stage.api.standIn.misbehave({ route: 'POST /oauth/token', times: 1, fault })
    const failure = await failureOf(crm.deliver(record, callOf()))
    assert.equal(inWords(failure), words)
    assert.ok(!failure.message.includes(client_secret))
  }
  assert.deepEqual(stage.api.notes, [])
})

test('health asks for a token too', async () => {
  await using stage = await httpStage()
  assert.equal((await (await withTokens(stage)).health(callOf())).ok, true)
  const wrong = await (await withTokens(stage, { client_secret: 'wrong' })).health(callOf())
  assert.ok(!wrong.ok && inWords(wrong.failure) === 'permanent destination FG_HTTP_CREDENTIALS')
})
