import assert from 'node:assert/strict'
import { createPrivateKey, createPublicKey } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { run } from './terminal.ts'

const folder = () => mkdtempSync(join(tmpdir(), 'flowgate-keys-'))

test('keys generate writes an RSA pair of 2048 bits that only its owner can read, and says what comes next', async () => {
  const out = join(folder(), 'secrets')
  const ran = await run(['keys', 'generate', '--out', out])
  assert.equal(ran.code, 0)
  const pem = readFileSync(join(out, 'flow-private.pem'), 'utf8')
  assert.match(pem, /^-----BEGIN PRIVATE KEY-----/)
  const key = createPrivateKey(pem)
  assert.equal(key.asymmetricKeyDetails?.modulusLength, 2048)
  const published = readFileSync(join(out, 'flow-public.pem'), 'utf8')
  assert.equal(createPublicKey(key).export({ format: 'pem', type: 'spki' }), published)
  for (const name of readdirSync(out)) assert.equal(statSync(join(out, name)).mode & 0o777, 0o600)
  assert.match(ran.out, /whatsapp_business_encryption/)
  assert.doesNotMatch(ran.out, /BEGIN/)
})

test('with --encrypt the private key opens with the passphrase of the environment alone', async () => {
  const out = folder()
  const ran = await run(['keys', 'generate', '--out', out, '--encrypt', '--json'], {
    FLOW_PRIVATE_KEY_PASSPHRASE: 'correct horse',
  })
  assert.equal(ran.code, 0)
  assert.deepEqual(JSON.parse(ran.out), {
    ok: true,
    private_key: join(out, 'flow-private.pem'),
    public_key: join(out, 'flow-public.pem'),
    encrypted: true,
  })
  const pem = readFileSync(join(out, 'flow-private.pem'), 'utf8')
  assert.match(pem, /^-----BEGIN ENCRYPTED PRIVATE KEY-----/)
  assert.equal(createPrivateKey({ key: pem, passphrase: 'correct horse' }).type, 'private')
  assert.throws(() => createPrivateKey({ key: pem, passphrase: 'wrong' }))
})

test('with --encrypt and no passphrase nothing is written', async () => {
  const out = folder()
  const ran = await run(['keys', 'generate', '--out', out, '--encrypt'])
  assert.equal(ran.code, 2)
  assert.match(ran.err, /FLOW_PRIVATE_KEY_PASSPHRASE/)
  assert.deepEqual(readdirSync(out), [])
})

for (const existing of ['flow-private.pem', 'flow-public.pem']) {
  test(`an existing ${existing} is never overwritten, and no other half is left behind`, async () => {
    const out = folder()
    writeFileSync(join(out, existing), 'precious')
    const ran = await run(['keys', 'generate', '--out', out])
    assert.equal(ran.code, 2)
    assert.match(ran.err, new RegExp(`${existing} exists`))
    assert.deepEqual(readdirSync(out), [existing])
    assert.equal(readFileSync(join(out, existing), 'utf8'), 'precious')
  })
}

test('a folder that cannot be written is named', async () => {
  const file = join(folder(), 'a-file')
  writeFileSync(file, '')
  const ran = await run(['keys', 'generate', '--out', join(file, 'inside')])
  assert.equal(ran.code, 2)
  assert.match(ran.err, /cannot be written into .*a-file\/inside/)
})
