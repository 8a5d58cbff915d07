import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Failure } from 'flowgate/plugin'
import { UnansweredError } from '../../../plugins/hubspot/calls/exchange.ts'
import { problemOfAnswer, problemOfBatchRow } from '../../../plugins/hubspot/calls/problem.ts'
import { classify } from '../../../plugins/hubspot/failure.ts'

const correlationId = 'aeb5f871-7f07-4993-9211-075dc63e7cbf'

function answered(status: number, body: unknown, headers: Record<string, string> = {}): Failure | undefined {
  return classify(problemOfAnswer(status, headers, body))
}

const bothShapes = {
  status: 'error',
  message:
    'Property values were not valid: [{"isValid":false,"message":"Ana was not one of the allowed options: [NEW, OPEN]","error":"INVALID_OPTION","name":"hs_lead_status","localizedErrorMessage":"x","portalId":1},{"isValid":false,"message":"Property \\"nickname\\" does not exist","error":"PROPERTY_DOESNT_EXIST","name":"nickname","portalId":1}]',
  correlationId,
  errors: [
    { message: 'Ana was not one of …', code: 'INVALID_OPTION', context: { propertyName: ['hs_lead_status'] } },
    {
      message: 'Property "nickname" does not exist',
      code: 'PROPERTY_DOESNT_EXIST',
      context: { propertyName: ['nickname'] },
    },
  ],
  category: 'VALIDATION_ERROR',
}

test('refused properties are named with their codes and the correlation id', () => {
  assert.deepEqual(answered(400, bothShapes), {
    kind: 'permanent',
    scope: 'record',
    code: 'FG_HUBSPOT_FIELD_REFUSED',
    message: `HubSpot refused hs_lead_status (INVALID_OPTION), nickname (PROPERTY_DOESNT_EXIST). Correct the mapping or the property in HubSpot, then replay (HTTP 400, VALIDATION_ERROR, correlation id ${correlationId}).`,
    fields: ['hs_lead_status', 'nickname'],
  })
})

test('refused properties are found in either of the two places HubSpot puts them', () => {
  const { errors, ...onlyMessage } = bothShapes
  const inField = { code: 'INVALID_EMAIL', message: 'Email address x is invalid', in: 'email' }
  const onlyErrors = { ...onlyMessage, message: 'Property values were not valid: [oops', errors: [...errors, inField] }
  const named = [onlyMessage, onlyErrors].map((body) => {
    const failure = answered(400, body)
    return failure?.kind === 'permanent' ? failure.fields : undefined
  })
  assert.deepEqual(named, [
    ['hs_lead_status', 'nickname'],
    ['hs_lead_status', 'nickname', 'email'],
  ])
})

test('a refusal that names no property stops the record', () => {
  const failure = answered(400, { status: 'error', message: 'Invalid input JSON on line 1', correlationId })
  assert.deepEqual([failure?.kind, failure?.code], ['permanent', 'FG_HUBSPOT_RECORD_REFUSED'])
  assert.ok(failure?.kind === 'permanent' && failure.scope === 'record' && failure.fields === undefined)
})

test('a search by a property without unique values says what to change', () => {
  const message = 'Unable to perform update/upsert by non-unique 0-1 property phone in portal ID 1'
  assert.equal(
    answered(400, { status: 'error', message, category: 'VALIDATION_ERROR' })?.code,
    'FG_HUBSPOT_MATCH_NOT_UNIQUE',
  )
})

test('where the two places differ, the code in the list of errors counts', () => {
  const [first] = bothShapes.errors
  const failure = answered(400, { ...bothShapes, errors: [{ ...first, code: 'INVALID_VALUE' }] })
  assert.match(failure?.message ?? '', /refused hs_lead_status \(INVALID_VALUE\), nickname \(PROPERTY_DOESNT_EXIST\)\./)
})

test('a conflict is a conflict whatever the status', () => {
  assert.equal(answered(400, { status: 'error', message: 'x', category: 'CONFLICT' })?.code, 'FG_HUBSPOT_CONFLICT')
})

test('missing scopes are listed', () => {
  const errors = [
    { message: 'x', context: { requiredGranularScopes: ['crm.objects.deals.write', 'crm.objects.deals.read'] } },
  ]
  const failure = answered(403, { status: 'error', category: 'MISSING_SCOPES', errors })
  assert.ok(failure?.kind === 'permanent' && failure.scope === 'destination')
  assert.match(failure.message, /lacks the scopes crm\.objects\.deals\.write, crm\.objects\.deals\.read\./)
})

test('a status means the same whatever the body', () => {
  const kinds = [401, 403, 408, 409, 413, 423, 429, 477, 500, 502, 504, 521, 526].map((status) => {
    const failures = [undefined, '', '<html></html>', {}, [], null, 7].map((body) => answered(status, body))
    const seen = new Set(failures.map((failure) => `${failure?.kind} ${failure?.code}`))
    assert.equal(seen.size, 1, `${status}: ${[...seen]}`)
    return `${status} ${failures[0]?.kind} ${failures[0]?.code}`
  })
  assert.deepEqual(kinds, [
    '401 permanent FG_HUBSPOT_CREDENTIALS',
    '403 permanent FG_HUBSPOT_SCOPES',
    '408 retryable FG_HUBSPOT_UNAVAILABLE',
    '409 retryable FG_HUBSPOT_CONFLICT',
    '413 permanent FG_HUBSPOT_RECORD_REFUSED',
    '423 retryable FG_HUBSPOT_LOCKED',
    '429 rate-limited FG_HUBSPOT_RATE_LIMIT',
    '477 rate-limited FG_HUBSPOT_MIGRATION',
    '500 retryable FG_HUBSPOT_UNAVAILABLE',
    '502 retryable FG_HUBSPOT_UNAVAILABLE',
    '504 retryable FG_HUBSPOT_UNAVAILABLE',
    '521 retryable FG_HUBSPOT_UNAVAILABLE',
    '526 retryable FG_HUBSPOT_UNAVAILABLE',
  ])
})

test('a 404 is about the record when HubSpot says it, else about the address', () => {
  const fromHubspot = answered(404, { status: 'error', message: 'x', category: 'OBJECT_NOT_FOUND' })
  const fromElsewhere = answered(404, { error: 'no such route' })
  assert.equal(fromHubspot?.kind === 'permanent' && fromHubspot.scope, 'record')
  assert.equal(fromElsewhere?.kind === 'permanent' && fromElsewhere.scope, 'destination')
})

test('a deleted account stops the destination whatever the status', () => {
  const failure = answered(400, { status: 'BAD_HUB', error: 'access_denied' })
  assert.equal(failure?.code, 'FG_HUBSPOT_REVOKED')
})

const limits: readonly [string, unknown, Record<string, string>, number][] = [
  ['Retry-After in seconds', { policyName: 'TEN_SECONDLY_ROLLING' }, { 'retry-after': '4' }, 4],
  ['Retry-After with a fraction', {}, { 'retry-after': '1.2' }, 2],
  ['Retry-After of nothing', {}, { 'retry-after': '0' }, 1],
  ['Retry-After beyond a day', {}, { 'retry-after': '999999' }, 86_400],
  [
    'Retry-After as a date',
    {},
    { 'retry-after': 'Fri, 20 Nov 2026 10:00:30 GMT', date: 'Fri, 20 Nov 2026 10:00:00 GMT' },
    30,
  ],
  ['Retry-After that cannot be read', { policyName: 'DAILY' }, { 'retry-after': 'soon' }, 3600],
  ['the limit of ten seconds', { policyName: 'TEN_SECONDLY_ROLLING' }, {}, 10],
  ['the limit of ten seconds by its text', { message: 'You have reached your ten_secondly_rolling limit.' }, {}, 10],
  ['the limit of a second, as search says it', { message: 'You have reached your secondly limit.' }, {}, 1],
  ['the limit of a day', { policyName: 'DAILY' }, {}, 3600],
  ['a limit without a name', '<html></html>', {}, 10],
]
for (const [name, body, headers, seconds] of limits) {
  test(`${name} is waited for as long as it says`, () => {
    const failure = answered(429, body, headers)
    assert.equal(failure?.kind === 'rate-limited' ? failure.retryAfterSeconds : failure, seconds)
  })
}

test('a migration without a time is looked at again after an hour', () => {
  const failure = answered(477, {})
  assert.equal(failure?.kind === 'rate-limited' && failure.retryAfterSeconds, 3600)
})

const rows: readonly [unknown, string, string][] = [
  [{ category: 'CONFLICT' }, 'retryable', 'FG_HUBSPOT_CONFLICT'],
  [{ category: 'VALIDATION_ERROR' }, 'permanent', 'FG_HUBSPOT_RECORD_REFUSED'],
  [{ errors: [{ code: 'INVALID_EMAIL', in: 'email' }] }, 'permanent', 'FG_HUBSPOT_FIELD_REFUSED'],
  [{ category: 'OBJECT_NOT_FOUND' }, 'permanent', 'FG_HUBSPOT_NOT_FOUND'],
  [{ category: 'MISSING_SCOPES' }, 'permanent', 'FG_HUBSPOT_SCOPES'],
  [{ category: 'EXPIRED_AUTHENTICATION' }, 'permanent', 'FG_HUBSPOT_CREDENTIALS'],
  [{ category: 'RATE_LIMITS' }, 'rate-limited', 'FG_HUBSPOT_RATE_LIMIT'],
  [{ category: 'SOMETHING_NEW' }, 'retryable', 'FG_HUBSPOT_UNAVAILABLE'],
  [{}, 'retryable', 'FG_HUBSPOT_UNAVAILABLE'],
  [undefined, 'retryable', 'FG_HUBSPOT_UNAVAILABLE'],
]
for (const [row, kind, code] of rows) {
  test(`the failed row ${JSON.stringify(row)} of a batch is ${kind} with ${code}`, () => {
    const failure = classify(problemOfBatchRow(row))
    assert.deepEqual([failure?.kind, failure?.code], [kind, code])
  })
}

test('what never became an answer is retryable, but for a wrong address and a broken token', () => {
  const codes = (['network', 'deadline', 'aborted', 'unreadable', 'not-hubspot', 'unsendable'] as const).map(
    (reason) => {
      const failure = classify(new UnansweredError(reason, 'ECONNRESET'))
      return `${reason} ${failure?.kind} ${failure?.code}`
    },
  )
  assert.deepEqual(codes, [
    'network retryable FG_HUBSPOT_UNREACHABLE',
    'deadline retryable FG_HUBSPOT_TIMEOUT',
    'aborted retryable FG_HUBSPOT_TIMEOUT',
    'unreadable retryable FG_HUBSPOT_UNREADABLE',
    'not-hubspot permanent FG_HUBSPOT_ADDRESS',
    'unsendable permanent FG_HUBSPOT_CREDENTIALS',
  ])
})

test('a refusal that is not in HubSpot’s words is not said to be HubSpot’s', () => {
  const page = '<html><center>Request blocked</center></html>'
  for (const [status, code] of [
    [400, 'FG_HUBSPOT_RECORD_REFUSED'],
    [403, 'FG_HUBSPOT_SCOPES'],
  ] as const) {
    const failure = answered(status, page)
    assert.equal(failure?.code, code)
    assert.match(failure?.message ?? '', /in words that are not HubSpot’s.* a proxy or a firewall/)
  }
})
