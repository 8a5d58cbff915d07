import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { FailureError } from 'flowgate/plugin'
import { fetchAllowing, listen, portOf, resolving, vendor } from './guarded-fetch-stage.ts'

test('a redirect is answered as it is and leads nowhere, whatever was asked for', async () => {
  await using standIn = await vendor()
  const reply = await fetchAllowing(['127.0.0.1'])(`${standIn.url}/away`, { redirect: 'follow' })
  assert.deepEqual([reply.status, reply.headers.get('location')], [302, '/slots'])
  assert.deepEqual(
    standIn.requests.map(({ path }) => path),
    ['/away'],
  )
})

test('connections are kept for the next question', async () => {
  const sockets = new Set<unknown>()
  const serve: RequestListener = (request, response) => {
    sockets.add(request.socket)
    response.end('{}')
  }
  await using server = await listen(createServer(serve), '127.0.0.1')
  const names = resolving(['127.0.0.1'])
  const ask = fetchAllowing(['127.0.0.1'], names)
  for (let index = 0; index < 20; index += 1) await ask(`http://calendar.example:${portOf(server)}/${index}`)
  // A second is opened where the first has not yet seen the end of its reply.
  assert.ok(sockets.size <= 2, `${sockets.size} connections`)
  assert.equal(names.asked.length, sockets.size)
  server.closeAllConnections()
})

test('an abort closes the socket, before a reply and in the middle of one', async () => {
  await using standIn = await vendor()
  standIn.misbehave({ route: 'GET /slots', fault: { kind: 'hang' } })
  const controller = new AbortController()
  const asking = fetchAllowing(['127.0.0.1'])(`${standIn.url}/slots`, { signal: controller.signal })
  await standIn.until(() => standIn.requests.length === 1)
  controller.abort(new Error('too late'))
  await assert.rejects(asking, /too late/)
  await standIn.until(() => standIn.requests[0]?.aborted === true)

  const closed = Promise.withResolvers<void>()
  const begun = Promise.withResolvers<void>()
  const serve: RequestListener = (request, response) => {
    request.socket.on('close', () => closed.resolve())
    response.write('{"slots":')
    begun.resolve()
  }
  await using server = await listen(createServer(serve), '127.0.0.1')
  const second = new AbortController()
  const reading = fetchAllowing(['127.0.0.1'])(`http://127.0.0.1:${portOf(server)}/`, { signal: second.signal })
  await begun.promise
  second.abort(new Error('too late'))
  await assert.rejects(reading, /too late/)
  await closed.promise
})

test('a reply that is too long is refused and its socket closed, packed ones by what they unpack to', async () => {
  const closed = Promise.withResolvers<void>()
  const serve: RequestListener = (request, response) => {
    if (request.url === '/packed') {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(4_000_000)))
    } else {
      request.socket.on('close', () => closed.resolve())
      // Far more than is taken, yet a limit that fails is seen to fail.
      let left = 100
      const more = () => {
        while (left > 0 && response.write('x'.repeat(65_536))) left -= 1
        left -= 1
        if (left <= 0) response.end()
      }
      response.on('drain', more)
      more()
    }
  }
  await using server = await listen(createServer(serve), '127.0.0.1')
  const ask = fetchAllowing(['127.0.0.1'])
  const asked = [
    ['GET', '/long?who=ana', 'permanent'],
    ['GET', '/packed', 'permanent'],
    // It may have done what it was asked to.
    ['POST', '/packed', 'retryable'],
  ] as const
  for (const [method, path, kind] of asked) {
    const url = `http://127.0.0.1:${portOf(server)}${path}`
    const error: unknown = await ask(url, { method }).catch((thrown) => thrown)
    assert.ok(error instanceof FailureError)
    assert.deepEqual([error.failure.kind, error.failure.code], [kind, 'FG_REPLY_TOO_LARGE'])
    assert.match(error.failure.message, /127\.0\.0\.1 is longer than 1048576 bytes/)
    assert.doesNotMatch(error.failure.message, /ana/)
  }
  await closed.promise
})

test('a host that is not there is trouble of the network and not a refusal', async () => {
  const missing = async (hostname: string) => {
    throw Object.assign(new Error(`${hostname} is not known`), { code: 'ENOTFOUND' })
  }
  const codeOf = async (asking: Promise<unknown>) => {
    const error: unknown = await asking.then(
      () => undefined,
      (thrown) => thrown,
    )
    assert.ok(error instanceof TypeError && error.cause instanceof Error && 'code' in error.cause)
    return error.cause.code
  }
  assert.equal(await codeOf(fetchAllowing([], { resolve: missing })('https://calendar.example/')), 'ENOTFOUND')
  const port = await (async () => {
    await using server = await listen(createServer(), '127.0.0.1')
    return portOf(server)
  })()
  assert.equal(await codeOf(fetchAllowing(['127.0.0.1'])(`http://127.0.0.1:${port}/`)), 'ECONNREFUSED')
  // Allowed, so it is tried: by machines with and without IPv6 in vain.
  assert.match(
    String(await codeOf(fetchAllowing(['::1'])(`http://[::1]:${port}/`))),
    /^E(CONNREFUSED|ADDRNOTAVAIL|AFNOSUPPORT)$/,
  )
})

test('what a header may not hold is refused without being quoted', async () => {
  const asking = fetchAllowing([])('https://1.1.1.1/', { headers: { 'x-key': 'hunter2\r\nhost: evil' } })
  const error: unknown = await asking.catch((thrown) => thrown)
  assert.ok(error instanceof TypeError)
  assert.doesNotMatch(`${error.message} ${String(error.cause)}`, /hunter2/)
})
