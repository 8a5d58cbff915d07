import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readAttempts } from '../../src/store/attempts.ts'
import { readDestination } from '../../src/store/destinations.ts'
import { eventually } from '../support/eventually.ts'
import { deliveryStage } from './delivery-stage.ts'
import { limited, lost, rejected, revoked, unavailable } from './scripted-vendor.ts'

test('a record is delivered with a stable key, its receipt is kept, and those who waited for it go', async () => {
  await using stage = await deliveryStage()
  const { contact, deal, tell } = await stage.submit()
  assert.equal(await stage.attempt(contact), 'ended')
  const delivered = await stage.delivery(contact)
  assert.equal(delivered.state, 'delivered')
  assert.deepEqual(delivered.receipt, { outcome: 'created', id: 'crm-1', url: 'https://crm.example/crm-1' })
  assert.deepEqual(
    [await stage.delivery(deal), await stage.delivery(tell)].map(({ state }) => state),
    ['pending', 'pending'],
  )
  assert.deepEqual([await stage.jobs(deal), await stage.jobs(tell)], [1, 1])
  const { call } = stage.crm.calls[0] ?? assert.fail()
  assert.equal(call.idempotencyKey, `${delivered.submissionId}.contact`)
  assert.deepEqual([call.attempt, call.uncertain, call.resend], [1, false, false])
  await stage.attempt(deal)
  await stage.attempt(tell)
  const written = stage.crm.calls[1]?.input
  assert.ok(written !== undefined && 'links' in written)
  assert.deepEqual(written.links, [{ object: 'contacts', id: 'crm-1' }])
  const message = stage.chat.calls[0]?.input
  assert.ok(message !== undefined && 'title' in message)
  assert.deepEqual(message.link, { label: 'Open', url: 'https://crm.example/crm-1' })
  assert.equal(message.title, 'New lead: Ana Lima')
})

test('what was handed over is kept on the attempt, and a wide line tells of it without the answers of the person', async () => {
  await using stage = await deliveryStage()
  const { contact } = await stage.submit()
  await stage.attempt(contact)
  const attempts = await readAttempts(stage.pool, contact ?? '')
  assert.equal(attempts.length, 1)
  assert.equal(attempts[0]?.worker, 'prc_test')
  assert.ok(attempts[0]?.endedAt !== undefined)
  assert.ok(JSON.stringify(attempts[0]?.input).includes('contacts'))
  const line = stage.lines.find((text) => text.includes('delivery.attempted')) ?? assert.fail()
  const fields = JSON.parse(line)
  assert.equal(fields.deliveryId, contact)
  assert.equal(fields.status, 'delivered')
  assert.equal(fields.receipt, 'crm-1')
  assert.ok(!stage.lines.join('').includes('ana@acme.com'))
  assert.equal(stage.attempted[0]?.result, 'delivered')
})

test('a retryable failure is tried again after 2 s, 10 s, 30 s, 2 min, … 12 h and has then failed', async () => {
  await using stage = await deliveryStage()
  const { contact } = await stage.submit()
  const other = await stage.submit()
  const waits: number[] = []
  for (let tries = 1; tries <= 11; tries += 1) {
    // Something else succeeds in between, so that the circuit stays closed.
    if (tries % 3 === 0) await deliverAnother()
    stage.crm.answers(unavailable)
    assert.equal(await stage.attemptWhenDue(contact), 'ended')
    const { state, nextAttemptAt, counted } = await stage.delivery(contact)
    assert.equal(counted, tries)
    assert.equal(state, tries === 11 ? 'failed' : 'pending')
    if (nextAttemptAt !== undefined) waits.push((nextAttemptAt.getTime() - stage.clock.now().getTime()) / 1_000)
  }
  assert.deepEqual(waits, [2, 10, 30, 120, 600, 1_800, 3_600, 10_800, 21_600, 43_200])
  assert.deepEqual((await stage.delivery(contact)).failure, unavailable)
  assert.equal(await stage.attempt(contact), 'not-now')
  assert.ok(other)

  async function deliverAnother() {
    const { contact: id } = await stage.submit()
    await stage.attempt(id)
  }
})

test('a retry comes with the same key and says that an earlier try may have landed', async () => {
  await using stage = await deliveryStage()
  const { contact } = await stage.submit()
  stage.crm.answers(unavailable)
  await stage.attempt(contact)
  assert.equal(await stage.attempt(contact), 'not-now')
  await stage.attemptWhenDue(contact)
  const [first, second] = stage.crm.calls.map(({ call }) => call)
  assert.equal(second?.idempotencyKey, first?.idempotencyKey)
  assert.deepEqual([second?.attempt, second?.uncertain], [2, true])
  assert.equal((await stage.delivery(contact)).failure, undefined)
})

test('a vendor that turned a request away wrote nothing, though the attempt counts', async () => {
  await using stage = await deliveryStage()
  const { contact } = await stage.submit()
  stage.crm.answers({ ...unavailable, nothingWritten: true }, { ...unavailable, nothingWritten: true }, unavailable)
  for (let attempt = 0; attempt < 4; attempt += 1) await stage.attemptWhenDue(contact)
  assert.deepEqual(
    stage.crm.calls.map(({ call }) => call.uncertain),
    [false, false, false, true],
  )
})

test('a refusal wrote nothing: after a rate limit or a pause the next attempt is not uncertain', async () => {
  await using stage = await deliveryStage()
  const { contact } = await stage.submit()
  stage.crm.answers(limited(1), unavailable, limited(1))
  await stage.attempt(contact)
  await stage.attemptWhenDue(contact)
  await stage.attemptWhenDue(contact)
  await stage.attemptWhenDue(contact)
  assert.deepEqual(
    stage.crm.calls.map(({ call }) => call.uncertain),
    [false, false, true, true],
  )
})

test('a rate limit is not counted, waits as long as asked, and holds the destination for all', async () => {
  await using stage = await deliveryStage()
  const first = await stage.submit()
  const second = await stage.submit()
  stage.crm.answers(limited(40))
  await stage.attempt(first['contact'])
  const { counted, nextAttemptAt, state } = await stage.delivery(first['contact'])
  assert.deepEqual([counted, state], [0, 'pending'])
  assert.equal(nextAttemptAt?.getTime(), stage.clock.now().getTime() + 40_000)
  assert.equal(await stage.attempt(second['contact']), 'not-now')
  assert.equal(stage.crm.calls.length, 1)
  await stage.sweep()
  assert.equal(await stage.jobs(second['contact']), 1, 'only the job of its acceptance')
  stage.clock.advance(40_000)
  await stage.sweep()
  assert.equal(await stage.jobs(second['contact']), 2, 'woken when the limit is over')
  assert.equal(await stage.attempt(second['contact']), 'ended')
  assert.equal((await stage.delivery(second['contact'])).state, 'delivered')
})

test('a short rate limit waits for the schedule, and 72 hours of rate limits have failed', async () => {
  await using stage = await deliveryStage()
  const { contact } = await stage.submit()
  stage.crm.answers(limited(0.5))
  await stage.attempt(contact)
  assert.equal((await stage.delivery(contact)).nextAttemptAt?.getTime(), stage.clock.now().getTime() + 2_000)
  for (let hours = 0; hours < 72; hours += 24) {
    stage.crm.answers(limited(86_400))
    await stage.attemptWhenDue(contact)
    assert.equal((await stage.delivery(contact)).state, 'pending')
  }
  stage.crm.answers(limited(86_400))
  await stage.attemptWhenDue(contact)
  const { state, counted } = await stage.delivery(contact)
  assert.deepEqual([state, counted], ['failed', 0])
})

test('a rejected record has failed at once, harms no other, and leaves its dependants waiting', async () => {
  await using stage = await deliveryStage()
  const { contact, deal } = await stage.submit()
  const other = await stage.submit()
  stage.crm.answers(rejected)
  await stage.attempt(contact)
  const { state, failure } = await stage.delivery(contact)
  assert.deepEqual([state, failure], ['failed', rejected])
  assert.equal((await stage.delivery(deal)).state, 'waiting')
  assert.equal(await stage.attempt(other['contact']), 'ended')
  assert.equal((await stage.delivery(other['contact'])).state, 'delivered')
})

test('revoked credentials pause the destination, burn no attempt and lose nothing', async () => {
  await using stage = await deliveryStage()
  const first = await stage.submit()
  const second = await stage.submit()
  stage.crm.answers(revoked)
  await stage.attempt(first['contact'])
  const { state, counted } = await stage.delivery(first['contact'])
  assert.deepEqual([state, counted], ['pending', 0])
  const { paused, pausedBy, failure } = await readDestination(stage.pool, 'crm')
  assert.deepEqual([paused, pausedBy, failure], [true, 'failure', revoked])
  assert.equal(await stage.attempt(second['contact']), 'not-now')
  assert.equal(await stage.attempt(first['contact']), 'not-now')
  assert.equal(stage.crm.calls.length, 1)
})

test('an outcome that nobody can know is sent again once, marked, and then stands as unknown', async () => {
  await using stage = await deliveryStage()
  const { contact, tell } = await stage.submit()
  await stage.attempt(contact)
  stage.chat.answers(lost, lost)
  await stage.attempt(tell)
  const { state, resend } = await stage.delivery(tell)
  assert.deepEqual([state, resend], ['pending', true])
  await stage.attemptWhenDue(tell)
  assert.equal(stage.chat.calls[1]?.call.resend, true)
  assert.equal((await stage.delivery(tell)).state, 'unknown')
  assert.equal(stage.chat.calls.length, 2)
})

test('where the policy is to hold, an unknown outcome is never sent again by itself', async () => {
  await using stage = await deliveryStage({ destinations: { chat: { onUnknown: 'hold' } } })
  const { contact, tell } = await stage.submit()
  await stage.attempt(contact)
  stage.chat.answers(lost)
  await stage.attempt(tell)
  assert.equal((await stage.delivery(tell)).state, 'unknown')
  assert.equal(await stage.attempt(tell), 'not-now')
  assert.equal(stage.chat.calls.length, 1)
})

test('an error nobody classifies is retryable, and its stack is logged without its words', async () => {
  await using stage = await deliveryStage()
  const { contact } = await stage.submit()
  stage.crm.answers(new TypeError('secret of ana@acme.com'))
  await stage.attempt(contact)
  const { state, failure, counted } = await stage.delivery(contact)
  assert.deepEqual([state, failure?.code, counted], ['pending', 'FG_DELIVERY_UNCLASSIFIED', 1])
  const line = stage.lines.find((text) => text.includes('delivery.unclassified')) ?? assert.fail()
  assert.match(JSON.parse(line).stack, /attempt\.test\.ts/)
  assert.ok(!stage.lines.join('').includes('secret of'))
})

test("an error the plugin knows is of the plugin's class", async () => {
  await using stage = await deliveryStage()
  const { contact } = await stage.submit()
  stage.crm.answers(new RangeError('far'))
  await stage.attempt(contact)
  assert.equal((await stage.delivery(contact)).failure?.code, 'RANGE')
})

test('a plugin that ignores its deadline is left behind, and what it says later changes nothing', async () => {
  await using stage = await deliveryStage({ destinations: { crm: { answerWithinMs: 100 } } })
  const { contact } = await stage.submit()
  const late = Promise.withResolvers<void>()
  stage.crm.answers(async () => {
    await late.promise
    return stage.crm.created()
  })
  await stage.attempt(contact)
  const { state, failure } = await stage.delivery(contact)
  assert.deepEqual([state, failure?.code], ['pending', 'FG_DELIVERY_DEADLINE'])
  late.resolve()
  await eventually(() => stage.lines.some((line) => line.includes('result.discarded')))
  assert.equal((await stage.delivery(contact)).state, 'pending')
})

test('an answer that is no receipt is not taken for one', async () => {
  await using stage = await deliveryStage()
  const { contact } = await stage.submit()
  stage.crm.answers(async () => ({ outcome: 'created', id: '' }))
  await stage.attempt(contact)
  assert.equal((await stage.delivery(contact)).state, 'pending')
})
