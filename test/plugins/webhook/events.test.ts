import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Message } from 'flowgate/plugin'
import { Webhook } from 'standardwebhooks'
import type { WebhookMessageConfig } from '../../../plugins/webhook/config.ts'
import webhookMessage from '../../../plugins/webhook/message.ts'
import { isSigned, secretOf } from '../../stand-ins/webhook-receiver.ts'
import { pluginContext } from '../../support/plugin-context.ts'
import { callOf, failureOf, inWords, secret, webhookStage } from './webhook-stage.ts'

test('a record becomes an event: its object the type, its fields the data', async () => {
  await using stage = await webhookStage({ now: () => new Date('2026-11-21T14:03:00.500Z') })
  const fields = { name: 'Ana "Q" <b>', tags: ['a', 'b'], size: 3, gone: null }
  const receipt = await stage.deliver({ fields, links: [{ object: 'contacts', id: 'c1' }] })
  assert.deepEqual(receipt, { outcome: 'created', id: 'msg_sub_1-2e-lead' })
  const [request] = stage.receiver.standIn.requests
  assert.deepEqual(request?.body, {
    type: 'lead.created',
    timestamp: '2026-11-21T14:03:00.500Z',
    data: fields,
    links: [{ object: 'contacts', id: 'c1' }],
  })
  assert.equal(request?.headers['content-type'], 'application/json')
  assert.equal(request?.headers['webhook-timestamp'], '1795269780')
})

test('the id stays over all attempts, the time is that of each', async () => {
  let minutes = 0
  await using stage = await webhookStage({ now: () => new Date(Date.UTC(2026, 10, 21, 14, minutes)) })
  stage.receiver.standIn.misbehave({ route: 'POST /hooks/*', times: 1, fault: { kind: 'lose-after' } })
  assert.equal(inWords(await failureOf(stage.deliver())), 'retryable FG_WEBHOOK_UNAVAILABLE')
  minutes = 10
  await stage.deliver({}, { attempt: 2, uncertain: true })
  const headers = stage.receiver.standIn.requests.map((request) => request.headers)
  assert.deepEqual(
    headers.map((each) => each['webhook-id']),
    ['msg_sub_1-2e-lead', 'msg_sub_1-2e-lead'],
  )
  const [first = 0, second = 0] = headers.map((each) => Number(each['webhook-timestamp']))
  assert.equal(second - first, 600)
  assert.equal(stage.receiver.events.length, 1)
})

test('while the secret changes, a request is good for whoever has either', async () => {
  await using stage = await webhookStage()
  const [fresh, old, other] = [secretOf(7), secret, secretOf(9)]
  await stage.deliver({}, {}, { secrets: [fresh, old] })
  const [request] = stage.receiver.standIn.requests
  assert.ok(request)
  const good = [fresh, old, other].map((each) => isSigned(request, each, new Date()))
  assert.deepEqual(good, [true, true, false])
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
  for (const each of [fresh, old]) assert.ok(new Webhook(each).verify(request.bytes, headers))
  assert.throws(() => new Webhook(other).verify(request.bytes, headers))
})

test('what is signed are the very bytes that are sent, whatever a person typed', async () => {
  await using stage = await webhookStage()
  for (const name of ['São \u2028 \ud83d\ude00', '\ud800', '\\"\n\r\0', '</script>']) {
    await stage.deliver({ fields: { name } }, { idempotencyKey: `k-${name.length}-${name.codePointAt(0)}` })
  }
  assert.equal(stage.receiver.events.length, 4)
})

test('only 2xx is a success, and every other status says what is to be done', async () => {
  await using stage = await webhookStage({ now: () => new Date() })
  const table: readonly [status: number, headers: Record<string, string>, words: string][] = [
    [301, { location: 'http://169.254.169.254/' }, 'permanent destination FG_WEBHOOK_REDIRECT'],
    [304, {}, 'permanent destination FG_WEBHOOK_REDIRECT'],
    [400, {}, 'permanent record FG_WEBHOOK_REFUSED'],
    [401, {}, 'permanent destination FG_WEBHOOK_CREDENTIALS'],
    [403, {}, 'permanent destination FG_WEBHOOK_CREDENTIALS'],
    [404, {}, 'permanent destination FG_WEBHOOK_ADDRESS'],
    [408, {}, 'retryable FG_WEBHOOK_UNAVAILABLE'],
    [409, {}, 'permanent record FG_WEBHOOK_REFUSED'],
    [410, {}, 'permanent destination FG_WEBHOOK_GONE by hand'],
    [429, {}, 'rate-limited 10 FG_WEBHOOK_BUSY'],
    [429, { 'retry-after': '7' }, 'rate-limited 7 FG_WEBHOOK_BUSY'],
    [429, { 'retry-after': '0' }, 'rate-limited 10 FG_WEBHOOK_BUSY'],
    [429, { 'retry-after': '-1' }, 'rate-limited 10 FG_WEBHOOK_BUSY'],
    [429, { 'retry-after': '12, 12' }, 'rate-limited 10 FG_WEBHOOK_BUSY'],
    [429, { 'retry-after': '1000000000' }, 'rate-limited 86400 FG_WEBHOOK_BUSY'],
    [429, { 'retry-after': 'Sat, 21 Nov 2099 12:00:00 GMT' }, 'rate-limited 86400 FG_WEBHOOK_BUSY'],
    [500, { 'retry-after': '0' }, 'retryable FG_WEBHOOK_UNAVAILABLE'],
    [503, { 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' }, 'retryable FG_WEBHOOK_UNAVAILABLE'],
    [500, {}, 'retryable FG_WEBHOOK_UNAVAILABLE'],
    [503, { 'retry-after': '120' }, 'rate-limited 120 FG_WEBHOOK_BUSY'],
    [504, {}, 'retryable FG_WEBHOOK_UNAVAILABLE'],
  ]
  for (const [status, headers, words] of table) {
    const body = 'Ana said no'
    stage.receiver.standIn.misbehave({
      route: 'POST /hooks/*',
      times: 1,
      fault: { kind: 'status', status, headers, body },
    })
    const failure = await failureOf(stage.deliver())
    assert.equal(inWords(failure), words)
    assert.doesNotMatch(failure.message, /Ana|hooks|169\.254/)
  }
  assert.equal(stage.receiver.standIn.requests.length, table.length)
})

test('a record with files is refused before anything is sent', async () => {
  await using stage = await webhookStage()
  const files = [{ name: 'a.jpg', mediaType: 'image/jpeg', read: async () => new Uint8Array() }]
  assert.equal(inWords(await failureOf(stage.deliver({ files }))), 'permanent record FG_WEBHOOK_FILES')
  assert.deepEqual(stage.receiver.standIn.requests, [])
})

test('a mistake in the settings is told without the secret', async () => {
  await using stage = await webhookStage()
  const short = `whsec_${Buffer.alloc(16, 1).toString('base64')}`
  for (const bad of [
    short,
    'whsec_***',
    secret.replace('whsec_', ''),
    `whsec_${Buffer.alloc(65, 1).toString('base64')}`,
  ]) {
    const failure = await failureOf(stage.deliver({}, {}, { secrets: [secret, bad] }))
    assert.equal(inWords(failure), 'permanent destination FG_WEBHOOK_SETTINGS')
    assert.match(failure.message, /secret 2 of `secrets`/)
    assert.ok(!failure.message.includes(bad.slice(6)))
  }
  const own = await failureOf(stage.deliver({}, {}, { headers: { 'Webhook-Id': 'x' } }))
  assert.match(own.message, /Webhook-Id is the plugin's own/)
})

async function sent(message: Partial<Message>, config: Partial<WebhookMessageConfig> = {}) {
  await using stage = await webhookStage()
  const settings = { url: stage.receiver.url, secrets: [secret], ...config }
  const urls = (map: Readonly<Record<string, string>> = {}) =>
    Object.fromEntries(Object.entries(map).map(([name, path]) => [name, `${stage.receiver.standIn.url}/hooks/${path}`]))
  const whole = { ...settings, recipients: urls(config.recipients), owners: urls(config.owners) }
  const instance = await webhookMessage.configure(whole, pluginContext())
  const receipt = await instance.deliver(
    { title: 'New lead', facts: [], ...message },
    callOf({ idempotencyKey: 'sub_1!tell' }),
  )
  const [request] = stage.receiver.standIn.requests
  const { data } = Object(request?.body)
  return { receipt, path: request?.path, data }
}

test('a message is an event of plain text; a late one says so, beside a link to what is there already too, and the whole one names it', async () => {
  const link = { label: 'Open', url: 'https://crm.example/1' }
  const late = await sent({ late: true })
  assert.equal(late.receipt.id, 'msg_sub_1-21-tell')
  assert.deepEqual(late.data, {
    title: 'New lead',
    facts: [],
    late: true,
    note: 'The CRM has not confirmed the record yet; the link follows.',
  })
  const beside = await sent({ late: true, link })
  assert.deepEqual(
    [beside.data.link, beside.data.note],
    [link, 'The CRM has not confirmed every record yet; the rest follows.'],
  )
  const whole = await sent({ link, record: 'new', completes: late.receipt })
  assert.deepEqual(whole.data, {
    title: 'New lead',
    facts: [],
    link,
    record: 'new',
    completes: 'msg_sub_1-21-tell',
    note: 'This completes the earlier message.',
  })
})

test('a message goes where its recipient is written down, and never where nobody wrote anything', async () => {
  const book = { recipients: { vip: 'vip' }, owners: { 'Ana@acme.example': 'ana' } }
  const owner = (email: string) => ({ kind: 'owner', owner: { id: '1', email } }) as const
  assert.equal((await sent({}, book)).path, '/hooks/flowgate')
  assert.equal((await sent({ recipient: { kind: 'named', name: 'vip' } }, book)).path, '/hooks/vip')
  assert.equal((await sent({ recipient: owner('ana@ACME.example') }, book)).path, '/hooks/ana')
  assert.equal((await sent({ recipient: owner('bo@acme.example') }, book)).path, '/hooks/flowgate')
  assert.equal((await sent({ recipient: { ...owner('bo@acme.example'), otherwise: 'vip' } }, book)).path, '/hooks/vip')
  const unknown = await failureOf(sent({ recipient: { kind: 'named', name: 'https://evil.example' } }, book))
  assert.equal(inWords(unknown), 'permanent record FG_WEBHOOK_RECIPIENT_UNKNOWN')
  assert.match(unknown.message, /it knows: vip\./)
  const person = await failureOf(sent({ recipient: { kind: 'person', phone: '+5511999990000' } }, book))
  assert.equal(inWords(person), 'permanent record FG_WEBHOOK_RECIPIENT_PERSON')
})

test('of several receivers at one host the one that wants no more is named', async () => {
  await using stage = await webhookStage()
  const [vip, ana] = ['vip', 'ana'].map((name) => `${stage.receiver.standIn.url}/hooks/${name}`)
  const book = { recipients: { vip: vip ?? '' }, owners: { 'ana@acme.example': ana ?? '' } }
  const settings = { url: stage.receiver.url, secrets: [secret], ...book }
  const instance = await webhookMessage.configure(settings, pluginContext())
  stage.receiver.standIn.misbehave({ route: 'POST /hooks/*', fault: { kind: 'status', status: 410 } })
  const told = async (recipient?: Message['recipient']) => {
    const to = recipient === undefined ? {} : { recipient }
    return (await failureOf(instance.deliver({ title: 'New lead', facts: [], ...to }, callOf()))).message
  }
  const { host } = new URL(stage.receiver.url)
  const says = 'says that it wants no more events (410): ask whoever runs it.'
  assert.equal(await told(), `${host} ${says}`)
  assert.equal(await told({ kind: 'named', name: 'vip' }), `${host} (the recipient vip) ${says}`)
  const owner = { id: '1', email: 'ana@acme.example' }
  assert.equal(await told({ kind: 'owner', owner }), `${host} (an owner) ${says}`)
})
