import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import type { JsonObject } from '../../src/plugin/json.ts'
import type { AnswerExchange } from '../../src/receive/ports.ts'
import { startEdge } from './edge.ts'
import { open, seal, send, sign } from './meta.ts'
import { appSecret, vectorNamed, vectors } from './vectors.ts'

/** A flow that says exactly what a vector expects. */
function saying(status: 200 | 427, plaintext: string): AnswerExchange {
  return async () => ({ status, plaintext: JSON.parse(plaintext), sealed: true })
}

for (const { name, http_request, expected } of vectors) {
  test(`Vector ${name} is answered over HTTP with ${expected.http_status} and its exact bytes`, async () => {
    const status = expected.http_status === 427 ? 427 : 200
    const answerExchange = saying(status, expected.response_plaintext ?? '{}')
    await using edge = await startEdge({ endpoint: { answerExchange } })
    const headers = { 'x-hub-signature-256': http_request.x_hub_signature_256 }
    const answer = await send(edge.flowUrl, { body: http_request.body, headers })
    assert.equal(answer.status, expected.http_status)
    assert.equal(answer.body, expected.response_body_base64 ?? '')
    if (answer.body !== '') assert.equal(answer.headers['content-type'], 'text/plain')
  })
}

test('The flow is asked with the opened payload, the request id and the time of arrival', async () => {
  await using edge = await startEdge()
  const payload = { version: '9', action: 'data_exchange', screen: 'A', data: { x: 1 }, flow_token: 't' }
  const sealed = seal(payload)
  const answer = await send(edge.flowUrl, { body: sealed.body })
  assert.deepEqual(open(answer.body, sealed), { screen: 'NEXT', data: { limited: false } })
  const [asked] = edge.asked
  assert.deepEqual(asked?.payload, payload)
  assert.equal(asked?.flow, 'lead')
  assert.deepEqual(asked?.receivedAt, edge.clock.now())
  assert.match(asked?.requestId ?? '', /^req_/)
  assert.equal(answer.headers['x-request-id'], asked?.requestId)
})

test('How long a person waited is in the log and in the metrics', async () => {
  await using edge = await startEdge()
  const started = performance.now()
  await send(edge.flowUrl, { body: seal({ action: 'INIT', flow_token: 'token-1' }).body })
  const atMost = (performance.now() - started) / 1000
  const line = edge.lines.find(({ event }) => event === 'exchange.answered')
  const figures = await edge.metrics.registry.metrics()
  const sum = /flowgate_exchange_seconds_sum\{flow="lead"\} (\S+)/u.exec(figures)?.[1]
  for (const seconds of [Number(line?.['seconds']), Number(sum)])
    assert.ok(seconds > 0 && seconds < atMost, `${seconds} s`)
})

test('A ping is answered without asking the flow', async () => {
  await using edge = await startEdge()
  const { http_request, expected } = vectorNamed('01-ping')
  const answer = await send(edge.flowUrl, { body: http_request.body })
  assert.equal(answer.body, expected.response_body_base64)
  assert.equal(edge.asked.length, 0)
})

test('An error notification is acknowledged, logged and told, whatever its action, and never reaches the flow', async () => {
  await using edge = await startEdge()
  const cases: readonly [JsonObject, string][] = [
    [{ error: 'invalid-screen-transition', error_message: 'quotes Ana' }, 'invalid-screen-transition'],
    [{ error_key: 'PAYLOAD_SCHEMA_ERROR' }, 'payload-schema-error'],
    [{ error: 'public-key-signiture-verification', error_key: 'other' }, 'public-key-signature-verification'],
    [{ error: 'TIMEOUT' }, 'timeout-error'],
    [{ error: 'Something_New' }, 'something-new'],
  ]
  for (const [data] of cases) {
    const sealed = seal({ version: '3.0', action: 'navigate', screen: 'DETAILS', flow_token: 't', data })
    const answer = await send(edge.flowUrl, { body: sealed.body })
    assert.equal(answer.status, 200)
    assert.deepEqual(open(answer.body, sealed), { data: { acknowledged: true } })
  }
  const told = edge.events.flatMap((event) => (event.kind === 'error-notified' ? [event.notification] : []))
  assert.deepEqual(
    told,
    cases.map(([, key]) => ({ key, screen: 'DETAILS' })),
  )
  assert.equal(edge.lines.filter(({ event }) => event === 'error.notified').length, cases.length)
  assert.doesNotMatch(JSON.stringify(edge.lines), /Ana/)
  assert.equal(edge.asked.length, 0)
})

test("A form field that happens to be called error is a person's answer, not a notification", async () => {
  await using edge = await startEdge()
  for (const data of [{ error: 'my printer is broken' }, { error: 7 }, { error: '' }, []]) {
    await send(edge.flowUrl, { body: seal({ action: 'data_exchange', screen: 'A', data, flow_token: 't' }).body })
  }
  assert.equal(edge.asked.length, 4)
})

test('A missing, short or wrong signature is 432 with an empty body, and nothing is opened', async () => {
  await using edge = await startEdge()
  const { body } = seal({ action: 'INIT', flow_token: 't' })
  const good = sign(body)
  for (const header of [
    undefined,
    '',
    'sha256=',
    'sha256=0',
    good.slice(0, 20),
    sign(body, 'other'),
    sign(`${body} `),
  ]) {
    const answer = await send(edge.flowUrl, { body, headers: { 'x-hub-signature-256': header } })
    assert.equal(answer.status, 432, String(header))
    assert.equal(answer.body, '')
  }
  assert.equal((await send(edge.flowUrl, { body })).status, 200)
  assert.equal(edge.asked.length, 1)
  assert.equal(edge.events.filter(({ kind }) => kind === 'signature-refused').length, 7)
})

test('A request without a body is unsigned or cannot be opened, never a crash', async () => {
  await using edge = await startEdge()
  const bare = { 'content-type': undefined, 'x-hub-signature-256': undefined }
  assert.equal((await send(edge.flowUrl, { headers: bare })).status, 432)
  assert.equal((await send(edge.flowUrl, { headers: { 'content-type': undefined } })).status, 421)
  assert.equal((await send(edge.flowUrl, {})).status, 421)
})

test('What cannot be opened is 421 with an empty body, counted and told with its reason', async () => {
  await using edge = await startEdge()
  const answer = await send(edge.flowUrl, { body: vectorNamed('06-tampered').http_request.body })
  assert.equal(answer.status, 421)
  assert.equal(answer.body, '')
  assert.deepEqual(
    edge.events.map((event) => (event.kind === 'envelope-refused' ? event.reason : event.kind)),
    ['tag_mismatch'],
  )
  assert.match(await edge.metrics.registry.metrics(), /flowgate_decrypt_failures_total\{reason="tag_mismatch"\} 1/)
})

test('A flow nobody configured is 404 for a signed request and 432 for any other', async () => {
  await using edge = await startEdge()
  const { body } = seal({ action: 'ping' })
  for (const name of ['nobody', '__proto__', 'constructor', 'lead%2Fx', '%00', 'a'.repeat(150)]) {
    const url = `${edge.url}/flows/${name}`
    const answer = await send(url, { body })
    assert.equal(answer.status, 404, name)
    assert.equal(answer.body, '')
    assert.equal((await send(url, { body, headers: { 'x-hub-signature-256': 'sha256=0' } })).status, 432)
  }
  assert.equal(edge.events.filter(({ kind }) => kind === 'flow-unknown').length, 6)
})

test('A token signature that does not fit is 427, sealed or plain as the flow says', async () => {
  await using edge = await startEdge()
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const content = `${part({ alg: 'HS256' })}.${part({ flow_token: 'mine' })}`
  const signature = `${content}.${createHmac('sha256', appSecret).update(content).digest('base64url')}`
  const request = (flow_token: string) =>
    seal({ version: '4.0', action: 'INIT', flow_token, flow_token_signature: signature })

  const mine = request('mine')
  assert.equal((await send(edge.flowUrl, { body: mine.body })).status, 200)

  const stolen = request('stolen')
  const sealed = await send(edge.flowUrl, { body: stolen.body })
  assert.equal(sealed.status, 427)
  assert.deepEqual(open(sealed.body, stolen), { error_msg: 'This form is no longer available.' })

  const plain = await send(`${edge.url}/flows/plain`, { body: stolen.body })
  assert.equal(plain.status, 427)
  assert.match(plain.headers['content-type'] ?? '', /^application\/json/)
  assert.deepEqual(JSON.parse(plain.body), { error_msg: 'This form is no longer available.' })
  assert.equal(edge.asked.length, 1)
})

test('Only a 427 may leave unsealed', async () => {
  const answerExchange: AnswerExchange = async () => ({ status: 200, plaintext: { screen: 'X' }, sealed: false })
  await using edge = await startEdge({ endpoint: { answerExchange } })
  const sealed = seal({ action: 'INIT' })
  const answer = await send(edge.flowUrl, { body: sealed.body })
  assert.deepEqual(open(answer.body, sealed), { screen: 'X' })
})

test('A flow that breaks is an empty 500 with a line that leads to it, and the next exchange works', async () => {
  let broken = true
  const answerExchange: AnswerExchange = async () => {
    if (broken) throw new Error('out of order')
    return { status: 200, plaintext: {}, sealed: true }
  }
  await using edge = await startEdge({ endpoint: { answerExchange } })
  const { body } = seal({ action: 'INIT', flow_token: 't' })
  const answer = await send(edge.flowUrl, { body })
  assert.equal(answer.status, 500)
  assert.equal(answer.body, '')
  const line = edge.lines.find(({ event }) => event === 'exchange.failed')
  assert.equal(line?.['requestId'], answer.headers['x-request-id'])
  broken = false
  assert.equal((await send(edge.flowUrl, { body })).status, 200)
})

test('A listener that throws changes no answer', async () => {
  const onEvent = () => {
    throw new Error('listener')
  }
  await using edge = await startEdge({ endpoint: { onEvent } })
  assert.equal((await send(edge.flowUrl, { body: '{}' })).status, 421)
  assert.equal(edge.lines.filter(({ event }) => event === 'edge_event.failed').length, 1)
})

test('Neither tokens nor answers of people get into the log or the metrics', async () => {
  await using edge = await startEdge()
  const payload = { action: 'SECRET-ACTION', screen: 'A', data: { name: 'Ana Souza' }, flow_token: 'token-of-ana' }
  await send(edge.flowUrl, { body: seal(payload).body })
  const shown = JSON.stringify(edge.lines) + (await edge.metrics.registry.metrics())
  assert.match(shown, /exchange\.answered/)
  assert.match(shown, /action="other"/)
  assert.doesNotMatch(shown, /Ana|token-of|SECRET-ACTION/)
})
