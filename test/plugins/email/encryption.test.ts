import assert from 'node:assert/strict'
import { createHash, createVerify, generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { FailureError } from 'flowgate/plugin'
import type { EmailConfig } from '../../../plugins/email/config.ts'
import { connectionOptions } from '../../../plugins/email/connection.ts'
import { selfSigned } from '../../registry/self-signed.ts'
import type { SmtpStandInOptions } from '../../stand-ins/smtp.ts'
import { callOf, emailDestination } from './destination.ts'

const tls = selfSigned('localhost')
const users = { leads: 'right-4711' }
const signIn = { username: 'leads', password: 'right-4711' }

async function outcome(config: Partial<EmailConfig>, server: SmtpStandInOptions): Promise<string> {
  await using email = await emailDestination({ config: { host: 'localhost', ...config }, server })
  const health = await email.instance.health(callOf({}))
  const sent = await email.deliver({}).then(
    () => `sent ${email.server.mails[0]?.secure ? 'encrypted' : 'in the clear'} by ${email.server.mails[0]?.username}`,
    (error: unknown) => (error instanceof FailureError ? `${error.failure.kind} ${error.failure.code}` : String(error)),
  )
  const said = health.ok ? 'healthy' : health.failure.code
  assert.ok(sent.endsWith(said) || said === 'healthy', `${sent}, but health says ${said}`)
  return sent
}

test('STARTTLS and TLS from the start sign in over an encrypted connection', async () => {
  const ca = tls.cert
  assert.equal(await outcome({ security: 'starttls', ca, ...signIn }, { tls, users }), 'sent encrypted by leads')
  assert.equal(
    await outcome({ security: 'tls', ca, ...signIn }, { tls, users, secure: true }),
    'sent encrypted by leads',
  )
  const escaped = ca.replaceAll('\n', '\\n')
  assert.equal(await outcome({ security: 'starttls', ca: escaped }, { tls }), 'sent encrypted by undefined')
})

test('a connection that cannot be trusted stops the destination, and nothing is sent over it', async () => {
  const starttls = { security: 'starttls' } as const
  const other = selfSigned('other.example')
  assert.equal(await outcome({ ...starttls, ...signIn }, { tls, users }), 'permanent FG_EMAIL_TLS')
  assert.equal(await outcome({ ...starttls, ca: other.cert }, { tls: other }), 'permanent FG_EMAIL_TLS')
  assert.equal(await outcome({ ...starttls, ...signIn }, { users }), 'permanent FG_EMAIL_TLS')
  assert.equal(await outcome({ security: 'tls', ca: tls.cert }, { tls }), 'permanent FG_EMAIL_TLS')
})

test('a wrong password stops the destination, and the failure quotes nothing', async () => {
  const config = { security: 'starttls', ca: tls.cert, username: 'leads', password: 'wrong-0815' } as const
  assert.equal(await outcome(config, { tls, users }), 'permanent FG_EMAIL_CREDENTIALS')
  await using email = await emailDestination({ config: { host: 'localhost', ...config }, server: { tls, users } })
  const error = await email.deliver({}).catch((thrown: unknown) => thrown)
  assert.doesNotMatch(JSON.stringify(error), /0815|Ana/)
})

test('the port says how to encrypt where the settings do not', () => {
  const config = { host: 'smtp.acme.example', from: 'leads@flowgate.example', to: 'sales@acme.example' }
  const chosen = (different: Partial<EmailConfig>) => {
    const { port, secure, requireTLS } = connectionOptions({ ...config, ...different })
    return { port, secure, requireTLS }
  }
  assert.deepEqual(chosen({}), { port: 587, secure: false, requireTLS: true })
  assert.deepEqual(chosen({ port: 25 }), { port: 25, secure: false, requireTLS: true })
  assert.deepEqual(chosen({ port: 465 }), { port: 465, secure: true, requireTLS: false })
  assert.deepEqual(chosen({ port: 465, security: 'starttls' }), { port: 465, secure: false, requireTLS: true })
})

test('DKIM signs the message, so that a receiver can verify it with the published key', async () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const dkim = { dkim_domain: 'flowgate.example', dkim_selector: 's1', dkim_private_key: key.replaceAll('\n', '\\n') }
  await using email = await emailDestination({ config: dkim })
  await email.deliver({}, { title: 'Ação', text: 'line\n\nend' })
  const raw = email.server.mails[0]?.raw ?? ''
  const end = raw.indexOf('\r\n\r\n')
  const headers = raw
    .slice(0, end)
    .replace(/\r\n(?=[ \t])/g, '')
    .split('\r\n')
    .map(relaxedHeader)
  const signature = headers.find((header) => header.startsWith('dkim-signature:')) ?? ''
  const tags = new Map([...signature.matchAll(/(\w+)=([^;]*)/g)].map(([, tag = '', value = '']) => [tag, value.trim()]))
  assert.deepEqual([tags.get('a'), tags.get('d'), tags.get('s')], ['rsa-sha256', 'flowgate.example', 's1'])
  const body = relaxedBody(raw.slice(end + 4))
  assert.equal(tags.get('bh')?.replaceAll(' ', ''), createHash('sha256').update(body, 'latin1').digest('base64'))
  const signed = (tags.get('h') ?? '')
    .split(':')
    .map((name) => headers.find((header) => header.startsWith(`${name.toLowerCase()}:`)) ?? '')
  const data = `${signed.filter(Boolean).join('\r\n')}\r\n${signature.replace(/b=[^;]*$/, 'b=')}`
  const verifier = createVerify('RSA-SHA256').update(data, 'latin1')
  assert.ok(verifier.verify(publicKey, tags.get('b')?.replaceAll(' ', '') ?? '', 'base64'), data)
  assert.ok(['from', 'to', 'subject', 'message-id'].every((name) => tags.get('h')?.toLowerCase().includes(name)))
})

/** A header as RFC 6376 (3.4.2) has it for signing: name in lower case, runs of white space as one space. */
function relaxedHeader(header: string): string {
  const colon = header.indexOf(':')
  return `${header.slice(0, colon).toLowerCase().trim()}:${header
    .slice(colon + 1)
    .replace(/\s+/g, ' ')
    .trim()}`
}

/** A body as RFC 6376 (3.4.4) has it for signing: no white space at line ends, no empty lines at the end. */
function relaxedBody(body: string): string {
  const lines = body.split('\r\n').map((line) => line.replace(/[ \t]+/g, ' ').replace(/ $/, ''))
  return `${lines.join('\r\n').replace(/(\r\n)+$/, '')}\r\n`
}
