import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { type Failure, FailureError, type Source } from 'flowgate/plugin'
import type { Fault } from 'flowgate/plugin/testing'
import { createGuardedFetch } from '../../../src/registry/guarded-fetch.ts'
import { freePort } from '../../support/free-port.ts'
import { calendar, callOf, token } from './calendar.ts'

const NOW = new Date('2026-05-04T10:00:00Z')

/** The failure that a question ends in. */
async function failureOf(asking: Promise<unknown> | undefined): Promise<Failure> {
  const error: unknown = await asking?.then(
    (answer) => assert.fail(`it was answered: ${inspect(answer)}`),
    (thrown) => thrown,
  )
  assert.ok(error instanceof FailureError, String(error))
  return error.failure
}

function inWords(failure: Failure): string {
  if (failure.kind === 'permanent') return `${failure.kind} ${failure.scope} ${failure.code}`
  const wait = failure.kind === 'rate-limited' ? ` ${failure.retryAfterSeconds}` : ''
  return `${failure.kind}${wait} ${failure.code}`
}

test('what is no answer is classified by what happened', async () => {
  const status = (number: number, headers: Record<string, string> = {}): Fault => ({
    kind: 'status',
    status: number,
    headers,
  })
  const unavailable = 'retryable FG_HTTP_SOURCE_UNAVAILABLE'
  const refused = 'permanent record FG_HTTP_SOURCE_REFUSED'
  const credentials = 'permanent destination FG_HTTP_SOURCE_CREDENTIALS'
  const table: readonly [fault: Fault, words: string][] = [
    [status(400), refused],
    [status(405), refused],
    [status(422), refused],
    [status(401), credentials],
    [status(403), credentials],
    [status(301, { location: 'http://169.254.169.254/' }), 'permanent destination FG_HTTP_SOURCE_REDIRECT'],
    [status(304), 'permanent destination FG_HTTP_SOURCE_REDIRECT'],
    [status(408), unavailable],
    [status(425), unavailable],
    [status(500), unavailable],
    [status(503, { 'retry-after': '7' }), unavailable],
    [status(429, { 'retry-after': '7' }), 'rate-limited 7 FG_HTTP_SOURCE_BUSY'],
    [status(429, { 'retry-after': 'Mon, 04 May 2026 10:02:00 GMT' }), 'rate-limited 120 FG_HTTP_SOURCE_BUSY'],
    [status(429, { 'retry-after': 'Mon, 04 May 2026 09:00:00 GMT' }), 'rate-limited 10 FG_HTTP_SOURCE_BUSY'],
    [status(429, { 'retry-after': 'soon' }), 'rate-limited 10 FG_HTTP_SOURCE_BUSY'],
    [status(429), 'rate-limited 10 FG_HTTP_SOURCE_BUSY'],
    [{ kind: 'lose-before' }, unavailable],
    [{ kind: 'lose-after' }, unavailable],
    [{ kind: 'status', status: 200, body: '<html>sign in' }, 'retryable FG_HTTP_SOURCE_REPLY'],
    [{ kind: 'status', status: 200, body: '{"member":' }, 'retryable FG_HTTP_SOURCE_REPLY'],
    [{ kind: 'status', status: 200, body: { member: 'x'.repeat(1_100_000) } }, 'permanent record FG_REPLY_TOO_LARGE'],
    [
      {
        kind: 'answer',
        answer: () => ({ status: 200, body: '{', headers: { 'content-length': '9', connection: 'close' } }),
      },
      unavailable,
    ],
  ]
  await using stage = await calendar()
  const source = await stage.source({}, { now: () => NOW })
  for (const [fault, words] of table) {
    stage.vendor.misbehave({ route: 'GET /v2/members/*', times: 1, fault })
    const before = stage.vendor.requests.length
    assert.equal(
      inWords(await failureOf(source.read('member', { number: 42 }, callOf()))),
      words,
      inspect(fault).slice(0, 80),
    )
    assert.equal(stage.vendor.requests.length, before + 1, 'the gateway is the only one to try again')
  }
})

test('a hanging question ends with its signal and so does its socket', async () => {
  await using stage = await calendar()
  const source = await stage.source()
  stage.vendor.misbehave({ route: '* /v2/*', fault: { kind: 'hang' } })
  const asks: ((signal: AbortSignal) => Promise<unknown> | undefined)[] = [
    (signal) => source.read('member', { number: 42 }, callOf({ signal })),
    (signal) => source.reserve?.('book', { slot: 'mon', name: 'Ana' }, callOf({ signal })),
    (signal) => source.release?.('unbook', {}, callOf({ signal })),
  ]
  for (const [index, ask] of asks.entries()) {
    const controller = new AbortController()
    const asking = ask(controller.signal)
    await stage.vendor.until(() => stage.vendor.requests.length === index + 1)
    controller.abort(new Error('the deadline'))
    const failure = await failureOf(asking)
    assert.equal(inWords(failure), 'retryable FG_HTTP_SOURCE_UNAVAILABLE')
    assert.match(failure.message, /did not answer in time/)
    await stage.vendor.until(() => stage.vendor.requests[index]?.aborted === true)
  }
})

test('nobody at the address, and an address that may not be asked, are told apart', async () => {
  await using stage = await calendar()
  const nobody = await stage.source({ base_url: `http://127.0.0.1:${await freePort()}` })
  const silent = await failureOf(nobody.read('member', { number: 1 }, callOf()))
  assert.equal(inWords(silent), 'retryable FG_HTTP_SOURCE_UNAVAILABLE')
  assert.match(silent.message, /127\.0\.0\.1:\d+ cannot be reached.*ECONNREFUSED/)
  const strict = await stage.source({}, { fetch: createGuardedFetch({ allowHosts: [] }) })
  const forbidden = await failureOf(strict.read('member', { number: 1 }, callOf()))
  assert.equal(inWords(forbidden), 'permanent destination FG_URL_REFUSED')
  const health = await strict.health(callOf())
  assert.ok(!health.ok && health.failure.code === 'FG_URL_REFUSED')
})

test('no credential, parameter or reply stands in a failure or a log line', async () => {
  await using stage = await calendar()
  const lines: string[] = []
  const note = (fields: object, event: string) => void lines.push(`${inspect(fields)} ${event}`)
  const fetched = createGuardedFetch({ allowHosts: [{ kind: 'range', address: '127.0.0.1', bits: 32 }] })
  const parts = { log: { info: note, warn: note }, fetch: fetched }
  const wrong = 'wrong-token-5512'
  const person = 'ana.lima@acme.com'
  const good = await stage.source({ headers: { 'x-key': 'second-secret-88' } }, parts)
  const bad = await stage.source({ auth: { basic: { username: 'me', password: wrong } } }, parts)
  const texts: string[] = []
  const hear = async (source: Source, parameter: string) => {
    await source.read('member', { number: parameter }, callOf()).catch((error) => {
      texts.push(inspect(error, { depth: 8, showHidden: true }), String(error?.cause?.stack))
    })
  }
  const quoting = { status: 400, body: { error: `no ${person} for ${token}` } }
  const faults: Fault[] = [
    { kind: 'status', ...quoting },
    { kind: 'status', status: 500, body: person },
    { kind: 'status', status: 200, body: `no JSON: ${person}` },
    { kind: 'status', status: 302, headers: { location: `/${person}?token=${token}` } },
    { kind: 'lose-after' },
  ]
  for (const fault of faults) {
    stage.vendor.misbehave({ route: 'GET /v2/members/*', times: 1, fault })
    await hear(good, person)
  }
  await hear(good, `../${person}`)
  await hear(bad, person)
  texts.push(inspect(await bad.health(callOf()), { depth: 8 }))
  assert.equal(texts.length, 15)
  for (const secret of [token, wrong, 'second-secret-88', person, encodeURIComponent(person), btoa(`me:${wrong}`)]) {
    const leaking = [...texts, ...lines].filter((text) => text.includes(secret))
    assert.deepEqual(leaking, [], secret)
  }
})
