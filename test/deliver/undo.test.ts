import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FailureError } from 'flowgate/plugin'
import type { RecordFile } from '../../src/config/schema/record.ts'
import { replayDelivery } from '../../src/deliver/replay.ts'
import { planUndo, type UndoPlan, type UndoStep } from '../../src/deliver/undo.ts'
import { type BookStage, bookStage } from './book-stage.ts'
import { rejected, unavailable } from './scripted-vendor.ts'

const EMAIL = 'ana@acme.com'
const FORM = { email: EMAIL, first: 'Ana', message: 'Call me', budget: 75000 }
const FIELDS: RecordFile['fields'] = {
  email: { from: 'form.email' },
  login: { template: '{form.email}' },
  firstname: { from: 'form.first' },
  notes: { from: 'form.message', write: 'append' },
  budget: { from: 'form.budget' },
  source: { value: 'whatsapp', write: 'if_empty' },
  phone: { from: 'form.phone', clear: true },
}
const BEFORE = { email: EMAIL, login: 'old@acme.com', firstname: 'Anna', notes: 'Knows us', budget: '5', phone: '1' }

/** A contact that stood there, and the submission that changed it. */
async function changedContact(stage: BookStage, parts: Partial<RecordFile> = { fields: FIELDS }) {
  const contact = stage.book.add('contacts', { ...BEFORE })
  const id = await stage.submitContact(FORM, parts)
  await stage.attempt(id)
  const delivery = await stage.delivery(id)
  assert.equal(delivery.state, 'delivered')
  return { contact, submissionId: delivery.submissionId }
}

async function plan(stage: BookStage, submissionId: string): Promise<UndoPlan> {
  return (await planUndo(stage.delivering, submissionId)) ?? assert.fail('no submission')
}

function stateOf([step, ...others]: readonly UndoStep[]) {
  assert.deepEqual(others, [])
  assert.ok(step !== undefined)
  return step.state
}

test('what nobody touched since goes back to what it was, blank fields too; what somebody changed stays', async () => {
  await using stage = await bookStage()
  const { contact, submissionId } = await changedContact(stage)
  const fields = stage.book.fieldsOf(contact)
  // The CRM keeps numbers as text; somebody corrects the name.
  Object.assign(fields, { budget: '75000.0', firstname: 'Anna Maria' })
  const before = structuredClone(fields)
  const state = stateOf((await plan(stage, submissionId)).steps)
  assert.ok(state.kind === 'restorable')
  assert.deepEqual(state.restore.map(({ field }) => field).toSorted(), ['budget', 'login', 'notes', 'phone', 'source'])
  assert.deepEqual(state.changed, [{ field: 'firstname', now: 'Anna Maria', before: 'Anna' }])
  assert.deepEqual(fields, before, 'planning writes nothing')
  await (await plan(stage, submissionId)).carryOut()
  assert.deepEqual(fields, { ...BEFORE, firstname: 'Anna Maria', source: null })
})

test('an operator sees what is personal masked, in what stands there now and in what stood there before', async () => {
  await using stage = await bookStage()
  const { submissionId } = await changedContact(stage)
  const state = stateOf((await plan(stage, submissionId)).steps)
  assert.ok(state.kind === 'restorable')
  assert.deepEqual(
    state.restore.find(({ field }) => field === 'login'),
    { field: 'login', now: 'a•••@•••', before: 'o•••@•••' },
  )
  assert.deepEqual(
    state.restore.find(({ field }) => field === 'source'),
    { field: 'source', now: 'whatsapp', before: undefined },
  )
})

test('a second undo does nothing, not even where somebody wrote the same again', async () => {
  await using stage = await bookStage()
  const { contact, submissionId } = await changedContact(stage)
  assert.equal(stateOf(await (await plan(stage, submissionId)).carryOut()).kind, 'restorable')
  stage.book.fieldsOf(contact)['firstname'] = 'Ana'
  const second = await plan(stage, submissionId)
  assert.equal(stateOf(second.steps).kind, 'undone')
  await second.carryOut()
  assert.equal(stage.book.fieldsOf(contact)['firstname'], 'Ana')
  assert.equal(stage.book.asked.filter((each) => each === 'update contacts').length, 1)
})

test('what changes while the operator thinks stays as well', async () => {
  await using stage = await bookStage()
  const { contact, submissionId } = await changedContact(stage)
  const planned = await plan(stage, submissionId)
  stage.book.fieldsOf(contact)['firstname'] = 'Anna Maria'
  const state = stateOf(await planned.carryOut())
  assert.ok(state.kind === 'restorable')
  assert.deepEqual(
    state.changed.map(({ field }) => field),
    ['firstname'],
  )
  assert.deepEqual(stage.book.fieldsOf(contact), { ...BEFORE, firstname: 'Anna Maria', source: null })
})

test('two submissions are undone from the last one back', async () => {
  await using stage = await bookStage()
  const fields = { email: { from: 'form.email' }, firstname: { from: 'form.first' } }
  const contact = stage.book.add('contacts', { ...BEFORE })
  const submissions: string[] = []
  for (const first of ['One', 'Two']) {
    const id = await stage.submitContact({ ...FORM, first }, { keep_before: true, fields })
    await stage.attempt(id)
    submissions.push((await stage.delivery(id)).submissionId)
  }
  const [one = '', two = ''] = submissions
  const tooEarly = stateOf((await plan(stage, one)).steps)
  assert.ok(tooEarly.kind === 'restorable')
  assert.deepEqual([tooEarly.restore, tooEarly.changed.length], [[], 1])
  await (await plan(stage, two)).carryOut()
  assert.equal(stage.book.fieldsOf(contact)['firstname'], 'One')
  await (await plan(stage, one)).carryOut()
  assert.deepEqual(stage.book.fieldsOf(contact), BEFORE)
})

test('a record that the submission created, or of which nobody looked what stood there, is named and left alone', async () => {
  await using stage = await bookStage()
  const created = await stage.submitContact({ ...FORM, email: 'new@acme.com' }, { fields: FIELDS })
  await stage.attempt(created)
  const { submissionId } = await stage.delivery(created)
  assert.equal(stateOf(await (await plan(stage, submissionId)).carryOut()).kind, 'created')
  const unread = { fields: { email: { from: 'form.email' }, firstname: { from: 'form.first' } } }
  const overwritten = await changedContact(stage, unread)
  assert.equal(stateOf(await (await plan(stage, overwritten.submissionId)).carryOut()).kind, 'unknown')
  assert.ok(!stage.book.asked.includes('update contacts'))
})

test('what a refused try under another mapping found stands for no other record', async () => {
  await using stage = await bookStage()
  const contact = stage.book.add('contacts', { ...BEFORE })
  stage.book.beforeWrite = async () => {
    stage.book.beforeWrite = async () => {}
    throw new FailureError(rejected)
  }
  const id = await stage.submitContact(FORM, { fields: { ...FIELDS, login: { value: 'new' } } })
  await stage.attempt(id)
  const company = { id: 'contact', to: 'book', object: 'companies', operation: 'upsert', match: 'email' } as const
  const fields = { email: { from: 'form.email' }, login: { value: 'new' } }
  stage.configure({
    destinations: { book: { config: { book: stage.book } } },
    mapping: { records: [{ ...company, fields }] },
  })
  stage.book.records.set(`company of ${contact}`, { object: 'companies', fields: { email: EMAIL } })
  await replayDelivery(stage.delivering, id, { mapping: 'latest' })
  await stage.attempt(id)
  const { state, submissionId } = await stage.delivery(id)
  assert.equal(state, 'delivered')
  assert.equal(stateOf(await (await plan(stage, submissionId)).carryOut()).kind, 'unknown')
  assert.ok(!stage.book.asked.includes('update companies') && !stage.book.asked.includes('find contacts id'))
})

test('a record that the vendor wrote to in the place of the one found is left alone', async () => {
  await using stage = await bookStage()
  const other = stage.book.add('contacts', { email: 'other@acme.com', firstname: 'Ana', source: 'whatsapp' })
  stage.book.writesTo = other
  const { contact, submissionId } = await changedContact(stage)
  assert.notEqual(contact, other)
  assert.equal(stateOf(await (await plan(stage, submissionId)).carryOut()).kind, 'unknown')
  assert.equal(stage.book.fieldsOf(other)['firstname'], 'Ana')
})

test('a vendor that fails is told of, and the undo can be tried again', async () => {
  await using stage = await bookStage()
  const { contact, submissionId } = await changedContact(stage)
  stage.book.findFailures.push(new FailureError(unavailable))
  const unread = stateOf((await plan(stage, submissionId)).steps)
  assert.ok(unread.kind === 'failed' && unread.failure.code === 'UNAVAILABLE')
  const planned = await plan(stage, submissionId)
  stage.book.beforeWrite = async () => {
    stage.book.beforeWrite = async () => {}
    throw new FailureError(unavailable)
  }
  assert.equal(stateOf(await planned.carryOut()).kind, 'failed')
  await planned.carryOut()
  assert.deepEqual(stage.book.fieldsOf(contact), { ...BEFORE, source: null })
})

test('a reply that was lost while undoing is no harm: the next undo finds it done', async () => {
  await using stage = await bookStage()
  const { contact, submissionId } = await changedContact(stage)
  stage.book.afterWrite = async () => {
    stage.book.afterWrite = async () => {}
    throw new FailureError(unavailable)
  }
  const planned = await plan(stage, submissionId)
  assert.equal(stateOf(await planned.carryOut()).kind, 'failed')
  const again = stateOf(await planned.carryOut())
  assert.ok(again.kind === 'restorable')
  assert.deepEqual([again.restore, again.changed], [[], []])
  assert.deepEqual(stage.book.fieldsOf(contact), { ...BEFORE, source: null })
})

test('a record that is gone, and a plugin that cannot set fields, are failures that say so', async () => {
  await using stage = await bookStage()
  const { contact, submissionId } = await changedContact(stage)
  stage.book.records.delete(contact)
  const gone = stateOf((await plan(stage, submissionId)).steps)
  assert.ok(gone.kind === 'failed' && gone.failure.code === 'FG_UNDO_GONE')
  Object.assign(stage.book, { update: undefined })
  const unable = stateOf((await plan(stage, submissionId)).steps)
  assert.ok(unable.kind === 'failed' && unable.failure.code === 'FG_UNDO_UNSUPPORTED')
})

test('a submission that is not there has no plan', async () => {
  await using stage = await bookStage()
  assert.equal(await planUndo(stage.delivering, 'sub_none'), undefined)
})
