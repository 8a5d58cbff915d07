import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { FailureError, type LookUp } from 'flowgate/plugin'
import { refusedProperties } from '../../stand-ins/hubspot-answers.ts'
import { hubspotTrouble as trouble } from '../../stand-ins/hubspot-trouble.ts'
import { call, contact, failureOf, type HubspotStage, hubspotStage } from './hubspot-stage.ts'

const READ = 'GET /crm/v3/objects/:object/:id'
const SEARCH = 'POST /crm/v3/objects/:object/search'
const PROPERTY = 'GET /crm/v3/properties/:object/:name'

const ofAna = { firstname: 'Ana', lifecyclestage: 'customer', hs_lead_status: 'OPEN', city: 'São Paulo' }

/** An account that knows Ana and keeps contacts apart by `wa_id`. */
async function accountWithAna(options: Parameters<typeof hubspotStage>[0] = {}): Promise<HubspotStage> {
  const stage = await hubspotStage(options)
  stage.standIn.addProperty('contacts', { name: 'wa_id', type: 'string', unique: true })
  await stage.crm.deliver(contact('ana@acme.com', { ...ofAna, wa_id: '5511999990000' }), call('ana'))
  return stage
}

function find({ crm }: HubspotStage, look: Partial<LookUp>, differences: Parameters<typeof call>[1] = {}) {
  assert.ok('find' in crm && crm.find !== undefined)
  const whole = { object: 'contacts', field: 'email', value: 'ana@acme.com', fields: ['lifecyclestage'], ...look }
  return crm.find(whole, call('look', differences))
}

/** How often records were read, searched for, and properties asked about. */
const asked = ({ standIn }: HubspotStage) => [READ, SEARCH, PROPERTY].map((route) => standIn.requestsTo(route).length)

test('a contact is found by its e-mail in one request, with the fields asked for and no others', async () => {
  await using stage = await accountWithAna()
  const [ana] = stage.standIn.contacts()
  const found = await find(stage, {
    value: 'Ana@ACME.com',
    fields: ['lifecyclestage', 'city', 'jobtitle', 'unheard_of'],
  })
  assert.deepEqual(found, { id: ana?.id, lifecyclestage: 'customer', city: 'São Paulo' })
  assert.deepEqual(asked(stage), [1, 0, 0])
  assert.deepEqual(await find(stage, { fields: [] }), { id: ana?.id })
})

test('nobody is found where nobody is', async () => {
  await using stage = await accountWithAna()
  assert.equal(await find(stage, { value: 'nobody@acme.com' }), null)
  assert.equal(await find(stage, { field: 'city', value: 'Lima' }), null)
  for (const field of ['id', 'hs_object_id']) assert.equal(await find(stage, { field, value: '1' }), null)
})

test('a record is read by its own id, which is never taken for a unique property', async () => {
  await using stage = await accountWithAna()
  const id = stage.standIn.contacts()[0]?.id ?? ''
  for (const field of ['id', 'hs_object_id']) {
    assert.deepEqual(await find(stage, { field, value: id, fields: ['firstname'] }), { id, firstname: 'Ana' })
    assert.equal(stage.standIn.requestsTo(READ).at(-1)?.query.has('idProperty'), false)
    for (const value of ['../contacts', `${id}/`, 'Ana']) assert.equal(await find(stage, { field, value }), null)
  }
  assert.deepEqual(asked(stage), [2, 0, 0])
})

test('a record that was merged is found under its old id, with the new one', async () => {
  await using stage = await accountWithAna()
  const old = stage.standIn.contacts()[0]?.id ?? ''
  const { id } = await stage.crm.deliver(contact('ana.two@acme.com', { firstname: 'Ana S' }), call('two'))
  stage.standIn.merge(old, id)
  assert.deepEqual(await find(stage, { field: 'id', value: old, fields: ['firstname'] }), { id, firstname: 'Ana S' })
})

test('a unique property is read by, and only the first look-up asks whether it is unique', async () => {
  await using stage = await accountWithAna({ searchLags: true })
  for (const _ of [1, 2]) assert.ok(await find(stage, { field: 'wa_id', value: '5511999990000' }))
  assert.deepEqual(asked(stage), [2, 0, 1])
})

test('a property that is not unique is searched for, and of two records none is chosen', async () => {
  await using stage = await accountWithAna()
  const found = await find(stage, { field: 'firstname', value: 'Ana', fields: ['city', 'jobtitle'] })
  assert.equal(found?.['city'], 'São Paulo')
  const { id } = await stage.crm.deliver(contact('ana.two@acme.com', { firstname: 'Ana' }), call('two'))
  const failure = await failureOf(find(stage, { field: 'firstname', value: 'Ana' }))
  assert.equal(failure.code, 'FG_HUBSPOT_AMBIGUOUS')
  assert.equal(failure.kind === 'permanent' && failure.scope, 'record')
  assert.deepEqual(failure.kind === 'permanent' && failure.candidates, [found?.['id'], id])
  assert.match(failure.message, /Several contacts have the firstname/)
  assert.deepEqual(asked(stage), [0, 2, 1])
})

test('odd values find what has exactly them and reach no other address', async () => {
  const odd = [
    '../../x',
    'a/b?c#d',
    '..',
    '.',
    '%2e%2e',
    '$&',
    "x' or '1'='1",
    '日本 語',
    'a+b&idProperty=email',
    '{objectId}',
  ]
  await using stage = await accountWithAna()
  for (const [index, wa_id] of odd.entries()) {
    await stage.crm.deliver(
      contact(`odd-${index}@acme.com`, { wa_id, firstname: `Odd ${index}` }),
      call(`odd-${index}`),
    )
  }
  for (const [index, value] of odd.entries()) {
    const found = await find(stage, { field: 'wa_id', value, fields: ['firstname'] })
    assert.equal(found?.['firstname'], `Odd ${index}`, value)
    assert.equal(await find(stage, { field: 'wa_id', value: `${value}x` }), null, value)
  }
  const strays = stage.standIn.requests.filter(({ route }) => route === undefined)
  assert.deepEqual(
    strays.map(({ path }) => path),
    [],
  )
})

test('a blank value and half a character are nobody’s, and HubSpot is not asked', async () => {
  await using stage = await accountWithAna()
  for (const value of ['', '\uD83D']) assert.equal(await find(stage, { value }), null)
  assert.deepEqual(asked(stage), [0, 0, 0])
})

test('a value that HubSpot says no record can hold is nobody’s', async () => {
  await using stage = await accountWithAna()
  const refusal = { name: 'email', code: 'INVALID_EMAIL', text: 'Email address ana is invalid' }
  stage.standIn.misbehave({ route: READ, fault: { kind: 'status', ...refusedProperties([refusal], 1) } })
  assert.equal(await find(stage, { value: 'ana' }), null)
})

test('an object or a property that HubSpot does not have is the source’s mistake, said without the value', async () => {
  await using stage = await accountWithAna()
  for (const look of [{ field: 'loyalty_id' }, { object: 'robots', field: 'name' }]) {
    const failure = await failureOf(find(stage, { ...look, value: 'ana@acme.com' }))
    assert.equal(failure.code, 'FG_HUBSPOT_FIND_REFUSED')
    assert.equal(failure.kind === 'permanent' && failure.scope, 'record')
    assert.match(failure.message, new RegExp(look.field))
    assert.doesNotMatch(failure.message, /ana@/)
  }
})

test('a property that was made anew without unique values is searched for from the next look-up on', async () => {
  await using stage = await accountWithAna()
  const look = { field: 'wa_id', value: '5511999990000' }
  assert.ok(await find(stage, look))
  stage.standIn.addProperty('contacts', { name: 'wa_id', type: 'string' })
  assert.equal((await failureOf(find(stage, look))).code, 'FG_HUBSPOT_FIND_REFUSED')
  assert.ok(await find(stage, look))
})

const troubles = [
  {
    name: 'a rate limit',
    fault: trouble.rateLimit('SECONDLY', 3),
    code: 'FG_HUBSPOT_RATE_LIMIT',
    kind: 'rate-limited',
  },
  { name: 'a page of 502', fault: trouble.page(502), code: 'FG_HUBSPOT_UNAVAILABLE', kind: 'retryable' },
  { name: 'a lost connection', fault: { kind: 'lose-before' }, code: 'FG_HUBSPOT_UNREACHABLE', kind: 'retryable' },
  {
    name: 'an answer that is no record',
    fault: { kind: 'status', status: 200, body: {} },
    code: 'FG_HUBSPOT_UNREADABLE',
    kind: 'retryable',
  },
  { name: 'a 404 of something else', fault: trouble.page(404), code: 'FG_HUBSPOT_ADDRESS', kind: 'permanent' },
  {
    name: 'a missing scope',
    fault: trouble.scopes('crm.objects.contacts.read'),
    code: 'FG_HUBSPOT_SCOPES',
    kind: 'permanent',
  },
] as const

for (const { name, fault, code, kind } of troubles) {
  test(`${name} ends a look-up after one request, and is told in a FailureError`, async () => {
    await using stage = await accountWithAna()
    for (const [route, field] of [
      [READ, 'email'],
      [SEARCH, 'city'],
    ] as const) {
      const struck = stage.standIn.misbehave({ route, fault })
      const thrown = await find(stage, { field }).catch((error: unknown) => error)
      assert.ok(thrown instanceof FailureError, inspect(thrown))
      assert.deepEqual([thrown.failure.code, thrown.failure.kind, struck.struck], [code, kind, 1])
      assert.doesNotMatch(inspect(thrown, { depth: 9, showHidden: true }), /ana@acme|pat-eu1/)
    }
  })
}

test('what a rate limit asks to wait is passed on, also of the question whether a property is unique', async () => {
  await using stage = await accountWithAna()
  stage.standIn.misbehave({ route: PROPERTY, fault: trouble.rateLimit('TEN_SECONDLY_ROLLING', 7) })
  const failure = await failureOf(find(stage, { field: 'city' }))
  assert.equal(failure.kind === 'rate-limited' && failure.retryAfterSeconds, 7)
})

test('a token that was revoked stops look-ups', async () => {
  await using stage = await accountWithAna()
  stage.standIn.acceptOnly('pat-eu1-new')
  const failure = await failureOf(find(stage, {}))
  assert.deepEqual(
    [failure.code, failure.kind === 'permanent' && failure.scope],
    ['FG_HUBSPOT_CREDENTIALS', 'destination'],
  )
})

for (const [route, field] of [
  [READ, 'email'],
  [PROPERTY, 'city'],
  [SEARCH, 'city'],
] as const) {
  test(`an abort ends a look-up that hangs in ${route} and closes its socket`, async () => {
    await using stage = await accountWithAna()
    stage.standIn.misbehave({ route, fault: { kind: 'hang' } })
    const abort = new AbortController()
    const failing = failureOf(find(stage, { field }, { signal: abort.signal }))
    await stage.standIn.until(() => stage.standIn.requestsTo(route).length > 0)
    abort.abort()
    assert.deepEqual((({ kind, code }) => [kind, code])(await failing), ['retryable', 'FG_HUBSPOT_TIMEOUT'])
    await stage.standIn.until(() => stage.standIn.requestsTo(route).at(-1)?.aborted === true, 1_000)
  })
}
