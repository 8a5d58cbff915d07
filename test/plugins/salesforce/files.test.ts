import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AttachedFile } from 'flowgate/plugin'
import { CREATE } from '../../stand-ins/salesforce.ts'
import { again, call, failureOf, lead, salesforceStage } from './salesforce-stage.ts'

const file = (name: string, content: Uint8Array = Buffer.from(name)): AttachedFile => ({
  name,
  mediaType: 'image/jpeg',
  read: async () => content,
})

test('each file is attached to the record once, also where the reply to one was lost', async () => {
  await using stage = await salesforceStage()
  const { crm, org, standIn } = stage
  const record = lead('1', {}, { files: [file("O'Neil's house.jpg"), file('kitchen.jpg')] })
  standIn.misbehave({ route: CREATE, times: 1, fault: { kind: 'lose-after' } })
  assert.equal((await failureOf(crm.deliver(record, call('one')))).kind, 'retryable')
  const { id } = await crm.deliver(record, call('one', again))
  await crm.deliver(record, call('one', again))
  const held = org.records('ContentVersion').map(({ values }) => values)
  assert.deepEqual(
    held.map(({ Title, PathOnClient, FirstPublishLocationId }) => [Title, PathOnClient, FirstPublishLocationId]),
    [
      ["O'Neil's house", 'one/0/O_Neil_s house.jpg', id],
      ['kitchen', 'one/1/kitchen.jpg', id],
    ],
  )
  assert.equal(Buffer.from(String(held[1]?.['VersionData']), 'base64').toString(), 'kitchen.jpg')
})

test('files of another submission to the same record are attached beside', async () => {
  await using stage = await salesforceStage()
  for (const key of ['one', 'two']) await stage.crm.deliver(lead('1', {}, { files: [file('house.jpg')] }), call(key))
  assert.equal(stage.org.records('ContentVersion').length, 2)
})

test('a file that Salesforce does not take in one request is refused by its size and not sent', async () => {
  await using stage = await salesforceStage()
  const large = file('film.mp4', new Uint8Array(37_000_001))
  const failure = await failureOf(stage.crm.deliver(lead('1', {}, { files: [large] }), call('one')))
  assert.equal(failure.code, 'FG_SALESFORCE_FILE_TOO_LARGE')
  assert.equal(failure.kind === 'permanent' && failure.scope, 'record')
  assert.equal(stage.org.records('ContentVersion').length, 0)
  assert.equal(stage.org.records('Lead').length, 1)
})
