import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { FailureError } from 'flowgate/plugin'
import type { Fault } from 'flowgate/plugin/testing'
import type { WriteConfig } from '../../../plugins/http/deliveries/delivery-config.ts'
import http from '../../../plugins/http/index.ts'
import { fetchAllowing } from '../../registry/guarded-fetch-stage.ts'
import { apiKey } from '../../stand-ins/list-api.ts'
import { freePort } from '../../support/free-port.ts'
import { callOf, failureOf, httpStage, inWords, recordOf } from './http-stage.ts'

const NOW = new Date('2026-05-04T10:00:00Z')

const status = (number: number, headers: Record<string, string> = {}, body?: unknown): Fault => ({
  kind: 'status',
  status: number,
  headers,
  body,
})

test('what is no success is classified by its status', async () => {
  const unavailable = 'retryable FG_HTTP_UNAVAILABLE'
  const refused = 'permanent record FG_HTTP_REFUSED'
  const credentials = 'permanent destination FG_HTTP_CREDENTIALS'
  const redirect = 'permanent destination FG_HTTP_REDIRECT'
  const table: readonly [fault: Fault, words: string][] = [
    [status(301, { location: 'http://169.254.169.254/' }), redirect],
    [status(307, { location: '/v1/echo/x' }), redirect],
    [status(400), refused],
    [status(401), credentials],
    [status(403), credentials],
    [status(404), 'permanent destination FG_HTTP_ADDRESS'],
    [status(408), unavailable],
    [status(409), refused],
    [status(410), 'permanent destination FG_HTTP_ADDRESS by hand'],
    [status(413), refused],
    [status(422), refused],
    [status(425), unavailable],
    [status(429), 'rate-limited 10 FG_HTTP_BUSY'],
    [status(429, { 'retry-after': '7' }), 'rate-limited 7 FG_HTTP_BUSY'],
    [status(429, { 'retry-after': 'Mon, 04 May 2026 10:02:00 GMT' }), 'rate-limited 120 FG_HTTP_BUSY'],
    [status(429, { 'retry-after': '0' }), 'rate-limited 10 FG_HTTP_BUSY'],
    [status(429, { 'retry-after': '-1' }), 'rate-limited 10 FG_HTTP_BUSY'],
    [status(429, { 'retry-after': '12, 12' }), 'rate-limited 10 FG_HTTP_BUSY'],
    [status(429, { 'retry-after': '1000000000' }), 'rate-limited 86400 FG_HTTP_BUSY'],
    [status(503, { 'retry-after': '0' }), unavailable],
    [status(503, { 'retry-after': 'Mon, 04 May 2026 09:00:00 GMT' }), unavailable],
    [status(500, { 'retry-after': '7' }), unavailable],
    [status(503), unavailable],
    [status(503, { 'retry-after': '30' }), 'rate-limited 30 FG_HTTP_BUSY'],
    [status(504), unavailable],
    [status(200, {}, '<html>sign in'), 'retryable FG_HTTP_REPLY'],
    [{ kind: 'lose-before' }, unavailable],
    [{ kind: 'lose-after' }, unavailable],
  ]
  await using stage = await httpStage()
  const crm = await stage.crm(
    { notes: { create: { path: '/notes', body: '{fields}', id: 'data.id' } } },
    {},
    { now: () => NOW },
  )
  for (const [fault, words] of table) {
    stage.api.standIn.misbehave({ route: 'POST /v1/notes', times: 1, fault })
    const before = stage.api.standIn.requests.length
    const failure = await failureOf(crm.deliver(recordOf('notes', { a: 1 }), callOf()))
    assert.equal(inWords(failure), words, inspect(fault))
    assert.equal(stage.api.standIn.requests.length, before + 1, 'the gateway is the only one to try again')
  }
})

test('the settings can say what a status means', async () => {
  const failures = {
    400: 'retryable',
    402: 'destination',
    404: 'record',
    409: 'unchanged',
    500: 'unknown',
    502: 'rate_limited',
  } as const
  await using stage = await httpStage()
  const crm = await stage.crm({ notes: { create: { path: '/notes', body: '{fields}', failures } } })
  const come = async (number: number) => {
    stage.api.standIn.misbehave({ route: 'POST /v1/notes', times: 1, fault: status(number) })
    return crm.deliver(recordOf('notes', { a: 1 }), callOf()).then(
      ({ outcome }) => outcome,
      (error: unknown) => (error instanceof FailureError ? inWords(error.failure) : String(error)),
    )
  }
  const each: string[] = []
  for (const number of [400, 402, 404, 409, 500, 502, 503]) each.push(await come(number))
  assert.deepEqual(each, [
    'retryable FG_HTTP_UNAVAILABLE',
    'permanent destination FG_HTTP_STOPPED',
    'permanent record FG_HTTP_REFUSED',
    'unchanged',
    'unknown FG_HTTP_UNKNOWN',
    'rate-limited 10 FG_HTTP_BUSY',
    'retryable FG_HTTP_UNAVAILABLE',
  ])
})

test('a 200 that is none is seen by what the reply holds, and a success that is not listed is unknown', async () => {
  await using stage = await httpStage()
  const create: WriteConfig = {
    path: '/notes',
    body: '{fields}',
    success_if: { path: 'success', is: true },
    error: 'error',
  }
  const says = async (write: WriteConfig, body: unknown, number = 200) => {
    const crm = await stage.crm({ notes: { create: write } })
    stage.api.standIn.misbehave({ route: 'POST /v1/notes', times: 1, fault: status(number, {}, body) })
    const delivering = crm.deliver(recordOf('notes', { a: 1 }), callOf())
    return delivering.then(
      ({ outcome }) => outcome,
      async () => {
        const failure = await failureOf(delivering)
        return `${inWords(failure)} ${/, (\w+)\)/u.exec(failure.message)?.[1] ?? ''}`
      },
    )
  }
  assert.equal(await says(create, { success: true }), 'created')
  assert.equal(
    await says(create, { success: false, error: 'quota_reached' }),
    'permanent record FG_HTTP_REFUSED quota_reached',
  )
  assert.equal(await says(create, { success: 'true' }), 'permanent record FG_HTTP_REFUSED ')
  // What holds nothing refuses nothing: a replay would send a second time what may have landed.
  for (const nothing of ['', 'null', {}, []]) {
    assert.equal(await says(create, nothing), 'retryable FG_HTTP_REPLY ', JSON.stringify(nothing))
  }
  const waiting: WriteConfig = { ...create, success_if: { path: 'success', is: true, else: 'retryable' } }
  assert.equal(await says(waiting, { success: false }), 'retryable FG_HTTP_UNAVAILABLE ')
  const listed: WriteConfig = { path: '/notes', body: '{fields}', success_on: [201] }
  assert.equal(await says(listed, {}, 201), 'created')
  assert.equal(await says(listed, {}, 202), 'unknown FG_HTTP_UNKNOWN ')
})

test('an API that keeps keys and is still at the first request is asked again', async () => {
  await using stage = await httpStage()
  const notes = { create: { path: '/notes', body: '{fields}' } }
  const keyed = await stage.crm({ notes }, { idempotency_header: 'Idempotency-Key' })
  stage.api.standIn.misbehave({ route: 'POST /v1/notes', fault: status(409) })
  const first = await failureOf(keyed.deliver(recordOf('notes', { a: 1 }), callOf()))
  assert.equal(inWords(first), 'permanent record FG_HTTP_REFUSED')
  const repeat = callOf({ attempt: 2, uncertain: true })
  assert.equal(
    inWords(await failureOf(keyed.deliver(recordOf('notes', { a: 1 }), repeat))),
    'retryable FG_HTTP_UNAVAILABLE',
  )
})

test('an API that cannot tell what landed is only stopped where surely nothing was sent', async () => {
  await using stage = await httpStage()
  const create: WriteConfig = { path: '/notes', body: '{fields}' }
  const nobody = { base_url: `http://127.0.0.1:${await freePort()}` }
  const blind = await stage.crm({ notes: { create } }, nobody)
  const failure = await failureOf(blind.deliver(recordOf('notes', { a: 1 }), callOf()))
  assert.equal(inWords(failure), 'permanent destination FG_HTTP_UNREACHABLE')
  const health = await blind.health(callOf())
  assert.ok(!health.ok && health.failure.kind === 'retryable')
  const clear = { base_url: stage.api.url.replace('http:', 'https:') }
  const untrusted = await failureOf(
    (await stage.crm({ notes: { create } }, clear)).deliver(recordOf('notes', { a: 1 }), callOf()),
  )
  assert.equal(inWords(untrusted), 'permanent destination FG_HTTP_UNREACHABLE')
  const keyed = await stage.crm({ notes: { create } }, { ...nobody, idempotency_header: 'Idempotency-Key' })
  assert.equal(
    inWords(await failureOf(keyed.deliver(recordOf('notes', { a: 1 }), callOf()))),
    'retryable FG_HTTP_UNAVAILABLE',
  )
})

test('an address that may not be asked stops the destination', async () => {
  await using stage = await httpStage()
  const strict = { fetch: fetchAllowing([]) }
  const crm = await stage.crm({ notes: { create: { path: '/notes' } } }, {}, strict)
  assert.equal(
    inWords(await failureOf(crm.deliver(recordOf('notes', {}), callOf()))),
    'permanent destination FG_URL_REFUSED',
  )
  const oauth2 = { token_url: `${stage.api.standIn.url}/oauth/token`, client_id: 'a', client_secret: 'b' }
  const inner = await stage.crm(
    { notes: { create: { path: '/notes' } } },
    { base_url: 'https://api.example', auth: { oauth2 } },
    strict,
  )
  assert.equal(
    inWords(await failureOf(inner.deliver(recordOf('notes', {}), callOf()))),
    'permanent destination FG_URL_REFUSED',
  )
  assert.deepEqual(stage.api.standIn.requests, [])
})

test('every request is counted against the budget, and a budget that is used up is the failure', async () => {
  await using stage = await httpStage()
  const spent: string[] = []
  const spend = async (endpointClass: string) => {
    if (spent.length >= 2)
      throw new FailureError({ kind: 'rate-limited', code: 'used_up', message: 'x', retryAfterSeconds: 3 })
    spent.push(endpointClass)
  }
  const crm = await stage.crm({ notes: { create: { path: '/notes', body: '{fields}' } } }, {}, { spend })
  await crm.deliver(recordOf('notes', { a: 1 }), callOf())
  await crm.health(callOf())
  assert.equal(inWords(await failureOf(crm.deliver(recordOf('notes', { a: 1 }), callOf()))), 'rate-limited 3 used_up')
  assert.deepEqual(spent, ['all', 'all'])
  assert.equal(stage.api.standIn.requests.length, 2)
})

test('the budget is that of the address and its credentials', () => {
  const config = { base_url: 'https://a.example', objects: { x: { create: { path: '/x' } } } }
  const limits = { requests: 5, per_seconds: 2 }
  const budget = http.budgets?.({ ...config, auth: { bearer: 'one' }, limits })
  assert.deepEqual(budget?.limits, { all: { requests: 5, perSeconds: 2 } })
  assert.notEqual(budget?.account, http.budgets?.({ ...config, auth: { bearer: 'two' }, limits })?.account)
  assert.deepEqual(http.budgets?.(config)?.limits, {})
})

test("neither a person's answer nor a credential stands in a failure or a log line, also where the API quotes them", async () => {
  await using stage = await httpStage()
  const lines: string[] = []
  const note = (fields: object, event: string) => void lines.push(`${inspect(fields)} ${event}`)
  const crm = await stage.crm(
    { notes: { create: { path: '/notes/{fields.name}', body: '{fields}', error: 'error.code', id: 'data.id' } } },
    { headers: { 'x-key': 'second-secret-88' } },
    { log: { info: note, warn: note } },
  )
  const person = 'Carlita'
  const texts: string[] = []
  const faults: Fault[] = [
    status(400, {}, { error: { code: person, message: `no ${person} for ${apiKey}` } }),
    status(400, {}, { error: { code: '+5511999990000' } }),
    status(400, {}, { error: { code: `${person} is taken` } }),
    status(500, {}, person),
    status(200, {}, `no JSON: ${person}`),
    status(302, { location: `/${person}?token=${apiKey}` }),
    { kind: 'lose-after' },
  ]
  for (const fault of faults) {
    stage.api.standIn.misbehave({ route: 'POST /v1/*', times: 1, fault })
    await crm.deliver(recordOf('notes', { name: person, phone: '+5511999990000' }), callOf()).catch((error) => {
      texts.push(inspect(error, { depth: 8, showHidden: true }), String(error?.cause?.stack))
    })
  }
  await crm.deliver(recordOf('notes', { name: `../${person}` }), callOf()).catch((error) => texts.push(inspect(error)))
  assert.equal(texts.length, faults.length * 2 + 1)
  for (const secret of [person, apiKey, 'second-secret-88', '5511999990000']) {
    assert.deepEqual(
      [...texts, ...lines].filter((text) => text.includes(secret)),
      [],
      secret,
    )
  }
})
