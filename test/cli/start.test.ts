import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { appendFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { freePort } from '../support/free-port.ts'

/** Runs `flowgate start` with nothing in its environment but this. */
function start(role: string, env: Readonly<Record<string, string>>) {
  const argv = ['src/main.ts', 'start', '--role', role]
  return spawnSync(process.execPath, argv, { env, encoding: 'utf8', timeout: 30_000 })
}

/** What role `all` needs with the shipped configuration, but for a database. */
function enough(): Record<string, string> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return {
    META_APP_SECRET: 'secret',
    FLOW_PRIVATE_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    HUBSPOT_ACCESS_TOKEN: 'token',
    SLACK_BOT_TOKEN: 'token',
    LOG_LEVEL: 'silent',
  }
}

test('a start with nothing set names the variables of the gateway and of the configuration at once', () => {
  const { status, stderr } = start('all', {})
  assert.equal(status, 2)
  for (const name of ['META_APP_SECRET', 'FLOW_PRIVATE_KEY', 'HUBSPOT_ACCESS_TOKEN', 'SLACK_BOT_TOKEN']) {
    assert.equal(stderr.split('\n').filter((line) => line.includes(name)).length, 1, `${name} in:\n${stderr}`)
  }
})

test('a web process is not asked for the credentials of destinations', () => {
  const { status, stderr } = start('web', {})
  assert.equal(status, 2)
  assert.match(stderr, /META_APP_SECRET/)
  assert.doesNotMatch(stderr, /HUBSPOT|SLACK/)
})

test('a configuration folder that is not there is named beside missing variables', () => {
  const { status, stderr } = start('all', { FLOWGATE_CONFIG: '/nowhere' })
  assert.equal(status, 2)
  assert.match(stderr, /^META_APP_SECRET is not set.*\nFLOW_PRIVATE_KEY is not set.*\n.* \/nowhere\. /)
})

test('a start refuses what only a delivery would have refused', () => {
  const folder = mkdtempSync(join(tmpdir(), 'flowgate-start-'))
  cpSync('config', folder, { recursive: true })
  const mail = 'host: a.example, from: a@b.example, to: a@b.example, security: none, username: a, password: hunter2'
  appendFileSync(join(folder, 'destinations.yaml'), `  mail:\n    plugin: email\n    config: { ${mail} }\n`)
  const { status, stderr } = start('all', { ...enough(), FLOWGATE_CONFIG: folder })
  rmSync(folder, { recursive: true })
  assert.equal(status, 2)
  assert.match(
    stderr,
    /destinations\.yaml:\d+:\d+ error FG_CONFIG_SETTING A password would cross the network in the clear/,
  )
  assert.doesNotMatch(stderr, /hunter2/)
})

test('a database that nobody listens for is named with its variable and address', async () => {
  const port = await freePort()
  const url = `postgres://somebody:hunter2@127.0.0.1:${port}/flowgate`
  const { status, stderr } = start('all', { ...enough(), DATABASE_URL: url })
  assert.equal(status, 2)
  const cure = 'Start PostgreSQL, or correct host and port.'
  assert.equal(stderr, `DATABASE_URL: nothing listens at 127.0.0.1:${port}. ${cure}\n`)
})
