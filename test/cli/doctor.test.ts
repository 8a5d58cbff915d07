import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { CONFIG } from './seed.ts'
import { appSecret, privateKey, publicKey, startTinyGateway } from './simulator/tiny-gateway.ts'
import { run } from './terminal.ts'

const folder = mkdtempSync(join(tmpdir(), 'flowgate-doctor-'))
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const otherPublic = join(folder, 'other.pem')
const ownPublic = join(folder, 'own.pem')
let database: TestDatabase

before(async () => {
  database = await testDatabase()
  writeFileSync(ownPublic, publicKey.export({ type: 'spki', format: 'pem' }))
  const { publicKey: other } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  writeFileSync(otherPublic, other.export({ type: 'spki', format: 'pem' }))
})

after(() => database[Symbol.asyncDispose]())

function healthy(): Record<string, string> {
  return {
    META_APP_SECRET: appSecret.replaceAll(' ', '-'),
    FLOW_PRIVATE_KEY: pem,
    FLOWGATE_CONFIG: CONFIG,
    DATABASE_URL: database.url,
    HUBSPOT_ACCESS_TOKEN: 'token',
    SLACK_BOT_TOKEN: 'token',
    PORT: '0',
    HOST: '127.0.0.1',
  }
}

interface Diagnosis {
  readonly ok: boolean
  readonly checks: readonly {
    readonly check: string
    readonly ok: boolean
    readonly code?: string
    readonly message: string
  }[]
}

async function examine(env: Readonly<Record<string, string | undefined>>, argv: readonly string[] = []) {
  const { code, out, err } = await run(['doctor', '--json', ...argv], env)
  assert.equal(err, '')
  const diagnosis = JSON.parse(out) as Diagnosis
  assert.equal(code, diagnosis.ok ? 0 : 1)
  return diagnosis.checks.filter(({ ok }) => !ok)
}

test('where all is well the doctor says so, thing by thing, and exits with 0', async () => {
  const { code, out } = await run(['doctor', '--public-key', ownPublic], healthy())
  assert.equal(code, 0, out)
  for (const check of ['signature secret', 'private key', 'key pair', 'configuration', 'database', 'port']) {
    assert.match(out, new RegExp(`^✓ ${check} `, 'm'))
  }
  assert.match(out, /All is well\.\n$/)
})

const encrypted = privateKey
  .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'right' })
  .toString()
const ellipticKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
  type: 'pkcs8',
  format: 'pem',
})
const shortKey = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ type: 'pkcs8', format: 'pem' })

const faults: readonly [string, Record<string, string | undefined>, string, string][] = [
  ['no signature secret', { META_APP_SECRET: undefined }, 'signature secret', 'FG_ENV_MISSING'],
  ['a signature secret in quotes', { META_APP_SECRET: '"abc"' }, 'signature secret', 'FG_DOCTOR_SECRET_QUOTED'],
  [
    'a signature secret with a space inside',
    { META_APP_SECRET: 'ab cd' },
    'signature secret',
    'FG_DOCTOR_SECRET_SPACED',
  ],
  ['no private key', { FLOW_PRIVATE_KEY: undefined }, 'private key', 'FG_ENV_MISSING'],
  [
    'a key file that is not there',
    { FLOW_PRIVATE_KEY: undefined, FLOW_PRIVATE_KEY_FILE: '/no/key' },
    'private key',
    'FG_ENV_FILE_UNREADABLE',
  ],
  ['a text that is no PEM', { FLOW_PRIVATE_KEY: 'not a key' }, 'PEM form', 'FG_KEY_NOT_PEM'],
  [
    'a public key in place of the private one',
    { FLOW_PRIVATE_KEY: publicKey.export({ type: 'spki', format: 'pem' }).toString() },
    'PEM form',
    'FG_KEY_PUBLIC',
  ],
  ['a key cut off', { FLOW_PRIVATE_KEY: pem.slice(0, 400) }, 'PEM form', 'FG_KEY_CUT_OFF'],
  ['a key that is not RSA', { FLOW_PRIVATE_KEY: ellipticKey.toString() }, 'private key', 'FG_KEY_NOT_RSA'],
  ['a key that is too short', { FLOW_PRIVATE_KEY: shortKey.toString() }, 'private key', 'FG_KEY_WRONG_SIZE'],
  ['an encrypted key without a passphrase', { FLOW_PRIVATE_KEY: encrypted }, 'passphrase', 'FG_KEY_PASSPHRASE_MISSING'],
  [
    'a wrong passphrase',
    { FLOW_PRIVATE_KEY: encrypted, FLOW_PRIVATE_KEY_PASSPHRASE: 'wrong' },
    'passphrase',
    'FG_KEY_PASSPHRASE_WRONG',
  ],
  [
    'a database that does not answer',
    { DATABASE_URL: 'postgres://u:secret@127.0.0.1:1/d' },
    'database',
    'FG_DOCTOR_DATABASE',
  ],
  ['a database address that is none', { DATABASE_URL: 'mysql://x' }, 'database', 'FG_ENV_INVALID'],
  ['a port that is none', { PORT: 'eighty' }, 'port', 'FG_ENV_INVALID'],
  ['a secret of the configuration that is not set', { HUBSPOT_ACCESS_TOKEN: undefined }, 'configuration', 'FG_CONFIG_'],
]

for (const [what, env, check, code] of faults) {
  test(`the doctor names ${what}`, async () => {
    const wrong = await examine({ ...healthy(), ...env })
    assert.deepEqual(
      wrong.map((one) => one.check),
      [check],
      JSON.stringify(wrong),
    )
    assert.ok(wrong[0]?.code?.startsWith(code), wrong[0]?.code)
    assert.doesNotMatch(JSON.stringify(wrong), /secret@|MII/)
  })
}

test('the doctor names a wrong database password and a database that does not exist', async () => {
  const url = new URL(database.url)
  url.password = 'not-the-password'
  const [password] = await examine({ ...healthy(), DATABASE_URL: url.href })
  assert.match(password?.message ?? '', /does not let ".*" in with this password/)
  const missing = new URL(database.url)
  missing.pathname = '/not_there'
  const [none] = await examine({ ...healthy(), DATABASE_URL: missing.href })
  assert.match(none?.message ?? '', /no database "not_there"/)
})

test('the doctor names a mistake in the configuration with its place', async () => {
  const config = mkdtempSync(join(tmpdir(), 'flowgate-config-'))
  cpSync(CONFIG, config, { recursive: true })
  const mapping = join(config, 'flows/lead-gen/mapping.yaml')
  writeFileSync(mapping, readFileSync(mapping, 'utf8').replace('to: hubspot', 'to: hubspto'))
  const [wrong] = await examine({ ...healthy(), FLOWGATE_CONFIG: config })
  assert.equal(wrong?.check, 'configuration')
  assert.match(wrong?.message ?? '', /mapping\.yaml:\d+:\d+/)
})

test('the doctor names a public key that belongs to no private key, and a file that is no key', async () => {
  const [other] = await examine(healthy(), ['--public-key', otherPublic])
  assert.deepEqual([other?.check, other?.code], ['key pair', 'FG_DOCTOR_KEY_PAIR'])
  const [none] = await examine(healthy(), ['--public-key', join(folder, 'none.pem')])
  assert.deepEqual([none?.check, none?.code], ['key pair', 'FG_DOCTOR_PUBLIC_KEY'])
})

test('the doctor names a port that another program has', async () => {
  const server = createServer((_request, response) => response.writeHead(404).end()).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  try {
    const port = typeof address === 'object' && address !== null ? String(address.port) : ''
    const [wrong] = await examine({ ...healthy(), PORT: port })
    assert.deepEqual([wrong?.check, wrong?.code], ['port', 'FG_DOCTOR_PORT'])
    assert.match(wrong?.message ?? '', /another program has it/)
  } finally {
    server.closeAllConnections()
    server.close()
  }
})

test('with --url a gateway that answers as it should passes', async () => {
  await using gateway = await startTinyGateway(undefined, 'a-secret-of-the-doctor')
  const env = { ...healthy(), META_APP_SECRET: 'a-secret-of-the-doctor' }
  assert.deepEqual(await examine(env, ['--url', gateway.url]), [])
})

test('with --url the doctor tells another secret from another key, from an unchecked signature, from nothing at all', async () => {
  const secret = 'a-secret-of-the-doctor'
  const codes = async (env: Record<string, string>, url: string) =>
    (await examine({ ...healthy(), META_APP_SECRET: secret, ...env }, ['--url', url])).map(
      ({ code, message }) => `${code} ${message}`,
    )
  await using gateway = await startTinyGateway(undefined, secret)
  const [otherSecret] = await codes({ META_APP_SECRET: 'another' }, gateway.url)
  assert.match(otherSecret ?? '', /FG_DOCTOR_PING .*another META_APP_SECRET/)
  const { privateKey: other } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const otherKey = await codes(
    { FLOW_PRIVATE_KEY: other.export({ type: 'pkcs8', format: 'pem' }).toString() },
    gateway.url,
  )
  assert.match(otherKey[0] ?? '', /FG_DOCTOR_PING .*another FLOW_PRIVATE_KEY/)
  await using lax = await startTinyGateway('lax-signature', secret)
  assert.match((await codes({}, lax.url))[0] ?? '', /FG_DOCTOR_SIGNATURE/)
  const gone = await startTinyGateway(undefined, secret)
  await gone[Symbol.asyncDispose]()
  assert.match((await codes({}, gone.url))[0] ?? '', /FG_DOCTOR_UNREACHABLE .*ECONNREFUSED/)
  assert.match((await codes({}, 'forms.example.com'))[0] ?? '', /is no URL/)
})

test('without DATABASE_URL the doctor looks at the embedded database, and names a folder that cannot hold one', () => {
  const here = mkdtempSync(join(tmpdir(), 'flowgate-doctor-'))
  writeFileSync(join(here, '.data'), 'in the way')
  const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
  const { DATABASE_URL: _unset, ...env } = healthy()
  const { status, stdout } = spawnSync(process.execPath, [main, 'doctor', '--json'], {
    cwd: here,
    env: { PATH: process.env['PATH'], ...env },
    encoding: 'utf8',
  })
  assert.equal(status, 1)
  const wrong = (JSON.parse(stdout) as Diagnosis).checks.filter(({ ok }) => !ok)
  assert.deepEqual(
    wrong.map(({ check }) => check),
    ['embedded database'],
  )
  assert.match(wrong[0]?.message ?? '', new RegExp(`${here}/\\.data.*DATABASE_URL`))
})
