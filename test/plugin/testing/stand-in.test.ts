import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Fault, type StandIn, startStandIn } from 'flowgate/plugin/testing'

interface Notes {
  readonly standIn: StandIn
  readonly kept: unknown[]
  add(note: string, signal?: AbortSignal): Promise<Response>
}

/** A stand-in that keeps notes. */
async function notes(): Promise<Notes & AsyncDisposable> {
  const kept: unknown[] = []
  const standIn = await startStandIn({
    routes: {
      'POST /notes': ({ body }) => ({ status: 201, body: { count: kept.push(body) } }),
      'GET /notes/:id': ({ parameters, query }) => ({ status: 200, body: { ...parameters, page: query.get('page') } }),
      'GET /files/*': ({ path }) => ({ status: 200, body: path, headers: { 'x-kind': 'file' } }),
      'GET /broken': () => {
        throw new Error('a fault of the stand-in')
      },
    },
  })
  const headers = { 'content-type': 'application/json' }
  const add = (note: string, signal = AbortSignal.timeout(120_000)) =>
    fetch(`${standIn.url}/notes`, { method: 'POST', body: JSON.stringify({ note }), headers, signal })
  return { standIn, kept, add, [Symbol.asyncDispose]: () => standIn.close() }
}

async function strike(fault: Fault) {
  await using on = await notes()
  on.standIn.misbehave({ route: 'POST /notes', fault })
  const response = await on.add('a').catch(() => undefined)
  return { kept: on.kept.length, status: response?.status, text: await response?.text(), headers: response?.headers }
}

test('requests are routed by method and path, and recorded', async () => {
  await using on = await notes()
  const added = await on.add('first')
  assert.deepEqual([added.status, await added.json()], [201, { count: 1 }])
  const read = await fetch(`${on.standIn.url}/notes/a%2Fb?page=2`)
  assert.deepEqual(await read.json(), { id: 'a/b', page: '2' })
  const file = await fetch(`${on.standIn.url}/files/deep/down.txt`)
  assert.deepEqual([await file.text(), file.headers.get('x-kind')], ['/files/deep/down.txt', 'file'])
  assert.deepEqual(
    on.standIn.requests.map(({ method, path, route, status }) => [method, path, route, status]),
    [
      ['POST', '/notes', 'POST /notes', 201],
      ['GET', '/notes/a%2Fb', 'GET /notes/:id', 200],
      ['GET', '/files/deep/down.txt', 'GET /files/*', 200],
    ],
  )
  assert.equal(on.standIn.requestsTo('GET /*').length, 2)
  assert.equal(on.standIn.requestsTo('* /notes').length, 1)
})

test('bodies are read as JSON, as a form, or kept as text', async () => {
  await using on = await notes()
  const send = (type: string, body: string) =>
    fetch(`${on.standIn.url}/notes`, { method: 'POST', body, headers: { 'content-type': type } })
  await send('application/json', '{"a":[1]}')
  await send('application/x-www-form-urlencoded; charset=utf-8', 'a=1&b=x%20y')
  await send('application/json', '{broken')
  await send('text/plain', 'plain')
  assert.deepEqual(on.kept, [{ a: [1] }, { a: '1', b: 'x y' }, '{broken', 'plain'])
})

test('what no route takes is a 404 that names it, and a fault of the stand-in is a 500', async () => {
  await using on = await notes()
  const lost = await fetch(`${on.standIn.url}/nowhere`)
  assert.deepEqual([lost.status, await lost.json()], [404, { error: 'no route GET /nowhere' }])
  assert.equal((await fetch(`${on.standIn.url}/broken`)).status, 500)
})

test('a status fault answers it and applies nothing', async () => {
  const { kept, status, text, headers } = await strike({
    kind: 'status',
    status: 429,
    body: { slow: 'down' },
    headers: { 'retry-after': '7' },
  })
  assert.deepEqual([kept, status, text, headers?.get('retry-after')], [0, 429, '{"slow":"down"}', '7'])
})

test('a request lost before is not applied, one lost after is', async () => {
  assert.deepEqual(await strike({ kind: 'lose-before' }), {
    kept: 0,
    status: undefined,
    text: undefined,
    headers: undefined,
  })
  assert.deepEqual(await strike({ kind: 'lose-after' }), {
    kept: 1,
    status: undefined,
    text: undefined,
    headers: undefined,
  })
})

test('an answer fault applies the request and sends what it makes of the real answer', async () => {
  const { kept, status, text } = await strike({
    kind: 'answer',
    answer: (real) => ({ status: 207, body: { was: real.status } }),
  })
  assert.deepEqual([kept, status, text], [1, 207, '{"was":201}'])
})

test('a delayed request is applied when its condition comes true', async () => {
  await using on = await notes()
  const gate = Promise.withResolvers<void>()
  on.standIn.misbehave({ route: 'POST /notes', fault: { kind: 'delay', until: gate.promise } })
  const adding = on.add('late')
  await on.standIn.until(() => on.standIn.requests.length === 1)
  assert.equal(on.kept.length, 0)
  gate.resolve()
  assert.equal((await adding).status, 201)
})

test('a hanging request ends by the abort of the client, which is recorded', async () => {
  await using on = await notes()
  on.standIn.misbehave({ route: 'POST /notes', fault: { kind: 'hang' } })
  const abort = new AbortController()
  const adding = on.add('never', abort.signal)
  await on.standIn.until(() => on.standIn.requests.length === 1)
  abort.abort()
  await assert.rejects(adding, { name: 'AbortError' })
  await on.standIn.until(() => on.standIn.requests[0]?.aborted === true)
  assert.deepEqual([on.kept.length, on.standIn.requests[0]?.status], [0, undefined])
})

test('a request that hangs after it was applied has its effect and no answer', async () => {
  await using on = await notes()
  on.standIn.misbehave({ route: 'POST /notes', fault: { kind: 'hang-after' } })
  const abort = new AbortController()
  const adding = on.add('kept', abort.signal)
  await on.standIn.until(() => on.standIn.requests.length === 1)
  abort.abort()
  await assert.rejects(adding, { name: 'AbortError' })
  await on.standIn.until(() => on.standIn.requests[0]?.aborted === true)
  assert.deepEqual([on.kept, on.standIn.requests[0]?.status], [[{ note: 'kept' }], undefined])
})

test('sockets that the stand-in destroys do not count as aborts of the client', async () => {
  await using on = await notes()
  on.standIn.misbehave({ route: 'POST /notes', fault: { kind: 'lose-after' } })
  await assert.rejects(on.add('lost'))
  assert.equal(on.standIn.requests[0]?.aborted, false)
})

test('a fault strikes as often as told, where its condition holds, and the one set last goes first', async () => {
  await using on = await notes()
  const always = on.standIn.misbehave({ route: '* /*', fault: { kind: 'status', status: 500 } })
  const twice = on.standIn.misbehave({ route: 'POST /notes', times: 2, fault: { kind: 'status', status: 503 } })
  const never = on.standIn.misbehave({ route: '* /*', when: () => false, fault: { kind: 'hang' } })
  const statuses: number[] = []
  for (let round = 0; round < 3; round += 1) statuses.push((await on.add('x')).status)
  always.clear()
  statuses.push((await on.add('x')).status)
  assert.deepEqual(statuses, [503, 503, 500, 201])
  assert.deepEqual([always.struck, twice.struck, never.struck], [1, 2, 0])
})

test('a stand-in told to behave does', async () => {
  await using on = await notes()
  on.standIn.misbehave({ route: '* /*', fault: { kind: 'hang' } })
  on.standIn.behave()
  assert.equal((await on.add('x')).status, 201)
})

test('waiting in vain says what was seen', async () => {
  await using on = await notes()
  await on.add('x')
  await assert.rejects(
    on.standIn.until(() => false, 10),
    /in vain\. It saw: POST \/notes 201/,
  )
})

test('closing twice is harmless, and nobody listens afterwards', async () => {
  await using on = await notes()
  await on.standIn.close()
  await on.standIn.close()
  await assert.rejects(on.add('x'))
})
