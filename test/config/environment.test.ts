import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { readEnvironment } from '../../src/config/environment.ts'

let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flowgate-environment-'))
})
after(() => rm(folder, { recursive: true }))

async function file(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text)
  return join(folder, name)
}

const pem = (body: string, head = '') =>
  `-----BEGIN RSA PRIVATE KEY-----\n${head}${body}\n-----END RSA PRIVATE KEY-----`

const NEEDED = { META_APP_SECRET: 's', FLOW_PRIVATE_KEY: pem('AAAA') }

function read(env: Readonly<Record<string, string>>, role: 'web' | 'worker' | 'all' = 'all') {
  const result = readEnvironment(env, role)
  assert.ok(result.ok, JSON.stringify(result))
  return result.environment
}

function problems(env: Readonly<Record<string, string>>, role: 'web' | 'worker' | 'all' = 'worker') {
  const result = readEnvironment(env, role)
  assert.equal(result.ok, false)
  return result.ok ? [] : result.problems.map(({ variable, code }) => `${variable} ${code}`)
}

test('a worker needs nothing and gets the defaults', () => {
  assert.deepEqual(read({}, 'worker'), {
    role: 'worker',
    host: '0.0.0.0',
    port: 8080,
    databaseUrl: undefined,
    databaseDirectUrl: undefined,
    configFolder: './config',
    metaAppSecrets: [],
    metaVerifyToken: undefined,
    flowPrivateKeys: [],
    flowPrivateKeyPassphrase: undefined,
    apiToken: undefined,
    secret: undefined,
    rateLimitPerMinute: 300,
    allowHosts: [],
    logLevel: 'info',
  })
})

test('everything missing or wrong is told at once, and an empty value counts as missing', () => {
  const wrong = {
    META_APP_SECRET: '  ',
    PORT: '80a',
    DATABASE_URL: 'mysql://x',
    FLOWGATE_RATE_LIMIT: '0',
    LOG_LEVEL: 'loud',
    FLOWGATE_API_TOKEN_FILE: '/nowhere/token',
  }
  assert.deepEqual(problems(wrong, 'web').toSorted(), [
    'DATABASE_URL FG_ENV_INVALID',
    'FLOWGATE_API_TOKEN_FILE FG_ENV_FILE_UNREADABLE',
    'FLOWGATE_RATE_LIMIT FG_ENV_INVALID',
    'FLOW_PRIVATE_KEY FG_ENV_MISSING',
    'LOG_LEVEL FG_ENV_INVALID',
    'META_APP_SECRET FG_ENV_MISSING',
    'PORT FG_ENV_INVALID',
  ])
})

test('no message holds a value', () => {
  const result = readEnvironment({ DATABASE_URL: 'mysql://user:hush@host/db', PORT: 'hush', LOG_LEVEL: 'hush' }, 'all')
  assert.ok(!JSON.stringify(result).includes('hush'))
})

test('the value goes before the file, and one line break at the end of a file is not part of the value', async () => {
  const path = await file('verify', 'word \n')
  assert.equal(read({ META_VERIFY_TOKEN_FILE: path }, 'worker').metaVerifyToken, 'word ')
  assert.equal(read({ META_VERIFY_TOKEN: 'given', META_VERIFY_TOKEN_FILE: path }, 'worker').metaVerifyToken, 'given')
})

test('an empty file is named', async () => {
  assert.deepEqual(problems({ META_VERIFY_TOKEN_FILE: await file('empty', '\n') }), [
    'META_VERIFY_TOKEN_FILE FG_ENV_INVALID',
  ])
})

test('several secrets and hosts are separated by commas', async () => {
  const path = await file('secrets', 'old, new\n')
  assert.deepEqual(read({ ...NEEDED, META_APP_SECRET: '', META_APP_SECRET_FILE: path }).metaAppSecrets, ['old', 'new'])
  assert.deepEqual(read({ FLOWGATE_ALLOW_HOSTS: 'crm.internal:8080, 10.0.0.0/8,' }, 'worker').allowHosts, [
    { kind: 'name', name: 'crm.internal', subdomains: false, port: 8080 },
    { kind: 'range', address: '10.0.0.0', bits: 8 },
  ])
})

test('private keys come one or several, with line breaks written out or not', () => {
  const keys = (text: string) => read({ ...NEEDED, FLOW_PRIVATE_KEY: text }).flowPrivateKeys
  assert.deepEqual(keys(pem('AAAA')), [pem('AAAA')])
  assert.deepEqual(keys(`${pem('AAAA')},${pem('BBBB')}\n`), [pem('AAAA'), pem('BBBB')])
  assert.deepEqual(keys(pem('AAAA').replaceAll('\n', '\\n')), [pem('AAAA')])
})

test('the commas in the header of an encrypted key separate nothing', () => {
  const encrypted = pem('AAAA', 'Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00FF\n\n')
  assert.deepEqual(read({ ...NEEDED, FLOW_PRIVATE_KEY: `${encrypted},${pem('BBBB')}` }).flowPrivateKeys, [
    encrypted,
    pem('BBBB'),
  ])
})

test('private keys come from several files, and one that cannot be read is named', async () => {
  const first = await file('first.pem', `${pem('AAAA')}\n`)
  const second = await file('second.pem', pem('BBBB'))
  const env = { META_APP_SECRET: 's', FLOW_PRIVATE_KEY_FILE: `${first}, ${second}` }
  assert.deepEqual(read(env).flowPrivateKeys, [pem('AAAA'), pem('BBBB')])
  assert.deepEqual(problems({ ...env, FLOW_PRIVATE_KEY_FILE: `${first},/nowhere.pem` }, 'all'), [
    'FLOW_PRIVATE_KEY_FILE FG_ENV_FILE_UNREADABLE',
  ])
})

test('a text that is no key is kept, so that its parser can name the fault', () => {
  assert.deepEqual(read({ ...NEEDED, FLOW_PRIVATE_KEY: 'not a key' }).flowPrivateKeys, ['not a key'])
})

test('numbers, levels and addresses are read', () => {
  const env = {
    PORT: '0',
    HOST: '127.0.0.1',
    FLOWGATE_RATE_LIMIT: 'off',
    LOG_LEVEL: 'debug',
    DATABASE_URL: 'postgres://u:p@db:5432/flowgate',
    DATABASE_DIRECT_URL: 'postgresql:///flowgate?host=/run/postgresql',
  }
  const { port, host, rateLimitPerMinute, logLevel, databaseUrl, databaseDirectUrl } = read(env, 'worker')
  assert.deepEqual(
    { port, host, rateLimitPerMinute, logLevel, databaseUrl, databaseDirectUrl },
    {
      port: 0,
      host: '127.0.0.1',
      rateLimitPerMinute: 'off',
      logLevel: 'debug',
      databaseUrl: env.DATABASE_URL,
      databaseDirectUrl: env.DATABASE_DIRECT_URL,
    },
  )
  assert.equal(read({ FLOWGATE_RATE_LIMIT: '1200' }, 'worker').rateLimitPerMinute, 1200)
  assert.deepEqual(problems({ PORT: '65536' }), ['PORT FG_ENV_INVALID'])
})
