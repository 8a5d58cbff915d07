import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ApiOptions } from '../../src/receive/options.ts'
import { TokenRefusedError, type TokenRequest } from '../../src/receive/token-request.ts'
import { type Edge, startEdge } from './edge.ts'
import { type Answer, send } from './meta.ts'

const TOKEN = 'a-token-of-the-company'

function api(asked: TokenRequest[] = [], token: string | undefined = TOKEN): ApiOptions {
  return {
    token,
    mintToken: async (request) => {
      asked.push(request)
      if (request.flow === 'gone') throw new TokenRefusedError('FG_TOKEN_FLOW', 'there is no flow gone')
      if (request.flow === 'broken') throw new Error('password=hunter2')
      return { token: 'minted', expiresAt: new Date('2026-03-05T09:00:00.000Z') }
    },
  }
}

function ask(edge: Edge, body: string, authorization: string | undefined = `Bearer ${TOKEN}`): Promise<Answer> {
  return send(`${edge.url}/api/v1/tokens`, { body, headers: { authorization } })
}

test('A token is minted with all it is bound to', async () => {
  const asked: TokenRequest[] = []
  await using edge = await startEdge({ api: api(asked) })
  const bound = { person: { phone: '+5511999990000' }, source: { campaign: 'spring' }, prefill: { email: 'a@b.c' } }
  const body = { flow: 'lead', ...bound, language: 'pt_BR', version: '2', expires_in: 3600, token: 'my-own-token-0001' }
  const answer = await ask(edge, JSON.stringify(body))
  assert.equal(answer.status, 201)
  assert.deepEqual(JSON.parse(answer.body), { token: 'minted', expires_at: '2026-03-05T09:00:00.000Z' })
  const { expires_in, ...rest } = body
  assert.deepEqual(asked, [{ ...rest, expiresInSeconds: expires_in }])
})

test('What is left out is empty or absent', async () => {
  const asked: TokenRequest[] = []
  await using edge = await startEdge({ api: api(asked) })
  assert.equal((await ask(edge, '{"flow":"lead"}')).status, 201)
  assert.deepEqual(asked, [{ flow: 'lead', person: {}, source: {}, prefill: {} }])
})

test('Where a person comes from is taken with all its parts, and without what is empty', async () => {
  const asked: TokenRequest[] = []
  await using edge = await startEdge({ api: api(asked) })
  const referral = { source_type: 'ad', source_id: '1202', headline: 'Try it', ctwa_clid: 'ARAk' }
  const source = { campaign: 'spring', entry_point: 'website', referral, utm_source: 'google' }
  const body = JSON.stringify({ flow: 'lead', source: { ...source, utm_term: '' } })
  assert.equal((await ask(edge, body)).status, 201)
  assert.deepEqual(asked[0]?.source, source)
})

test('Letters that no database keeps are left out of what a token is bound to', async () => {
  const asked: TokenRequest[] = []
  await using edge = await startEdge({ api: api(asked) })
  const answer = await ask(edge, String.raw`{"flow":"lead","person":{"na\u0000me":"A\u0000na \ud83d"}}`)
  assert.equal(answer.status, 201)
  assert.deepEqual(asked[0]?.person, { name: 'Ana \ufffd' })
})

test('A body that cannot be used is 400 and says why', async () => {
  const asked: TokenRequest[] = []
  await using edge = await startEdge({ api: api(asked) })
  const bad: readonly [string, RegExp][] = [
    ['', /JSON/],
    ['{', /JSON/],
    ['[]', /object/],
    ['{}', /flow/],
    ['{"flow":7}', /flow/],
    ['{"flow":"lead","prefil":{}}', /unknown key "prefil" \(known are flow, .*prefill/],
    ['{"flow":"lead","person":[]}', /person/],
    ['{"flow":"lead","source":"spring"}', /source/],
    ['{"flow":"lead","source":{"campain":"spring"}}', /source\.campain is not known: did you mean `campaign`/],
    ['{"flow":"lead","source":{"referral":{"source_id":7}}}', /source\.referral\.source_id must be a text of 512/],
    ['{"flow":"lead","expires_in":"3600"}', /expires_in/],
    ['{"flow":"lead","expires_in":1}', /expires_in/],
    [`{"flow":"lead","token":"${'x'.repeat(65)}"}`, /token/],
  ]
  for (const [body, why] of bad) {
    const answer = await ask(edge, body)
    assert.equal(answer.status, 400, body)
    const { error } = JSON.parse(answer.body)
    assert.equal(error.code, 'FG_API_BAD_REQUEST')
    assert.match(error.message, why)
  }
  assert.equal(asked.length, 0)
})

test('A refusal is 422 with its code, a defect an empty 500', async () => {
  await using edge = await startEdge({ api: api() })
  const refused = await ask(edge, '{"flow":"gone"}')
  assert.equal(refused.status, 422)
  assert.deepEqual(JSON.parse(refused.body).error, { code: 'FG_TOKEN_FLOW', message: 'there is no flow gone' })
  const broken = await ask(edge, '{"flow":"broken"}')
  assert.equal(broken.status, 500)
  assert.equal(broken.body, '')
  assert.equal(edge.lines.filter(({ event }) => event === 'request.failed').length, 1)
})

test('Without the right token nothing is told, on any path', async () => {
  const asked: TokenRequest[] = []
  await using edge = await startEdge({ api: api(asked) })
  for (const authorization of ['', 'Bearer', 'Bearer wrong', `Basic ${TOKEN}`, TOKEN, `Bearer ${TOKEN}x`]) {
    const answer = await ask(edge, '{"flow":"lead"}', authorization)
    assert.equal(answer.status, 401, authorization)
    assert.equal(answer.headers['www-authenticate'], 'Bearer')
  }
  assert.equal((await send(`${edge.url}/api/v1/other`, { method: 'GET' })).status, 401)
  assert.equal(asked.length, 0)
  const headers = { authorization: `bearer ${TOKEN}` }
  assert.equal((await send(`${edge.url}/api/v1/other`, { method: 'GET', headers })).status, 404)
})

test('Without a configured token the API is off and says how to switch it on', async () => {
  const asked: TokenRequest[] = []
  for (const token of [undefined, '']) {
    await using edge = await startEdge({ api: { ...api(asked), token } })
    const answer = await ask(edge, '{"flow":"lead"}', 'Bearer ')
    assert.equal(answer.status, 403)
    assert.match(JSON.parse(answer.body).error.message, /FLOWGATE_API_TOKEN/)
  }
  assert.equal(asked.length, 0)
})

test('Texts that merely look like signatures do not make the API take another type', async () => {
  await using edge = await startEdge({ api: api() })
  const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'text/plain' }
  assert.equal((await send(`${edge.url}/api/v1/tokens`, { body: '{"flow":"lead"}', headers })).status, 415)
})
