import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pathIn } from '../../../plugins/hubspot/calls/paths.ts'
import { appStage, call, contact, deal, file, type HubspotStage, hubspotStage, use } from './hubspot-stage.ts'

/** Goes through every kind of call that the plugin makes. */
async function everything({ crm, standIn }: HubspotStage): Promise<void> {
  standIn.addOwner({ id: '51', email: 'eva@acme.com', firstName: 'Eva', lastName: 'R', archived: false })
  const { id } = await crm.deliver(contact('ana@acme.com', { hubspot_owner_id: 'eva@acme.com' }), call('contact'))
  const record = { ...deal('Acme', id), files: [file('a.jpg')] }
  await crm.deliver({ ...record, fields: { dealname: 'Acme', dealstage: 'Contract Sent' } }, call('deal'))
  await crm.update?.({ object: 'contacts', id }, { city: 'Lima' }, call('undo'))
  await crm.find?.({ object: 'contacts', field: 'city', value: 'Lima', fields: ['city'] }, call('look'))
  assert.equal((await crm.ownerOf?.({ object: 'contacts', id }, call('owner')))?.email, 'eva@acme.com')
  await crm.describe?.(['deals'], call('describe'))
  await crm.prepare?.([use('notes', { matches: ['case_id'] })], true, call('prepare'))
}

test('one setting moves every call to the dated paths, but for the upload of files', async () => {
  await using stage = await appStage({}, { api: '2026-09' })
  await everything(stage)
  const undated = stage.standIn.requests.filter(({ path }) => !path.includes('2026-09')).map(({ path }) => path)
  assert.deepEqual([...new Set(undated)], ['/files/v3/files'])
  const routes = new Set(stage.standIn.requests.map(({ route }) => route))
  for (const route of [
    'GET /account-info/2026-09/details',
    'POST /oauth/2026-09/token',
    'POST /crm/objects/2026-09/:object/batch/upsert',
    'PATCH /crm/objects/2026-09/:object/:id',
    'PUT /crm/objects/2026-09/:from/:fromId/associations/default/:to/:toId',
    'GET /crm/pipelines/2026-09/:object',
    'GET /crm/owners/2026-09',
    'GET /crm/owners/2026-09/:id',
    'GET /crm/properties/2026-09/:object',
    'POST /crm/properties/2026-09/:object',
    'POST /crm/objects/2026-09/:object/search',
  ]) {
    assert.ok(routes.has(route), route)
  }
})

test('without it no call is dated but the one for tokens, which v1 does not outlive', async () => {
  await using stage = await appStage()
  await everything(stage)
  const dated = stage.standIn.requests.filter(({ path }) => path.includes('2026')).map(({ path }) => path)
  assert.deepEqual([...new Set(dated)], ['/oauth/2026-03/token'])
})

test('what stands behind the place of the version stays as it is', () => {
  const paths = ['/crm/v3/objects/crm/v3/objects?x=/crm/v3/', '/crm/v3/owners?email=a%40b.c', '/crm/v3/other/v3']
  assert.deepEqual(
    paths.map((path) => pathIn('2026-09', path)),
    ['/crm/objects/2026-09/crm/v3/objects?x=/crm/v3/', '/crm/owners/2026-09?email=a%40b.c', '/crm/v3/other/v3'],
  )
})

test('a proxy’s path before the API is kept', async () => {
  await using stage = await hubspotStage()
  const crm = await stage.another({ base_url: `${stage.standIn.url}/hubspot` })
  await crm.health(call('health'))
  assert.equal(stage.standIn.requests[0]?.path, '/hubspot/account-info/v3/details')
})
