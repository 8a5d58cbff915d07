import assert from 'node:assert/strict'
import { Agent } from 'node:http'
import { test } from 'node:test'
import { eventually } from '../support/eventually.ts'
import { startEdge } from './edge.ts'
import { open, seal, send } from './meta.ts'

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
  await eventually(() =>
    send(`${edge.url}/livez`, { method: 'GET' }).then(
      () => false,
      () => true,
    ),
  )
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
  await using edge = await startEdge({
    endpoint: {
      answerExchange: async () => {
        begun += 1
        await promise
        return { status: 200, plaintext: {}, sealed: true }
      },
    },
    ready: new Map([['database', () => promise.then(() => true)]]),
  })
  const exchange = send(edge.flowUrl, { body: seal({ action: 'INIT' }).body })
  const health = send(`${edge.url}/health`, { method: 'GET' })
  await eventually(() => begun === 1)
  const stopped = edge.stop()
  resolve()
  const answer = await health
  assert.equal(answer.status, 503)
  assert.equal(JSON.parse(answer.body).status, 'stopping')
  assert.equal((await exchange).status, 200)
  await stopped
})

test('An exchange that never ends holds the stop no longer than its limit', async () => {
  let begun = 0
  await using edge = await startEdge({
    endpoint: {
      answerExchange: () => {
        begun += 1
        return new Promise(() => {})
      },
    },
  })
  const cut = assert.rejects(send(edge.flowUrl, { body: seal({ action: 'INIT' }).body }))
  await eventually(() => begun === 1)
  const before = performance.now()
  await edge.stop(200)
  assert.ok(performance.now() - before < 5_000)
  await cut
})

test('Stopping twice is stopping once', async () => {
  await using edge = await startEdge()
  await Promise.all([edge.stop(), edge.stop()])
  await assert.rejects(send(edge.flowUrl, { body: '{}' }))
})
