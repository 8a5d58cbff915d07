import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AttachedFile, CrmRecord } from 'flowgate/plugin'
import { CREATE, DESCRIBE, UPDATE, UPSERT } from '../../stand-ins/salesforce.ts'
import { errorAnswer } from '../../stand-ins/salesforce-answers.ts'
import {
  again,
  call,
  created,
  failureOf,
  lead,
  opportunity,
  type SalesforceStage,
  salesforceStage,
} from './salesforce-stage.ts'

const NOT_SAVED = { id: null, success: false, errors: [{ statusCode: 'UNABLE_TO_LOCK_ROW', message: 'x', fields: [] }] }

const file = (name: string): AttachedFile => ({
  name,
  mediaType: 'image/jpeg',
  read: async () => Buffer.from(name),
})

/** A lead found by a field that only a query finds, with what it is written. */
function nicknamed(fields: CrmRecord['fields'] = {}): CrmRecord {
  return lead('1', { Nickname__c: 'Ana', ...fields }, { match: 'Nickname__c' })
}

function campaignIn({ org }: SalesforceStage) {
  return { object: 'Campaign', id: org.insert('Campaign', { Name: 'Spring' }, false).id }
}

test('what a query finds is read to its last page, however short the pages are', async () => {
  await using stage = await salesforceStage()
  const { crm, org } = stage
  org.pageSize = 1
  const ids = ['One', 'Two', 'Three'].map(
    (LastName) => org.insert('Lead', { LastName, Company: 'Acme', Nickname__c: 'Ana' }, true).id,
  )
  const failure = await failureOf(crm.deliver(nicknamed({ LastName: 'New' }), call('one')))
  assert.equal(failure.code, 'FG_SALESFORCE_AMBIGUOUS')
  assert.deepEqual(failure.kind === 'permanent' && failure.candidates, ids)
  const names = org.records('Lead').map(({ values }) => values['LastName'])
  assert.deepEqual(names, ['One', 'Two', 'Three'])
})

test('files are attached once also where Salesforce lists those that are there one by one', async () => {
  await using stage = await salesforceStage()
  stage.org.pageSize = 1
  const record = lead('1', {}, { files: [file('house.jpg'), file('kitchen.jpg'), file('roof.jpg')] })
  for (const how of [{}, again]) await stage.crm.deliver(record, call('one', how))
  assert.equal(stage.org.records('ContentVersion').length, 3)
})

test('pages that lead nowhere, or to another address, pass for no answer', async () => {
  for (const nextRecordsUrl of [undefined, 7, 'https://evil.example/x', '/services/data/v62.0/sobjects/Lead']) {
    await using stage = await salesforceStage()
    const body = { totalSize: 2, done: false, records: [], nextRecordsUrl }
    stage.standIn.misbehave({
      route: 'GET /services/data/:version/query',
      fault: { kind: 'status', status: 200, body },
    })
    const failure = await failureOf(stage.crm.deliver(nicknamed(), call('one')))
    assert.deepEqual([failure.kind, failure.code], ['retryable', 'FG_SALESFORCE_UNREADABLE'])
    assert.equal(stage.org.records('Lead').length, 0)
  }
})

test('a record, a link or a file that was not saved, or of which the reply says nothing, is made once in the end', async () => {
  const replies = [{ status: 200, body: NOT_SAVED }, { status: 204 }, { status: 200, body: {} }] as const
  const at = {
    record: UPSERT,
    link: CREATE.replace(':object', 'CampaignMember'),
    file: CREATE.replace(':object', 'ContentVersion'),
  }
  for (const [what, route] of Object.entries(at)) {
    for (const reply of replies) {
      await using stage = await salesforceStage()
      const { crm, org, standIn } = stage
      const record = lead('1', {}, { links: [campaignIn(stage)], files: [file('house.jpg')] })
      const fault = { kind: 'answer', answer: () => reply } as const
      const before = { kind: 'status', ...reply } as const
      const saves = reply.status === 204
      standIn.misbehave({ route, fault: saves ? fault : before, times: 1, when: ({ method }) => method !== 'GET' })
      const first = await crm.deliver(record, call('one')).catch(() => undefined)
      if (first === undefined) await crm.deliver(record, call('one', again))
      const left = ['Lead', 'CampaignMember', 'ContentVersion'].map((object) => org.records(object).length)
      assert.deepEqual(left, [1, 1, 1], `${what} ${JSON.stringify(reply)}`)
    }
  }
})

test('an update by id that was not saved is never taken for one that was', async () => {
  await using stage = await salesforceStage()
  const { crm, org, standIn } = stage
  const { id } = await crm.deliver(lead('1'), call('one'))
  const record = lead('1', { LastName: 'Lima' }, { existing: id })
  for (const body of [NOT_SAVED, { errors: [{ errorCode: 'UNABLE_TO_LOCK_ROW', message: 'x' }] }]) {
    standIn.misbehave({ route: UPDATE, fault: { kind: 'status', status: 200, body }, times: 1 })
    assert.equal((await failureOf(crm.deliver(record, call('two')))).code, 'FG_SALESFORCE_LOCKED')
  }
  await crm.deliver(record, call('two', again))
  assert.equal(org.records('Lead')[0]?.values['LastName'], 'Lima')
})

test('a description that lost its body costs another try, and no link', async () => {
  await using stage = await salesforceStage()
  const { crm, org, standIn } = stage
  const { id } = org.insert('Contact', { LastName: 'Souza' }, false)
  standIn.misbehave({ route: DESCRIBE, fault: { kind: 'status', status: 204 }, times: 1 })
  const record = created('Task', { Subject: 'Call' }, [{ object: 'Contact', id }])
  assert.equal((await failureOf(crm.deliver(record, call('one')))).kind, 'retryable')
  await crm.deliver(record, call('one', again))
  assert.deepEqual(
    org.records('Task').map(({ values }) => values['WhoId']),
    [id],
  )
})

test('a record that lost its body is not taken for one that is not there', async () => {
  await using stage = await salesforceStage()
  const { crm, org, standIn } = stage
  const { id } = await crm.deliver(lead('1'), call('one'))
  org.insert('Lead', { LastName: 'Other', Company: 'Acme', Email: 'ana@acme.com' }, false)
  org.duplicateRules.push({ object: 'Lead', field: 'Email' })
  standIn.misbehave({
    route: 'GET /services/data/:version/sobjects/:object/:field/:value',
    fault: { kind: 'status', status: 204 },
    times: 1,
  })
  const record = lead('1', { Email: 'ana@acme.com', Status: 'Closed' })
  assert.equal((await failureOf(crm.deliver(record, call('two')))).kind, 'retryable')
  assert.equal((await crm.deliver(record, call('two', again))).id, id)
  assert.deepEqual(
    org.records('Lead').map(({ values }) => values['Status'] ?? null),
    ['Closed', null],
  )
})

test('a clash over a field whose name holds that of the key is no race', async () => {
  await using stage = await salesforceStage()
  const { crm, org } = stage
  org.setField('Lead', { name: 'Old_WhatsApp_Id__c', type: 'string', length: 40, unique: true })
  const text = `duplicate value found: Old_WhatsApp_Id__c duplicates value on record with id: 00Q5g0000009999`
  for (const [said, code] of [
    [text, 'FG_SALESFORCE_VALUE_TAKEN'],
    [text.replace('00Q5g0000009999', '<unknown>'), 'FG_SALESFORCE_VALUE_TAKEN'],
    ['duplicate value found: <unknown> duplicates value on record with id: <unknown>', 'FG_SALESFORCE_CONFLICT'],
  ] as const) {
    const fault = { kind: 'status', ...errorAnswer(400, 'DUPLICATE_VALUE', said) } as const
    stage.standIn.misbehave({ route: UPSERT, fault, times: 1, when: ({ method }) => method === 'PATCH' })
    assert.equal((await failureOf(crm.deliver(lead('1'), call('one')))).code, code)
  }
})

test('a link that somebody else makes at the same moment is made', async () => {
  await using stage = await salesforceStage()
  const { crm, org, standIn } = stage
  const campaign = campaignIn(stage)
  const { id } = await crm.deliver(lead('1'), call('one'))
  standIn.misbehave({
    route: CREATE.replace(':object', 'CampaignMember'),
    times: 1,
    fault: { kind: 'answer', answer: () => errorAnswer(400, 'DUPLICATE_VALUE', 'Already a campaign member.', []) },
  })
  assert.equal((await crm.deliver(lead('1', {}, { links: [campaign] }), call('two'))).id, id)
  assert.equal(org.records('CampaignMember').length, 1)
})

test('a link or a file that Salesforce refuses is told as such, names no record to choose, and the record is written', async () => {
  const refusals = [
    errorAnswer(400, 'FIELD_CUSTOM_VALIDATION_EXCEPTION', 'No more', ['Status']),
    errorAnswer(
      400,
      'DUPLICATE_VALUE',
      'duplicate value found: X__c duplicates value on record with id: 0035g0000001001',
    ),
    errorAnswer(403, 'INSUFFICIENT_ACCESS', 'x'),
    { status: 413, body: '<html>' },
  ]
  for (const refusal of refusals) {
    await using stage = await salesforceStage()
    const { crm, org, standIn } = stage
    const fault = { kind: 'status', ...refusal } as const
    const account = created('Account', { Name: 'Acme' }, [
      { object: 'Contact', id: org.insert('Contact', { LastName: 'Souza' }, false).id },
    ])
    standIn.misbehave({ route: UPDATE, fault })
    const link = await failureOf(crm.deliver({ ...account, files: [] }, call('one')))
    standIn.misbehave({ route: CREATE, fault })
    const attached = await failureOf(crm.deliver({ ...opportunity('Roof'), files: [file('roof.jpg')] }, call('two')))
    const tooLarge = refusal.status === 413
    assert.deepEqual(
      [link.code, attached.code],
      ['FG_SALESFORCE_LINK', tooLarge ? 'FG_SALESFORCE_FILE_TOO_LARGE' : 'FG_SALESFORCE_FILE_REFUSED'],
    )
    for (const failure of [link, attached]) {
      assert.ok(failure.kind === 'permanent' && failure.scope === 'record')
      assert.deepEqual([failure.candidates, failure.fields], [undefined, undefined])
      assert.match(failure.message, /record (?:itself )?is written/)
    }
    assert.deepEqual([org.records('Account').length, org.records('Opportunity').length], [1, 1])
  }
})

test('a lookup field that was added a moment ago is found when the delivery is replayed', async () => {
  await using stage = await salesforceStage()
  const { crm, org } = stage
  const field = org.field('Task', 'WhoId') ?? assert.fail()
  org.removeField('Task', 'WhoId')
  const { id } = org.insert('Contact', { LastName: 'Souza' }, false)
  const record = created('Task', { Subject: 'Call' }, [{ object: 'Contact', id }])
  assert.equal((await failureOf(crm.deliver(record, call('one')))).code, 'FG_SALESFORCE_LINK')
  org.setField('Task', field)
  await crm.deliver(record, call('one', again))
  assert.equal(org.records('Task')[0]?.values['WhoId'], id)
})

test('a record that is deleted between look and write is looked for again', async () => {
  await using stage = await salesforceStage()
  const { crm, org, standIn } = stage
  const { id } = org.insert('Lead', { LastName: 'Old', Company: 'Acme', Nickname__c: 'Ana' }, true)
  standIn.misbehave({
    route: UPDATE,
    times: 1,
    fault: { kind: 'status', ...errorAnswer(404, 'ENTITY_IS_DELETED', 'entity is deleted') },
  })
  const failure = await failureOf(crm.deliver(nicknamed(), call('one')))
  assert.deepEqual([failure.kind, failure.code], ['retryable', 'FG_SALESFORCE_GONE'])
  org.remove(id)
  assert.equal((await crm.deliver(nicknamed(), call('one', again))).outcome, 'created')
  assert.equal(org.records('Lead').length, 1)
})

test('the record a duplicate rule finds is known however its id and its object are told', async () => {
  const record = { LastName: 'Old', Company: 'Acme' }
  const ways = {
    'by its address alone': (id: string) => [{ attributes: { url: `/services/data/v62.0/sobjects/Lead/${id}` } }],
    'by its id alone': (id: string) => [{ Id: id }],
    'by both lengths of its id': (id: string) => [{ Id: id.slice(0, 15) }, { Id: id }],
    'beside a contact': (id: string) => [{ Id: '0035g00000010010AA' }, { Id: id }],
  }
  for (const [way, shown] of Object.entries(ways)) {
    await using stage = await salesforceStage()
    const { crm, org, standIn } = stage
    const { id } = org.insert('Lead', record, false)
    const matchRecords = shown(id).map((found) => ({ record: found }))
    const duplicateResult = { matchResults: [{ entityType: 'Lead', matchRecords }] }
    const body = [{ errorCode: 'DUPLICATES_DETECTED', message: 'x', duplicateResult }]
    const when = ({ method }: { readonly method: string }) => method === 'PATCH'
    standIn.misbehave({ route: UPSERT, fault: { kind: 'status', status: 400, body }, times: 1, when })
    assert.equal((await crm.deliver(lead('1'), call('one'))).id, id, way)
    assert.equal(org.records('Lead').length, 1)
  }
})

test('a contact that a rule for leads finds is written into no lead, though the rule says nothing of its object', async () => {
  await using stage = await salesforceStage()
  const { id } = stage.org.insert('Contact', { LastName: 'Old' }, false)
  const duplicateResult = { matchResults: [{ entityType: 'Lead', matchRecords: [{ record: { Id: id } }] }] }
  const body = [{ errorCode: 'DUPLICATES_DETECTED', message: 'x', duplicateResult }]
  stage.standIn.misbehave({ route: UPSERT, fault: { kind: 'status', status: 400, body }, times: 1 })
  const failure = await failureOf(stage.crm.deliver(lead('1'), call('one')))
  assert.deepEqual(
    [failure.code, failure.kind === 'permanent' && failure.candidates],
    ['FG_SALESFORCE_DUPLICATE', [id]],
  )
})

test('required fields are named also where only the text names them', async () => {
  await using stage = await salesforceStage()
  const refusal = errorAnswer(400, 'REQUIRED_FIELD_MISSING', 'Required fields are missing: [LastName, Company]')
  stage.standIn.misbehave({ route: UPSERT, fault: { kind: 'status', ...refusal } })
  const failure = await failureOf(stage.crm.deliver(lead('1'), call('one')))
  assert.deepEqual(failure.kind === 'permanent' && failure.fields, ['LastName', 'Company'])
})

test('of a value that Salesforce cannot read the fields of that type are named, and never the value', async () => {
  await using stage = await salesforceStage()
  const said = 'Cannot deserialize instance of currency from VALUE_STRING value R$ 1.234,50 or request may be missing'
  stage.standIn.misbehave({ route: UPSERT, fault: { kind: 'status', ...errorAnswer(400, 'JSON_PARSER_ERROR', said) } })
  const failure = await failureOf(stage.crm.deliver(lead('1', { Budget__c: 'R$ 1.234,50' }), call('one')))
  assert.deepEqual(
    [failure.code, failure.kind === 'permanent' && failure.fields],
    ['FG_SALESFORCE_FIELD_REFUSED', ['Budget__c']],
  )
  assert.match(failure.message, /cannot read Budget__c as currency/)
  assert.doesNotMatch(failure.message, /1\.234/)
})
