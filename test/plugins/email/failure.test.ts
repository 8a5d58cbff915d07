import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Failure, FailureError } from 'flowgate/plugin'
import type { EmailConfig } from '../../../plugins/email/config.ts'
import email from '../../../plugins/email/index.ts'
import { type SmtpTrouble, type Step, untilSmtp } from '../../stand-ins/smtp.ts'
import { pluginContext } from '../../support/plugin-context.ts'
import { callOf, type EmailDestination, emailDestination } from './destination.ts'

test('what a server says no to is told by its code and by the command', async () => {
  const table: readonly [expected: string, step: Step, trouble: SmtpTrouble][] = [
    ['retryable FG_EMAIL_BUSY', 'mail', { reply: '451 4.3.0 local error' }],
    ['retryable FG_EMAIL_BUSY', 'rcpt', { reply: '450 4.2.0 mailbox busy' }],
    ['retryable FG_EMAIL_BUSY', 'data', { reply: '452 4.3.1 no space' }],
    ['retryable FG_EMAIL_BUSY', 'connect', { reply: '421 4.3.0 not now' }],
    ['rate-limited 60 FG_EMAIL_RATE_LIMIT', 'connect', { reply: '421 4.7.0 too many connections' }],
    ['rate-limited 60 FG_EMAIL_RATE_LIMIT', 'rcpt', { reply: '450 4.7.1 Greylisted' }],
    ['rate-limited 300 FG_EMAIL_RATE_LIMIT', 'rcpt', { reply: '451 greylisted, please try again in 5 minutes' }],
    ['rate-limited 30 FG_EMAIL_RATE_LIMIT', 'mail', { reply: '450 4.2.1 try again in 30 seconds' }],
    ['rate-limited 7 FG_EMAIL_RATE_LIMIT', 'data', { reply: '451 4.4.5 retry after 7s' }],
    ['rate-limited 60 FG_EMAIL_RATE_LIMIT', 'rcpt', { reply: '450 4.7.1 Greylisted, try again in 0 seconds' }],
    ['rate-limited 86400 FG_EMAIL_RATE_LIMIT', 'rcpt', { reply: '450 4.7.1 Greylisted, try again in 99999 minutes' }],
    ['rate-limited 3600 FG_EMAIL_RATE_LIMIT', 'mail', { reply: '550 5.4.5 Daily user sending quota exceeded' }],
    ['rate-limited 3600 FG_EMAIL_RATE_LIMIT', 'rcpt', { reply: '550 5.1.90 you reached your daily limit' }],
    ['rate-limited 3600 FG_EMAIL_RATE_LIMIT', 'data', { reply: '554 5.2.0 SubmissionQuotaExceededException' }],
    ['permanent record FG_EMAIL_RECIPIENT_REFUSED', 'rcpt', { reply: '552 5.2.2 mailbox quota exceeded' }],
    ['permanent record FG_EMAIL_RECIPIENT_REFUSED', 'rcpt', { reply: '550 5.1.1 no such user sales@acme.example' }],
    ['permanent record FG_EMAIL_REFUSED', 'data', { reply: '554 5.7.1 spam' }],
    ['permanent record FG_EMAIL_REFUSED', 'mail', { reply: '552 5.3.4 too big' }],
    ['permanent destination FG_EMAIL_SENDER_REFUSED', 'mail', { reply: '553 5.7.1 not owned by user' }],
    ['permanent destination FG_EMAIL_CREDENTIALS', 'mail', { reply: '530 5.7.0 authentication required' }],
    ['permanent destination FG_EMAIL_SERVER_REFUSES', 'connect', { reply: '554 5.7.1 your address is on a list' }],
    ['retryable FG_EMAIL_UNREACHABLE', 'connect', 'drop'],
    ['retryable FG_EMAIL_UNREACHABLE', 'mail', 'drop'],
    ['retryable FG_EMAIL_REPLY_LOST', 'data', 'drop'],
    ['retryable FG_EMAIL_REPLY_LOST', 'data', 'lose'],
  ]
  for (const [expected, step, trouble] of table) {
    await using destination = await emailDestination()
    destination.server.misbehave(step, trouble)
    const failure = await failed(destination.deliver({}))
    assert.equal(inWords(failure), expected, JSON.stringify(trouble))
    assert.doesNotMatch(failure.message, /sales@|spam|on a list|no such|owned/, expected)
    const code = typeof trouble === 'object' ? trouble.reply.slice(0, 3) : ''
    assert.ok(failure.message.includes(code), failure.message)
    assert.equal(destination.server.mails.length, trouble === 'lose' ? 1 : 0)
  }
})

test('after a refusal the next message passes', async () => {
  await using destination = await emailDestination()
  destination.server.misbehave('data', { reply: '554 5.7.1 spam' }, 1)
  await failed(destination.deliver({}))
  await destination.deliver({ idempotencyKey: 'delivery-2' })
  assert.equal(destination.server.mails.length, 1)
})

test('a server that takes a message for some recipients only is a failure, and those have it once', async () => {
  await using destination = await emailDestination()
  destination.server.misbehave('rcpt', {
    reply: '550 5.1.1 no such user',
    when: (address) => address.startsWith('cy@'),
  })
  const failure = await failed(destination.deliver({}, { recipient: { kind: 'named', name: 'vip' } }))
  assert.equal(inWords(failure), 'permanent record FG_EMAIL_PARTLY_REFUSED')
  assert.match(failure.message, /refused 1 of 2 recipients \(at acme\.example: 550 5\.1\.1\).*Correct the addresses/)
  assert.deepEqual(
    destination.server.mails.map(({ to }) => to),
    [['bo@acme.example']],
  )
})

test('where the refusal of some is for now, no address is said to be wrong', async () => {
  await using destination = await emailDestination()
  destination.server.misbehave('rcpt', { reply: '451 4.7.1 Greylisted', when: (address) => address.startsWith('cy@') })
  const failure = await failed(destination.deliver({}, { recipient: { kind: 'named', name: 'vip' } }))
  assert.equal(inWords(failure), 'permanent record FG_EMAIL_PARTLY_REFUSED')
  assert.match(failure.message, /\(at acme\.example: 451 4\.7\.1\).*for now only/)
  assert.doesNotMatch(failure.message, /Correct the addresses/)
})

test('what was sent again and got no clear answer waits for a person', async () => {
  await using destination = await emailDestination()
  destination.server.misbehave('data', 'lose', 1)
  const resent = { attempt: 3, uncertain: true, resend: true }
  assert.equal(inWords(await failed(destination.deliver(resent))), 'unknown FG_EMAIL_POSSIBLY_SENT')
  destination.server.misbehave('mail', { reply: '451 4.3.0 later' })
  assert.equal(inWords(await failed(destination.deliver(resent))), 'retryable FG_EMAIL_BUSY')
  assert.equal(destination.server.mails.length, 1)
})

test('a message larger than the server takes fails, and nothing is sent', async () => {
  await using destination = await emailDestination({ server: { size: 500 } })
  const failure = await failed(destination.deliver({}, { text: 'x'.repeat(5_000) }))
  assert.equal(inWords(failure), 'permanent record FG_EMAIL_REFUSED')
  assert.equal(destination.server.mails.length, 0)
})

test('a server that is not there, or whose name is none, is retryable', async () => {
  const gone = await emailDestination()
  await gone.server[Symbol.asyncDispose]()
  const refused = await failed(gone.deliver({}))
  assert.equal(inWords(refused), 'retryable FG_EMAIL_UNREACHABLE')
  assert.match(refused.message, /ECONNREFUSED/)
  await gone.instance.close()
  await using nameless = await emailDestination({ config: { host: 'mail.invalid' } })
  assert.equal(inWords(await failed(nameless.deliver({}))), 'retryable FG_EMAIL_UNREACHABLE')
})

test('an abort closes the socket and says how far the message had come', async () => {
  const table: readonly [code: string, step: Step, reached: (destination: EmailDestination) => boolean][] = [
    ['FG_EMAIL_TIMEOUT', 'connect', ({ server }) => server.connections().made === 1],
    ['FG_EMAIL_TIMEOUT', 'mail', ({ server }) => server.envelopes() === 1],
    ['FG_EMAIL_REPLY_LOST', 'data', ({ server }) => server.owed() === 1],
  ]
  for (const [code, step, reached] of table) {
    await using destination = await emailDestination()
    destination.server.misbehave(step, 'hang')
    const abort = new AbortController()
    const failing = failed(destination.deliver({ signal: abort.signal }))
    await untilSmtp(() => reached(destination))
    abort.abort(new DOMException('too late', 'TimeoutError'))
    assert.equal(inWords(await failing), `retryable ${code}`)
    await untilSmtp(() => destination.server.connections().open === 0)
  }
})

test('a signal that has aborted before sends nothing', async () => {
  await using destination = await emailDestination()
  const failure = await failed(destination.deliver({ signal: AbortSignal.abort() }))
  assert.equal(inWords(failure), 'retryable FG_EMAIL_TIMEOUT')
  assert.equal(destination.server.connections().made, 0)
})

test('settings that contradict each other are refused before anything connects', async () => {
  const dkim = { dkim_domain: 'acme.example', dkim_selector: 's1' }
  const table: readonly [says: RegExp, config: Partial<EmailConfig>][] = [
    [/in the clear/, { security: 'none', username: 'leads', password: 'right-4711' }],
    [/no RSA key/, { ...dkim, dkim_private_key: 'right-4711' }],
  ]
  for (const [says, different] of table) {
    const config = { host: '127.0.0.1', from: 'leads@flowgate.example', to: 'sales@acme.example', ...different }
    const failure = await failed(Promise.try(() => email.configure(config, pluginContext())))
    assert.equal(inWords(failure), 'permanent destination FG_EMAIL_SETTINGS')
    assert.match(failure.message, says)
    assert.doesNotMatch(failure.message, /4711/)
  }
})

test('an error of other origin is passed on and not claimed', async () => {
  const foreign = new RangeError('x')
  await using destination = await emailDestination({ context: { spend: async () => Promise.reject(foreign) } })
  await assert.rejects(destination.instance.deliver({ title: 'a', facts: [] }, callOf({})), foreign)
  assert.equal(email.classify(foreign), undefined)
})

async function failed(delivering: Promise<unknown>): Promise<Failure> {
  const error = await delivering.then(
    () => assert.fail('The delivery was confirmed.'),
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof FailureError, String(error))
  return error.failure
}

function inWords(failure: Failure): string {
  if (failure.kind === 'permanent') return `permanent ${failure.scope} ${failure.code}`
  if (failure.kind === 'rate-limited') return `rate-limited ${failure.retryAfterSeconds} ${failure.code}`
  return `${failure.kind} ${failure.code}`
}
