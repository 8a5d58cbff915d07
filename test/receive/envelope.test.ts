import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { EnvelopeError, openEnvelope, sealAnswer } from '../../src/receive/envelope.ts'
import { loadPrivateKeys } from '../../src/receive/keys.ts'
import { open, seal } from './meta.ts'
import { pemNamed, vectorNamed, vectors } from './vectors.ts'

const keys = loadPrivateKeys([{ label: 'test', pem: pemNamed('private_key.pem') }])
const stranger = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { format: 'pem', type: 'pkcs8' },
  publicKeyEncoding: { format: 'pem', type: 'spki' },
})

async function reasonOf(body: string | Buffer): Promise<string> {
  try {
    await openEnvelope(Buffer.from(body), keys)
  } catch (error) {
    assert.ok(error instanceof EnvelopeError)
    return error.reason
  }
  return 'opened'
}

/** A good envelope with one member changed. */
function withMember(name: string, value: unknown): string {
  return JSON.stringify({ ...JSON.parse(seal({ action: 'ping' }).body), [name]: value })
}

assert.equal(vectors.length, 12)

for (const { name, http_request, secrets, expected } of vectors) {
  if (expected.request_plaintext === null) {
    test(`Vector ${name} cannot be opened`, async () => {
      assert.notEqual(await reasonOf(http_request.body), 'opened')
    })
    continue
  }
  const plaintext = expected.request_plaintext
  test(`Vector ${name} opens to its plaintext and its answer is sealed byte for byte`, async () => {
    const opened = await openEnvelope(Buffer.from(http_request.body), keys)
    assert.deepEqual(opened.payload, JSON.parse(plaintext))
    assert.equal(opened.aesKey.toString('hex'), secrets.aes_key_hex)
    assert.equal(opened.iv.toString('hex'), secrets.iv_hex)
    assert.ok(expected.response_plaintext)
    assert.equal(sealAnswer(expected.response_plaintext, opened.aesKey, opened.iv), expected.response_body_base64)
  })
}

test('An answer is sealed with the inverted IV and opens to what was said', async () => {
  const request = seal({ action: 'INIT' })
  const { aesKey, iv } = await openEnvelope(Buffer.from(request.body), keys)
  const answer = { screen: 'MENU', data: { text: 'Grüße 🌍 \u2028' } }
  assert.deepEqual(open(sealAnswer(JSON.stringify(answer), aesKey, iv), request), answer)
  assert.equal(iv.toString('hex'), request.iv.toString('hex'))
})

test('Of several keys the one that fits opens, in whatever order they stand', async () => {
  const other = loadPrivateKeys([{ label: 'other', pem: stranger.privateKey }])
  const body = Buffer.from(seal({ action: 'ping' }).body)
  for (const order of [
    [...other, ...keys],
    [...keys, ...other],
  ]) {
    const { openedBy } = await openEnvelope(body, order)
    assert.equal(openedBy.label, 'test')
  }
})

test('An envelope for a key that is not ours says that no key fits', async () => {
  assert.equal(await reasonOf(seal({ action: 'ping' }, stranger.publicKey).body), 'no_key_fits')
  assert.equal(await reasonOf(vectorNamed('x3-oaep-sha1').http_request.body), 'no_key_fits')
  assert.equal(await reasonOf(vectorNamed('x4-oaep-sha256-mgf1-sha1').http_request.body), 'no_key_fits')
})

test('What is not an envelope is told apart by what is missing', async () => {
  assert.equal(await reasonOf(''), 'not_json')
  assert.equal(await reasonOf('{'), 'not_json')
  assert.equal(await reasonOf('null'), 'not_json')
  assert.equal(await reasonOf('"text"'), 'not_json')
  assert.equal(await reasonOf('[]'), 'field_missing')
  assert.equal(await reasonOf('{"__proto__":{"initial_vector":"AA=="}}'), 'field_missing')
  assert.equal(await reasonOf(withMember('initial_vector', 7)), 'field_missing')
  assert.equal(await reasonOf(withMember('initial_vector', 'AAAAAAAAAAAAAAAAAAAAAA==')), 'tag_mismatch')
})

test('Base64 is standard, padded and of the right length, or refused', async () => {
  const iv = 'AAAAAAAAAAAAAAAAAAAAAA=='
  for (const spelt of [
    iv.slice(0, -2),
    iv.slice(0, -1),
    ` ${iv.slice(1)}`,
    iv.replace('A', '-'),
    iv.replace('A', '\n'),
  ]) {
    assert.equal(await reasonOf(withMember('initial_vector', spelt)), 'not_base64', JSON.stringify(spelt))
  }
  assert.equal(await reasonOf(withMember('initial_vector', '')), 'wrong_length')
  assert.equal(await reasonOf(withMember('initial_vector', 'AAAAAAAAAAAAAAAA')), 'wrong_length')
  assert.equal(await reasonOf(withMember('encrypted_aes_key', 'AAAA')), 'wrong_length')
  assert.equal(await reasonOf(withMember('encrypted_flow_data', 'AAAA')), 'wrong_length')
})

test('An unused bit in the last base64 character changes nothing', async () => {
  const { body } = seal({ action: 'ping' })
  const { initial_vector: iv }: { initial_vector: string } = JSON.parse(body)
  const last = 'AQgw'.indexOf(iv.charAt(21))
  assert.notEqual(last, -1)
  const flipped = `${iv.slice(0, 21)}${'BRhx'.charAt(last)}==`
  const opened = await openEnvelope(Buffer.from(body.replace(iv, flipped)), keys)
  assert.deepEqual(opened.payload, { action: 'ping' })
})

/** An object with so many levels, itself the first. */
function nested(levels: number): Buffer {
  return Buffer.from(`{"a":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`)
}

test('A payload may be nested as deep as any form, and no deeper', async () => {
  assert.equal(await reasonOf(seal(nested(32)).body), 'opened')
  for (const levels of [33, 100_000]) assert.equal(await reasonOf(seal(nested(levels)).body), 'payload_not_json')
})

test('A payload that is not a JSON object in UTF-8 is refused', async () => {
  const texts = [Buffer.from('[]'), Buffer.from('7'), Buffer.from('null'), Buffer.from(''), Buffer.from('{"a":')]
  for (const text of [...texts, Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), Buffer.from('\ufeff{}')]) {
    assert.equal(await reasonOf(seal(text).body), 'payload_not_json')
  }
})

test('A payload cannot poison prototypes nor carry what no database stores', async () => {
  const text =
    '{"action":"INIT","__proto__":{"admin":true},"data":{"\\u005f_proto__":1,"a\\u0000b":"x\\u0000\\ud800y\\ud83d\\ude00"}}'
  const { payload } = await openEnvelope(Buffer.from(seal(Buffer.from(text)).body), keys)
  assert.deepEqual(payload, { action: 'INIT', data: { ab: 'x\ufffdy😀' } })
  assert.equal(Object.getPrototypeOf(payload), Object.prototype)
  assert.equal(Reflect.get({}, 'admin'), undefined)
})
