import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import { connect } from 'node:net'
import { test } from 'node:test'
import { eventually } from '../support/eventually.ts'
import { startEdge } from './edge.ts'
import { open, seal, send, sign } from './meta.ts'

/** Whether a server takes no new connections any more. */
function refused(url: string): Promise<boolean> {
  return send(`${url}/livez`, { method: 'GET' }).then(
    () => false,
    () => true,
  )
}

test('Exchanges begun before the stop are answered, then nothing more is taken', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  let begun = 0
  await using edge = await startEdge({
    endpoint: {
      answerExchange: async () => {
        begun += 1
        await promise
        return { status: 200, plaintext: { screen: 'DONE' }, sealed: true }
      },
    },
  })
  const agent = new Agent({ keepAlive: true })
  const idle = await send(edge.flowUrl, { body: seal({ action: 'ping' }).body, agent })
  assert.equal(idle.headers.connection, 'keep-alive')
  const requests = Array.from({ length: 5 }, () => seal({ action: 'INIT' }))
  const answers = Promise.all(requests.map(({ body }) => send(edge.flowUrl, { body, agent })))
  await eventually(() => begun === 5)
  const stopped = edge.stop()
  await eventually(() => refused(edge.url))
  resolve()
  for (const [index, answer] of (await answers).entries()) {
    assert.equal(answer.status, 200)
    assert.equal(answer.headers.connection, 'close')
    assert.deepEqual(open(answer.body, requests[index] ?? assert.fail()), { screen: 'DONE' })
  }
  await stopped
  agent.destroy()
})

test('While a server stops it is not ready, and still answers whoever is connected', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  let begun = 0
  const askedIfReady = async () => {
    begun += 1
    await promise
    return true
  }
  await using edge = await startEdge({
    endpoint: {
      answerExchange: async () => {
        begun += 1
        await promise
        return { status: 200, plaintext: {}, sealed: true }
      },
    },
    ready: new Map([['database', askedIfReady]]),
  })
  const exchange = send(edge.flowUrl, { body: seal({ action: 'INIT' }).body })
  const health = send(`${edge.url}/health`, { method: 'GET' })
  await eventually(() => begun === 2)
  const stopped = edge.stop()
  resolve()
  const answer = await health
  assert.equal(answer.status, 503)
  assert.equal(JSON.parse(answer.body).status, 'stopping')
  assert.equal((await exchange).status, 200)
  await stopped
})

test('A request that was on its way when the stop began is answered', async () => {
  await using edge = await startEdge()
  const { body } = seal({ action: 'INIT' })
  const socket = connect(Number(new URL(edge.url).port), '127.0.0.1')
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => chunks.push(chunk))
  socket.write('POST /flows/lead HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n')
  await send(`${edge.url}/livez`, { method: 'GET' })
  const stopped = edge.stop()
  await eventually(() => refused(edge.url))
  socket.write(`content-length: ${body.length}\r\nx-hub-signature-256: ${sign(body)}\r\n\r\n${body}`)
  await once(socket, 'close')
  await stopped
  assert.match(Buffer.concat(chunks).toString('utf8'), /^HTTP\/1\.1 200 /)
})

test('Connections nobody ever used do not hold the stop', async () => {
  await using edge = await startEdge()
  const unused = connect(Number(new URL(edge.url).port), '127.0.0.1')
  await once(unused, 'connect')
  const closed = once(unused, 'close')
  // Longer than this test may take.
  await edge.stop(600_000)
  await closed
})

test('An answer still being read when the stop began arrives whole, then its connection is closed', async () => {
  const plaintext = { screen: 'A', data: { image: 'x'.repeat(12_000_000) } }
  await using edge = await startEdge({
    endpoint: { answerExchange: async () => ({ status: 200, plaintext, sealed: true }) },
  })
  const agent = new Agent({ keepAlive: true })
  const { body } = seal({ action: 'INIT' })
  const headers = { 'content-type': 'application/json', 'x-hub-signature-256': sign(body) }
  const outgoing = request(edge.flowUrl, { method: 'POST', agent, headers }).end(body)
  const [incoming]: [IncomingMessage] = (await once(outgoing, 'response')) as [IncomingMessage]
  assert.equal(incoming.headers.connection, 'keep-alive')
  const stopped = edge.stop(600_000)
  let bytes = 0
  for await (const chunk of incoming) bytes += chunk.length
  await stopped
  assert.equal(bytes, Number(incoming.headers['content-length']))
  agent.destroy()
})

test('An exchange that never ends holds the stop no longer than its limit', async () => {
  let begun = 0
  const answerExchange = () => {
    begun += 1
    return new Promise<never>(() => {})
  }
  await using edge = await startEdge({ endpoint: { answerExchange } })
  await using patient = await startEdge({ endpoint: { answerExchange } })
  const cut = [edge, patient].map(({ flowUrl }) =>
    assert.rejects(send(flowUrl, { body: seal({ action: 'INIT' }).body })),
  )
  await eventually(() => begun === 2)
  let waits = true
  const stopped = patient.stop(10_000).finally(() => {
    waits = false
  })
  await edge.stop(200)
  assert.ok(waits, 'the limits of others are none of its own')
  await patient[Symbol.asyncDispose]()
  await Promise.all([stopped, ...cut])
})

test('Stopping twice is stopping once', async () => {
  await using edge = await startEdge()
  await Promise.all([edge.stop(), edge.stop()])
  await assert.rejects(send(edge.flowUrl, { body: '{}' }))
})
