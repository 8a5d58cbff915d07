import assert from 'node:assert/strict'
import { test } from 'node:test'
import { call, created, failureOf, lead, salesforceStage } from './salesforce-stage.ts'

const byEmail = { object: 'Lead', field: 'Email' } as const
const known = { LastName: 'Souza', Company: 'Acme', Email: 'ana@acme.com' }

test('with `update` the one record that a duplicate rule finds is updated, and found at once the next time', async () => {
  await using stage = await salesforceStage()
  const { crm, org } = stage
  const { id } = org.insert('Lead', known, false)
  org.duplicateRules.push(byEmail)
  const receipt = await crm.deliver(lead('5511911', { Email: 'ANA@acme.com' }), call('one'))
  assert.deepEqual([receipt.outcome, receipt.id], ['updated', id])
  assert.equal(org.records('Lead')[0]?.values['WhatsApp_Id__c'], '5511911')
  const next = await crm.deliver(lead('5511911', { Status: 'Working' }), call('two'))
  assert.deepEqual([next.outcome, next.id], ['updated', id])
})

test('with `update` a match that the record found holds already is not overwritten', async () => {
  await using stage = await salesforceStage()
  const { crm, org } = stage
  org.insert('Lead', { ...known, WhatsApp_Id__c: '5511900' }, false)
  org.duplicateRules.push(byEmail)
  await crm.deliver(lead('5511911', { Email: 'ana@acme.com', Status: 'Closed' }), call('one'))
  const { values } = org.records('Lead')[0] ?? { values: {} as Record<string, unknown> }
  assert.deepEqual([values['WhatsApp_Id__c'], values['Status']], ['5511900', 'Closed'])
})

test('with `update` a create goes into the record found, and repeats there', async () => {
  await using stage = await salesforceStage()
  const { crm, org } = stage
  const { id } = org.insert('Lead', known, false)
  org.duplicateRules.push(byEmail)
  const record = created('Lead', { ...known, Status: 'Working' })
  for (const attempt of [1, 2]) {
    const receipt = await crm.deliver(record, call('one', { attempt, uncertain: attempt > 1 }))
    assert.deepEqual([receipt.outcome, receipt.id], ['updated', id])
  }
  assert.equal(org.records('Lead').length, 1)
})

test('with `update` a record that is there is written although another resembles it', async () => {
  await using stage = await salesforceStage()
  const { crm, org } = stage
  const { id } = await crm.deliver(lead('5511911'), call('one'))
  org.insert('Lead', known, false)
  org.duplicateRules.push(byEmail)
  const receipt = await crm.deliver(lead('5511911', { Email: 'ana@acme.com' }), call('two'))
  assert.deepEqual([receipt.id, receipt.outcome], [id, 'updated'])
  assert.equal(org.records('Lead').length, 2)
})

test('with `update` a guarded record is written to no other than it is meant for: the one found is named', async () => {
  await using stage = await salesforceStage()
  const { crm, org } = stage
  const { id } = org.insert('Lead', known, false)
  org.duplicateRules.push(byEmail)
  org.set(id, { Status: 'Open' })
  const guarded = [
    lead('5511911', { Email: 'ana@acme.com', Status: 'Closed' }, { guarded: true }),
    { ...created('Lead', { ...known, Status: 'Closed' }), guarded: true },
  ] as const
  for (const record of guarded) {
    const failure = await failureOf(crm.deliver(record, call(record.operation)))
    assert.ok(failure.kind === 'permanent')
    assert.deepEqual(
      [failure.scope, failure.code, failure.candidates, failure.adopt],
      ['record', 'FG_SALESFORCE_DUPLICATE', [id], true],
    )
    assert.deepEqual([org.records('Lead').length, org.records('Lead')[0]?.values['Status']], [1, 'Open'])
    const fields = { Status: 'Working' }
    const adopted = { ...record, operation: 'upsert', existing: id, fields } as const
    assert.equal((await crm.deliver(adopted, call(record.operation))).id, id)
    org.set(id, { Status: 'Open' })
  }
})

test('with `update` a guarded record that somebody made after it was looked for is named too', async () => {
  await using stage = await salesforceStage()
  const { crm, org } = stage
  const { id } = await crm.deliver(lead('5511911'), call('one'))
  org.insert('Lead', known, false)
  org.duplicateRules.push(byEmail)
  const record = lead('5511911', { Email: 'ana@acme.com' }, { guarded: true })
  const failure = await failureOf(crm.deliver(record, call('two')))
  assert.deepEqual(
    [failure.kind === 'permanent' && failure.candidates, failure.kind === 'permanent' && failure.adopt],
    [[id], true],
  )
  assert.equal((await crm.deliver({ ...record, existing: id }, call('two'))).id, id)
})

test('with `update` several records found, or one of another object, wait for a person', async () => {
  await using stage = await salesforceStage()
  const { crm, org } = stage
  const ids = [org.insert('Lead', known, false).id, org.insert('Lead', known, false).id]
  org.duplicateRules.push(byEmail)
  const failure = await failureOf(crm.deliver(lead('1', { Email: 'ana@acme.com' }), call('one')))
  assert.deepEqual([failure.code, failure.kind === 'permanent' && failure.candidates], ['FG_SALESFORCE_DUPLICATE', ids])
  const contact = org.insert('Contact', { LastName: 'Lima', Email: 'bea@acme.com' }, false)
  org.duplicateRules.push({ ...byEmail, against: 'Contact' })
  const other = await failureOf(crm.deliver(lead('2', { Email: 'bea@acme.com' }), call('two')))
  assert.deepEqual(
    [other.code, other.kind === 'permanent' && other.candidates],
    ['FG_SALESFORCE_DUPLICATE', [contact.id]],
  )
  assert.equal(org.records('Lead').length, 2)
})

test('with `allow` a duplicate is created where the rule only warns, and refused where it blocks', async () => {
  await using stage = await salesforceStage({ duplicates: 'allow' })
  const { crm, org } = stage
  org.insert('Lead', known, false)
  org.duplicateRules.push(byEmail)
  assert.equal((await crm.deliver(lead('1', { Email: 'ana@acme.com' }), call('one'))).outcome, 'created')
  org.duplicateRules.push({ ...byEmail, block: true })
  const failure = await failureOf(crm.deliver(lead('2', { Email: 'ana@acme.com' }), call('two')))
  assert.equal(failure.code, 'FG_SALESFORCE_DUPLICATE')
  assert.equal(org.records('Lead').length, 2)
})

test('with `refuse` a duplicate waits, with the record found to choose', async () => {
  await using stage = await salesforceStage({ duplicates: 'refuse' })
  const { crm, org } = stage
  const { id } = org.insert('Lead', known, false)
  org.duplicateRules.push(byEmail)
  const failure = await failureOf(crm.deliver(lead('1', { Email: 'ana@acme.com' }), call('one')))
  assert.deepEqual(
    [failure.code, failure.kind === 'permanent' && failure.candidates],
    ['FG_SALESFORCE_DUPLICATE', [id]],
  )
  const chosen = { ...lead('1', { Email: 'ana@acme.com' }), existing: id }
  assert.equal((await crm.deliver(chosen, call('one'))).id, id)
  assert.equal(org.records('Lead').length, 1)
})

test('what somebody decided to be a record of its own is created beside what it resembles, once', async () => {
  for (const duplicates of ['update', 'refuse'] as const) {
    await using stage = await salesforceStage({ duplicates })
    const { crm, org } = stage
    org.insert('Lead', known, false)
    org.duplicateRules.push(byEmail)
    const { match: _, ...record } = lead('1', { Email: 'ana@acme.com' })
    const separate = { ...record, operation: 'create', separate: true } as const
    assert.equal((await crm.deliver(separate, call('one'))).outcome, 'created')
    assert.equal((await crm.deliver(separate, call('one', { uncertain: true }))).outcome, 'created')
    assert.equal(org.records('Lead').length, 2, duplicates)
  }
})

test('a rule that blocks ends in a failure, not in a loop', async () => {
  await using stage = await salesforceStage()
  const { crm, org, standIn } = stage
  await crm.deliver(lead('5511911'), call('one'))
  org.insert('Lead', known, false)
  org.duplicateRules.push({ ...byEmail, block: true })
  const before = standIn.requests.length
  const failure = await failureOf(crm.deliver(lead('5511911', { Email: 'ana@acme.com' }), call('two')))
  assert.equal(failure.code, 'FG_SALESFORCE_DUPLICATE')
  assert.ok(standIn.requests.length - before <= 3)
})
