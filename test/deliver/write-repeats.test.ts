import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FailureError } from 'flowgate/plugin'
import type { RecordFile } from '../../src/config/schema/record.ts'
import { beginDelivery } from '../../src/deliver/begin.ts'
import { handOver } from '../../src/deliver/hand-over.ts'
import { makeInput, submissionScope } from '../../src/deliver/input.ts'
import { readChange } from '../../src/store/changes.ts'
import { readSubmissionContent } from '../../src/store/deliveries.ts'
import { type BookStage, bookStage } from './book-stage.ts'
import { unavailable } from './scripted-vendor.ts'

const EMAIL = 'ana@acme.com'
const AT = { destination: 'book', object: 'contacts' }
const FIELDS: RecordFile['fields'] = {
  email: { from: 'form.email' },
  firstname: { from: 'form.first', write: 'if_empty' },
  source: { value: 'whatsapp', write: 'create_only' },
  notes: { from: 'form.message', write: 'append' },
  phone: { from: 'form.phone' },
}
const FORM = { email: EMAIL, first: 'Ana', message: 'Call me', phone: '+12025550123' }
const NEVER = new Promise<never>(() => {})

/** What a process does that dies before it writes down how its attempt ended. `stopping` ends what it left behind. */
async function attemptAndDie(stage: BookStage, id: string, stopping = new AbortController().signal) {
  const dying = { ...stage.delivering, worker: 'prc_died' }
  const begun = await beginDelivery(dying, id)
  assert.ok(typeof begun !== 'string')
  const submission = await readSubmissionContent(stage.pool, begun.delivery.submissionId)
  assert.ok(submission !== undefined)
  const mapping = await dying.mappings.get(begun.delivery.mappingHash, stage.pool)
  const scope = submissionScope(submission, dying.configuration())
  const input = await makeInput(begun.delivery, mapping, submission, scope)
  assert.ok(input.kind === 'record')
  return await handOver(dying, begun, input, stopping)
}

/** The lease of whoever died runs out, and the next process takes the delivery. */
async function goOn(stage: BookStage, id: string) {
  stage.clock.advance(20_000)
  assert.equal(await stage.attempt(id), 'ended')
  return await stage.delivery(id)
}

test('a process that dies after the vendor wrote leaves one note, and what stood there before it', async () => {
  await using stage = await bookStage()
  const contact = stage.book.add('contacts', { email: EMAIL, notes: 'Knows us', phone: '1' })
  const id = await stage.submitContact(FORM, { fields: FIELDS })
  await attemptAndDie(stage, id)
  const after = { ...stage.book.fieldsOf(contact) }
  const { state, receipt } = await goOn(stage, id)
  assert.deepEqual([state, receipt?.outcome], ['delivered', 'updated'])
  assert.deepEqual(stage.book.fieldsOf(contact), after)
  assert.equal(String(after['notes']).split('Call me').length, 2)
  const change = await readChange(stage.pool, id, AT)
  assert.deepEqual(change?.before, { notes: 'Knows us', phone: '1' })
  assert.deepEqual(change?.written, { firstname: 'Ana', notes: after['notes'], phone: FORM.phone })
})

test('a process that dies between reading and writing leaves nothing but what it read', async () => {
  await using stage = await bookStage()
  const contact = stage.book.add('contacts', { email: EMAIL, notes: 'Knows us' })
  const id = await stage.submitContact(FORM, { fields: FIELDS })
  const dying = new AbortController()
  stage.book.beforeWrite = () => {
    dying.abort()
    return NEVER
  }
  await attemptAndDie(stage, id, dying.signal)
  assert.deepEqual(stage.book.fieldsOf(contact), { email: EMAIL, notes: 'Knows us' })
  stage.book.beforeWrite = async () => {}
  // Meanwhile somebody tidies up: that is what stands there when it is written at last.
  stage.book.fieldsOf(contact)['notes'] = 'Knows us well'
  assert.equal((await goOn(stage, id)).state, 'delivered')
  const change = await readChange(stage.pool, id, AT)
  assert.deepEqual(change?.before, { notes: 'Knows us well' })
  assert.match(String(stage.book.fieldsOf(contact)['notes']), /^Knows us well\n\[.*\] Call me$/)
})

test('a creation whose reply was lost is found, is still called new, and nothing in it is written twice', async () => {
  await using stage = await bookStage()
  const id = await stage.submitContact(FORM, { fields: FIELDS })
  stage.book.afterWrite = async () => {
    stage.book.afterWrite = async () => {}
    throw new FailureError(unavailable)
  }
  await stage.attempt(id)
  const created = { ...stage.book.fieldsOf('501') }
  await stage.attemptWhenDue(id)
  const { receipt } = await stage.delivery(id)
  assert.deepEqual([receipt?.outcome, receipt?.id, stage.book.records.size], ['created', '501', 1])
  assert.deepEqual(stage.book.fieldsOf('501'), created)
  assert.equal((await readChange(stage.pool, id, AT))?.id, null)
})

test('a record that somebody else made after a refusal is known, and what stands in it is kept', async () => {
  await using stage = await bookStage()
  const id = await stage.submitContact(FORM, { fields: FIELDS })
  stage.book.beforeWrite = async () => {
    stage.book.beforeWrite = async () => {}
    throw new FailureError(unavailable)
  }
  await stage.attempt(id)
  const contact = stage.book.add('contacts', { email: EMAIL, firstname: 'Anna', phone: '1' })
  await stage.attemptWhenDue(id)
  const { receipt } = await stage.delivery(id)
  assert.deepEqual([receipt?.outcome, receipt?.id], ['updated', contact])
  const change = await readChange(stage.pool, id, AT)
  assert.deepEqual([change?.id, change?.before], [contact, { phone: '1' }])
  assert.deepEqual(Object.keys(change?.written ?? {}), ['notes', 'phone'])
})

test('a process that slept while another took over writes nothing when it wakes', async () => {
  await using stage = await bookStage()
  stage.book.add('contacts', { email: EMAIL, notes: 'Knows us' })
  const id = await stage.submitContact(FORM, { fields: FIELDS })
  stage.book.beforeFind = async () => {
    stage.book.beforeFind = async () => {}
    await goOn(stage, id)
  }
  assert.equal((await attemptAndDie(stage, id)).result, 'stopped')
  assert.equal(stage.book.delivered.length, 1)
  assert.deepEqual((await readChange(stage.pool, id, AT))?.before, { notes: 'Knows us' })
})
