import assert from 'node:assert/strict'
import { test } from 'node:test'
import { untilSmtp } from '../../stand-ins/smtp.ts'
import { callOf, type EmailDestination, type EmailDifferences, emailDestination } from './destination.ts'

async function healthWhen(different: EmailDifferences, change: (destination: EmailDestination) => void = () => {}) {
  await using email = await emailDestination(different)
  change(email)
  const health = await email.instance.health(callOf({}))
  assert.equal(email.server.envelopes(), 0)
  await untilSmtp(() => email.server.connections().open === 0)
  return health.ok ? health.account : `${health.failure.kind} ${health.failure.code}`
}

test('a server that lets us in is healthy, and its connection is closed', async () => {
  assert.equal(await healthWhen({}), 'no sign-in at 127.0.0.1')
})

test('what stops sending is found without sending', async () => {
  const busy = (reply: string) => (email: EmailDestination) => email.server.misbehave('connect', { reply })
  assert.equal(await healthWhen({}, busy('421 4.3.0 not now')), 'retryable FG_EMAIL_BUSY')
  assert.equal(await healthWhen({}, busy('554 5.7.1 go away')), 'permanent FG_EMAIL_SERVER_REFUSES')
  const dropping = (email: EmailDestination) => email.server.misbehave('connect', 'drop')
  assert.equal(await healthWhen({}, dropping), 'retryable FG_EMAIL_UNREACHABLE')
  assert.equal(await healthWhen({ config: { port: 1 } }), 'retryable FG_EMAIL_UNREACHABLE')
})

test('an abort ends the question and closes the socket', async () => {
  await using email = await emailDestination()
  email.server.misbehave('connect', 'hang')
  const abort = new AbortController()
  const asking = email.instance.health(callOf({ signal: abort.signal }))
  await untilSmtp(() => email.server.connections().made === 1)
  abort.abort()
  const health = await asking
  assert.equal(health.ok ? '' : health.failure.code, 'FG_EMAIL_TIMEOUT')
  await untilSmtp(() => email.server.connections().open === 0)
})
