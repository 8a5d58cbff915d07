import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { isSigned } from '../../src/receive/signature.ts'
import { isTokenGenuine } from '../../src/receive/token-signature.ts'
import { sign } from './meta.ts'
import { appSecret, vectorNamed, vectors } from './vectors.ts'

const body = Buffer.from('{"any":"bytes"}')

function jwt(header: unknown, claims: unknown, secret: string): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const content = `${part(header)}.${part(claims)}`
  return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`
}

test('Every vector carries a valid signature over its bytes', () => {
  for (const { name, http_request } of vectors) {
    assert.equal(isSigned(Buffer.from(http_request.body), http_request.x_hub_signature_256, [appSecret]), true, name)
  }
})

test('A body that was parsed and written again no longer fits its signature', () => {
  const { http_request } = vectorNamed('03-data-exchange-unicode')
  const again = Buffer.from(JSON.stringify(JSON.parse(http_request.body)))
  assert.equal(isSigned(again, http_request.x_hub_signature_256, [appSecret]), false)
})

test('During a rotation the old and the new secret are good, no third one', () => {
  assert.equal(isSigned(body, sign(body, 'old'), ['new', 'old']), true)
  assert.equal(isSigned(body, sign(body, 'new'), ['new', 'old']), true)
  assert.equal(isSigned(body, sign(body, 'other'), ['new', 'old']), false)
  assert.equal(isSigned(body, sign(body, 'other'), []), false)
})

test('An empty secret signs nothing', () => {
  assert.equal(isSigned(body, sign(body, ''), ['', 'real']), false)
})

test('Missing, short and oddly spelt headers are simply no', () => {
  const good = sign(body)
  const spelt = [undefined, '', 'sha256=', 'sha256=00', good.slice(0, -1), `${good}0`, ` ${good}`, `${good}\n`]
  for (const header of [
    ...spelt,
    good.slice(7),
    good.replace('sha256', 'sha1'),
    `${good}, ${good}`,
    good.replace(/[a-f]/, 'g'),
  ]) {
    assert.equal(isSigned(body, header, [appSecret]), false, String(header))
  }
})

test('The token signature of the vector fits its token and no other', () => {
  const payload = JSON.parse(vectorNamed('x1-data-exchange-v4-token-signature').expected.request_plaintext ?? '')
  const { flow_token, flow_token_signature } = payload
  assert.equal(isTokenGenuine(flow_token_signature, flow_token, [appSecret]), true)
  assert.equal(isTokenGenuine(flow_token_signature, flow_token, ['new', appSecret]), true)
  assert.equal(isTokenGenuine(flow_token_signature, `${flow_token}x`, [appSecret]), false)
  assert.equal(isTokenGenuine(flow_token_signature, undefined, [appSecret]), false)
  assert.equal(isTokenGenuine(flow_token_signature, flow_token, ['other']), false)
})

test('Without a token signature there is nothing to refuse', () => {
  for (const absent of [undefined, null, '']) assert.equal(isTokenGenuine(absent, 'token', [appSecret]), true)
})

test('Only HS256 with the right claim is a token signature', () => {
  const genuine = (header: unknown, claims: unknown) =>
    isTokenGenuine(jwt(header, claims, appSecret), 'token', [appSecret])
  assert.equal(genuine({ alg: 'HS256' }, { flow_token: 'token', iat: 1 }), true)
  assert.equal(genuine({ alg: 'none' }, { flow_token: 'token' }), false)
  assert.equal(genuine({ alg: 'HS512' }, { flow_token: 'token' }), false)
  assert.equal(genuine({}, { flow_token: 'token' }), false)
  assert.equal(genuine(null, { flow_token: 'token' }), false)
  assert.equal(genuine({ alg: 'HS256' }, { token: 'token' }), false)
  assert.equal(genuine({ alg: 'HS256' }, { flow_token: ['token'] }), false)
  assert.equal(genuine({ alg: 'HS256' }, 'token'), false)
})

test('Anything that is no JWT is refused without a crash', () => {
  const good = jwt({ alg: 'HS256' }, { flow_token: 'token' }, appSecret)
  const [header, claims] = good.split('.')
  const odd = [
    '.',
    '..',
    '...',
    'a.b.c',
    `${header}.${claims}`,
    `${header}.${claims}.`,
    `${good}.`,
    `${good}=`,
    `${good.slice(0, -1)}`,
  ]
  for (const signature of [...odd, 7, true, {}, [good], 'x'.repeat(10_000)]) {
    assert.equal(isTokenGenuine(signature, 'token', [appSecret]), false, JSON.stringify(signature).slice(0, 80))
  }
})
