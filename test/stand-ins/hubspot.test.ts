import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startHubspotStandIn } from './hubspot.ts'

const token = 'pat-test'
const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }

interface Answer {
  readonly status: number
  readonly body: Record<string, unknown>
}

async function ask(url: string, method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: response.status, body: { ...Object(await response.json()) } }
}

const row = (email: string, properties: object = {}, more: object = {}) => ({
  id: email,
  idProperty: 'email',
  properties,
  ...more,
})

const UPSERT = '/crm/v3/objects/contacts/batch/upsert'

test('without its token the account answers 401 to everything', async () => {
  await using standIn = await startHubspotStandIn({ token: 'another' })
  const { status, body } = await ask(standIn.url, 'GET', '/account-info/v3/details')
  assert.equal(status, 401)
  assert.equal(body['category'], 'INVALID_AUTHENTICATION')
})

test('a batch is refused as a whole for one bad row, and row by row when the rows are traced', async () => {
  await using standIn = await startHubspotStandIn({ token })
  const good = row('ana@acme.com', { firstname: 'Ana' })
  const bad = row('bea@acme.com', { lifecyclestage: 'Lead' })
  const whole = await ask(standIn.url, 'POST', UPSERT, { inputs: [good, bad] })
  assert.equal(whole.status, 400)
  assert.match(
    String(whole.body['message']),
    /^Property values were not valid: \[\{.*"error":"INVALID_OPTION","name":"lifecyclestage"/,
  )
  assert.equal(standIn.contacts().length, 0)
  const traced = [good, bad].map((input, index) => ({ ...input, objectWriteTraceId: `t-${index}` }))
  const rows = await ask(standIn.url, 'POST', UPSERT, { inputs: traced })
  assert.equal(rows.status, 207)
  assert.equal(rows.body['numErrors'], 1)
  assert.equal(standIn.contacts().length, 1)
})

test('the rules of a batch upsert are those of HubSpot', async () => {
  await using standIn = await startHubspotStandIn({ token })
  const cases: readonly [readonly object[], RegExp][] = [
    [[row('ana@acme.com'), row('ANA@acme.com')], /Duplicate IDs found in batch input/],
    [[{ id: '1', idProperty: 'phone', properties: {} }], /non-unique 0-1 property phone/],
    [[row('ana@acme.com', { firstname: 1 })], /firstname is not text/],
    [[row('ana@acme.com', { firstname: null })], /firstname is not text/],
    [[row('not an address')], /INVALID_EMAIL/],
    [[row('ana@acme.com', { hs_object_id: '7' })], /READ_ONLY_VALUE/],
    [[row('ana@acme.com', { nickname: 'A' })], /PROPERTY_DOESNT_EXIST/],
    [[row('ana@acme.com', { numemployees: '120' })], /INVALID_OPTION/],
    [[], /1 to 100/],
  ]
  for (const [inputs, message] of cases) {
    const { status, body } = await ask(standIn.url, 'POST', UPSERT, { inputs })
    assert.equal(status, 400)
    assert.match(String(body['message']), message)
  }
  assert.equal(standIn.contacts().length, 0)
})

test('a lifecycle stage moves forward only, unless it is cleared first', async () => {
  await using standIn = await startHubspotStandIn({ token })
  const held: (string | undefined)[] = []
  for (const lifecyclestage of ['customer', 'lead', '', 'lead']) {
    await ask(standIn.url, 'POST', UPSERT, { inputs: [row('ana@acme.com', { lifecyclestage })] })
    held.push(standIn.contacts()[0]?.properties['lifecyclestage'])
  }
  assert.deepEqual(held, ['customer', 'customer', undefined, 'lead'])
})

test('a single create of a known e-mail answers 409 with the id, which can then be read and changed', async () => {
  await using standIn = await startHubspotStandIn({ token })
  const path = '/crm/v3/objects/contacts'
  const created = await ask(standIn.url, 'POST', path, { properties: { email: 'ana@acme.com' } })
  const again = await ask(standIn.url, 'POST', path, { properties: { email: 'Ana@acme.com' } })
  assert.deepEqual([created.status, again.status], [201, 409])
  assert.equal(again.body['message'], `Contact already exists. Existing ID: ${created.body['id']}`)
  await ask(standIn.url, 'PATCH', `${path}/${created.body['id']}`, { properties: { firstname: 'Ana' } })
  const read = await ask(standIn.url, 'GET', `${path}/ana@acme.com?idProperty=email`)
  assert.deepEqual([read.status, read.body['id']], [200, created.body['id']])
  assert.equal(standIn.contacts()[0]?.properties['firstname'], 'Ana')
})

test('a read and a search show the properties asked for, blank ones as null, and none that the account does not have', async () => {
  await using standIn = await startHubspotStandIn({ token })
  const path = '/crm/v3/objects/contacts'
  const people = ['ana@acme.com', 'rui@acme.com', 'eva@acme.com'].map((email) => ({
    email,
    city: 'Lima',
    firstname: 'x',
  }))
  for (const properties of people) await ask(standIn.url, 'POST', path, { properties })
  const read = await ask(
    standIn.url,
    'GET',
    `${path}/ana@acme.com?idProperty=email&properties=city&properties=zip,unheard_of`,
  )
  const {
    hs_object_id: id,
    createdate,
    lastmodifieddate,
    ...asked
  } = read.body['properties'] as Record<string, unknown>
  assert.deepEqual(asked, { city: 'Lima', zip: null })
  assert.ok(id && createdate && lastmodifieddate)
  const filters = (propertyName: string) => [{ filters: [{ propertyName, operator: 'EQ', value: 'lima' }] }]
  const body = { filterGroups: filters('city'), properties: ['zip'], limit: 2 }
  const found = await ask(standIn.url, 'POST', `${path}/search`, body)
  assert.deepEqual([found.body['total'], (found.body['results'] as unknown[]).length], [3, 2])
  for (const wrong of [{ ...body, limit: 201 }, { filterGroups: filters('unheard_of') }]) {
    assert.equal((await ask(standIn.url, 'POST', `${path}/search`, wrong)).status, 400)
  }
})

test('a new record needs what HubSpot requires of it', async () => {
  await using standIn = await startHubspotStandIn({ token })
  for (const [object, properties] of Object.entries({
    contacts: { phone: '1' },
    tickets: { subject: 'x' },
    deals: { amount: '1' },
  })) {
    const { status, body } = await ask(standIn.url, 'POST', `/crm/v3/objects/${object}`, { properties })
    assert.equal(status, 400)
    assert.match(String(body['message']), /REQUIRED_FIELD/)
  }
})

test('search lags behind the writes until it catches up', async () => {
  await using standIn = await startHubspotStandIn({ token, searchLags: true })
  await ask(standIn.url, 'POST', UPSERT, { inputs: [row('ana@acme.com')] })
  const filters = [{ propertyName: 'email', operator: 'EQ', value: 'ana@acme.com' }]
  const find = () => ask(standIn.url, 'POST', '/crm/v3/objects/contacts/search', { filterGroups: [{ filters }] })
  assert.equal((await find()).body['total'], 0)
  standIn.catchUp()
  assert.equal((await find()).body['total'], 1)
})

test('an association is kept once and can be read from both ends', async () => {
  await using standIn = await startHubspotStandIn({ token })
  const contact = await ask(standIn.url, 'POST', '/crm/v3/objects/contacts', { properties: { email: 'ana@acme.com' } })
  const deal = await ask(standIn.url, 'POST', '/crm/v3/objects/deals', { properties: { dealname: 'Acme' } })
  const path = `/crm/v4/objects/deals/${deal.body['id']}/associations/default/contacts/${contact.body['id']}`
  for (const _ of [1, 2]) assert.equal((await ask(standIn.url, 'PUT', path)).status, 200)
  assert.equal(standIn.associations().length, 1)
  const read = await ask(standIn.url, 'GET', `/crm/v4/objects/contacts/${contact.body['id']}/associations/deals`)
  assert.match(JSON.stringify(read.body['results']), new RegExp(`^\\[\\{"toObjectId":${deal.body['id']},`))
  const lost = await ask(
    standIn.url,
    'PUT',
    `/crm/v4/objects/deals/1/associations/default/contacts/${contact.body['id']}`,
  )
  assert.deepEqual([lost.status, lost.body['category']], [404, 'OBJECT_NOT_FOUND'])
})

test('properties and pipelines are listed with their internal values', async () => {
  await using standIn = await startHubspotStandIn({ token })
  const stages = await ask(standIn.url, 'GET', '/crm/v3/pipelines/deals')
  const properties = await ask(standIn.url, 'GET', '/crm/v3/properties/contacts')
  const email = await ask(standIn.url, 'GET', '/crm/v3/properties/contacts/email')
  assert.match(JSON.stringify(stages.body), /"id":"appointmentscheduled"/)
  assert.match(JSON.stringify(properties.body), /"name":"hs_lead_status".*"value":"IN_PROGRESS"/)
  assert.equal(email.body['hasUniqueValue'], true)
})

test('a property is created once, in a group that exists', async () => {
  await using standIn = await startHubspotStandIn({ token, preparedProperties: false })
  const property = {
    name: 'acme_key',
    label: 'Key',
    type: 'string',
    fieldType: 'text',
    groupName: 'dealinformation',
    hasUniqueValue: true,
  }
  const strange = await ask(standIn.url, 'POST', '/crm/v3/properties/deals', { ...property, groupName: 'nowhere' })
  const created = await ask(standIn.url, 'POST', '/crm/v3/properties/deals', property)
  const again = await ask(standIn.url, 'POST', '/crm/v3/properties/deals', property)
  assert.deepEqual([strange.status, created.status, again.status], [400, 201, 409])
  assert.equal(standIn.properties('deals').filter(({ unique }) => unique).length, 1)
  assert.equal(standIn.writes()['POST /crm/v3/properties/:object'], 3)
})
