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

test('a stage is written by its id, in its own pipeline, and an owner by an id that exists', async () => {
  await using standIn = await startHubspotStandIn({ token })
  standIn.addPipeline('deals', { id: '880', label: 'Partners', stages: [{ id: '881', label: 'Invited' }] })
  const create = (properties: object) =>
    ask(standIn.url, 'POST', '/crm/v3/objects/deals', { properties: { dealname: 'Acme', ...properties } })
  for (const refused of [
    { dealstage: 'Contract Sent' },
    { dealstage: '881' },
    { pipeline: 'Partners' },
    { hubspot_owner_id: '51' },
  ]) {
    assert.equal((await create(refused)).status, 400, JSON.stringify(refused))
  }
  standIn.addOwner({ id: '51', email: 'eva@acme.com', firstName: 'Eva', lastName: 'R', archived: false })
  const passed = [{ dealstage: 'contractsent' }, { pipeline: '880', dealstage: '881' }, { hubspot_owner_id: '51' }]
  for (const properties of passed) assert.equal((await create(properties)).status, 201, JSON.stringify(properties))
})

test('owners are found by e-mail, and those who have left only when asked for', async () => {
  await using standIn = await startHubspotStandIn({ token })
  const owner = { id: '51', email: 'Eva@acme.com', firstName: 'Eva', lastName: 'R', archived: false }
  standIn.addOwner(owner)
  standIn.addOwner({ ...owner, id: '52', archived: true })
  const found = await ask(standIn.url, 'GET', '/crm/v3/owners?email=eva%40acme.com')
  assert.match(JSON.stringify(found.body['results']), /^\[\{"id":"51"/)
  const statuses = ['51', '52', '52?archived=true'].map(
    async (id) => (await ask(standIn.url, 'GET', `/crm/v3/owners/${id}`)).status,
  )
  assert.deepEqual(await Promise.all(statuses), [200, 404, 200])
})

test('a file is uploaded as a form with access, and replaced only when the form says so', async () => {
  await using standIn = await startHubspotStandIn({ token })
  const upload = async (options: string | undefined, folders: readonly string[] = ['folderPath']) => {
    const form = new FormData()
    form.set('file', new Blob(['x'], { type: 'image/jpeg' }), 'a.jpg')
    if (options !== undefined) form.set('options', options)
    for (const folder of folders) form.set(folder, '/photos')
    const { authorization } = headers
    const answer = await fetch(`${standIn.url}/files/v3/files`, {
      method: 'POST',
      headers: { authorization },
      body: form,
    })
    return answer.status
  }
  const allowed = JSON.stringify({ access: 'PRIVATE', overwrite: true })
  assert.deepEqual(
    [await upload(undefined), await upload('{'), await upload('{}'), await upload(allowed, []), await upload(allowed)],
    [400, 400, 400, 400, 201],
  )
  await upload(allowed)
  assert.deepEqual(
    standIn.files().map(({ name }) => name),
    ['a.jpg'],
  )
  await upload(JSON.stringify({ access: 'PRIVATE' }))
  assert.equal(new Set(standIn.files().map(({ name }) => name)).size, 2)
  const [file] = standIn.files()
  const note = (hs_attachment_ids: string) =>
    ask(standIn.url, 'POST', '/crm/v3/objects/notes', { properties: { hs_timestamp: '1', hs_attachment_ids } })
  assert.deepEqual([(await note('1')).status, (await note(`${file?.id}`)).status], [400, 201])
})

test('scopes that a call needs and the key has not are named', async () => {
  const scopes = ['crm.objects.contacts.read', 'crm.objects.deals.write']
  await using standIn = await startHubspotStandIn({ token, scopes })
  const calls: readonly [string, string, string | undefined][] = [
    ['GET', '/crm/v3/objects/contacts/1', undefined],
    ['POST', '/crm/v3/objects/contacts', 'crm.objects.contacts.write'],
    ['POST', '/crm/v3/objects/deals/search', 'crm.objects.deals.read'],
    ['POST', '/crm/v3/properties/deals', 'crm.schemas.deals.write'],
    ['PUT', '/crm/v4/objects/deals/1/associations/default/notes/1', 'crm.objects.contacts.write'],
    ['GET', '/crm/v3/objects/tickets/1', 'tickets'],
    ['GET', '/crm/v3/owners', 'crm.objects.owners.read'],
    ['POST', '/files/v3/files', 'files'],
  ]
  for (const [method, path, lacking] of calls) {
    const { status, body } = await ask(standIn.url, method, path, method === 'GET' ? undefined : {})
    assert.equal(status === 403, lacking !== undefined, path)
    if (lacking !== undefined) assert.match(JSON.stringify(body), new RegExp(`"${lacking}"`))
  }
})

test('an app exchanges its refresh token by a form, until it is uninstalled', async () => {
  const app = { clientId: 'app', clientSecret: 'secret', refreshToken: 'refresh' }
  await using standIn = await startHubspotStandIn({ token, app })
  const exchange = async (form: Record<string, string>, query = '') => {
    const body = new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: 'app',
      client_secret: 'secret',
      refresh_token: 'refresh',
      ...form,
    })
    const answer = await fetch(`${standIn.url}/oauth/2026-03/token${query}`, { method: 'POST', body })
    return Object(await answer.json())
  }
  assert.equal((await exchange({ client_secret: 'x' })).status, 'BAD_CLIENT_SECRET')
  assert.equal((await exchange({}, '?client_id=app')).category, 'VALIDATION_ERROR')
  const given = (await exchange({})).access_token
  const read = async () => {
    const authorization = `Bearer ${given}`
    return (await fetch(`${standIn.url}/account-info/2026-09/details`, { headers: { authorization } })).status
  }
  assert.equal(await read(), 200)
  standIn.expireTokens()
  assert.equal(await read(), 401)
  standIn.uninstall({ deleted: true })
  assert.equal((await exchange({})).status, 'BAD_HUB')
})
