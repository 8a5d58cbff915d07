import assert from 'node:assert/strict'
import { test } from 'node:test'
import { calendar, callOf } from './calendar.ts'

test('a query is asked with its parameters and answers with the part of the reply it names', async () => {
  await using stage = await calendar()
  const source = await stage.source({ headers: { 'X-Tenant': 'acme' } })
  const parameters = { department: 'Räume 2', from: '2026-05-04', only: null }
  const slots = await source.read('free_slots', parameters, callOf())
  assert.deepEqual(slots, ['Räume 2 2026-05-04 09:00', 'Räume 2 10:00'])
  const [request] = stage.vendor.requests
  assert.equal(request?.path, '/v2/departments/R%C3%A4ume%202/slots')
  // Null leaves a part of the question out; nothing else does.
  assert.deepEqual(
    [...(request?.query ?? [])],
    [
      ['from', '2026-05-04'],
      ['days', '14'],
    ],
  )
  assert.equal(request?.headers['x-tenant'], 'acme')
  assert.equal(request?.headers.accept, 'application/json')
  assert.equal(request?.headers['idempotency-key'], undefined, 'reading holds nothing')
})

test('a list in a query is asked as several of the same name', async () => {
  await using stage = await calendar()
  const source = await stage.source()
  await source.read('free_slots', { department: 'a', from: '', only: ['am', 7, true, 'x&y=z'] }, callOf())
  assert.deepEqual(stage.vendor.requests[0]?.query.getAll('only'), ['am', '7', 'true', 'x&y=z'])
  assert.equal(stage.vendor.requests[0]?.query.get('y'), null)
})

test('a text of a body that is one place keeps what it is filled with; others are put together', async () => {
  await using stage = await calendar()
  const source = await stage.source()
  const answer = await source.read('search', { who: 'Ana "the" Boss\n', size: 120 }, callOf())
  assert.deepEqual(answer, [{ who: 'Ana "the" Boss\n', size: 120, note: 'for Ana "the" Boss\n', limit: 5 }])
  const nested = await source.read('search', { who: 'x', size: { from: 1, to: [null, false] } }, callOf())
  assert.deepEqual(nested, [{ who: 'x', size: { from: 1, to: [null, false] }, note: 'for x', limit: 5 }])
})

test('nothing found is null: by its status, by an empty reply, and where the reply has no such part', async () => {
  await using stage = await calendar()
  const source = await stage.source()
  assert.deepEqual(await source.read('member', { number: 42 }, callOf()), { number: '42', tier: 'gold' })
  assert.equal(await source.read('member', { number: 43 }, callOf()), null)
  for (const answer of [
    { status: 204 },
    { status: 200, body: '' },
    { status: 200, body: { members: [] } },
    { status: 410 },
  ]) {
    stage.vendor.misbehave({ route: 'GET /v2/members/*', times: 1, fault: { kind: 'status', ...answer } })
    assert.equal(await source.read('member', { number: 42 }, callOf()), null, JSON.stringify(answer))
  }
})

test('a part of the reply is found by names and positions, and only in the reply', async () => {
  await using stage = await calendar()
  const table: readonly [result: string, found: unknown][] = [
    [
      'query',
      [
        ['a', '1'],
        ['b', '2'],
      ],
    ],
    ['query[1][0]', 'b'],
    ['query.1.0', 'b'],
    ['body.with-dash', null],
    ['query[2]', null],
    ['query.length', null],
    ['path.0', null],
    ['toString', null],
    ['headers.__proto__', null],
  ]
  for (const [result, found] of table) {
    const all = { path: '/a', query: { a: 1, b: 2 }, result }
    const source = await stage.source({ base_url: `${stage.vendor.url}/echo`, queries: { all } })
    assert.deepEqual(await source.read('all', {}, callOf()), found, result)
  }
})

test('other statuses can say that nothing is found', async () => {
  await using stage = await calendar()
  const member = { path: '/members/{number}', nothing_on: [422] }
  const source = await stage.source({ queries: { member } })
  stage.vendor.misbehave({ route: 'GET /v2/members/*', times: 1, fault: { kind: 'status', status: 422 } })
  assert.equal(await source.read('member', { number: 42 }, callOf()), null)
  await assert.rejects(source.read('member', { number: 43 }, callOf()), /FG_HTTP_SOURCE_REFUSED.*\(404\)/)
})

test('every way to prove who we are is sent as its standard says', async () => {
  await using stage = await calendar()
  const header = { name: 'X-Api-Key', value: 'k' }
  const table: readonly [auth: object, name: string, value: string][] = [
    [{ bearer: 't' }, 'authorization', 'Bearer t'],
    [{ basic: { username: 'ana', password: 'p:ä' } }, 'authorization', 'Basic YW5hOnA6w6Q='],
    [{ header }, 'x-api-key', 'k'],
  ]
  for (const [auth, name, value] of table) {
    const source = await stage.source({ base_url: `${stage.vendor.url}/echo`, auth, queries: { all: { path: '/a' } } })
    const echo = JSON.parse(JSON.stringify(await source.read('all', {}, callOf())))
    assert.equal(echo.headers[name], value)
  }
})

test('health asks the path it is given, else whether anybody is there and knows us', async () => {
  await using stage = await calendar()
  const account = new URL(stage.vendor.url).host
  const codeOf = async (different: object) => {
    const health = await (await stage.source(different)).health(callOf())
    return health.ok ? health.account : health.failure.code
  }
  assert.equal(await codeOf({ health: '/me' }), account)
  assert.equal(await codeOf({ health: '/me', auth: { bearer: 'wrong' } }), 'FG_HTTP_SOURCE_CREDENTIALS')
  assert.equal(await codeOf({ health: '/nothing' }), 'FG_HTTP_SOURCE_REFUSED')
  // Nothing lies at the bare address, but somebody said so.
  assert.equal(await codeOf({}), account)
  for (const [status, expected] of [
    [405, account],
    [302, account],
    [401, 'FG_HTTP_SOURCE_CREDENTIALS'],
    [403, 'FG_HTTP_SOURCE_CREDENTIALS'],
    [503, 'FG_HTTP_SOURCE_UNAVAILABLE'],
    [429, 'FG_HTTP_SOURCE_BUSY'],
  ] as const) {
    stage.vendor.misbehave({ route: 'GET /v2', times: 1, fault: { kind: 'status', status } })
    assert.equal(await codeOf({}), expected, String(status))
  }
  stage.vendor.misbehave({ route: 'GET /v2', times: 1, fault: { kind: 'lose-before' } })
  assert.equal(await codeOf({}), 'FG_HTTP_SOURCE_UNAVAILABLE')
  assert.deepEqual(
    stage.vendor.requests.filter(({ method }) => method !== 'GET'),
    [],
    'it changes nothing',
  )
})
