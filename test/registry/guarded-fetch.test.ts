import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { test } from 'node:test'
import { setDefaultCACertificates } from 'node:tls'
import { eventually } from '../support/eventually.ts'
import { fetchAllowing, listen, portOf, refusal, resolving, vendor } from './guarded-fetch-stage.ts'
import { selfSigned } from './self-signed.ts'

test('a host that is allowed is asked, and its reply is Node’s own Response', async () => {
  await using standIn = await vendor()
  const ask = fetchAllowing(['127.0.0.1'])
  const read = await ask(`${standIn.url}/slots?day=1`, { headers: new Headers({ 'x-key': 'k' }) })
  assert.ok(read instanceof Response)
  assert.deepEqual([read.status, read.ok, read.url], [200, true, `${standIn.url}/slots?day=1`])
  assert.deepEqual([read.headers.get('x-page'), await read.json()], ['1', { slots: [1] }])
  const written = await ask(new URL(`${standIn.url}/slots`), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"a":1}',
  })
  assert.deepEqual([written.status, await written.json()], [201, { got: { a: 1 } }])
  const empty = await ask(`${standIn.url}/gone`)
  assert.deepEqual([empty.status, empty.body], [204, null])
  assert.equal(standIn.requests[0]?.headers['x-key'], 'k')
})

test('a form with a file is sent as one', async () => {
  await using standIn = await vendor()
  const form = new FormData()
  form.set('file', new Blob(['%PDF']), 'a.pdf')
  await fetchAllowing(['127.0.0.1'])(`${standIn.url}/slots`, { method: 'POST', body: form })
  assert.match(String(standIn.requests[0]?.headers['content-type']), /^multipart\/form-data; boundary=/)
  assert.match(String(standIn.requests[0]?.body), /filename="a\.pdf"[\s\S]*%PDF/)
})

test('no way of writing a private address reaches it', async () => {
  await using standIn = await vendor()
  const { port } = new URL(standIn.url)
  const hosts = ['127.0.0.1', '127.1', '2130706433', '0x7f.1', '0177.0.0.1', '0.0.0.0', '[::ffff:127.0.0.1]']
  for (const host of [...hosts, '[::1]', '169.254.169.254', '[64:ff9b::7f00:1]']) {
    for (const url of [`http://${host}:${port}/slots`, `https://${host}:${port}/slots`, `https://${host}/slots`]) {
      await refusal(fetchAllowing(['crm.internal', '10.0.0.0/8'])(url))
    }
  }
  assert.deepEqual(standIn.requests, [])
})

test('a name that leads to a private address is refused, localhost with the rest', async () => {
  await using standIn = await vendor()
  const { port } = new URL(standIn.url)
  const loopback = resolving(['127.0.0.1'])
  for (const host of ['calendar.example', 'localhost', 'localhost.', 'a.localhost', '127.0.0.1.nip.io']) {
    const message = await refusal(fetchAllowing([], loopback)(`https://${host}/slots?who=ana`))
    assert.match(message, /the name leads to 127\.0\.0\.1/)
    assert.doesNotMatch(message, /ana|slots/)
  }
  await refusal(fetchAllowing([])('https://localhost/slots'))
  await refusal(fetchAllowing(['10.0.0.0/8'], loopback)(`http://calendar.example:${port}/slots`))
  assert.deepEqual(standIn.requests, [])
})

test('http and other ports are refused without looking the name up', async () => {
  const anywhere = resolving(['1.1.1.1'])
  const ask = fetchAllowing(['crm.internal'], anywhere)
  assert.match(await refusal(ask('http://calendar.example/slots')), /only https/)
  assert.match(await refusal(ask('https://calendar.example:8080/slots')), /calendar\.example:8080 .*only ports/)
  assert.match(await refusal(ask('https://me:secret@crm.internal/slots')), /credentials/)
  assert.deepEqual(anywhere.asked, [])
})

test('a name is allowed by itself or by where it leads', async () => {
  await using standIn = await vendor()
  const { port } = new URL(standIn.url)
  for (const entry of ['calendar.internal', `calendar.internal:${port}`, '*.internal', '127.0.0.0/8']) {
    const ask = fetchAllowing([entry], resolving(['127.0.0.1']))
    assert.equal((await ask(`http://calendar.internal:${port}/slots`)).status, 200, entry)
  }
})

test('one private address among those of a name is enough to refuse it', async () => {
  await using standIn = await vendor()
  const { port } = new URL(standIn.url)
  const ask = fetchAllowing(['127.0.0.1'], resolving(['127.0.0.1', '127.0.0.2']))
  assert.match(await refusal(ask(`http://calendar.example:${port}/slots`)), /only https/)
  const secure = fetchAllowing(['127.0.0.1'], resolving(['127.0.0.1', '127.0.0.2']))
  assert.match(await refusal(secure('https://calendar.example/slots')), /leads to 127\.0\.0\.2/)
  assert.deepEqual(standIn.requests, [])
})

test('a name that leads elsewhere the second time is refused then: what is checked is what is connected to', async () => {
  const seen: string[] = []
  const serve =
    (name: string): RequestListener =>
    (_request, response) => {
      seen.push(name)
      response.writeHead(200, { connection: 'close' }).end('{}')
    }
  await using allowed = await listen(createServer(serve('allowed')), '127.0.0.1')
  await using secret = await listen(createServer(serve('secret')), '127.0.0.2', portOf(allowed))
  const names = resolving(['127.0.0.1'], ['127.0.0.2'])
  const ask = fetchAllowing(['127.0.0.1'], names)
  const url = `http://calendar.example:${portOf(secret)}/slots`
  assert.equal((await ask(url)).status, 200)
  assert.equal(names.asked.length, 1, 'a second look-up could have answered differently')
  await refusal(ask(url))
  assert.deepEqual(seen, ['allowed'])
})

test('connections made side by side look their name up once', async () => {
  await using standIn = await vendor()
  const looking = Promise.withResolvers<readonly string[]>()
  const asked: string[] = []
  const resolve = (hostname: string) => {
    asked.push(hostname)
    return looking.promise
  }
  const ask = fetchAllowing(['127.0.0.1'], { resolve })
  const url = `http://calendar.example:${new URL(standIn.url).port}/slots`
  const asking = Promise.all([ask(url), ask(url), ask(url)])
  await eventually(() => asked.length > 0)
  looking.resolve(['127.0.0.1'])
  assert.deepEqual(
    (await asking).map(({ status }) => status),
    [200, 200, 200],
  )
  assert.deepEqual(asked, ['calendar.example'])
})

test('the certificate must be that of the name asked, although the connection goes to an address that was checked', async () => {
  const { cert, key } = selfSigned('calendar.example')
  setDefaultCACertificates([cert])
  const serve: RequestListener = (_request, response) => response.end('{"secure":true}')
  await using server = await listen(createTlsServer({ cert, key }, serve), '127.0.0.1')
  const ask = fetchAllowing(['127.0.0.1'], resolving(['127.0.0.1']))
  const reply = await ask(`https://calendar.example:${portOf(server)}/`)
  assert.deepEqual(await reply.json(), { secure: true })
  const error: unknown = await ask(`https://other.example:${portOf(server)}/`).catch((thrown) => thrown)
  assert.ok(error instanceof TypeError && error.cause instanceof Error && 'code' in error.cause)
  assert.equal(error.cause.code, 'ERR_TLS_CERT_ALTNAME_INVALID')
  server.closeAllConnections()
})
