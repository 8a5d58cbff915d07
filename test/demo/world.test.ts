import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startWorld, type World } from './world.ts'

let world: World

before(async () => {
  world = await startWorld()
})

after(() => world[Symbol.asyncDispose]())

test('the simulator finds nothing wrong with a real gateway on any path', () => {
  const { code, out, err } = world.gateway.command(['simulate', 'lead-gen'])
  assert.equal(code, 0, out + err)
  for (const path of ['happy', 'back', 'double-tap', 'ping', 'error-notice', 'tamper', 'wrong-key', 'bad-signature']) {
    assert.match(out, new RegExp(`^${path}: `, 'm'))
  }
  assert.match(out, /→ BACK ENTERPRISE\n.*← CONTACT /)
})

test('a simulation that gets no token from the gateway says so and exits with 2', () => {
  const { code, err } = world.gateway.command(['simulate', 'lead-gen', '--path', 'happy'], {
    FLOWGATE_API_TOKEN: 'other',
  })
  assert.equal(code, 2)
  assert.match(err, /\/api\/v1\/tokens made no token: HTTP 401\. Set FLOWGATE_API_TOKEN/)
})

test('the doctor finds a running gateway well, from inside and by its address', () => {
  const url = `${world.gateway.url}/flows/lead-gen`
  const { code, out, err } = world.gateway.command(['doctor', '--url', url])
  assert.equal(code, 0, out + err)
  assert.match(out, /✓ embedded database +PostgreSQL 18/)
  assert.match(out, /✓ port +a gateway is running on \d+/)
  assert.match(out, /✓ endpoint +a sealed health check was answered/)
  assert.match(out, /✓ endpoint +a wrong signature is refused with 432/)
})

test('commands beside a running gateway use its database and leave it running', async () => {
  const minted = world.gateway.command(['tokens', 'mint', 'lead-gen', '--person', 'phone=+5511999990000'])
  assert.equal(minted.code, 0, minted.err)
  const status = world.gateway.command(['destinations', 'status', '--json'])
  assert.deepEqual(
    JSON.parse(status.out).destinations.map(({ name }: { name: string }) => name),
    ['hubspot', 'slack-sales'],
  )
  assert.equal((await fetch(`${world.gateway.url}/readyz`)).status, 200)
})

test('a start with what it needs missing names all of it at once and exits with 2', () => {
  const { code, err } = world.gateway.command(['start'], { META_APP_SECRET: '', FLOW_PRIVATE_KEY: '' })
  assert.equal(code, 2)
  assert.match(err, /META_APP_SECRET is not set\..*\nFLOW_PRIVATE_KEY is not set\./)
  assert.doesNotMatch(err, /\n\s+at /)
})
