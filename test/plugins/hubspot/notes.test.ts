import assert from 'node:assert/strict'
import { test } from 'node:test'
import { again, call, contact, deal, file, hubspotStage, LINK, note, UPLOAD, UPSERT } from './hubspot-stage.ts'

const now = () => new Date('2026-11-20T10:00:00Z')

test('a note stands on the timeline at the time it was written, unless the mapping says when', async () => {
  await using stage = await hubspotStage({}, {}, { now })
  const receipt = await stage.crm.deliver(note('Wants a call'), call('one'))
  await stage.crm.deliver({ ...note('Earlier'), fields: { hs_timestamp: '2026-11-01T08:00:00Z' } }, call('two'))
  assert.deepEqual(receipt, { id: receipt.id, outcome: 'created' })
  const times = stage.standIn.notes().map(({ properties }) => properties['hs_timestamp'])
  assert.deepEqual(times, ['2026-11-20T10:00:00.000Z', '2026-11-01T08:00:00Z'])
})

test('records of every kind are linked with each other, whichever comes first', async () => {
  await using stage = await hubspotStage()
  const { crm, standIn } = stage
  const objects = ['contacts', 'companies', 'deals', 'tickets', 'notes']
  const fields = [
    { email: 'ana@acme.com' },
    { name: 'Acme' },
    { dealname: 'Acme' },
    { subject: 'Broken', hs_pipeline_stage: 'New' },
    { hs_note_body: 'Wants a call' },
  ]
  const written: { object: string; id: string }[] = []
  for (const [index, object] of objects.entries()) {
    const record = {
      id: object,
      object,
      operation: 'create',
      fields: fields[index] ?? {},
      links: [...written],
    } as const
    written.push({ object, id: (await crm.deliver(record, call(object))).id })
  }
  assert.equal(standIn.associations().length, 10)
  const back = { ...contact('ana@acme.com'), links: written.slice(1) }
  const { id } = await crm.deliver(back, call('back'))
  assert.equal(id, written[0]?.id)
  for (const { object } of written.slice(1)) {
    const path = `/crm/v4/objects/contacts/${id}/associations/${object}`
    const headers = { authorization: 'Bearer pat-eu1-test-token' }
    const answer = Object(await (await fetch(`${standIn.url}${path}`, { headers })).json())
    assert.ok(answer.results.length > 0, object)
  }
})

test('files hang on the record through one note, private, in the folder of the settings', async () => {
  await using stage = await hubspotStage({}, { files_folder: '/flowgate/photos' }, { now })
  const { crm, standIn } = stage
  const files = [file('front.JPG', 'front'), file('<b>R&D/../x.pdf', 'back', 'application/pdf')]
  const receipt = await crm.deliver({ ...contact('ana@acme.com'), files }, call('sub_1.contact'))
  assert.equal(receipt.outcome, 'created')
  assert.deepEqual(
    standIn
      .files()
      .map(({ name, folder, access, mediaType, bytes }) => [name, folder, access, mediaType, String(bytes)]),
    [
      ['front-sub_1.contact.files-1.jpg', '/flowgate/photos', 'PRIVATE', 'image/jpeg', 'front'],
      ['b-R-D-..-x-sub_1.contact.files-2.pdf', '/flowgate/photos', 'PRIVATE', 'application/pdf', 'back'],
    ],
  )
  const [held] = standIn.notes()
  assert.deepEqual(held?.properties, {
    hs_timestamp: '2026-11-20T10:00:00.000Z',
    hs_note_body: 'front.JPG<br>&#60;b&#62;R&#38;D/../x.pdf',
    hs_attachment_ids: standIn
      .files()
      .map(({ id }) => id)
      .join(';'),
    flowgate_submission: 'sub_1.contact.files',
  })
  assert.deepEqual(standIn.associations(), [
    { from: { object: 'notes', id: held?.id }, to: { object: 'contacts', id: receipt.id } },
  ])
})

test('the files of a note are its own, and a second delivery to a note adds to them', async () => {
  await using stage = await hubspotStage()
  const { crm, standIn } = stage
  standIn.addProperty('notes', { name: 'case_id', type: 'string', unique: true })
  const fields = { hs_note_body: 'Photos', case_id: '7' }
  const first = await crm.deliver({ ...note('x'), fields, files: [file('a.jpg')] }, call('key-1'))
  const found = { ...note('x'), operation: 'upsert', match: 'case_id', fields, files: [file('b.jpg')] } as const
  const second = await crm.deliver(found, call('key-2'))
  const third = await crm.deliver({ ...found, existing: first.id, files: [file('b.jpg')] }, call('key-2', again))
  assert.deepEqual([second.id, third.id], [first.id, first.id])
  assert.equal(standIn.notes().length, 1)
  const ids = standIn.files().map(({ id }) => id)
  assert.equal(ids.length, 2)
  assert.equal(standIn.notes()[0]?.properties['hs_attachment_ids'], ids.join(';'))
})

test('a file is not fetched and not uploaded again once its note stands', async () => {
  await using stage = await hubspotStage()
  const { crm, standIn } = stage
  let fetched = 0
  const counted = {
    ...file('a.jpg'),
    read: async () => {
      fetched += 1
      return Buffer.from('a')
    },
  }
  for (const record of [
    { ...deal('Acme'), files: [counted] },
    { ...note('Photos'), files: [counted] },
  ]) {
    await crm.deliver(record, call(record.id))
    await crm.deliver(record, call(record.id, again))
  }
  assert.deepEqual([fetched, standIn.requestsTo(UPLOAD).length, standIn.notes().length], [2, 2, 2])
  assert.equal(standIn.deals().length, 1)
})

test('keys of the longest kind leave one note each, and never one of another delivery', async () => {
  await using stage = await hubspotStage()
  const keys = [`${'a'.repeat(63)}1`, `${'a'.repeat(63)}2`, 'a'.repeat(58)]
  for (const key of [...keys, ...keys]) await stage.crm.deliver({ ...deal('Acme'), files: [file('a.jpg')] }, call(key))
  const held = stage.standIn.notes().map(({ properties }) => properties['flowgate_submission'] ?? '')
  assert.equal(new Set(held).size, 3)
  assert.equal(held.length, 3)
  assert.ok(held.every((key) => key.length <= 64 && key.endsWith('.files')))
})

test('steps that the stand-in sees of a deal with a file: record, look for the note, upload, note, link', async () => {
  await using stage = await hubspotStage()
  await stage.crm.deliver({ ...deal('Acme'), files: [file('a.jpg')] }, call('one'))
  assert.deepEqual(
    stage.standIn.requests.slice(1).map(({ route }) => route),
    [UPSERT, 'GET /crm/v3/objects/:object/:id', UPLOAD, UPSERT, LINK],
  )
})
