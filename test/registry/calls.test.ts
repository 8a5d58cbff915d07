import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { FailureError, type PluginContext } from 'flowgate/plugin'
import { createLedgerInMemory } from '../../src/registry/budget-ledger.ts'
import { withinCall } from '../../src/registry/call-scope.ts'
import { callWithin } from '../../src/registry/call-within.ts'
import { createPluginFetch } from '../../src/registry/plugin-fetch.ts'
import { createRegistry, type Registry } from '../../src/registry/registry.ts'
import { configurationOf, pluginFolder } from '../deliver/delivery-stage.ts'
import { testClock } from '../support/clock.ts'
import { keptLog } from '../support/log.ts'

const heard: IncomingMessage[] = []
let status = 200
let retryAfter: { readonly 'retry-after'?: string } = {}
const server = createServer((request, response) => {
  heard.push(request)
  request.resume()
  if (request.url !== '/hang') response.writeHead(status, retryAfter).end()
})
let url = ''
before(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
})
after(() => {
  server.closeAllConnections()
  server.close()
})

const record = { id: 'contact', object: 'contacts', operation: 'create', fields: {}, links: [] } as const
const call = (idempotencyKey: string, signal = new AbortController().signal) => {
  return { idempotencyKey, signal, attempt: 1, uncertain: false, resend: false }
}

/** A registry with two destinations on one account, and one on another. */
function registry(perSeconds = 1, requests = 100): Registry {
  const settings = (account: string) => ({ plugin: './metered', config: { url, account, requests, perSeconds } })
  const configuration = configurationOf({ crm: settings('a'), same: settings('a'), other: settings('b') })
  return createRegistry({
    configuration: () => configuration,
    configurationFolder: pluginFolder,
    allowHosts: [{ kind: 'range', address: '127.0.0.1', bits: 32 }],
    log: keptLog().log,
    clock: testClock(),
    budgetLedger: createLedgerInMemory(),
  })
}

const tracesOf = (key: string) =>
  heard.filter(({ url: path }) => path === `/${key}`).map(({ headers }) => String(headers['traceparent']))

test('all requests for one submission carry one trace, over attempts and processes, and each a part of its own', async () => {
  const [one, two] = [await registry().crm('crm'), await registry().crm('crm')]
  const submission = 'sub_01k9abcdefghjkmnpqrstvwxyz'
  for (const key of [`${submission}.contact`, `${submission}.deal`, 'sub_01k9other.contact', 'question.crm']) {
    await one.instance.deliver(record, call(key))
    await two.instance.deliver(record, call(key))
  }
  const form = /^00-([0-9a-f]{32})-([0-9a-f]{16})-01$/
  const parts = (key: string) => tracesOf(key).map((text) => form.exec(text)?.slice(1) ?? assert.fail(text))
  const own = [...parts(`${submission}.contact`), ...parts(`${submission}.deal`)]
  assert.equal(own.length, 4)
  assert.equal(new Set(own.map(([trace]) => trace)).size, 1)
  assert.equal(new Set(own.map(([, span]) => span)).size, 4)
  assert.notEqual(parts('sub_01k9other.contact')[0]?.[0], own[0]?.[0])
  const [first, second] = parts('question.crm')
  assert.notEqual(first?.[0], second?.[0], 'what is for no submission has nothing in common')
})

/** What a plugin's request was sent with. */
async function sent(init: RequestInit | undefined, scope?: Parameters<typeof withinCall>[0]): Promise<RequestInit> {
  let seen: RequestInit = {}
  const fetch: PluginContext['fetch'] = async (_, given = {}) => {
    seen = given
    return new Response()
  }
  const request = () => createPluginFetch(fetch)('https://example.com/', init)
  await (scope === undefined ? request() : withinCall(scope, request))
  return seen
}

test('outside of a call there is no trace, and a plugin’s own stays', async () => {
  assert.equal((await sent({ headers: { a: 'b' } })).headers instanceof Headers, false)
  assert.deepEqual((await sent({ headers: { a: 'b' } })).headers, { a: 'b' })
  const traceId = '0'.repeat(31).concat('1')
  for (const headers of [{ Traceparent: 'own' }, [['traceparent', 'own']], new Headers({ traceparent: 'own' })]) {
    const { headers: given } = await sent({ headers: headers as NonNullable<RequestInit['headers']> }, { traceId })
    assert.equal(new Headers(given).get('traceparent'), 'own')
  }
  for (const headers of [undefined, { a: 'b' }, [['a', 'b']], new Headers({ a: 'b' })]) {
    const init = headers === undefined ? undefined : { headers: headers as NonNullable<RequestInit['headers']> }
    const given = new Headers((await sent(init, { traceId })).headers)
    assert.ok(given.get('traceparent')?.startsWith(`00-${traceId}-`))
    assert.equal(given.get('a'), headers === undefined ? null : 'b')
  }
})

test('a request without a signal ends with its call; one of its own stays', async () => {
  const ending = new AbortController()
  const { signal } = await sent(undefined, { signal: ending.signal })
  assert.equal(signal?.aborted, false)
  ending.abort()
  assert.equal(signal?.aborted, true)
  assert.equal((await sent(undefined)).signal?.aborted, false, 'outside of a call it has a deadline alone')
  const own = AbortSignal.abort()
  assert.equal((await sent({ signal: own }, { signal: new AbortController().signal })).signal, own)

  const stopping = new AbortController().signal
  const hung = await callWithin(() => createPluginFetch((address, init) => fetch(address, init ?? {}))(`${url}hang`), {
    deadlineMs: 100,
    stopping,
    onLate: () => assert.fail('it did not end'),
  })
  assert.deepEqual([hung.kind, hung.kind === 'ended' && hung.why], ['ended', 'deadline'])
})

test('a call that would wait for its budget beyond its deadline is told at once when to come back', async () => {
  const { instance } = await registry(600, 1).crm('crm')
  const limits = { deadlineMs: 60_000, stopping: new AbortController().signal, onLate: () => {} }
  const deliver = () => callWithin((signal) => instance.deliver(record, call('sub_1.contact', signal)), limits)
  assert.equal((await deliver()).kind, 'answered')
  const second = await deliver()
  // Not by the end of the call: then it would have been ended.
  assert.ok(second.kind === 'thrown' && second.error instanceof FailureError)
  assert.equal(second.error.failure.code, 'FG_BUDGET_SPENT')
})

test('when the vendor says to come back later, others with the account wait as well, and nobody else', async () => {
  const all = registry()
  const instances = await Promise.all(['crm', 'same', 'other'].map(async (name) => (await all.crm(name)).instance))
  const [crm = assert.fail(), same = assert.fail(), other = assert.fail()] = instances
  const limited = async (seconds: number) => {
    const from = performance.now()
    status = 429
    retryAfter = { 'retry-after': String(seconds) }
    await assert.rejects(crm.deliver(record, call('sub_1.limited')), FailureError)
    status = 200
    return from
  }
  const from = await limited(1)
  await same.deliver(record, call('sub_1.later'))
  assert.ok(performance.now() - from >= 990)

  await limited(60)
  const giving = new AbortController()
  const waiting = same.deliver(record, call('sub_1.same', giving.signal))
  await other.deliver(record, call('sub_1.other'))
  giving.abort()
  await assert.rejects(waiting, FailureError)
  assert.deepEqual([tracesOf('sub_1.other').length, tracesOf('sub_1.same').length], [1, 0])
})
