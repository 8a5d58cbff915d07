import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FailureError } from 'flowgate/plugin'
import type { RecordFile } from '../../src/config/schema/record.ts'
import { attemptDelivery } from '../../src/deliver/attempt.ts'
import { chooseRecord } from '../../src/deliver/choose.ts'
import { planUndo } from '../../src/deliver/undo.ts'
import { readChange } from '../../src/store/changes.ts'
import { type BookStage, bookStage } from './book-stage.ts'
import { dyingAfter } from './dying.ts'
import { rejected, unavailable } from './scripted-vendor.ts'

const EMAIL = 'ana@acme.com'
const AT = { destination: 'book', object: 'contacts' }
const FORM = { email: EMAIL, first: 'Ana', message: 'Call me', phone: '+12025550123' }
const FIELDS: RecordFile['fields'] = {
  email: { from: 'form.email' },
  firstname: { from: 'form.first', write: 'if_empty' },
  source: { value: 'whatsapp', write: 'create_only' },
  notes: { from: 'form.message', write: 'append' },
  stage: { value: 'lead', write: 'forward_only', order: ['lead', 'customer'] },
  phone: { from: 'form.phone' },
}
const alike = { kind: 'permanent', scope: 'record', code: 'ALIKE', message: 'They are alike.' } as const
const TENDED = { firstname: 'Anna', source: 'fair', notes: 'Knows us', stage: 'customer', phone: '1' }

/** A contact that the vendor holds anybody new for, and a submission that its match does not find. */
async function resembled(stage: BookStage, different: Partial<RecordFile> = {}, fields = {}) {
  const contact = stage.book.add('contacts', { ...TENDED, ...fields })
  stage.book.resembles = contact
  const id = await stage.submitContact(FORM, { fields: FIELDS, ...different })
  const entry = `[${stage.clock.now().toISOString().slice(0, 16).replace('T', ' ')}] Call me`
  return { contact, id, written: { ...TENDED, notes: `Knows us\n${entry}`, phone: FORM.phone } }
}

async function undo(stage: BookStage, id: string) {
  const plan = await planUndo(stage.delivering, (await stage.delivery(id)).submissionId)
  await plan?.carryOut()
}

test('a record that the vendor turns out to have is written by the policies, in one attempt, and can be found and undone', async () => {
  await using stage = await bookStage()
  const { contact, id, written } = await resembled(stage)
  await stage.attempt(id)
  const { state, receipt } = await stage.delivery(id)
  assert.deepEqual([state, receipt?.outcome, receipt?.id], ['delivered', 'updated', contact])
  assert.deepEqual(stage.book.fieldsOf(contact), { ...written, email: EMAIL })
  const find = 'find contacts email'
  assert.deepEqual(stage.book.asked, [find, 'deliver contacts', 'find contacts id', 'deliver contacts'])
  assert.deepEqual(await readChange(stage.pool, id, AT), {
    ...{ ...AT, id: contact, adopted: true },
    before: { notes: 'Knows us', phone: '1' },
    written: { notes: written.notes, phone: FORM.phone, email: EMAIL },
  })
  await undo(stage, id)
  assert.deepEqual(stage.book.fieldsOf(contact), { ...TENDED, email: null })
})

test('a create that meets one is written to it by the policies, and a match that stands there stays', async () => {
  for (const operation of ['create', 'upsert'] as const) {
    await using stage = await bookStage()
    const { contact, id, written } = await resembled(stage, { operation }, { email: 'anna@acme.com' })
    await stage.attempt(id)
    assert.equal((await stage.delivery(id)).receipt?.id, contact)
    // A create knows no match: its e-mail address is a field like others.
    const email = operation === 'create' ? EMAIL : 'anna@acme.com'
    assert.deepEqual(stage.book.fieldsOf(contact), { ...written, email })
    await undo(stage, id)
    assert.deepEqual(stage.book.fieldsOf(contact), { ...TENDED, email: 'anna@acme.com' })
  }
})

test('what only overwrites is not guarded: the plugin writes it where it finds it, without a look', async () => {
  await using stage = await bookStage()
  const { contact, id } = await resembled(stage, {
    fields: { email: { from: 'form.email' }, phone: { from: 'form.phone' } },
  })
  await stage.attempt(id)
  assert.deepEqual(stage.book.fieldsOf(contact), { ...TENDED, email: EMAIL, phone: FORM.phone })
  assert.deepEqual(stage.book.asked, ['deliver contacts'])
})

test('a lost reply and a vendor that is away after it leave one note, and what stood there before all of it', async () => {
  for (const fields of [{}, { email: 'anna@acme.com' }]) {
    await using stage = await bookStage()
    const { contact, id } = await resembled(stage, {}, fields)
    stage.book.afterWrite = async () => {
      stage.book.afterWrite = async () => {}
      stage.book.beforeWrite = async () => {
        stage.book.beforeWrite = async () => {}
        throw new FailureError(unavailable)
      }
      throw new FailureError(unavailable)
    }
    await stage.attempt(id)
    const landed = { ...stage.book.fieldsOf(contact) }
    assert.equal(landed['phone'], FORM.phone)
    await stage.attemptWhenDue(id)
    await stage.attemptWhenDue(id)
    const { state, receipt } = await stage.delivery(id)
    assert.deepEqual([state, receipt?.outcome, receipt?.id], ['delivered', 'updated', contact])
    assert.deepEqual(stage.book.fieldsOf(contact), landed)
    await undo(stage, id)
    assert.deepEqual(stage.book.fieldsOf(contact), { ...TENDED, email: null, ...fields })
  }
})

test('wherever a process dies, the next one leaves one note, and undo knows what stood there', async () => {
  for (const fields of [{}, { email: 'anna@acme.com' }]) {
    await using stage = await bookStage()
    let killed = 0
    for (let statements = 0; ; statements += 1) {
      stage.book.records.clear()
      const { contact, id, written } = await resembled(stage, {}, fields)
      const dying = dyingAfter(stage.delivering, statements)
      const stopping = new AbortController()
      const died = await Promise.race([dying.died, attemptDelivery(dying.delivering, id, stopping.signal)])
      stopping.abort()
      stage.clock.advance(20_000)
      await stage.attempt(id)
      const { state, receipt } = await stage.delivery(id)
      const where = `killed after ${statements} statements`
      assert.deepEqual([state, receipt?.outcome, receipt?.id], ['delivered', 'updated', contact], where)
      assert.deepEqual(stage.book.fieldsOf(contact), { ...written, email: EMAIL, ...fields }, where)
      await undo(stage, id)
      assert.deepEqual(stage.book.fieldsOf(contact), { ...TENDED, email: null, ...fields }, where)
      if (died !== true) break
      killed += 1
    }
    assert.ok(killed > 10, `${killed} places`)
  }
})

test('it is adopted once: what refuses the record then fails the delivery, and writes nothing', async () => {
  await using stage = await bookStage()
  const { contact, id } = await resembled(stage)
  let writes = 0
  stage.book.beforeWrite = async () => {
    writes += 1
    if (writes === 2) throw new FailureError(rejected)
  }
  await stage.attempt(id)
  const { state, failure } = await stage.delivery(id)
  assert.deepEqual([state, failure?.code, writes], ['failed', rejected.code, 2])
  assert.deepEqual(stage.book.fieldsOf(contact), TENDED)
})

test('one that cannot be read, or several, wait for a person, who may want a new one', async () => {
  await using stage = await bookStage()
  const { contact, id } = await resembled(stage)
  const tended = stage.book.records.get(contact)
  stage.book.records.delete(contact)
  await stage.attempt(id)
  assert.equal((await stage.delivery(id)).failure?.code, 'BOOK_ALIKE')
  assert.ok(tended !== undefined)
  stage.book.records.set(contact, tended)
  stage.book.beforeWrite = async () => {
    stage.book.beforeWrite = async () => {}
    throw new FailureError({ ...alike, candidates: [contact, '7'], adopt: true })
  }
  const several = await stage.submitContact(FORM, { fields: FIELDS })
  await stage.attempt(several)
  assert.equal((await stage.delivery(several)).failure?.code, alike.code)
  stage.book.resembles = undefined
  assert.equal((await chooseRecord(stage.delivering, id, 'new')).kind, 'chosen')
  await stage.attempt(id)
  assert.equal((await stage.delivery(id)).receipt?.outcome, 'created')
  assert.deepEqual([stage.book.delivered.at(-1)?.guarded, stage.book.fieldsOf(contact)], [undefined, TENDED])
})

test('a chosen record without the value it is found by gets it, read or not; one that has another keeps it', async () => {
  for (const keep of [true, false]) {
    for (const [stood, stands] of [
      [undefined, EMAIL],
      ['anna@acme.com', 'anna@acme.com'],
    ]) {
      await using stage = await bookStage()
      const contact = stage.book.add('contacts', stood === undefined ? {} : { email: stood })
      stage.book.beforeWrite = async () => {
        stage.book.beforeWrite = async () => {}
        throw new FailureError({ ...alike, candidates: [contact] })
      }
      const fields = { email: { from: 'form.email' }, phone: { from: 'form.phone' } }
      const id = await stage.submitContact(FORM, { fields, keep_before: keep })
      await stage.attempt(id)
      assert.equal((await chooseRecord(stage.delivering, id, contact)).kind, 'chosen')
      await stage.attempt(id)
      assert.deepEqual(stage.book.fieldsOf(contact), { email: stands, phone: FORM.phone })
    }
  }
})

test('a chosen record that has become another meanwhile is written as the one that was read, by the policies', async () => {
  for (const fields of [FIELDS, { email: { from: 'form.email' }, phone: { from: 'form.phone' } }]) {
    await using stage = await bookStage()
    const [lead, contact] = [stage.book.add('contacts', {}), stage.book.add('contacts', { ...TENDED })]
    stage.book.beforeWrite = async () => {
      stage.book.beforeWrite = async () => {}
      throw new FailureError({ ...alike, candidates: [lead] })
    }
    const id = await stage.submitContact(FORM, { fields })
    await stage.attempt(id)
    stage.book.became.set(lead, contact)
    assert.equal((await chooseRecord(stage.delivering, id, lead)).kind, 'chosen')
    await stage.attempt(id)
    const { state, receipt } = await stage.delivery(id)
    assert.deepEqual([state, receipt?.id], ['delivered', contact])
    const { firstname, phone, email } = stage.book.fieldsOf(contact)
    assert.deepEqual([firstname, phone, email], [TENDED.firstname, FORM.phone, EMAIL])
    assert.deepEqual(stage.book.fieldsOf(lead), {})
  }
})
