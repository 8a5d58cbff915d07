import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Failure, FailureError } from 'flowgate/plugin'
import type { Fault } from 'flowgate/plugin/testing'
import { classify } from '../../../plugins/slack/failure.ts'
import { callOf, slackDestination } from './destination.ts'

const wait = ['ratelimited', 'rate_limited', 'message_limit_exceeded']
const passing = [
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
  'org_login_required',
  'a_code_nobody_knows',
]
const destination = [
  'invalid_auth',
  'not_authed',
  'token_revoked',
  'token_expired',
  'account_inactive',
  'missing_scope',
  'no_permission',
  'not_allowed_token_type',
  'channel_not_found',
  'not_in_channel',
  'is_archived',
  'restricted_action',
  'restricted_action_read_only_channel',
  'ekm_access_denied',
  'team_not_found',
  'accesslimited',
]
const record = [
  'no_text',
  'msg_too_long',
  'msg_blocks_too_long',
  'invalid_blocks',
  'invalid_blocks_format',
  'too_many_attachments',
  'metadata_too_large',
  'markdown_text_conflict',
]

test('what Slack answers with ok:false is classified by its code', async () => {
  const expected = (codes: readonly string[], words: string) => codes.map((code) => [code, words] as const)
  const table = [
    ...expected(wait, 'rate-limited 30'),
    ...expected(passing, 'retryable'),
    ...expected(destination, 'permanent destination'),
    ...expected(record, 'permanent record'),
  ]
  for (const [error, words] of table) {
    const failure = await failureOf({ kind: 'status', status: 200, body: { ok: false, error } })
    assert.equal(inWords(failure), words, error)
    assert.equal(failure.code, error)
  }
})

test('what is not an answer of Slack is classified by what happened', async () => {
  const table: readonly [fault: Fault, words: string, code: string][] = [
    [{ kind: 'status', status: 429, headers: { 'retry-after': '12' } }, 'rate-limited 12', 'ratelimited'],
    [{ kind: 'status', status: 429 }, 'rate-limited 30', 'ratelimited'],
    [{ kind: 'status', status: 429, headers: { 'retry-after': 'soon' } }, 'rate-limited 30', 'ratelimited'],
    [{ kind: 'status', status: 429, headers: { 'retry-after': '0' } }, 'rate-limited 30', 'ratelimited'],
    [{ kind: 'status', status: 429, headers: { 'retry-after': '1000000000' } }, 'rate-limited 86400', 'ratelimited'],
    [{ kind: 'status', status: 307, headers: { location: '/elsewhere' } }, 'permanent destination', 'http_307'],
    [{ kind: 'status', status: 200, body: ' '.repeat(17_000_000) }, 'retryable', 'reply_too_large'],
    [{ kind: 'status', status: 500, body: 'oops' }, 'retryable', 'http_500'],
    [{ kind: 'status', status: 503 }, 'retryable', 'http_503'],
    [{ kind: 'status', status: 408 }, 'retryable', 'http_408'],
    [{ kind: 'status', status: 413 }, 'permanent record', 'http_413'],
    [{ kind: 'status', status: 403 }, 'permanent destination', 'http_403'],
    [{ kind: 'status', status: 404, body: '<html>' }, 'permanent destination', 'http_404'],
    [{ kind: 'status', status: 200, body: '<html>a captive portal' }, 'retryable', 'unreadable_answer'],
    [{ kind: 'status', status: 200, body: { ok: true } }, 'retryable', 'unconfirmed'],
    [{ kind: 'lose-before' }, 'retryable', 'UND_ERR_SOCKET'],
    [{ kind: 'lose-after' }, 'retryable', 'UND_ERR_SOCKET'],
    [brokenOff, 'retryable', 'reply_lost'],
  ]
  for (const [fault, words, code] of table) {
    const failure = await failureOf(fault)
    assert.equal(inWords(failure), words, JSON.stringify(fault))
    assert.equal(failure.code, code, JSON.stringify(fault))
  }
})

test('what Slack surely made nothing of needs no look-up: only a clear word of Slack counts', async () => {
  const says = (error: string): Fault => ({ kind: 'status', status: 200, body: { ok: false, error } })
  const table: readonly [nothingWritten: true | undefined, fault: Fault][] = [
    [true, { kind: 'status', status: 503 }],
    [true, says('service_unavailable')],
    [true, says('request_timeout')],
    [undefined, says('internal_error')],
    [undefined, says('fatal_error')],
    [undefined, says('a_code_nobody_knows')],
    [undefined, { kind: 'status', status: 502 }],
    [undefined, { kind: 'lose-before' }],
  ]
  for (const [nothingWritten, fault] of table) {
    const failure = await failureOf(fault)
    assert.ok(failure.kind === 'retryable')
    assert.equal(failure.nothingWritten, nothingWritten, JSON.stringify(fault))
  }
})

test('a connection that cannot be trusted has sent nothing, and one that broke is not called unreachable', async () => {
  await using slack = await slackDestination()
  const untrusted = await slack.instanceOf({ api_url: slack.vendor.apiUrl.replace('http:', 'https:') })
  const error = await untrusted({}).catch((thrown: unknown) => thrown)
  const failure = classify(error)
  assert.ok(failure?.kind === 'retryable' && failure.nothingWritten)
  assert.match(failure.message, /could not be reached \(ERR_SSL_WRONG_VERSION_NUMBER\)/)
  const broken = await failureOf({ kind: 'lose-after' })
  assert.match(broken.message, /broke before its answer.*looks whether it has landed/)
})

test('the wait that Slack names beside ok:false is kept', async () => {
  const headers = { 'retry-after': '44' }
  const failure = await failureOf({ kind: 'status', status: 200, body: { ok: false, error: 'ratelimited' }, headers })
  assert.equal(inWords(failure), 'rate-limited 44')
})

test('an address where nobody listens is retryable', async () => {
  const slack = await slackDestination()
  await slack.vendor[Symbol.asyncDispose]()
  const error = await slack.deliver({}).catch((thrown: unknown) => thrown)
  assert.equal(classify(error)?.code, 'ECONNREFUSED')
  const failure = classify(error)
  assert.ok(failure?.kind === 'retryable' && failure.nothingWritten)
})

test('a deadline that passes is retryable, and the socket is closed', async () => {
  await using slack = await slackDestination()
  slack.vendor.standIn.misbehave({ route: 'POST /api/chat.postMessage', fault: { kind: 'hang' } })
  const abort = new AbortController()
  const delivering = slack.deliver({ signal: abort.signal }).catch((thrown: unknown) => thrown)
  await slack.vendor.standIn.until(() => slack.vendor.standIn.requests.length === 1)
  abort.abort(new DOMException('too late', 'TimeoutError'))
  await slack.vendor.standIn.until(() => slack.vendor.standIn.requests[0]?.aborted === true)
  assert.equal(classify(await delivering)?.code, 'no_answer_in_time')
})

test('a missing scope is named, and nothing that Slack quotes is', async () => {
  const scope = { ok: false, error: 'missing_scope', needed: 'chat:write', provided: 'channels:read' }
  assert.match((await failureOf({ kind: 'status', status: 200, body: scope })).message, /Slack names: chat:write\.$/)
  const quoted = { ok: false, error: 'Ana Souza Lima', needed: 'Ana Souza Lima' }
  const failure = await failureOf({ kind: 'status', status: 200, body: quoted })
  assert.doesNotMatch(JSON.stringify(failure), /Ana/)
})

test('errors of other origin are not claimed', () => {
  for (const error of [new Error('x'), { code: 'slack_webapi_platform_error' }, 'x', null, undefined]) {
    assert.equal(classify(error), undefined)
  }
})

/** The head of an answer and half of its body, then a closed connection. */
const brokenOff: Fault = {
  kind: 'status',
  status: 200,
  body: '{"ok":true,',
  headers: { 'content-length': '500', connection: 'close' },
}

async function failureOf(fault: Fault): Promise<Failure> {
  await using slack = await slackDestination()
  slack.vendor.standIn.misbehave({ route: 'POST /api/chat.postMessage', fault })
  const error = await slack.instance.deliver({ title: 'a', facts: [] }, callOf({})).then(
    () => assert.fail('The delivery was confirmed.'),
    (thrown: unknown) => thrown,
  )
  const failure = error instanceof FailureError ? error.failure : classify(error)
  assert.ok(failure, String(error))
  return failure
}

function inWords(failure: Failure): string {
  if (failure.kind === 'permanent') return `permanent ${failure.scope}`
  return failure.kind === 'rate-limited' ? `rate-limited ${failure.retryAfterSeconds}` : failure.kind
}
