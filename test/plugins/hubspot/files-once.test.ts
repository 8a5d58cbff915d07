import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type CrmRecord, FailureError } from 'flowgate/plugin'
import type { Misbehaviour } from 'flowgate/plugin/testing'
import { errorAnswer, invalidRequest } from '../../stand-ins/hubspot-answers.ts'
import { hubspotTrouble as trouble } from '../../stand-ins/hubspot-trouble.ts'
import {
  again,
  appStage,
  call,
  contact,
  deal,
  failureOf,
  file,
  type HubspotStage,
  hubspotStage,
  LINK,
  note,
  READ,
  UPLOAD,
  UPSERT,
} from './hubspot-stage.ts'

const files = [file('front.jpg'), file('back.jpg')]

/** One note with both files, on one deal. */
function assertOnce({ standIn }: HubspotStage, label: string): void {
  const counts = [standIn.deals(), standIn.notes(), standIn.files(), standIn.associations()].map(({ length }) => length)
  assert.deepEqual(counts, [1, 1, 2, 2], label)
  const ids = standIn.files().map(({ id }) => id)
  assert.equal(standIn.notes()[0]?.properties['hs_attachment_ids'], ids.join(';'), label)
}

const faults: readonly (readonly [string, Omit<Misbehaviour, 'route'>])[] = [
  ['a lost reply', { fault: { kind: 'lose-after' } }],
  ['a request that never arrived', { fault: { kind: 'lose-before' } }],
  ['409', { fault: trouble.conflict() }],
  ['423', { fault: trouble.locked() }],
  ['429', { fault: trouble.rateLimit('TEN_SECONDLY_ROLLING', 1) }],
  ['207 with a conflict', { fault: trouble.rowError('CONFLICT', 'Contact already exists. Existing ID: 1') }],
  ['no results for one row', { fault: trouble.nothingWritten() }],
  ['a page of 502', { fault: trouble.page(502) }],
]

for (const [name, { fault }] of faults) {
  test(`${name} at each step of a deal with files leaves one of each, whoever tries again`, async () => {
    for (const route of [UPSERT, READ, UPLOAD, LINK]) {
      for (const skipped of [0, 1]) {
        await using stage = await hubspotStage()
        const { id } = await stage.crm.deliver(contact('ana@acme.com'), call('contact'))
        let seen = 0
        stage.standIn.misbehave({ route, fault, times: 1, when: () => seen++ === skipped })
        const record = { ...deal('Acme', id), files }
        for (const attempt of [1, 2, 3]) {
          const crm = await stage.another()
          const passed = await crm.deliver(record, call('key', attempt === 1 ? {} : { ...again, attempt })).then(
            () => true,
            () => false,
          )
          if (passed) break
        }
        assertOnce(stage, `${name} at ${route} after ${skipped}`)
      }
    }
  })
}

/** Delivers the same again until it passes, as the gateway does after failures that pass. */
async function untilDelivered(stage: HubspotStage, record: CrmRecord): Promise<string> {
  for (let attempt = 1; attempt <= 10; attempt += 1) {
    try {
      return (await (await stage.another()).deliver(record, call('key', { attempt, uncertain: attempt > 1 }))).id
    } catch (error) {
      const failure = await failureOf(Promise.reject(error))
      assert.ok(failure.kind !== 'permanent', failure.code)
    }
  }
  throw new Error('ten attempts did not deliver it')
}

test('twenty identical deliveries at once, with files and trouble, leave one of each', async () => {
  await using stage = await appStage()
  const { standIn } = stage
  const { id } = await stage.crm.deliver(contact('ana@acme.com'), call('contact'))
  for (const route of [UPSERT, UPLOAD, LINK]) {
    standIn.misbehave({ route, fault: { kind: 'lose-after' }, times: 3 })
    standIn.misbehave({ route, fault: trouble.locked(), times: 2 })
    standIn.misbehave({ route, fault: trouble.rateLimit('TEN_SECONDLY_ROLLING', 1), times: 2 })
  }
  standIn.expireTokens()
  const record = { ...deal('Acme', id), files }
  const ids = await Promise.all(Array.from({ length: 20 }, () => untilDelivered(stage, record)))
  assert.equal(new Set(ids).size, 1)
  assertOnce(stage, 'twenty')
})

test('twenty identical notes with files at once leave one note', async () => {
  await using stage = await hubspotStage()
  const { standIn } = stage
  standIn.misbehave({ route: UPLOAD, fault: { kind: 'lose-after' }, times: 5 })
  standIn.misbehave({ route: UPSERT, fault: { kind: 'lose-after' }, times: 5 })
  await Promise.all(Array.from({ length: 20 }, () => untilDelivered(stage, { ...note('Photos'), files })))
  assert.deepEqual([standIn.notes().length, standIn.files().length], [1, 2])
  const ids = standIn.files().map(({ id }) => id)
  assert.equal(standIn.notes()[0]?.properties['hs_attachment_ids'], ids.join(';'))
})

test('a file that HubSpot does not take stops the record and says which, without its name', async () => {
  await using stage = await hubspotStage()
  const { correlationId } = Object(invalidRequest('x').body)
  assert.ok(correlationId)
  for (const answer of [invalidRequest('Ana.exe is not supported'), errorAnswer(413, 'TOO_LARGE', 'Ana.exe')]) {
    stage.standIn.misbehave({ route: UPLOAD, fault: { kind: 'status', ...answer } })
    const record = { ...deal('Acme'), files: [file('Ana.exe', 'x', 'application/x-msdownload')] }
    const failure = await failureOf(stage.crm.deliver(record, call('one')))
    assert.deepEqual([failure.kind, failure.code], ['permanent', 'FG_HUBSPOT_FILE_REFUSED'])
    assert.match(failure.message, /file 1 \(application\/x-msdownload, 1 bytes/)
    assert.doesNotMatch(failure.message, /Ana/)
  }
})

test('a file that cannot be fetched says so itself, and the key without the scope for files is named', async () => {
  await using stage = await hubspotStage()
  const gone = { kind: 'permanent', scope: 'record', code: 'FG_MEDIA_GONE', message: 'The file is gone.' } as const
  const unreadable = { ...file('a.jpg'), read: () => Promise.reject(new FailureError(gone)) }
  const failure = await failureOf(stage.crm.deliver({ ...deal('Acme'), files: [unreadable] }, call('one')))
  assert.equal(failure.code, 'FG_MEDIA_GONE')
  const scopes = ['crm.objects.deals.write', 'crm.objects.contacts.read', 'crm.objects.contacts.write']
  await using narrow = await hubspotStage({ scopes })
  const refused = await failureOf(narrow.crm.deliver({ ...deal('Acme'), files }, call('one')))
  assert.match(refused.message, /lacks the scopes files\./)
})

test('an answer to an upload that names no file is tried again', async () => {
  await using stage = await hubspotStage()
  stage.standIn.misbehave({ route: UPLOAD, times: 1, fault: { kind: 'status', status: 201, body: {} } })
  const failure = await failureOf(stage.crm.deliver({ ...deal('Acme'), files }, call('key')))
  assert.deepEqual([failure.kind, failure.code], ['retryable', 'FG_HUBSPOT_UNREADABLE'])
  await untilDelivered(stage, { ...deal('Acme'), files })
  assert.equal(stage.standIn.files().length, 2)
})
