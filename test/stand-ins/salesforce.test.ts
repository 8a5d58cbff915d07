import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type SalesforceStandIn, startSalesforceStandIn } from './salesforce.ts'

const client = { clientId: 'key', clientSecret: 'secret' }
const DATA = '/services/data/v62.0'

interface Reply {
  readonly status: number
  readonly body: unknown
  readonly headers: Headers
}

async function signIn(standIn: SalesforceStandIn, secret = client.clientSecret): Promise<Reply> {
  const form = { grant_type: 'client_credentials', client_id: client.clientId, client_secret: secret }
  const response = await fetch(`${standIn.url}/services/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams(form),
  })
  return { status: response.status, body: await response.json(), headers: response.headers }
}

/** A way to ask an org, signed in. */
async function asker(standIn: SalesforceStandIn) {
  const { body: token } = await signIn(standIn)
  const authorization = `Bearer ${String(member(token, 'access_token'))}`
  return async (method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<Reply> => {
    const response = await fetch(`${standIn.url}${DATA}${path}`, {
      method,
      headers: { authorization, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text), headers: response.headers }
  }
}

function member(holder: unknown, name: string): unknown {
  return typeof holder === 'object' && holder !== null
    ? Object.entries(holder).find(([key]) => key === name)?.[1]
    : undefined
}

const codes = ({ body }: Reply): unknown[] =>
  Array.isArray(body) ? body.map((error) => member(error, 'errorCode')) : []
const query = (soql: string) => `/query?q=${encodeURIComponent(soql)}`
const souza = { LastName: 'Souza', Company: 'Acme' }

test('only the known client signs in, and only live sessions are served', async () => {
  await using standIn = await startSalesforceStandIn(client)
  assert.equal((await signIn(standIn, 'wrong')).status, 400)
  assert.equal(member((await signIn(standIn, 'wrong')).body, 'error'), 'invalid_client')
  const ask = await asker(standIn)
  const limits = await ask('GET', '/limits')
  assert.deepEqual([limits.status, limits.headers.get('sforce-limit-info')], [200, 'api-usage=18/15000'])
  standIn.endSessions()
  const over = await ask('GET', '/limits')
  assert.deepEqual([over.status, codes(over)], [401, ['INVALID_SESSION_ID']])
  assert.equal((await (await asker(standIn))('GET', '/limits')).status, 200)
  standIn.refuseSessions()
  assert.equal((await (await asker(standIn))('GET', '/limits')).status, 401)
})

test('an upsert answers 201, then 200, and 300 where records share the value', async () => {
  await using standIn = await startSalesforceStandIn(client)
  const ask = await asker(standIn)
  const first = await ask('PATCH', '/sobjects/Lead/WhatsApp_Id__c/55', souza)
  const second = await ask('PATCH', '/sobjects/Lead/WhatsApp_Id__c/55', { Status: 'Open' })
  assert.deepEqual([first.status, member(first.body, 'created')], [201, true])
  assert.deepEqual(
    [second.status, member(second.body, 'created'), member(second.body, 'id')],
    [200, false, member(first.body, 'id')],
  )
  for (const _ of [1, 2]) await ask('POST', '/sobjects/Lead', { ...souza, Shared_Id__c: 'S' })
  const shared = await ask('PATCH', '/sobjects/Lead/Shared_Id__c/S', souza)
  assert.equal(shared.status, 300)
  assert.equal(Array.isArray(shared.body) && shared.body.length, 2)
})

test('an upsert takes neither a field that finds nothing nor the value in the body as well', async () => {
  await using standIn = await startSalesforceStandIn(client)
  const ask = await asker(standIn)
  const nowhere = await ask('PATCH', '/sobjects/Lead/Nickname__c/x', souza)
  assert.deepEqual([nowhere.status, codes(nowhere)], [404, ['NOT_FOUND']])
  const twice = await ask('PATCH', '/sobjects/Lead/WhatsApp_Id__c/55', { ...souza, whatsapp_id__c: '55' })
  assert.deepEqual([twice.status, codes(twice)], [400, ['INVALID_FIELD']])
})

test('a record is refused for each field at fault, and a unique value is held once', async () => {
  await using standIn = await startSalesforceStandIn(client)
  const ask = await asker(standIn)
  const refused = await ask('POST', '/sobjects/Lead', {
    Status: 'Gone',
    Email: 'x',
    IsConverted: true,
    Odd__c: 1,
    FirstName: 'x'.repeat(41),
  })
  assert.deepEqual(codes(refused).sort(), [
    'INVALID_EMAIL_ADDRESS',
    'INVALID_FIELD',
    'INVALID_FIELD_FOR_INSERT_UPDATE',
    'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
    'REQUIRED_FIELD_MISSING',
    'STRING_TOO_LONG',
  ])
  await ask('POST', '/sobjects/Lead', { ...souza, WhatsApp_Id__c: '55' })
  assert.deepEqual(codes(await ask('POST', '/sobjects/Lead', { ...souza, WhatsApp_Id__c: '55' })), ['DUPLICATE_VALUE'])
  assert.deepEqual(codes(await ask('POST', '/sobjects/Contact', { LastName: 'x', AccountId: 'y' })), [
    'INVALID_CROSS_REFERENCE_KEY',
  ])
  assert.deepEqual(codes(await ask('POST', '/sobjects/Odd__c', {})), ['NOT_FOUND'])
})

test('rules of the org refuse: a validation rule, a duplicate rule unless it only warns and is told to save', async () => {
  await using standIn = await startSalesforceStandIn(client)
  const ask = await asker(standIn)
  standIn.org.validationRules.push({
    object: 'Lead',
    message: 'No!',
    refuses: (values) => values['Status'] === 'Closed',
  })
  assert.deepEqual(codes(await ask('POST', '/sobjects/Lead', { ...souza, Status: 'Closed' })), [
    'FIELD_CUSTOM_VALIDATION_EXCEPTION',
  ])
  standIn.org.duplicateRules.push({ object: 'Lead', field: 'Email' })
  const ana = { ...souza, Email: 'ana@acme.com' }
  const { body: first } = await ask('POST', '/sobjects/Lead', ana)
  const alike = await ask('POST', '/sobjects/Lead', ana)
  assert.deepEqual(codes(alike), ['DUPLICATES_DETECTED'])
  assert.ok(JSON.stringify(alike.body).includes(`"Id":"${String(member(first, 'id'))}"`))
  const saved = await ask('POST', '/sobjects/Lead', ana, { 'sforce-duplicate-rule-header': 'allowSave=true' })
  assert.equal(saved.status, 201)
})

test('a converted lead is not written, a deleted record is gone', async () => {
  await using standIn = await startSalesforceStandIn(client)
  const ask = await asker(standIn)
  const id = String(member((await ask('POST', '/sobjects/Lead', souza)).body, 'id'))
  assert.equal((await ask('PATCH', `/sobjects/Lead/${id}`, { Status: 'Open' })).status, 204)
  standIn.org.set(id, { IsConverted: true })
  assert.deepEqual(codes(await ask('PATCH', `/sobjects/Lead/${id}`, { Status: 'Open' })), [
    'CANNOT_UPDATE_CONVERTED_LEAD',
  ])
  standIn.org.remove(id)
  assert.deepEqual(codes(await ask('GET', `/sobjects/Lead/${id}`)), ['ENTITY_IS_DELETED'])
  assert.equal((await ask('GET', '/sobjects/Lead/00Q5g0000009999AAA')).status, 404)
})

test('a query finds by equality, quoted as SOQL wants it, and refuses what it does not know', async () => {
  await using standIn = await startSalesforceStandIn(client)
  const ask = await asker(standIn)
  await ask('POST', '/sobjects/Lead', { ...souza, Nickname__c: "O'Neil AND sons", Budget__c: 5, Vip__c: true })
  const total = async (where: string) =>
    member((await ask('GET', query(`SELECT Id, Phone FROM Lead WHERE ${where}`))).body, 'totalSize')
  assert.equal(await total("Nickname__c = 'o\\'neil AND sons'"), 1)
  assert.equal(await total("Nickname__c = 'o\\'neil AND sons' AND LastName IN ('Lima', 'Souza')"), 1)
  assert.equal(await total('Budget__c = 5 AND Vip__c = true'), 1)
  assert.equal(await total("LastName = 'Lima'"), 0)
  const refused = [
    "Nickname__c = 'O'Neil'",
    "Nickname__c = 'x",
    "Odd__c = 'x'",
    "Budget__c = '5'",
    'LastName = 5',
    "Id LIKE 'x'",
  ]
  for (const where of refused)
    assert.equal((await ask('GET', query(`SELECT Id FROM Lead WHERE ${where}`))).status, 400, where)
  assert.deepEqual(codes(await ask('GET', query("SELECT Id FROM Odd__c WHERE Id = 'x'"))), ['INVALID_TYPE'])
})

test('an object is described with its picklists and lookups', async () => {
  await using standIn = await startSalesforceStandIn(client)
  const ask = await asker(standIn)
  const { body } = await ask('GET', '/sobjects/lead/describe')
  const fields = member(body, 'fields')
  const field = (name: string) =>
    Array.isArray(fields) ? fields.find((each) => member(each, 'name') === name) : undefined
  assert.equal(member(body, 'name'), 'Lead')
  assert.deepEqual(member(field('Referrer__c'), 'referenceTo'), ['Contact'])
  assert.match(
    JSON.stringify(member(field('Status'), 'picklistValues')),
    /"value":"Open".*"value":"Retired".*"active":false/,
  )
  assert.deepEqual(
    [member(field('WhatsApp_Id__c'), 'externalId'), member(field('WhatsApp_Id__c'), 'unique')],
    [true, true],
  )
})
