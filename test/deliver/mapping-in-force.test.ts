import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMappings } from '../../src/deliver/mappings.ts'
import { FailureError } from '../../src/plugin/failure.ts'
import { saveMapping } from '../../src/store/mappings.ts'
import { leadMappingFile, mappingOf } from '../support/flow.ts'
import { deliveryStage } from './delivery-stage.ts'

test('a delivery is mapped as its submission was accepted, whatever is configured since', async () => {
  await using stage = await deliveryStage()
  const { contact } = await stage.submit()
  stage.configure({ mapping: { records: [], notifications: [] } })
  await stage.attempt(contact)
  assert.equal((await stage.delivery(contact)).state, 'delivered')
})

test('a record that its mapping does not have has failed and says so', async () => {
  await using stage = await deliveryStage()
  const { contact, tell } = await stage.submit()
  await stage.pool.query(
    `update deliveries set item = 'gone', state = 'pending', next_attempt_at = now() - interval '1 hour'
    where id = any ($1)`,
    [[contact, tell]],
  )
  for (const id of [contact, tell]) {
    await stage.attempt(id)
    const { state, failure } = await stage.delivery(id)
    assert.deepEqual([state, failure?.code], ['failed', 'FG_DELIVERY_ITEM_GONE'])
  }
  assert.equal(stage.crm.calls.length, 0)
})

test('a mapping that does not compile any more fails the delivery, which the newest mapping can replay', async () => {
  await using stage = await deliveryStage()
  const { contact } = await stage.submit()
  const { contact: other } = await stage.submit()
  const { records: [first] = [] } = leadMappingFile
  const broken = { records: [{ ...first, fields: { email: { from: 'nowhere.x' } } }] }
  await stage.pool.query('update mappings set content = $1', [JSON.stringify(broken)])
  await stage.attempt(contact)
  const { state, failure } = await stage.delivery(contact)
  assert.deepEqual([state, failure?.code], ['failed', 'FG_DELIVERY_MAPPING_UNUSABLE'])
  await stage.attempt(other)
  assert.equal((await stage.delivery(other)).state, 'failed')
})

test('a mapping nobody kept is named as such, and of many the latest hundred stay compiled', async () => {
  await using stage = await deliveryStage()
  const mappings = createMappings()
  await assert.rejects(mappings.get('none', stage.pool), FailureError)
  const content = mappingOf(leadMappingFile).content
  for (let index = 0; index < 101; index += 1) {
    await saveMapping(stage.pool, { hash: `hash-${index}`, flow: 'lead', content }, stage.clock.now())
    await mappings.get(`hash-${index}`, stage.pool)
  }
  await stage.pool.query('delete from mappings')
  assert.ok(await mappings.get('hash-100', stage.pool))
  await assert.rejects(mappings.get('hash-0', stage.pool), FailureError)
})
