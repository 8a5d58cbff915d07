import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Failure, FailureError } from 'flowgate/plugin'
import type { Fault } from 'flowgate/plugin/testing'
import teams from '../../../plugins/teams/index.ts'
import { type TeamsStandIn, teamsRoute, type Workflow } from '../../stand-ins/teams.ts'
import { callOf, teamsDestination } from './destination.ts'

const now = new Date('2026-11-21T12:00:00Z')

test('what an answer means is told by its status and code', async () => {
  const error = (code: string) => ({ error: { code, message: 'Ana Souza Lima' } })
  const connector = (status: number) =>
    `Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error ${status}`
  const table: readonly [expected: string, fault: Fault][] = [
    ['rate-limited 12 FG_TEAMS_RATE_LIMIT', { kind: 'status', status: 429, headers: { 'retry-after': '12' } }],
    ['rate-limited 60 FG_TEAMS_RATE_LIMIT', { kind: 'status', status: 429 }],
    ['rate-limited 60 FG_TEAMS_RATE_LIMIT', { kind: 'status', status: 429, headers: { 'retry-after': 'soon' } }],
    [
      'rate-limited 90 FG_TEAMS_RATE_LIMIT',
      { kind: 'status', status: 429, headers: { 'retry-after': 'Sat, 21 Nov 2026 12:01:30 GMT' } },
    ],
    ...(['0', '-1', '12, 12', 'Fri, 20 Nov 2026 12:00:00 GMT'] as const).map((said): [string, Fault] => [
      'rate-limited 60 FG_TEAMS_RATE_LIMIT',
      { kind: 'status', status: 429, headers: { 'retry-after': said } },
    ]),
    [
      'rate-limited 86400 FG_TEAMS_RATE_LIMIT',
      { kind: 'status', status: 429, headers: { 'retry-after': '1000000000' } },
    ],
    ['rate-limited 60 FG_TEAMS_RATE_LIMIT', { kind: 'status', status: 200, body: connector(429) }],
    ['rate-limited 60 FG_TEAMS_RATE_LIMIT', { kind: 'status', status: 202, body: connector(429) }],
    ['retryable FG_TEAMS_PAGE', { kind: 'status', status: 200, body: '<!DOCTYPE html><title>Ana, sign in</title>' }],
    ['permanent destination FG_TEAMS_WORKFLOW_GONE by hand', { kind: 'status', status: 200, body: connector(410) }],
    ['permanent destination FG_TEAMS_WORKFLOW_GONE', { kind: 'status', status: 404, body: '<html>' }],
    [
      'permanent destination FG_TEAMS_WORKFLOW_GONE by hand',
      { kind: 'status', status: 404, body: error('WorkflowNotFound') },
    ],
    ['permanent destination FG_TEAMS_WORKFLOW_GONE by hand', { kind: 'status', status: 410 }],
    [
      'permanent destination FG_TEAMS_CREDENTIALS by hand',
      { kind: 'status', status: 401, body: error('AuthorizationFailed') },
    ],
    ['permanent destination FG_TEAMS_CREDENTIALS', { kind: 'status', status: 403 }],
    ['permanent destination FG_TEAMS_ADDRESS', { kind: 'status', status: 302, headers: { location: 'https://a.b/' } }],
    [
      'permanent destination FG_TEAMS_WORKFLOW_OFF by hand',
      { kind: 'status', status: 400, body: error('WorkflowTriggerIsNotEnabled') },
    ],
    ['permanent record FG_TEAMS_REFUSED', { kind: 'status', status: 400, body: error('TriggerInputSchemaMismatch') }],
    ['permanent record FG_TEAMS_REFUSED', { kind: 'status', status: 422, body: error('Ana Souza Lima') }],
    ['permanent record FG_TEAMS_TOO_LARGE', { kind: 'status', status: 413 }],
    ['retryable FG_TEAMS_UNAVAILABLE', { kind: 'status', status: 408 }],
    ['retryable FG_TEAMS_UNAVAILABLE', { kind: 'status', status: 500, body: 'oops' }],
    ['retryable FG_TEAMS_UNAVAILABLE', { kind: 'status', status: 503 }],
    ['retryable FG_TEAMS_REPLY_LOST', { kind: 'lose-before' }],
    ['retryable FG_TEAMS_REPLY_LOST', { kind: 'lose-after' }],
    ['retryable FG_TEAMS_REPLY_LOST', brokenOff],
  ]
  for (const [expected, fault] of table) {
    const failure = await failureWhen(({ standIn }) => void standIn.misbehave({ route: teamsRoute, fault }))
    assert.equal(inWords(failure), expected, JSON.stringify(fault))
    assert.doesNotMatch(JSON.stringify(failure), /Ana|signature-of/, expected)
  }
})

test('a success other than 202 counts as one', async () => {
  await using destination = await teamsDestination()
  destination.vendor.standIn.misbehave({ route: teamsRoute, fault: { kind: 'status', status: 200, body: '1' } })
  assert.equal((await destination.deliver({})).outcome, 'sent')
})

test('a workflow that is off, deleted or signed otherwise stops the destination and names the recipient', async () => {
  const table: readonly [code: string, change: (workflow: Workflow) => void][] = [
    ['FG_TEAMS_WORKFLOW_OFF', (workflow) => Object.assign(workflow, { state: 'off' })],
    ['FG_TEAMS_WORKFLOW_OFF', (workflow) => Object.assign(workflow, { state: 'deleted' })],
  ]
  for (const [code, change] of table) {
    const failure = await failureWhen((_, vip) => change(vip))
    assert.equal(failure.code, code)
    assert.match(failure.message, /of the recipient vip/)
  }
})

test('an address where nobody listens is retryable', async () => {
  const destination = await teamsDestination()
  await destination.vendor[Symbol.asyncDispose]()
  const failure = await failed(destination.deliver({}))
  assert.equal(inWords(failure), 'retryable FG_TEAMS_UNREACHABLE')
  assert.match(failure.message, /ECONNREFUSED/)
})

test('a connection that cannot be trusted has sent nothing, and says why', async () => {
  await using destination = await teamsDestination()
  const url = destination.sales.url.replace('http:', 'https:')
  await using speaking = await teamsDestination({ url })
  const failure = await failed(speaking.deliver({}))
  assert.equal(inWords(failure), 'retryable FG_TEAMS_UNREACHABLE')
  assert.ok(failure.kind === 'retryable' && failure.nothingWritten)
  assert.match(failure.message, /ERR_SSL_WRONG_VERSION_NUMBER/)
})

test('a message whose acceptance was said is sent, though the rest of the answer is lost', async () => {
  await using destination = await teamsDestination()
  destination.vendor.standIn.misbehave({ route: teamsRoute, fault: { ...brokenOff, status: 202 } })
  assert.equal((await destination.deliver({})).outcome, 'sent')
})

test('a deadline that passes is retryable, and the socket is closed', async () => {
  await using destination = await teamsDestination()
  const { standIn } = destination.vendor
  standIn.misbehave({ route: teamsRoute, fault: { kind: 'hang' } })
  const abort = new AbortController()
  const failing = failed(destination.deliver({ signal: abort.signal }))
  await standIn.until(() => standIn.requests.length === 1)
  abort.abort(new DOMException('too late', 'TimeoutError'))
  await standIn.until(() => standIn.requests[0]?.aborted === true)
  assert.equal(inWords(await failing), 'retryable FG_TEAMS_TIMEOUT')
})

test('what the URL guard says is passed on as it is', async () => {
  const refused = { kind: 'permanent', scope: 'destination', code: 'FG_URL_REFUSED', message: 'private' } as const
  const fetch = async () => Promise.reject(new FailureError(refused))
  await using destination = await teamsDestination({}, { fetch })
  assert.deepEqual(await failed(destination.deliver({})), refused)
})

test('an error of other origin is passed on and not claimed', async () => {
  const foreign = new RangeError('x')
  await using destination = await teamsDestination({}, { fetch: async () => Promise.reject(foreign) })
  await assert.rejects(destination.deliver({}), foreign)
  assert.equal(teams.classify(foreign), undefined)
})

/** The head of an answer and half of its body, then a closed connection. */
const brokenOff = {
  kind: 'status',
  status: 200,
  body: '1',
  headers: { 'content-length': '500', connection: 'close' },
} as const

async function failureWhen(change: (vendor: TeamsStandIn, vip: Workflow) => void): Promise<Failure> {
  await using destination = await teamsDestination({}, { now: () => now })
  change(destination.vendor, destination.vip)
  const recipient = { kind: 'named', name: 'vip' } as const
  return await failed(destination.instance.deliver({ title: 'Ana Souza Lima', facts: [], recipient }, callOf({})))
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
  if (failure.kind === 'permanent') {
    return `permanent ${failure.scope} ${failure.code}${failure.byHand ? ' by hand' : ''}`
  }
  if (failure.kind === 'rate-limited') return `rate-limited ${failure.retryAfterSeconds} ${failure.code}`
  return `${failure.kind} ${failure.code}`
}
