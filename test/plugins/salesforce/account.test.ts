import assert from 'node:assert/strict'
import { test } from 'node:test'
import { call, created, failureOf, lead, salesforceStage } from './salesforce-stage.ts'

test('the owner of a record is the user with an address, a queue by its name, or nobody', async () => {
  await using stage = await salesforceStage()
  const { crm, org } = stage
  const { id } = await crm.deliver(lead('1'), call('one'))
  const owner = () => crm.ownerOf?.({ object: 'Lead', id }, call('owner'))
  assert.deepEqual(await owner(), { id: org.user, email: 'ana@company.example', name: 'Ana Admin' })
  org.set(org.user, { IsActive: false })
  assert.deepEqual(await owner(), { id: org.user, name: 'Ana Admin' })
  const queue = org.insert('Group', { Name: 'Inbound' }, false)
  org.set(id, { OwnerId: queue.id })
  assert.deepEqual(await owner(), { id: queue.id, name: 'Inbound' })
  const account = await crm.deliver(created('Account', { Name: 'Acme' }), call('two'))
  const visit = await crm.deliver(created('Visit__c', { Account__c: account.id }), call('three'))
  assert.equal(await crm.ownerOf?.({ object: 'Visit__c', id: visit.id }, call('owner')), null)
  assert.equal(await crm.ownerOf?.({ object: 'Lead', id: '../x' }, call('owner')), null)
  assert.equal(
    (await failureOf(crm.ownerOf?.({ object: '../x', id }, call('owner')) ?? assert.fail())).code,
    'FG_SALESFORCE_NAME',
  )
})

test('objects are described as the org has them now, and one that is not there is left out', async () => {
  await using stage = await salesforceStage()
  const [described, ...others] = (await stage.crm.describe?.(['lead', 'Nothing__c'], call('describe'))) ?? []
  assert.deepEqual([described?.name, others.length], ['Lead', 0])
  const field = (name: string) => described?.fields.find((each) => each.name === name)
  const base = { writable: true, unique: false, required: false }
  assert.deepEqual(field('LastName'), {
    ...base,
    name: 'LastName',
    label: 'LastName',
    type: 'text',
    required: true,
    maxLength: 80,
  })
  assert.deepEqual(field('WhatsApp_Id__c'), {
    ...base,
    name: 'WhatsApp_Id__c',
    label: 'WhatsApp Id',
    type: 'text',
    unique: true,
    maxLength: 40,
  })
  const options = ['Open', 'Working', 'Closed'].map((value) => ({ value, label: value }))
  assert.deepEqual(field('Status'), { ...base, name: 'Status', label: 'Status', type: 'choice', options })
  assert.deepEqual(field('LeadSource'), { ...base, name: 'LeadSource', label: 'LeadSource', type: 'choice' })
  assert.deepEqual(field('IsConverted')?.writable, false)
  const types = ['Interests__c', 'Budget__c', 'Vip__c', 'OwnerId'].map((name) => field(name)?.type)
  assert.deepEqual(types, ['choices', 'number', 'boolean', 'reference'])
})

test('preparing says what stands and how a person makes what is missing, and writes nothing', async () => {
  await using stage = await salesforceStage({}, { prepared: false })
  const { crm, org, standIn } = stage
  org.setField('Account', { name: 'Flowgate_Submission__c', type: 'string', length: 80, externalId: true })
  const uses = [
    {
      object: 'Lead',
      creates: false,
      matches: ['WhatsApp_Id__c', 'Email', 'Shared_Id__c'],
      files: true,
      fields: ['LastName', 'IsConverted', 'Nothing__c'],
    },
    { object: 'Opportunity', creates: true, files: false, matches: [], fields: ['Name'] },
    { object: 'Account', creates: true, files: false, matches: [], fields: ['Name'] },
    { object: 'Nothing__c', creates: true, files: false, matches: [], fields: [] },
  ]
  for (const apply of [false, true]) {
    const preparations = (await crm.prepare?.(uses, apply, call('prepare'))) ?? []
    const open = preparations.filter(({ done }) => !done)
    assert.deepEqual(
      open.map(({ description }) => description),
      [
        'Lead is matched by Shared_Id__c, an external id with unique values',
        'the integration user may write every mapped field of Lead',
        'the unique external id field Flowgate_Submission__c on Opportunity',
        'the unique external id field Flowgate_Submission__c on Account',
        'the integration user sees no object Nothing__c',
      ],
    )
    assert.ok(open.every(({ byHand }) => byHand?.includes('Setup > ')))
    assert.match(open[1]?.byHand ?? '', /IsConverted, Nothing__c/)
    assert.match(open[2]?.byHand ?? '', /New; type Text, label "Flowgate Submission", length 80/)
    assert.match(open[3]?.byHand ?? '', /Edit: tick "Do not allow duplicate values"/)
    assert.ok(preparations.some(({ done, description }) => done && /Email, which is not unique/.test(description)))
    assert.deepEqual(preparations.at(-1), { description: 'the integration user may attach files', done: true })
  }
  assert.ok(standIn.requests.every(({ method, path }) => method === 'GET' || path.endsWith('/token')))
})

test('preparing tells what the integration user may not do', async () => {
  await using stage = await salesforceStage()
  const closed = (object: string) =>
    stage.standIn.misbehave({
      route: `GET /services/data/:version/sobjects/${object}/describe`,
      fault: {
        kind: 'answer',
        answer: ({ body, ...real }) => ({ ...real, body: { ...Object(body), createable: false } }),
      },
    })
  for (const object of ['Account', 'ContentVersion']) closed(object)
  const use = { object: 'Account', creates: true, files: true, matches: [], fields: ['Name'] }
  const preparations = (await stage.crm.prepare?.([use], false, call('prepare'))) ?? []
  assert.deepEqual(
    preparations.filter(({ done }) => !done).map(({ description }) => description),
    ['the integration user may create and edit Account', 'the integration user may attach files'],
  )
})
