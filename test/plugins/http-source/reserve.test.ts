import assert from 'node:assert/strict'
import { test } from 'node:test'
import { calendar, callOf, queries } from './calendar.ts'

const mine = (differences: object = {}) => callOf({ idempotencyKey: 'mine', ...differences })
const others = () => callOf({ idempotencyKey: 'others' })
const slot = { slot: 'mon 9:00', name: 'Ana' }

test('a reservation is sent with its key and answers with what the vendor says of it', async () => {
  await using stage = await calendar()
  const source = await stage.source()
  assert.equal(await source.reserve?.('book', slot, mine()), 'b-mon 9:00')
  const [request] = stage.vendor.requests
  assert.deepEqual([request?.method, request?.path], ['POST', '/v2/slots/mon%209%3A00/bookings'])
  assert.deepEqual([request?.headers['idempotency-key'], request?.body], ['mine', { name: 'Ana' }])
})

test('of two who want one slot one has it and the other is told that it is taken', async () => {
  await using stage = await calendar()
  const source = await stage.source()
  const keys = Array.from({ length: 10 }, (_, index) => `key-${index}`)
  const answers = await Promise.all(
    keys.map((idempotencyKey) => source.reserve?.('book', slot, callOf({ idempotencyKey }))),
  )
  assert.deepEqual(
    answers.filter((answer) => answer !== undefined),
    ['b-mon 9:00'],
  )
  assert.equal(stage.held.size, 1)
})

test('other statuses can say that it is taken, and 409 then does not', async () => {
  await using stage = await calendar()
  const book = { path: '/slots/{slot}/bookings', purpose: 'reserve', taken_on: [423] } as const
  const source = await stage.source({ queries: { book } })
  stage.vendor.misbehave({ route: 'POST /v2/slots/*', times: 1, fault: { kind: 'status', status: 423 } })
  assert.equal(await source.reserve?.('book', slot, mine()), undefined)
  stage.vendor.misbehave({ route: 'POST /v2/slots/*', times: 1, fault: { kind: 'status', status: 409 } })
  await assert.rejects(async () => source.reserve?.('book', slot, mine()), /FG_HTTP_SOURCE_REFUSED/)
})

test('a reservation whose reply was lost is found held by the same key, and by no other', async () => {
  await using stage = await calendar()
  const source = await stage.source()
  stage.vendor.misbehave({ route: 'POST /v2/slots/*', times: 1, fault: { kind: 'lose-after' } })
  await assert.rejects(async () => source.reserve?.('book', slot, mine()), /FG_HTTP_SOURCE_UNAVAILABLE/)
  assert.equal(await source.reserve?.('book', slot, others()), undefined)
  assert.equal(await source.reserve?.('book', slot, mine({ attempt: 2, uncertain: true })), 'b-mon 9:00')
  assert.deepEqual([...stage.held], [['mon 9:00', 'mine']])
})

test('where the vendor knows no keys, a look-up tells ours from another’s', async () => {
  await using stage = await calendar()
  const source = await stage.source()
  stage.vendor.misbehave({ route: 'PUT /v2/plain/*', times: 1, fault: { kind: 'lose-after' } })
  await assert.rejects(async () => source.reserve?.('book_plainly', { slot: 'mon' }, mine()), /UNAVAILABLE/)
  assert.equal(await source.reserve?.('book_plainly', { slot: 'mon' }, mine({ uncertain: true })), 'mon')
  assert.equal(await source.reserve?.('book_plainly', { slot: 'mon' }, others()), undefined)
  stage.vendor.misbehave({ route: 'GET /v2/plain/bookings', times: 1, fault: { kind: 'status', status: 503 } })
  await assert.rejects(async () => source.reserve?.('book_plainly', { slot: 'mon' }, others()), /UNAVAILABLE/)
})

test('a reservation that the vendor says nothing about is held all the same', async () => {
  await using stage = await calendar()
  const source = await stage.source()
  stage.vendor.misbehave({ route: 'POST /v2/slots/*', times: 1, fault: { kind: 'status', status: 204 } })
  assert.equal(await source.reserve?.('book', slot, mine()), null)
})

test('giving back is harmless when nothing is held, and gives back no one else’s', async () => {
  await using stage = await calendar()
  const source = await stage.source()
  await source.reserve?.('book', slot, others())
  await source.release?.('unbook', slot, mine())
  assert.deepEqual([...stage.held.values()], ['others'])
  await source.release?.('unbook', slot, others())
  await source.release?.('unbook', slot, others())
  assert.equal(stage.held.size, 0)
  const [first] = stage.vendor.requestsTo('DELETE /v2/*')
  assert.deepEqual([first?.path, first?.headers['idempotency-key']], ['/v2/bookings/mine', 'mine'])
})

test('what a release is answered does not matter, JSON or not', async () => {
  await using stage = await calendar()
  const source = await stage.source()
  stage.vendor.misbehave({ route: 'DELETE /v2/*', times: 1, fault: { kind: 'status', status: 200, body: 'gone' } })
  assert.equal(await source.release?.('unbook', slot, mine()), undefined)
})

test('a look-up that finds an empty list, null or nothing finds nothing of ours', async () => {
  await using stage = await calendar()
  for (const result of ['bookings', 'bookings[0]', 'none']) {
    const booking_of = { path: '/plain/bookings', query: { ref: '{key}' }, result }
    const source = await stage.source({ queries: { ...queries, booking_of } })
    await source.reserve?.('book_plainly', { slot: result }, others())
    assert.equal(await source.reserve?.('book_plainly', { slot: result }, mine()), undefined, result)
  }
})

test('a release that is refused or lost is a failure, so that it is tried again', async () => {
  await using stage = await calendar()
  const source = await stage.source()
  await source.reserve?.('book', slot, mine())
  stage.vendor.misbehave({ route: 'DELETE /v2/*', times: 1, fault: { kind: 'status', status: 500 } })
  await assert.rejects(async () => source.release?.('unbook', slot, mine()), /FG_HTTP_SOURCE_UNAVAILABLE/)
  stage.vendor.misbehave({ route: 'DELETE /v2/*', times: 1, fault: { kind: 'lose-after' } })
  await assert.rejects(async () => source.release?.('unbook', slot, mine()), /FG_HTTP_SOURCE_UNAVAILABLE/)
  await source.release?.('unbook', slot, mine())
  assert.equal(stage.held.size, 0)
})

test('a query is used for what it is there for', async () => {
  await using stage = await calendar()
  const source = await stage.source()
  await assert.rejects(source.read('book', slot, mine()), /FG_HTTP_SOURCE_QUERY.*book is there to reserve, not to read/)
  await assert.rejects(
    async () => source.reserve?.('unbook', slot, mine()),
    /unbook is there to release, not to reserve/,
  )
  await assert.rejects(async () => source.release?.('member', slot, mine()), /FG_HTTP_SOURCE_QUERY/)
  await assert.rejects(source.read('nobody', {}, mine()), /FG_HTTP_SOURCE_QUERY: There is no query nobody/)
  assert.deepEqual(stage.vendor.requests, [])
})
