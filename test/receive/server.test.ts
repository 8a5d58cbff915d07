import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEdge } from './edge.ts'
import { seal, send, sendRaw } from './meta.ts'

const MEBIBYTE = 1024 * 1024

test('A body of 1 MiB is read and one byte more is 413, each as an answer the sender can read', async () => {
  await using edge = await startEdge()
  assert.equal((await send(edge.flowUrl, { body: Buffer.alloc(MEBIBYTE, 'x') })).status, 421)
  const over = await send(edge.flowUrl, { body: Buffer.alloc(MEBIBYTE + 1, 'x') })
  assert.equal(over.status, 413)
  assert.equal(over.body, '')
  assert.equal((await send(edge.flowUrl, { body: Buffer.alloc(6 * MEBIBYTE, 'x') })).status, 413)
})

test('The rest of a body that is too large is read and thrown away, so that its sender lives to read the answer', async () => {
  await using edge = await startEdge()
  const over = await send(edge.flowUrl, {
    body: Buffer.alloc(6 * MEBIBYTE, 'x'),
    headers: { connection: 'keep-alive' },
  })
  assert.equal(over.status, 413)
  assert.notEqual(over.headers.connection, 'close')
  const head =
    'POST /flows/lead HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100000000\r\n\r\n'
  const answer = await sendRaw(edge.url, head)
  assert.match(answer, /^HTTP\/1\.1 413 /)
  assert.match(answer, /\r\nconnection: close\r\n/i)
})

test('A body without a length is cut at the same limit', async () => {
  await using edge = await startEdge()
  const chunk = `${MEBIBYTE.toString(16)}\r\n${'x'.repeat(MEBIBYTE)}\r\n1\r\nx\r\n0\r\n\r\n`
  const head =
    'POST /flows/lead HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n'
  assert.match(await sendRaw(edge.url, head + chunk), /^HTTP\/1\.1 413 /)
})

test('Only JSON is taken, with or without parameters', async () => {
  await using edge = await startEdge()
  const { body } = seal({ action: 'ping' })
  const status = async (type: string) => (await send(edge.flowUrl, { body, headers: { 'content-type': type } })).status
  for (const type of ['application/json', 'application/json; charset=utf-8', 'Application/JSON']) {
    assert.equal(await status(type), 200, type)
  }
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', 'json', ';', '*/*']) {
    assert.equal(await status(type), 415, type)
  }
})

test('Unknown paths, methods and impossible addresses are a small 404', async () => {
  await using edge = await startEdge()
  const { body } = seal({ action: 'ping' })
  for (const path of [
    '/',
    '/flows',
    '/flows/',
    '/flows/lead/',
    '/flows/lead/x',
    '/.env',
    '/flows/%zz',
    `/flows/${'a'.repeat(500)}`,
  ]) {
    const answer = await send(edge.url + path, { body })
    assert.equal(answer.status, 404, path)
    assert.ok(answer.body.length < 50)
  }
  assert.equal((await send(edge.flowUrl, { method: 'GET', headers: { 'content-type': undefined } })).status, 404)
  assert.equal((await send(edge.flowUrl, { method: 'PUT', body })).status, 404)
})

test('Every answer says that it must not be guessed at or kept, and nothing says what serves it', async () => {
  await using edge = await startEdge()
  for (const path of ['/flows/lead', '/livez', '/nothing']) {
    const { headers } = await send(edge.url + path, { body: seal({ action: 'ping' }).body })
    assert.equal(headers['x-content-type-options'], 'nosniff')
    assert.equal(headers['cache-control'], 'no-store')
    assert.match(String(headers['x-request-id']), /^req_/)
    assert.equal(headers['server'] ?? headers['x-powered-by'], undefined)
  }
})

test('A body that trickles in is cut off with 408', async () => {
  await using edge = await startEdge({ timeouts: { requestMs: 1_500, lookForSlowEveryMs: 50 } })
  const head =
    'POST /flows/lead HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"a'
  const before = performance.now()
  const answers = await Promise.all([sendRaw(edge.url, head), sendRaw(edge.url, 'POST /flows/lead HTTP/1.1\r\nhost:')])
  for (const answer of answers) assert.match(answer, /^HTTP\/1\.1 408 /)
  // Node alone looks for slow requests every 30 s, and not before.
  assert.ok(performance.now() - before < 29_000)
  assert.equal((await send(edge.flowUrl, { body: seal({ action: 'ping' }).body })).status, 200)
})

test('What is not HTTP gets a 400 and hurts nobody else', async () => {
  await using edge = await startEdge()
  assert.match(await sendRaw(edge.url, 'hello\r\n\r\n'), /^HTTP\/1\.1 400 /)
  assert.match(
    await sendRaw(edge.url, `GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(40_000)}\r\n\r\n`),
    /^HTTP\/1\.1 431 /,
  )
  assert.equal((await send(edge.flowUrl, { body: seal({ action: 'ping' }).body })).status, 200)
})

test('A worker serves health and metrics and no flow', async () => {
  await using edge = await startEdge({ worker: true })
  assert.equal((await send(edge.flowUrl, { body: '{}' })).status, 404)
  assert.equal((await send(`${edge.url}/api/v1/tokens`, { body: '{}' })).status, 404)
  assert.equal((await send(`${edge.url}/readyz`, { method: 'GET' })).status, 200)
})
