import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FailureError } from 'flowgate/plugin'
import type { RecordFile } from '../../src/config/schema/record.ts'
import { chooseRecord } from '../../src/deliver/choose.ts'
import { resumeDestination } from '../../src/deliver/pause.ts'
import { replayDelivery } from '../../src/deliver/replay.ts'
import { describeTrouble } from '../../src/deliver/troubles.ts'
import { bookStage } from './book-stage.ts'
import { rejected, revoked } from './scripted-vendor.ts'

const CONTACT: Partial<RecordFile> = {
  match: 'phone',
  fields: { phone: { from: 'form.phone' }, firstname: { from: 'form.first' } },
}
const FORM = { phone: '+5511987654321', first: 'Ana' }
const OLD = '+551187654321'

test('a contact kept under another spelling of the number is updated, and the number stays as it is written there', async () => {
  await using stage = await bookStage()
  const contact = stage.book.add('contacts', { phone: OLD })
  const id = await stage.submitContact(FORM, CONTACT)
  await stage.attempt(id)
  assert.deepEqual(stage.book.fieldsOf(contact), { phone: OLD, firstname: 'Ana' })
  assert.deepEqual([stage.book.records.size, (await stage.delivery(id)).receipt?.id], [1, contact])
})

test('with nothing but the number to write, the number found is not rewritten either', async () => {
  await using stage = await bookStage()
  const contact = stage.book.add('contacts', { phone: OLD })
  const id = await stage.submitContact({ phone: FORM.phone }, CONTACT)
  await stage.attempt(id)
  assert.deepEqual(stage.book.fieldsOf(contact), { phone: OLD })
  assert.equal((await stage.delivery(id)).receipt?.id, contact)
})

test('a number that is known nowhere makes a new contact as it came; other numbers are not looked for', async () => {
  await using stage = await bookStage()
  for (const [phone, looks] of [
    [FORM.phone, 2],
    ['+551133334444', 0],
    ['+12025550123', 0],
  ] as const) {
    stage.book.asked.length = 0
    const id = await stage.submitContact({ ...FORM, phone }, CONTACT)
    await stage.attempt(id)
    const { receipt } = await stage.delivery(id)
    assert.equal(stage.book.fieldsOf(receipt?.id ?? '')['phone'], phone)
    assert.equal(stage.book.asked.filter((each) => each.startsWith('find')).length, looks)
  }
})

test('a CRM that cannot look up is written to as before', async () => {
  await using stage = await bookStage()
  Object.assign(stage.book, { find: undefined })
  const id = await stage.submitContact(FORM, CONTACT)
  await stage.attempt(id)
  assert.equal((await stage.delivery(id)).state, 'delivered')
})

test('one that cannot look up records of this object is not asked to, and what would need it is refused', async () => {
  await using stage = await bookStage()
  stage.book.abilities = () => ['upsert', 'update']
  const id = await stage.submitContact(FORM, CONTACT)
  await stage.attempt(id)
  assert.equal((await stage.delivery(id)).state, 'delivered')
  const fields = { ...CONTACT.fields, firstname: { from: 'form.first', write: 'if_empty' } } as const
  const needing = await stage.submitContact(FORM, { ...CONTACT, fields })
  await stage.attempt(needing)
  assert.equal((await stage.delivery(needing)).failure?.code, 'FG_WRITE_NEEDS_FIND')
  assert.deepEqual(stage.book.asked, ['deliver contacts'])
})

test('two contacts under two spellings: nobody is guessed, a person chooses, and the choice is written to', async () => {
  await using stage = await bookStage()
  const [old, other] = [stage.book.add('contacts', { phone: OLD }), stage.book.add('contacts', { phone: FORM.phone })]
  const id = await stage.submitContact(FORM, CONTACT)
  await stage.attempt(id)
  const delivery = await stage.delivery(id)
  const { failure } = delivery
  assert.ok(failure?.kind === 'permanent')
  assert.deepEqual(
    [delivery.state, failure.code, failure.candidates?.toSorted()],
    ['failed', 'FG_IDENTITY_AMBIGUOUS', [old, other]],
  )
  assert.ok(!failure.message.includes('98765'))
  const { text } = describeTrouble('delivery.failed', delivery, failure).content
  assert.ok(text.includes(`flowgate deliveries choose ${id} <one of them, or new>`), text)
  assert.equal((await chooseRecord(stage.delivering, id, '999')).kind, 'stranger')
  assert.deepEqual(await chooseRecord(stage.delivering, id, old), { kind: 'chosen', destination: 'book' })
  assert.equal((await chooseRecord(stage.delivering, id, old)).kind, 'under-way')
  await stage.attempt(id)
  assert.deepEqual(stage.book.fieldsOf(old), { phone: OLD, firstname: 'Ana' })
  assert.deepEqual(stage.book.fieldsOf(other), { phone: FORM.phone })
  assert.equal((await chooseRecord(stage.delivering, id, other)).kind, 'settled')
})

test('several records of one spelling wait for a person too, who may want a new one', async () => {
  await using stage = await bookStage()
  for (const name of ['A', 'B']) stage.book.add('contacts', { email: 'ana@acme.com', firstname: name })
  const fields = { email: { from: 'form.email' }, source: { value: 'whatsapp', write: 'create_only' } }
  const id = await stage.submitContact({ email: 'ana@acme.com' }, { fields })
  await stage.attempt(id)
  assert.equal((await stage.delivery(id)).failure?.code, 'BOOK_SEVERAL')
  assert.equal((await chooseRecord(stage.delivering, id, 'new')).kind, 'chosen')
  await stage.attempt(id)
  const { receipt } = await stage.delivery(id)
  assert.deepEqual([receipt?.outcome, stage.book.records.size], ['created', 3])
  assert.deepEqual(stage.book.fieldsOf(receipt?.id ?? ''), { email: 'ana@acme.com', source: 'whatsapp' })
})

test('one found alone and several found under the other spelling are candidates together', async () => {
  await using stage = await bookStage()
  const ids = [FORM.phone, OLD, OLD].map((phone) => stage.book.add('contacts', { phone }))
  const id = await stage.submitContact(FORM, CONTACT)
  await stage.attempt(id)
  const { failure } = await stage.delivery(id)
  assert.deepEqual(failure?.kind === 'permanent' && failure.candidates?.toSorted(), ids)
})

test('a create that met one too alike is written to the record chosen, by its policies', async () => {
  await using stage = await bookStage()
  const contact = stage.book.add('contacts', { email: 'ana@acme.com', firstname: 'Anna' })
  const fields = {
    email: { from: 'form.email' },
    firstname: { from: 'form.first', write: 'if_empty' },
    source: 'whatsapp',
  }
  const id = await stage.submitContact({ email: 'ana@acme.com', first: 'Ana' }, { operation: 'create', fields })
  const alike = {
    kind: 'permanent',
    scope: 'record',
    code: 'ALIKE',
    message: 'One is alike.',
    candidates: [contact],
  } as const
  stage.book.beforeWrite = async () => {
    stage.book.beforeWrite = async () => {}
    throw new FailureError(alike)
  }
  await stage.attempt(id)
  assert.equal((await chooseRecord(stage.delivering, id, contact)).kind, 'chosen')
  await stage.attempt(id)
  assert.deepEqual((await stage.delivery(id)).receipt?.outcome, 'updated')
  assert.deepEqual(stage.book.fieldsOf(contact), { email: 'ana@acme.com', firstname: 'Anna', source: 'whatsapp' })
})

test('a chosen record that is gone by then fails, and another can be chosen', async () => {
  await using stage = await bookStage()
  const [old, other] = [stage.book.add('contacts', { phone: OLD }), stage.book.add('contacts', { phone: FORM.phone })]
  const id = await stage.submitContact(FORM, CONTACT)
  await stage.attempt(id)
  await chooseRecord(stage.delivering, id, old)
  stage.book.records.delete(old)
  await stage.attempt(id)
  assert.equal((await stage.delivery(id)).failure?.code, 'FG_WRITE_CHOSEN_GONE')
  assert.equal((await chooseRecord(stage.delivering, id, other)).kind, 'chosen')
  await stage.attempt(id)
  assert.equal((await stage.delivery(id)).receipt?.id, other)
})

test('a choice stands for the object that it was made of, also under a corrected mapping, and for no other', async () => {
  await using stage = await bookStage()
  const [old] = [stage.book.add('contacts', { phone: OLD }), stage.book.add('contacts', { phone: FORM.phone })]
  const id = await stage.submitContact(FORM, CONTACT)
  await stage.attempt(id)
  await chooseRecord(stage.delivering, id, old)
  const contact = {
    id: 'contact',
    to: 'book',
    object: 'contacts',
    operation: 'upsert',
    match: 'phone',
    fields: {},
  } as const
  for (const [object, chosen] of [
    ['contacts', old],
    ['companies', undefined],
  ] as const) {
    stage.book.beforeWrite = () => Promise.reject(new FailureError(rejected))
    await stage.attempt(id)
    assert.equal((await stage.delivery(id)).state, 'failed')
    const fields = { phone: { from: 'form.phone' }, note: object }
    const destinations = { book: { config: { book: stage.book } } }
    stage.configure({ destinations, mapping: { records: [{ ...contact, object, fields }] } })
    assert.equal((await replayDelivery(stage.delivering, id, { mapping: 'latest' })).kind, 'replayed')
    assert.equal((await stage.delivery(id)).chosen, chosen)
  }
})

test('there is nothing to choose for what failed otherwise, waits, or is not there', async () => {
  await using stage = await bookStage()
  const id = await stage.submitContact({ phone: '' }, CONTACT)
  await stage.attempt(id)
  assert.deepEqual(await chooseRecord(stage.delivering, id, 'new'), { kind: 'nothing-to-choose', state: 'failed' })
  assert.equal((await chooseRecord(stage.delivering, 'dlv_none', 'new')).kind, 'not-found')
})

test('a delivery that a paused destination holds up is chosen for, once no attempt is under way', async () => {
  await using stage = await bookStage()
  const [old] = [stage.book.add('contacts', { phone: OLD }), stage.book.add('contacts', { phone: FORM.phone })]
  const id = await stage.submitContact(FORM, CONTACT)
  await stage.attempt(id)
  await chooseRecord(stage.delivering, id, 'new')
  stage.book.beforeWrite = async () => {
    assert.equal((await chooseRecord(stage.delivering, id, old)).kind, 'under-way')
    throw new FailureError(revoked)
  }
  await stage.attempt(id)
  assert.equal((await stage.delivery(id)).state, 'pending')
  assert.equal((await chooseRecord(stage.delivering, id, '999')).kind, 'stranger')
  const chosen = { kind: 'chosen', destination: 'book', held: true }
  assert.deepEqual(await chooseRecord(stage.delivering, id, old), chosen)
  assert.deepEqual(await chooseRecord(stage.delivering, id, old), chosen)
  stage.book.beforeWrite = async () => {}
  await resumeDestination(stage.delivering, 'book', 'operator')
  assert.equal((await chooseRecord(stage.delivering, id, old)).kind, 'under-way')
  await stage.attempt(id)
  const { state, receipt } = await stage.delivery(id)
  assert.deepEqual([state, receipt?.id, stage.book.records.size], ['delivered', old, 2])
})
