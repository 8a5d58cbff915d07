import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { RecordFile } from '../../src/config/schema/record.ts'
import { SMALL } from '../config/small-configuration.ts'
import { type BookStage, bookStage } from '../deliver/book-stage.ts'
import { keptBook } from './kept-books.ts'
import { run } from './terminal.ts'

const EMAIL = 'ana@acme.com'
const FIELDS: RecordFile['fields'] = {
  email: { from: 'form.email' },
  stage: { value: 'lead', write: 'forward_only' },
  login: { template: '{form.email}' },
  firstname: { from: 'form.first' },
}
const BEFORE = { email: EMAIL, login: 'old@acme.com', firstname: 'Anna', stage: 'customer' }

let books = 0

/** A delivery stage and a configuration folder whose destination is the same address book. */
async function desk() {
  books += 1
  const name = `book-${books}`
  const book = keptBook(name)
  const stage = await bookStage({ destinations: { book: { config: { book } } } })
  const folder = mkdtempSync(join(tmpdir(), 'flowgate-undo-'))
  mkdirSync(join(folder, 'book'))
  const plugin = new URL('./kept-books.ts', import.meta.url)
  writeFileSync(join(folder, 'book', 'index.ts'), `export { default } from '${plugin.href}'\n`)
  mkdirSync(join(folder, 'flows', 'ask'), { recursive: true })
  for (const file of ['flows/ask/flow.json', 'flows/ask/flow.yaml'] as const) {
    writeFileSync(join(folder, file), SMALL[file])
  }
  const settings = `config: { book: ${name}, token: "\${BOOK_TOKEN}" }`
  writeFileSync(join(folder, 'destinations.yaml'), `destinations:\n  book:\n    plugin: ./book\n    ${settings}\n`)
  return {
    stage,
    book,
    env: { DATABASE_URL: stage.url, FLOWGATE_CONFIG: folder, BOOK_TOKEN: 'secret' },
    async [Symbol.asyncDispose]() {
      rmSync(folder, { recursive: true })
      await stage[Symbol.asyncDispose]()
    },
  }
}

async function submit(stage: BookStage, parts: Partial<RecordFile> = {}) {
  const id = await stage.submitContact({ email: EMAIL, first: 'Ana' }, { fields: FIELDS, ...parts })
  await stage.attempt(id)
  return { id, submissionId: (await stage.delivery(id)).submissionId }
}

test('undo shows what it would restore, restores it when told, and has nothing to do the next time', async () => {
  await using at = await desk()
  const contact = at.book.add('contacts', { ...BEFORE })
  const { submissionId } = await submit(at.stage)
  at.book.fieldsOf(contact)['firstname'] = 'Anna Maria'
  const shown = await run(['undo', submissionId, '--dry-run'], at.env)
  assert.equal(shown.code, 0, shown.err)
  assert.match(shown.out, /^contact: book https:\/\/book\.example\/501\n/)
  assert.match(shown.out, /\n {2}login: now "a•••@•••", before "o•••@•••"\n/)
  assert.match(
    shown.out,
    /\n {2}firstname: changed since, stays "Anna Maria"\n\nNothing was restored: this is what would be\.\n$/,
  )
  assert.equal(at.book.fieldsOf(contact)['login'], EMAIL)
  const asked = await run(['undo', submissionId], at.env)
  assert.equal(asked.code, 1)
  assert.match(asked.out, /\nNothing was restored\. Run again with --yes to restore it\.\n$/)
  const done = await run(['undo', submissionId, '--yes', '--json'], at.env)
  assert.equal(done.code, 0, done.err)
  const { ok, result, records } = JSON.parse(done.out)
  assert.deepEqual([ok, result, records.length], [true, 'done', 1])
  assert.deepEqual(records[0].restore, [{ field: 'login', now: 'a•••@•••', before: 'o•••@•••' }])
  assert.deepEqual(records[0].changed, [{ field: 'firstname', now: 'Anna Maria', before: 'Anna' }])
  assert.deepEqual(at.book.fieldsOf(contact), { ...BEFORE, firstname: 'Anna Maria' })
  const again = await run(['undo', submissionId, '--yes'], at.env)
  assert.deepEqual([again.code, /undone already 20/.test(again.out)], [0, true], again.out)
})

test('undo says of a record that it was created, or that nobody looked what stood there', async () => {
  await using at = await desk()
  const created = await submit(at.stage)
  const first = await run(['undo', created.submissionId], at.env)
  assert.deepEqual(
    [first.code, /created by this submission: nothing is deleted\n\nThere is nothing to restore/.test(first.out)],
    [0, true],
    first.out,
  )
  const overwritten = await submit(at.stage, {
    fields: { email: { from: 'form.email' }, firstname: { from: 'form.first' } },
  })
  const second = await run(['undo', overwritten.submissionId], at.env)
  assert.match(second.out, /set `keep_before: true` on the record for the next ones/)
})

test('undo exits with 1 for a submission that is none, and for a record that is gone', async () => {
  await using at = await desk()
  const none = await run(['undo', 'sub_none', '--json'], at.env)
  assert.deepEqual([none.code, JSON.parse(none.out).error.code], [1, 'FG_CLI_SUBMISSION'])
  const contact = at.book.add('contacts', { ...BEFORE })
  const { submissionId } = await submit(at.stage)
  at.book.records.delete(contact)
  const gone = await run(['undo', submissionId, '--yes'], at.env)
  assert.deepEqual([gone.code, /not restored: FG_UNDO_GONE: contacts 501/.test(gone.out)], [1, true], gone.out)
})

test('undo needs the secrets of the destination, and says so where one is missing', async () => {
  await using at = await desk()
  const { code, err } = await run(['undo', 'sub_none'], { ...at.env, BOOK_TOKEN: undefined })
  assert.equal(code, 2)
  assert.match(err, /a secret it names is not set[\s\S]*BOOK_TOKEN/)
})

test('deliveries show lists the records that fit, and choose sends the delivery to one of them', async () => {
  await using at = await desk()
  const [one, other] = [at.book.add('contacts', { email: EMAIL }), at.book.add('contacts', { email: EMAIL })]
  const { id } = await submit(at.stage)
  const shown = await run(['deliveries', 'show', id], at.env)
  assert.match(
    shown.out,
    new RegExp(`several records fit: ${one}, ${other}\nchoose: flowgate deliveries choose ${id} <record, or new>`),
  )
  const stranger = await run(['deliveries', 'choose', id, '7', '--json'], at.env)
  assert.deepEqual([stranger.code, JSON.parse(stranger.out).error.code], [1, 'FG_CLI_CHOICE'])
  const none = await run(['deliveries', 'choose', 'dlv_none', one], at.env)
  assert.deepEqual([none.code, none.out.startsWith('There is no delivery dlv_none')], [1, true])
  const chosen = await run(['deliveries', 'choose', id, one], at.env)
  assert.deepEqual([chosen.code, chosen.out], [0, `${id} goes to book again, to the record ${one}.\n`], chosen.err)
  const again = await run(['deliveries', 'choose', id, other, '--json'], at.env)
  assert.deepEqual(JSON.parse(again.out), { ok: true, id, result: 'under-way', chosen: other })
  assert.match((await run(['deliveries', 'show', id], at.env)).out, new RegExp(`chosen: ${one}\n`))
  await at.stage.attemptWhenDue(id)
  assert.equal(at.book.fieldsOf(one)['firstname'], 'Ana')
  assert.equal(
    (await run(['deliveries', 'choose', id, one], at.env)).out,
    `${id} is delivered or left out already; nothing is sent.\n`,
  )
})

test('choosing says what is to be done where there is nothing to choose, and takes `new`', async () => {
  await using at = await desk()
  const failed = await submit(at.stage, { fields: { email: { from: 'form.none' } } })
  const nothing = await run(['deliveries', 'choose', failed.id, 'new'], at.env)
  assert.deepEqual(
    [nothing.code, /is failed, and not because several records fit/.test(nothing.out)],
    [1, true],
    nothing.out,
  )
  for (const name of ['A', 'B']) at.book.add('contacts', { email: EMAIL, firstname: name })
  const { id } = await submit(at.stage)
  const { out } = await run(['deliveries', 'choose', id, 'new'], at.env)
  assert.equal(out, `${id} goes to book again, as a record of its own.\n`)
  await at.stage.attemptWhenDue(id)
  assert.equal((await at.stage.delivery(id)).receipt?.outcome, 'created')
})
