import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FailureError } from 'flowgate/plugin'
import whatsapp from '../../../plugins/whatsapp/index.ts'
import { messagesRoute } from '../../stand-ins/whatsapp-graph.ts'
import { liveFormatting } from '../../stand-ins/whatsapp-shown.ts'
import { settingsFor, whatsappDestination } from './destination.ts'

const link = { label: 'Open', url: 'https://crm.example/contacts/17' }

test('an alert is accepted once, and its receipt names what later statuses name', async () => {
  await using destination = await whatsappDestination()
  const { graph, deliver } = destination
  const receipt = await deliver({}, { title: 'Ana', facts: [{ label: 'Size', value: '120' }], link, record: 'new' })
  const [message] = graph.messages
  assert.deepEqual(receipt, { outcome: 'sent', id: message?.id })
  assert.deepEqual([message?.to, message?.template, message?.callbackData], ['+34600000001', 'new_lead', 'delivery-1'])
  assert.equal(message?.text, `New lead: Ana\nSize: 120\n${link.url}\nNew record\nPlease call.`)
  assert.deepEqual(graph.report(receipt.id, 'failed', 131026), {
    id: receipt.id,
    status: 'failed',
    recipient_id: '+34600000001',
    biz_opaque_callback_data: 'delivery-1',
    errors: [{ code: 131026, title: 'Message undeliverable' }],
  })
})

test('whatever a person types arrives as plain text on one line', async () => {
  await using destination = await whatsappDestination()
  const { graph, deliver } = destination
  const typed = '<!channel> <@U1> [x](http://evil) <b>b</b> *b* _i_ & a\n\tnew      line'
  await deliver({}, { title: typed, facts: [{ label: typed, value: typed }] })
  const text = graph.messages[0]?.text ?? ''
  assert.deepEqual(liveFormatting(text), [])
  const read = '<!channel> <@U1> [x](http://evil) <b>b</b> ∗b* ˍi_ & a new line'
  assert.ok(text.startsWith(`New lead: ${read}\n${read}: ${read}\n`), text)
})

test('the button of a template leads to the record', async () => {
  await using destination = await whatsappDestination({
    template: {
      name: 'with_button',
      language: 'es',
      parameters: ['title'],
      button: { base: 'https://crm.example/', otherwise: 'home' },
    },
  })
  const { graph, deliver } = destination
  graph.templates.push({
    name: 'with_button',
    language: 'es',
    status: 'APPROVED',
    variables: 1,
    urlButton: true,
    body: 'Nuevo: {{1}}',
  })
  await deliver({}, { link })
  await deliver({ idempotencyKey: 'late-1' }, { late: true })
  assert.deepEqual(
    graph.messages.map(({ buttonSuffix }) => buttonSuffix),
    ['contacts/17', 'home'],
  )
})

test('recipients are found by name, owner, the owner’s stand-in, person and by default, by number or user id', async () => {
  await using destination = await whatsappDestination()
  const { graph, deliver } = destination
  const table = [
    [undefined, '+34600000001'],
    [{ kind: 'named', name: 'vip' }, '+34600000002'],
    [{ kind: 'named', name: 'night' }, 'ES.1A2B3C'],
    [{ kind: 'owner', owner: { id: '7', email: 'ana@ACME.example' } }, '+34600000003'],
    [{ kind: 'owner', owner: { id: '8', email: 'bo@acme.example' }, otherwise: 'vip' }, '+34600000002'],
    [{ kind: 'owner', owner: { id: '9' } }, '+34600000001'],
    [{ kind: 'person', phone: '+5511999990000' }, '+5511999990000'],
    [{ kind: 'person', phone: '5511999990000' }, '+5511999990000'],
    [{ kind: 'person', phone: 'BR.ENT.9Zz' }, 'BR.ENT.9Zz'],
  ] as const
  for (const [index, [recipient, to]] of table.entries()) {
    await deliver({ idempotencyKey: `key-${index}` }, recipient === undefined ? {} : { recipient })
    assert.equal(graph.messages[index]?.to, to)
  }
})

test('a recipient without a number fails the message', async () => {
  await using destination = await whatsappDestination()
  const { graph, deliver } = destination
  const table = [
    ['FG_WHATSAPP_RECIPIENT_UNKNOWN', { kind: 'named', name: 'toString' }, /there are: vip, night\)/],
    ['FG_WHATSAPP_RECIPIENT_UNKNOWN', { kind: 'owner', owner: { id: '8' }, otherwise: 'nobody' }, /there are/],
    ['FG_WHATSAPP_NO_NUMBER', { kind: 'person', email: 'lia@home.example' }, /No WhatsApp number/],
    ['FG_WHATSAPP_NO_NUMBER', { kind: 'person', phone: '0600' }, /No WhatsApp number/],
  ] as const
  for (const [code, recipient, says] of table) {
    const failure = await failureOf(deliver({}, { recipient }))
    assert.ok(failure.kind === 'permanent' && failure.scope === 'record')
    assert.equal(failure.code, code)
    assert.match(failure.message, says)
  }
  assert.equal(graph.standIn.requests.length, 0)
})

test('an uncertain call sends nothing, until the operator sends again, visibly marked', async () => {
  await using destination = await whatsappDestination()
  const { graph, deliver } = destination
  await deliver({})
  const failure = await failureOf(deliver({ attempt: 2, uncertain: true }))
  assert.deepEqual([failure.kind, failure.code], ['unknown', 'FG_WHATSAPP_POSSIBLY_SENT'])
  await deliver({ attempt: 3, uncertain: true, resend: true })
  const marked = graph.messages.map(({ text }) => text.includes('possibly sent twice'))
  assert.deepEqual(marked, [false, true])
})

test('what was sent again and got no clear answer waits for a person', async () => {
  await using destination = await whatsappDestination()
  const { standIn } = destination.graph
  standIn.misbehave({ route: messagesRoute, fault: { kind: 'lose-after' } })
  const lost = await failureOf(destination.deliver({ attempt: 3, uncertain: true, resend: true }))
  assert.deepEqual([lost.kind, lost.code], ['unknown', 'FG_WHATSAPP_POSSIBLY_SENT'])
  standIn.behave()
  standIn.misbehave({ route: messagesRoute, fault: { kind: 'status', status: 503 } })
  const turnedAway = await failureOf(destination.deliver({ attempt: 3, uncertain: true, resend: true }))
  assert.equal(turnedAway.kind, 'retryable', 'nothing was made of it, so it may be sent')
})

test('a late message and the one that completes it arrive one after the other', async () => {
  await using destination = await whatsappDestination()
  const { graph, deliver } = destination
  const late = await deliver({ idempotencyKey: 'late-1' }, { late: true })
  await deliver({}, { link, completes: late })
  const [first, second] = graph.messages.map(({ text }) => text)
  assert.match(first ?? '', /the link follows/)
  assert.doesNotMatch(first ?? '', /crm\.example/)
  assert.match(second ?? '', /https:\/\/crm\.example\/contacts\/17\nThis completes the message sent before/)
})

test('the pace of the number and of each recipient is asked for', async () => {
  const classes: string[] = []
  const spend = async (endpointClass: string) => void classes.push(endpointClass)
  await using destination = await whatsappDestination(
    { recipients: { vip: '+34600000001', night: 'ES.1A2B3C' } },
    { spend },
  )
  await destination.deliver({})
  await destination.deliver({ idempotencyKey: 'b' }, { recipient: { kind: 'named', name: 'night' } })
  await destination.deliver({ idempotencyKey: 'c' }, { recipient: { kind: 'person', phone: '+5511999990000' } })
  assert.deepEqual(classes, ['recipient 1', 'all', 'recipient 2', 'all', 'all'])
  assert.deepEqual(whatsapp.budgets?.(settingsFor(destination.graph)), {
    account: '1000000000',
    limits: {
      all: { requests: 80, perSeconds: 1 },
      'recipient 1': { requests: 45, perSeconds: 270 },
      'recipient 2': { requests: 45, perSeconds: 270 },
      'recipient 3': { requests: 45, perSeconds: 270 },
      'recipient 4': { requests: 45, perSeconds: 270 },
    },
  })
})

async function failureOf(delivering: Promise<unknown>) {
  const error = await delivering.then(
    () => assert.fail('The delivery was confirmed.'),
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof FailureError, String(error))
  return error.failure
}
