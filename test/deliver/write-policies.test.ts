import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type AttachedFile, FailureError, type Json } from 'flowgate/plugin'
import type { RecordFile } from '../../src/config/schema/record.ts'
import { attemptDelivery } from '../../src/deliver/attempt.ts'
import { readAttempts } from '../../src/store/attempts.ts'
import { readChange } from '../../src/store/changes.ts'
import { readDestination } from '../../src/store/destinations.ts'
import { bookStage } from './book-stage.ts'
import { unavailable } from './scripted-vendor.ts'

const EMAIL = 'ana@acme.com'
const FORM = { email: EMAIL, first: 'Ana', message: 'Call me', phone: '+5511987654321' }
const AT = { destination: 'book', object: 'contacts' }

const FIELDS: RecordFile['fields'] = {
  email: { from: 'form.email' },
  firstname: { from: 'form.first', write: 'if_empty' },
  source: { value: 'whatsapp', write: 'create_only' },
  notes: { from: 'form.message', write: 'append' },
  stage: { value: 'lead', write: 'forward_only' },
  vip: { value: 'no', write: 'never' },
  phone: { from: 'form.phone' },
  budget: { from: 'form.budget', clear: true },
}

test('a new record has every field but those never written, and its note is dated with the acceptance', async () => {
  await using stage = await bookStage()
  const id = await stage.submitContact(FORM, { fields: FIELDS })
  const entry = `[${stage.clock.now().toISOString().slice(0, 16).replace('T', ' ')}] Call me`
  stage.clock.advance(3_600_000)
  await stage.attempt(id)
  assert.deepEqual(stage.book.asked, ['find contacts email', 'deliver contacts'])
  assert.deepEqual(stage.book.fieldsOf('501'), {
    ...{ email: EMAIL, firstname: 'Ana', source: 'whatsapp', notes: entry, stage: 'lead', phone: FORM.phone },
  })
  assert.deepEqual((await stage.delivery(id)).receipt?.outcome, 'created')
})

test('of a record that stands only what its policies let is written, by its id, and what stood there is kept', async () => {
  await using stage = await bookStage()
  const there = {
    email: EMAIL,
    firstname: 'Anna',
    source: 'fair',
    notes: 'Knows us',
    stage: 'customer',
    phone: '+55 11 98765-4321',
    budget: 5,
  }
  const contact = stage.book.add('contacts', { ...there })
  const id = await stage.submitContact(FORM, { fields: FIELDS })
  await stage.attempt(id)
  const entry = `[${stage.clock.now().toISOString().slice(0, 16).replace('T', ' ')}] Call me`
  assert.deepEqual(stage.book.fieldsOf(contact), {
    ...there,
    notes: `Knows us\n${entry}`,
    phone: FORM.phone,
    budget: null,
  })
  const [given] = stage.book.delivered
  assert.deepEqual(given?.existing, contact)
  assert.deepEqual(Object.keys(given?.fields ?? {}), ['notes', 'phone', 'budget'])
  assert.deepEqual(await readChange(stage.pool, id, AT), {
    ...AT,
    id: contact,
    before: { notes: 'Knows us', phone: there.phone, budget: 5 },
    written: { notes: `Knows us\n${entry}`, phone: FORM.phone, budget: null },
  })
  const [attempt] = await readAttempts(stage.pool, id)
  const { fields: shown, left_out: leftOut } = (attempt?.input ?? {}) as { fields?: Json; left_out?: object }
  assert.deepEqual(shown, { notes: `…\n${entry}`, phone: FORM.phone, budget: null }, 'not what others noted')
  assert.deepEqual(leftOut, { firstname: 'not_empty', source: 'not_new', stage: 'not_forward' })
})

test('nothing is read where no policy needs it, and nothing where the field of one has no value', async () => {
  await using stage = await bookStage()
  const fields = {
    email: { from: 'form.email' },
    a: { from: 'form.none', write: 'if_empty' },
    b: { value: 1, write: 'never' },
    c: 2,
  }
  const id = await stage.submitContact(FORM, { fields })
  await stage.attempt(id)
  assert.deepEqual(stage.book.asked, ['deliver contacts'])
  assert.equal(await readChange(stage.pool, id, AT), undefined)
})

test('`keep_before` reads although every field is overwritten', async () => {
  await using stage = await bookStage()
  stage.book.add('contacts', { email: EMAIL, c: 1 })
  const id = await stage.submitContact(FORM, {
    keep_before: true,
    fields: { email: { from: 'form.email' }, c: 2, d: 3 },
  })
  await stage.attempt(id)
  assert.deepEqual(stage.book.asked, ['find contacts email', 'deliver contacts'])
  const change = await readChange(stage.pool, id, AT)
  assert.deepEqual([change?.before, change?.written], [{ c: 1 }, { c: 2, d: 3 }])
})

test('where nothing is left to write the receipt says unchanged and still brings the link', async () => {
  await using stage = await bookStage()
  const contact = stage.book.add('contacts', { email: EMAIL, firstname: 'Anna' })
  const fields = { email: { from: 'form.email' }, firstname: { from: 'form.first', write: 'if_empty' } }
  const id = await stage.submitContact(FORM, { fields })
  await stage.attempt(id)
  const { receipt } = await stage.delivery(id)
  assert.deepEqual(receipt, { outcome: 'unchanged', id: contact, url: `https://book.example/${contact}` })
  assert.deepEqual(stage.book.delivered[0]?.fields, { email: EMAIL })
  assert.deepEqual(stage.book.fieldsOf(contact), { email: EMAIL, firstname: 'Anna' })
})

test('a create writes all but what is never written, clears nothing and reads nothing', async () => {
  await using stage = await bookStage()
  stage.book.add('contacts', { email: EMAIL })
  const id = await stage.submitContact(FORM, { operation: 'create', fields: FIELDS })
  await stage.attempt(id)
  assert.deepEqual(stage.book.asked, ['deliver contacts'])
  assert.deepEqual(Object.keys(stage.book.delivered[0]?.fields ?? {}), [
    'email',
    'firstname',
    'source',
    'notes',
    'stage',
    'phone',
  ])
})

test('a CRM that cannot look up fails the record alone, says what to do, and is not thought to be well again', async () => {
  await using stage = await bookStage()
  Object.assign(stage.book, { find: undefined })
  const id = await stage.submitContact(FORM, { fields: FIELDS })
  await stage.attempt(id)
  const { state, failure } = await stage.delivery(id)
  assert.deepEqual([state, failure?.code, stage.book.asked], ['failed', 'FG_WRITE_NEEDS_FIND', []])
  assert.equal((await readDestination(stage.pool, 'book')).paused, false)
})

test('a value that is in no order, or whose order nobody knows, fails before anything is written', async () => {
  await using stage = await bookStage()
  for (const [field, code] of [
    ['stage', 'FG_WRITE_ORDER_VALUE'],
    ['tier', 'FG_WRITE_ORDER_UNKNOWN'],
  ] as const) {
    const fields = { email: { from: 'form.email' }, [field]: { value: 'fan', write: 'forward_only' } }
    const id = await stage.submitContact(FORM, { fields })
    await stage.attempt(id)
    const { state, failure } = await stage.delivery(id)
    assert.deepEqual([state, failure?.code], ['failed', code])
  }
  assert.deepEqual(stage.book.delivered, [])
})

test('a look-up that fails is a failure of its class, and the attempt is known never to have written', async () => {
  await using stage = await bookStage()
  const id = await stage.submitContact(FORM, { fields: FIELDS })
  stage.book.findFailures.push(new FailureError(unavailable))
  await stage.attempt(id)
  assert.equal((await stage.delivery(id)).failure?.code, 'UNAVAILABLE')
  const [attempt] = await readAttempts(stage.pool, id)
  assert.equal(attempt?.input, undefined)
  await stage.attemptWhenDue(id)
  assert.equal((await stage.delivery(id)).state, 'delivered')
  assert.equal(stage.book.calls[0]?.uncertain, false)
})

test('files of media answers are given to the plugin, and their names are masked in what is kept', async () => {
  await using stage = await bookStage()
  const made: Json[] = []
  const files = (answers: readonly Json[]): readonly AttachedFile[] => {
    made.push(...answers)
    return [{ name: 'ana.jpg', mediaType: 'image/jpeg', read: async () => new Uint8Array([1]) }]
  }
  const photo = { media_id: '1' }
  const contact = { fields: { email: { from: 'form.email' } }, files: [{ from: 'form.photos' }] }
  const id = await stage.submitContact({ ...FORM, photos: [photo] }, contact)
  await attemptDelivery({ ...stage.delivering, files }, id, new AbortController().signal)
  assert.deepEqual(made, [photo])
  assert.deepEqual(await stage.book.delivered[0]?.files?.[0]?.read(new AbortController().signal), new Uint8Array([1]))
  const [attempt] = await readAttempts(stage.pool, id)
  const { files: kept } = (attempt?.input ?? {}) as { files?: object }
  assert.deepEqual(kept, [{ name: 'a•••', mediaType: 'image/jpeg' }])
})

test('an answer that is no file fails the record alone, before anything is asked', async () => {
  await using stage = await bookStage()
  const wrong = { kind: 'permanent', scope: 'record', code: 'NO_FILE', message: 'It is no file.' } as const
  const files = () => {
    throw new FailureError(wrong)
  }
  const contact = { keep_before: true, fields: { email: { from: 'form.email' } }, files: [{ from: 'form.first' }] }
  const id = await stage.submitContact(FORM, contact)
  await attemptDelivery({ ...stage.delivering, files }, id, new AbortController().signal)
  const { state, failure } = await stage.delivery(id)
  assert.deepEqual([state, failure?.code, stage.book.asked], ['failed', 'NO_FILE', []])
})

test('files wait for a gateway that can fetch them', async () => {
  await using stage = await bookStage()
  const contact = { fields: { email: { from: 'form.email' } }, files: [{ from: 'form.photos' }, { from: 'form.none' }] }
  const without = await stage.submitContact(FORM, contact)
  await stage.attempt(without)
  assert.equal((await stage.delivery(without)).state, 'delivered')
  const id = await stage.submitContact({ ...FORM, photos: [{ file_name: 'a.jpg' }] }, contact)
  await stage.attempt(id)
  assert.equal((await stage.delivery(id)).failure?.code, 'FG_FILES_UNAVAILABLE')
})
