import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type GraphStandIn, startGraph } from './whatsapp-graph.ts'

function message(texts: readonly string[], different: Readonly<Record<string, unknown>> = {}) {
  const parameters = texts.map((text) => ({ type: 'text', text }))
  return {
    messaging_product: 'whatsapp',
    recipient_type: 'individual',
    to: '+34600000001',
    type: 'template',
    template: { name: 'new_lead', language: { code: 'en_US' }, components: [{ type: 'body', parameters }] },
    ...different,
  }
}

async function send(graph: GraphStandIn, body: unknown, token = graph.token, number = graph.phoneNumberId) {
  const response = await fetch(`${graph.standIn.url}/v26.0/${number}/messages`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const answer = (await response.json()) as { error?: { code: number }; messages?: { id: string }[] }
  return answer.error ? `${response.status} ${answer.error.code}` : (answer.messages?.[0]?.id ?? '')
}

const four = ['a', 'b', 'c', 'd']

test('a message is refused for what Meta refuses', async () => {
  await using graph = await startGraph()
  graph.refused.set('+34600000009', 131026)
  const table: readonly [expected: string, body: unknown][] = [
    ['400 100', message(four, { messaging_product: 'sms' })],
    ['400 131008', message(four, { to: undefined })],
    ['400 131009', message(four, { to: '0600' })],
    ['400 131009', message(four, { to: undefined, recipient: 'nobody' })],
    ['400 131047', message(four, { type: 'text' })],
    ['400 131026', message(four, { to: '+34600000009' })],
    ['404 132001', message(four, { template: { name: 'other', language: { code: 'en_US' } } })],
    ['404 132001', message(four, { template: { name: 'new_lead', language: { code: 'es' } } })],
    ['400 132000', message(['a'])],
    ['400 131008', message(['a', 'b', 'c', ''])],
    ['400 132018', message(['a', 'b', 'c', 'two\nlines'])],
    ['400 132018', message(['a', 'b', 'c', 'five     spaces'])],
    ['400 132005', message(['a', 'b', 'c', 'x'.repeat(1_100)])],
  ]
  for (const [expected, body] of table) assert.equal(await send(graph, body), expected)
  assert.equal(await send(graph, message(four), 'wrong'), '401 190')
  assert.equal(await send(graph, message(four), graph.token, '2000000000'), '400 100')
  assert.equal(graph.messages.length, 0)
})

test('a template that waits, was paused or was switched off is not sent', async () => {
  await using graph = await startGraph()
  const [template] = graph.templates
  assert.ok(template)
  const states = { PENDING: '404 132001', PAUSED: '400 132015', DISABLED: '400 132016' } as const
  for (const [status, expected] of Object.entries(states)) {
    Object.assign(template, { status })
    assert.equal(await send(graph, message(four)), expected)
  }
})

test('messages are kept, filled in, counted against the throughput, and reported on later', async () => {
  await using graph = await startGraph()
  graph.throughput = 2
  const first = await send(graph, message(four, { biz_opaque_callback_data: 'key-1' }))
  await send(graph, message(four, { to: undefined, recipient: 'ES.1A2B3C' }))
  assert.equal(await send(graph, message(four)), '429 130429')
  assert.deepEqual(
    graph.messages.map(({ to, text, status }) => [to, text, status]),
    [
      ['+34600000001', 'New lead: a\nb\nc\nd\nPlease call.', 'accepted'],
      ['ES.1A2B3C', 'New lead: a\nb\nc\nd\nPlease call.', 'accepted'],
    ],
  )
  const report = graph.report(first, 'delivered')
  assert.deepEqual([report['status'], report['biz_opaque_callback_data']], ['delivered', 'key-1'])
  assert.equal(graph.messages[0]?.status, 'delivered')
})
