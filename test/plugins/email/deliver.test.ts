import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FailureError } from 'flowgate/plugin'
import { liveHtml, shownHtml } from '../../stand-ins/mail-read.ts'
import { callOf, emailDestination } from './destination.ts'

const link = { label: 'Open in HubSpot', url: 'https://crm.example/1?a=b&c=d' }

test('a message is one mail with subject, text, HTML and a Message-ID made of its key', async () => {
  await using email = await emailDestination({ config: { from_name: 'Acme, "leads"' } })
  const receipt = await email.deliver(
    { idempotencyKey: 'sub_1!tell-sales' },
    {
      title: 'New lead: Ana',
      text: 'Wants a call.',
      facts: [{ label: 'Company', value: 'Souza & Söhne' }],
      link,
      record: 'known',
    },
  )
  const [mail] = email.read()
  assert.ok(mail)
  assert.deepEqual(receipt, { outcome: 'sent', id: '<sub_1!tell-sales@flowgate.example>' })
  const { subject, 'message-id': id, to, from, 'auto-submitted': auto } = mail.headers
  assert.deepEqual([subject, id, to, auto], ['New lead: Ana', receipt.id, 'sales@acme.example', 'auto-generated'])
  assert.equal(from, '"Acme, \\"leads\\"" <leads@flowgate.example>')
  const text =
    'Wants a call.\n\nCompany: Souza & Söhne\n\nOpen in HubSpot: https://crm.example/1?a=b&c=d\n\nKnown record\n'
  assert.equal(mail.text, text)
  assert.match(mail.html, /<th [^>]*>Company<\/th><td [^>]*>Souza &amp; Söhne<\/td>/)
  assert.match(mail.html, /<a href="https:\/\/crm\.example\/1\?a=b&amp;c=d">Open in HubSpot<\/a>/)
  const [taken] = email.server.mails
  assert.deepEqual([taken?.from, taken?.to], ['leads@flowgate.example', ['sales@acme.example']])
})

test('whatever a person types arrives as plain text, also in headers', async () => {
  await using email = await emailDestination()
  const typed =
    '<!channel> <@U1> [x](http://evil) <b onload="x">b</b> \'q\' &lt; & a\r\nBcc: evil@evil.example\n\n.\nend'
  await email.deliver(
    {},
    { title: typed, text: typed, facts: [{ label: typed, value: typed }], link: { label: typed, url: link.url } },
  )
  const [mail] = email.read()
  const [taken] = email.server.mails
  assert.ok(mail && taken)
  const plain = typed.replace('\r\n', '\n')
  const oneLine = plain.replace(/\s+/g, ' ')
  assert.equal(mail.headers['subject'], oneLine)
  assert.equal(mail.headers['bcc'], undefined)
  assert.deepEqual(taken.to, ['sales@acme.example'])
  assert.ok(mail.text.startsWith(`${plain.replaceAll('\n', '\n    ')}\n\n`), mail.text)
  assert.ok(mail.text.includes(`${oneLine.slice(0, 74)}…: ${plain.replaceAll('\n', '\n    ')}`), mail.text)
  assert.deepEqual(liveHtml(mail.html), ['<a href="https://crm.example/1?a=b&amp;c=d">'])
  assert.equal(shownHtml(mail.html).split(plain).length, 3)
})

test('no line of a text that a person typed passes for one of ours in the plain part', async () => {
  await using email = await emailDestination()
  const forged = 'Open in HubSpot: http://evil.example'
  await email.deliver({}, { text: `hello\n\n${forged}\r\n${forged}\u2028${forged}\rKnown record`, link, record: 'new' })
  const lines = email.read()[0]?.text.split(/[\r\n\u2028\u2029]/) ?? []
  assert.deepEqual(
    lines.filter((line) => /^(Open|Known|New)/.test(line)),
    [`Open in HubSpot: ${link.url}`, 'New record'],
  )
})

test('an address that is no web address is shown and not linked', async () => {
  await using email = await emailDestination()
  await email.deliver({}, { link: { label: 'Open', url: 'javascript:alert(1)' } })
  const [mail] = email.read()
  assert.deepEqual(liveHtml(mail?.html ?? ''), [])
  assert.match(mail?.text ?? '', /Open: javascript:alert\(1\)/)
})

test('a message of any size is cut and says what was left out', async () => {
  await using email = await emailDestination()
  const facts = Array.from({ length: 250 }, (_, index) => ({ label: `label ${index}`, value: 'x'.repeat(3_000) }))
  await email.deliver({}, { title: 'x'.repeat(1_000), text: 'y'.repeat(20_000), facts })
  const [mail] = email.read()
  assert.equal(mail?.headers['subject']?.length, 200)
  assert.match(mail?.text ?? '', /50 more left out/)
  assert.ok((mail?.text.length ?? 0) < 500_000)
  await email.deliver({ idempotencyKey: 'delivery-2' }, { title: '\n' })
  assert.equal(email.read()[1]?.headers['subject'], 'Notification')
})

test('recipients are found by name, owner, the owner’s stand-in, verified person and by default', async () => {
  await using email = await emailDestination({ config: { to: ['sales@acme.example', 'sales@acme.example'] } })
  const owner = { id: '7', email: 'ana@acme.example' }
  const table = [
    [undefined, ['sales@acme.example']],
    [{ kind: 'named', name: 'vip' }, ['bo@acme.example', 'cy@acme.example']],
    [{ kind: 'owner', owner }, ['ana@acme.example']],
    [{ kind: 'owner', owner: { id: '8' }, otherwise: 'night' }, ['night@acme.example']],
    [{ kind: 'owner', owner: { id: '8', email: 'a@b, evil@evil.example' } }, ['sales@acme.example']],
    [{ kind: 'person', email: 'lia@home.example', phone: '+34600000000' }, ['lia@home.example']],
  ] as const
  for (const [index, [recipient, to]] of table.entries()) {
    await email.deliver({ idempotencyKey: `key-${index}` }, recipient === undefined ? {} : { recipient })
    assert.deepEqual(email.server.mails[index]?.to, to)
  }
})

test('a recipient without an address fails the message, and a list of addresses is none', async () => {
  await using email = await emailDestination()
  const table = [
    ['FG_EMAIL_RECIPIENT_UNKNOWN', { kind: 'named', name: 'toString' }, /there are: vip, night\)/],
    ['FG_EMAIL_RECIPIENT_UNKNOWN', { kind: 'owner', owner: { id: '8' }, otherwise: 'nobody' }, /there are/],
    ['FG_EMAIL_NO_ADDRESS', { kind: 'person', phone: '+34600000000' }, /No verified/],
    ['FG_EMAIL_NO_ADDRESS', { kind: 'person', email: 'a@b.example, evil@evil.example' }, /No verified/],
    ['FG_EMAIL_NO_ADDRESS', { kind: 'person', email: 'Ana <ana@b.example>' }, /No verified/],
    ['FG_EMAIL_NO_ADDRESS', { kind: 'person', email: 'a\0b@b.example' }, /No verified/],
    ['FG_EMAIL_NO_ADDRESS', { kind: 'person', email: 'ana\u200b@b.example' }, /No verified/],
    ['FG_EMAIL_NO_ADDRESS', { kind: 'person', email: `${'a'.repeat(250)}@b.example` }, /No verified/],
  ] as const
  for (const [code, recipient, says] of table) {
    const failure = await failureOf(email.deliver({}, { recipient }))
    assert.ok(failure.kind === 'permanent' && failure.scope === 'record')
    assert.equal(failure.code, code)
    assert.match(failure.message, says)
  }
  assert.equal(email.server.connections().made, 0)
})

test('an uncertain call sends nothing, until the operator sends again, marked, under the same Message-ID', async () => {
  await using email = await emailDestination()
  await email.deliver({})
  const failure = await failureOf(email.deliver({ attempt: 2, uncertain: true }))
  assert.deepEqual([failure.kind, failure.code], ['unknown', 'FG_EMAIL_POSSIBLY_SENT'])
  await email.deliver({ attempt: 3, uncertain: true, resend: true })
  const [first, second] = email.read().map(({ headers }) => headers)
  assert.deepEqual([first?.['subject'], second?.['subject']], ['New lead', 'New lead (possibly sent twice)'])
  assert.equal(first?.['message-id'], second?.['message-id'])
})

test('a late message says so, beside a link to what is there already too; the whole one answers to it', async () => {
  await using email = await emailDestination()
  const late = await email.deliver({ idempotencyKey: 'late-1' }, { late: true })
  await email.deliver({}, { link, record: 'new', completes: late })
  const [first, second] = email.read()
  assert.match(first?.text ?? '', /^The CRM has not confirmed the record yet; the link follows\.\n$/)
  assert.doesNotMatch(`${first?.text}${first?.html}`, /crm\.example/)
  const beside = await email.deliver({ idempotencyKey: 'late-2' }, { link, late: true })
  assert.match(
    email.read()[2]?.text ?? '',
    /^The CRM has not confirmed every record yet; the rest follows\.\n\nOpen in HubSpot: https:/,
  )
  assert.notEqual(beside.id, late.id)
  const { subject, 'in-reply-to': parent, references } = second?.headers ?? {}
  assert.deepEqual([subject, parent, references], ['Re: New lead', late.id, late.id])
  assert.match(second?.text ?? '', /This completes the message sent before.*https:\/\/crm\.example\/1.*New record/s)
})

test('a receipt that is no Message-ID makes no thread', async () => {
  await using email = await emailDestination()
  await email.deliver({}, { completes: { outcome: 'sent', id: 'C0SALES/1.2\r\nBcc: evil@evil.example' } })
  assert.equal(email.read()[0]?.headers['in-reply-to'], undefined)
})

test('connections are kept for the next message, at most three, and given up at close', async () => {
  await using email = await emailDestination()
  await email.deliver({ idempotencyKey: 'a' })
  await email.deliver({ idempotencyKey: 'b' })
  assert.equal(email.server.connections().made, 1)
  const keys = Array.from({ length: 20 }, (_, index) => `many-${index}`)
  await Promise.all(
    keys.map((idempotencyKey) => email.instance.deliver({ title: 'x', facts: [] }, callOf({ idempotencyKey }))),
  )
  assert.equal(email.server.mails.length, 22)
  assert.ok(email.server.connections().made <= 3)
})

test('a connection that the server dropped meanwhile is replaced, and the message is sent once', async () => {
  await using email = await emailDestination()
  await email.deliver({ idempotencyKey: 'a' })
  email.server.hangUp()
  await email.deliver({ idempotencyKey: 'b' })
  assert.deepEqual(
    email.read().map(({ headers }) => headers['message-id']),
    ['<a@flowgate.example>', '<b@flowgate.example>'],
  )
})

test('the pace is asked for before each message, and a refusal of it sends nothing', async () => {
  const limited = { kind: 'rate-limited', code: 'spent', message: 'spent', retryAfterSeconds: 3 } as const
  const classes: string[] = []
  const spend = async (endpointClass: string) => {
    classes.push(endpointClass)
    throw new FailureError(limited)
  }
  await using email = await emailDestination({ context: { spend } })
  assert.deepEqual(await failureOf(email.deliver({})), limited)
  assert.deepEqual([classes, email.server.connections().made], [['all'], 0])
})

async function failureOf(delivering: Promise<unknown>) {
  const error = await delivering.then(
    () => assert.fail('The delivery was confirmed.'),
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof FailureError, String(error))
  return error.failure
}
