import assert from 'node:assert/strict'
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { test } from 'node:test'
import { loadPrivateKeys, PrivateKeyError } from '../../src/receive/keys.ts'
import { passphrase, pemNamed, privatePems } from './vectors.ts'

function faultOf(pem: string, phrase?: string): { code: string; message: string } {
  try {
    loadPrivateKeys([{ label: 'key', pem }], phrase)
  } catch (error) {
    assert.ok(error instanceof PrivateKeyError)
    const [fault] = error.faults
    assert.ok(fault)
    return fault
  }
  return assert.fail('the key was accepted')
}

const pkcs8 = (key: KeyObject) => key.export({ format: 'pem', type: 'pkcs8' }).toString()

for (const { label, pem } of privatePems) {
  test(`The test key is read from its form ${label}`, () => {
    const [key] = loadPrivateKeys([{ label, pem }], passphrase)
    assert.equal(key?.label, label)
    assert.equal(key?.fingerprint, '40aa776de1104a26f289e015bb279a94dc612ba226136734f2070ffb94e58ab2')
    assert.equal(key?.publicPem.trim(), pemNamed('public_key.pem').trim())
  })
}

test('The same key in four forms is one key', () => {
  assert.equal(privatePems.length, 4)
  assert.equal(loadPrivateKeys(privatePems, passphrase).length, 1)
})

test('Carriage returns and blanks around a key do no harm', () => {
  const pem = ` \n${pemNamed('private_key.pem').replaceAll('\n', '\r\n')}\n `
  assert.equal(loadPrivateKeys([{ label: 'key', pem }]).length, 1)
})

test('An encrypted key without a passphrase says which variable is missing', () => {
  for (const name of ['private_key.encrypted.pkcs8.pem', 'private_key.encrypted.pkcs1-des3.pem']) {
    const { code, message } = faultOf(pemNamed(name), '')
    assert.equal(code, 'FG_KEY_PASSPHRASE_MISSING')
    assert.match(message, /FLOW_PRIVATE_KEY_PASSPHRASE/)
  }
})

test('A wrong passphrase is named as such and not printed', () => {
  for (const name of ['private_key.encrypted.pkcs8.pem', 'private_key.encrypted.pkcs1-des3.pem']) {
    const { code, message } = faultOf(pemNamed(name), 'not-the-passphrase')
    assert.equal(code, 'FG_KEY_PASSPHRASE_WRONG')
    assert.doesNotMatch(message, /not-the-passphrase/)
  }
})

test('What is no private key is told apart by what it is', () => {
  const pem = pemNamed('private_key.pem')
  const base64 = pem.split('\n').slice(1, -2).join('')
  assert.equal(faultOf('').code, 'FG_KEY_NOT_PEM')
  assert.equal(faultOf('/run/secrets/flow-key.pem').code, 'FG_KEY_NOT_PEM')
  assert.equal(faultOf(base64).code, 'FG_KEY_NOT_PEM')
  assert.equal(faultOf(pemNamed('public_key.pem')).code, 'FG_KEY_PUBLIC')
  assert.equal(faultOf(pem.replaceAll('PRIVATE KEY', 'CERTIFICATE')).code, 'FG_KEY_NOT_PRIVATE')
  assert.equal(faultOf(pem.replaceAll('PRIVATE KEY', 'OPENSSH PRIVATE KEY')).code, 'FG_KEY_NOT_PRIVATE')
  assert.equal(faultOf(pem.replaceAll('PRIVATE KEY', 'X509 CRL')).code, 'FG_KEY_NOT_PRIVATE')
})

test('Lost, escaped and missing lines are told apart', () => {
  const pem = pemNamed('private_key.pem')
  assert.equal(faultOf(pem.trim().replaceAll('\n', '\\n')).code, 'FG_KEY_LINE_BREAKS_ESCAPED')
  assert.equal(faultOf(pem.trim().replaceAll('\n', ' ')).code, 'FG_KEY_LINE_BREAKS_LOST')
  assert.equal(faultOf(pem.replace(/-----END.*\n/, '')).code, 'FG_KEY_CUT_OFF')
  assert.equal(faultOf(pem.replace(/\n.{64}\n/, '\n')).code, 'FG_KEY_DAMAGED')
})

test('A key under a cipher of long ago says how to convert it', () => {
  // PKCS#8 with pbeWithMD5AndDES-CBC, whose parameters are enough to be refused.
  const der = Buffer.from(
    `302f301b06092a864886f70d010503300e0408${'5a'.repeat(8)}020208000410${'a5'.repeat(16)}`,
    'hex',
  )
  const pem = `-----BEGIN ENCRYPTED PRIVATE KEY-----\n${der.toString('base64')}\n-----END ENCRYPTED PRIVATE KEY-----\n`
  const { code, message } = faultOf(pem, 'any')
  assert.equal(code, 'FG_KEY_CIPHER_UNSUPPORTED')
  assert.match(message, /openssl pkcs8 -topk8/)
})

test('A wrong passphrase is a wrong passphrase even where its padding happens to fit', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const pem = privateKey
    .export({ format: 'pem', type: 'pkcs1', cipher: 'des-ede3-cbc', passphrase: 'right' })
    .toString()
  // One wrong passphrase in 256 decrypts to something that only then turns out to be no key.
  const codes = Array.from({ length: 1500 }, (_, index) => faultOf(pem, `wrong ${index}`).code)
  assert.deepEqual([...new Set(codes)], ['FG_KEY_PASSPHRASE_WRONG'])
})

test('Keys Meta does not take are refused with what they are', () => {
  const small = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey
  const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const { message, code } = faultOf(pkcs8(small))
  assert.equal(code, 'FG_KEY_WRONG_SIZE')
  assert.match(message, /1024/)
  assert.equal(faultOf(pkcs8(curve)).code, 'FG_KEY_NOT_RSA')
  assert.equal(faultOf(curve.export({ format: 'pem', type: 'sec1' }).toString()).code, 'FG_KEY_NOT_RSA')
})

test('Every faulty key is named, not only the first', () => {
  const pem = pemNamed('private_key.pem')
  const bad = { label: 'old.pem', pem: 'nothing' }
  const worse = { label: 'older.pem', pem: pemNamed('public_key.pem') }
  assert.throws(
    () => loadPrivateKeys([{ label: 'new.pem', pem }, bad, worse]),
    (error: Error) =>
      /old\.pem/.test(error.message) && /older\.pem/.test(error.message) && !/new\.pem/.test(error.message),
  )
})

test('A key unwraps nothing that was wrapped for another', async () => {
  const [key] = loadPrivateKeys([{ label: 'key', pem: pemNamed('private_key.pem') }])
  assert.equal(await key?.unwrap(Buffer.alloc(256, 7)), undefined)
  assert.equal(await key?.unwrap(Buffer.alloc(3)), undefined)
})
