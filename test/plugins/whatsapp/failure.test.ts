import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Failure, FailureError } from 'flowgate/plugin'
import type { Fault } from 'flowgate/plugin/testing'
import whatsapp from '../../../plugins/whatsapp/index.ts'
import { type GraphStandIn, messagesRoute } from '../../stand-ins/whatsapp-graph.ts'
import { whatsappDestination } from './destination.ts'

const table: readonly [expected: string, codes: readonly number[]][] = [
  ['rate-limited 5 FG_WHATSAPP_RATE_LIMIT', [130429]],
  ['rate-limited 6 FG_WHATSAPP_RATE_LIMIT', [131056]],
  ['rate-limited 60 FG_WHATSAPP_RATE_LIMIT', [131057]],
  ['rate-limited 300 FG_WHATSAPP_RATE_LIMIT', [4, 17, 613, 80007, 80008]],
  ['retryable FG_WHATSAPP_UNAVAILABLE', [1, 2, 131000, 131016, 133004, 999_999]],
  ['permanent destination FG_WHATSAPP_CREDENTIALS', [0, 3, 10, 190, 200, 299, 131005]],
  ['permanent destination FG_WHATSAPP_ACCOUNT', [368, 131031, 131037, 131042, 131045, 133010]],
  ['permanent destination FG_WHATSAPP_TEMPLATE', [132000, 132001, 132007, 132012, 132015, 132016]],
  ['permanent destination FG_WHATSAPP_VALUE', [33, 100, 131008, 131009]],
  [
    'permanent record FG_WHATSAPP_REFUSED',
    [131021, 131026, 131030, 131047, 131048, 131049, 130472, 130497, 131050, 131062, 132005, 132018],
  ],
]

test('what Meta says no with is told by its code, whatever the status', async () => {
  for (const [expected, codes] of table) {
    for (const code of codes) {
      for (const status of [200, 400, 500]) {
        const body = { error: { message: 'Ana Souza Lima', code, error_data: { details: '+34600000000' } } }
        const failure = await failureWhen({ kind: 'status', status, body })
        assert.equal(inWords(failure), expected, `${status} ${code}`)
        assert.doesNotMatch(failure.message, /Ana|34600/)
        if (failure.kind !== 'rate-limited') assert.ok(failure.message.includes(String(code)), failure.message)
      }
    }
  }
})

test('a value that Meta does not take fails the message alone where the mapping chose the recipient', async () => {
  await using destination = await whatsappDestination()
  destination.graph.refused.set('+34600000002', 131009)
  const failure = await failed(destination.deliver({}, { recipient: { kind: 'named', name: 'vip' } }))
  assert.equal(inWords(failure), 'permanent record FG_WHATSAPP_VALUE')
  await destination.deliver({ idempotencyKey: 'delivery-2' })
  assert.equal(destination.graph.messages.length, 1)
})

test('what is not an answer of Meta is classified by what happened', async () => {
  const faults: readonly [expected: string, fault: Fault][] = [
    ['rate-limited 12 FG_WHATSAPP_RATE_LIMIT', { kind: 'status', status: 429, headers: { 'retry-after': '12' } }],
    ['rate-limited 60 FG_WHATSAPP_RATE_LIMIT', { kind: 'status', status: 429, body: '<html>' }],
    ...(['0', '-1', '12, 12', 'Thu, 01 Jan 1970 00:00:00 GMT'] as const).map((said): [string, Fault] => [
      'rate-limited 60 FG_WHATSAPP_RATE_LIMIT',
      { kind: 'status', status: 429, headers: { 'retry-after': said } },
    ]),
    ...(['1000000000', 'Sat, 21 Nov 2099 12:00:00 GMT'] as const).map((said): [string, Fault] => [
      'rate-limited 86400 FG_WHATSAPP_RATE_LIMIT',
      { kind: 'status', status: 429, headers: { 'retry-after': said } },
    ]),
    ['permanent destination FG_WHATSAPP_CREDENTIALS', { kind: 'status', status: 401, body: '<html>' }],
    ['permanent destination FG_WHATSAPP_ADDRESS', { kind: 'status', status: 404, body: '<html>' }],
    ['permanent destination FG_WHATSAPP_ADDRESS', { kind: 'status', status: 302, headers: { location: '/login' } }],
    ['retryable FG_WHATSAPP_UNAVAILABLE', { kind: 'status', status: 503, body: '<html>' }],
    ['retryable FG_WHATSAPP_UNAVAILABLE', { kind: 'status', status: 408 }],
    ['retryable FG_WHATSAPP_UNREADABLE', { kind: 'status', status: 200, body: '<html>a captive portal' }],
    ['retryable FG_WHATSAPP_UNREADABLE', { kind: 'status', status: 200, body: { messages: [] } }],
    ['retryable FG_WHATSAPP_UNREADABLE', { kind: 'status', status: 204 }],
    ['retryable FG_WHATSAPP_REPLY_LOST', { kind: 'lose-before' }],
    ['retryable FG_WHATSAPP_REPLY_LOST', { kind: 'lose-after' }],
    ['retryable FG_WHATSAPP_REPLY_LOST', brokenOff],
  ]
  for (const [expected, fault] of faults) {
    assert.equal(inWords(await failureWhen(fault)), expected, JSON.stringify(fault))
  }
})

test('what the account and its templates are like is found out by sending', async () => {
  const changes: readonly [expected: string, change: (graph: GraphStandIn) => void][] = [
    ['permanent destination FG_WHATSAPP_TEMPLATE', ({ templates }) => void templates.splice(0)],
    [
      'permanent destination FG_WHATSAPP_TEMPLATE',
      ({ templates: [kept] }) => void Object.assign(kept ?? {}, { status: 'PAUSED' }),
    ],
    [
      'permanent destination FG_WHATSAPP_TEMPLATE',
      ({ templates: [kept] }) => void Object.assign(kept ?? {}, { variables: 3 }),
    ],
    [
      'permanent destination FG_WHATSAPP_TEMPLATE',
      ({ templates: [kept] }) => void Object.assign(kept ?? {}, { urlButton: true }),
    ],
    ['permanent record FG_WHATSAPP_REFUSED', ({ refused }) => void refused.set('+34600000001', 131050)],
    ['rate-limited 5 FG_WHATSAPP_RATE_LIMIT', (graph) => void Object.assign(graph, { throughput: 0 })],
  ]
  for (const [expected, change] of changes) {
    await using destination = await whatsappDestination()
    change(destination.graph)
    assert.equal(inWords(await failed(destination.deliver({}))), expected)
    assert.equal(destination.graph.messages.length, 0)
  }
})

test('an address where nobody listens is retryable', async () => {
  const destination = await whatsappDestination()
  await destination.graph[Symbol.asyncDispose]()
  const failure = await failed(destination.deliver({}))
  assert.equal(inWords(failure), 'retryable FG_WHATSAPP_UNREACHABLE')
  assert.match(failure.message, /ECONNREFUSED/)
})

test('an answer that is longer than any of Meta’s is not taken, whatever it ends in', async () => {
  await using destination = await whatsappDestination()
  const answer = () => ({ status: 200, body: `{"messages":[{"id":"wamid.1"}]${' '.repeat(2_000_000)}}` })
  destination.graph.standIn.misbehave({ route: messagesRoute, fault: { kind: 'answer', answer } })
  assert.equal(inWords(await failed(destination.deliver({}))), 'retryable FG_WHATSAPP_UNREADABLE')
})

test('every success with the id of a message is one', async () => {
  await using destination = await whatsappDestination()
  const fault = { kind: 'status', status: 202, body: { messages: [{ id: 'wamid.1' }] } } as const
  destination.graph.standIn.misbehave({ route: messagesRoute, fault })
  assert.deepEqual(await destination.deliver({}), { outcome: 'sent', id: 'wamid.1' })
})

test('a connection that cannot be trusted has sent nothing, and says why', async () => {
  await using spoken = await whatsappDestination()
  const api_url = spoken.graph.standIn.url.replace('http:', 'https:')
  await using destination = await whatsappDestination({ api_url })
  const failure = await failed(destination.deliver({}))
  assert.equal(inWords(failure), 'retryable FG_WHATSAPP_UNREACHABLE')
  assert.ok(failure.kind === 'retryable' && failure.nothingWritten)
  assert.match(failure.message, /ERR_SSL_WRONG_VERSION_NUMBER/)
})

test('a deadline that passes is retryable, and the socket is closed', async () => {
  await using destination = await whatsappDestination()
  const { standIn } = destination.graph
  standIn.misbehave({ route: messagesRoute, fault: { kind: 'hang' } })
  const abort = new AbortController()
  const failing = failed(destination.deliver({ signal: abort.signal }))
  await standIn.until(() => standIn.requests.length === 1)
  abort.abort(new DOMException('too late', 'TimeoutError'))
  await standIn.until(() => standIn.requests[0]?.aborted === true)
  assert.equal(inWords(await failing), 'retryable FG_WHATSAPP_TIMEOUT')
})

test('an error of other origin is passed on and not claimed', async () => {
  const foreign = new RangeError('x')
  await using destination = await whatsappDestination({}, { spend: async () => Promise.reject(foreign) })
  await assert.rejects(destination.deliver({}), foreign)
  assert.equal(whatsapp.classify(foreign), undefined)
})

/** The head of an answer and half of its body, then a closed connection. */
const brokenOff: Fault = {
  kind: 'status',
  status: 200,
  body: '{"messages":[',
  headers: { 'content-length': '500', connection: 'close' },
}

async function failureWhen(fault: Fault): Promise<Failure> {
  await using destination = await whatsappDestination()
  destination.graph.standIn.misbehave({ route: messagesRoute, fault })
  return await failed(destination.deliver({}))
}

async function failed(delivering: Promise<unknown>): Promise<Failure> {
  const error = await delivering.then(
    () => assert.fail('The delivery was confirmed.'),
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof FailureError, String(error))
  return error.failure
}

function inWords(failure: Failure): string {
  if (failure.kind === 'permanent') return `permanent ${failure.scope} ${failure.code}`
  if (failure.kind === 'rate-limited') return `rate-limited ${failure.retryAfterSeconds} ${failure.code}`
  return `${failure.kind} ${failure.code}`
}
