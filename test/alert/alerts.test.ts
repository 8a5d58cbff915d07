import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reconcileAlerts } from '../../src/alert/reconcile.ts'
import { createTeller } from '../../src/alert/tell.ts'
import { replayDelivery } from '../../src/deliver/replay.ts'
import type { Message } from '../../src/plugin/delivery.ts'
import { FailureError } from '../../src/plugin/failure.ts'
import { readOpenAlerts } from '../../src/store/alerts.ts'
import { inTransaction } from '../../src/store/pool.ts'
import { type DeliveryStage, deliveryStage } from '../deliver/delivery-stage.ts'
import { limited, lost, rejected, revoked, unavailable } from '../deliver/scripted-vendor.ts'
import { eventually } from '../support/eventually.ts'

const going = new AbortController().signal
const WAITING = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`

test('many deliveries that fail for one reason are one alert, told of once, with reason, field and cure', async () => {
  await using stage = await deliveryStage({ alertsTo: 'chat' })
  await failTwo(stage)
  const [alert, ...others] = await readOpenAlerts(stage.pool)
  assert.deepEqual([alert?.condition, alert?.count, others], ['delivery.failed:crm:INVALID', 2, []])
  await round(stage)
  await round(stage)
  assert.equal(stage.chat.calls.length, 1)
  const { title, text, facts } = told(stage, 0)
  assert.match(title, /crm.*INVALID/)
  assert.match(text ?? '', /It refused a value\. \(field: email\).*flowgate replay dlv_/)
  assert.ok(facts.some(({ label, value }) => label === 'record' && value === 'contact'))
  assert.ok(!JSON.stringify(stage.chat.calls).includes('ana@acme.com'))
  assert.equal(stage.lines.filter((line) => line.includes('alert.opened')).length, 1)
})

test('the alert of failed deliveries closes when the last of them is delivered, and that is told once', async () => {
  await using stage = await deliveryStage({ alertsTo: 'chat' })
  const ids = await failTwo(stage)
  await round(stage)
  for (const id of ids) {
    assert.equal((await readOpenAlerts(stage.pool)).length, 1)
    await replayDelivery(stage.delivering, id ?? '', { mapping: 'same' })
    await round(stage)
    await stage.attempt(id)
    await round(stage)
  }
  assert.deepEqual(await readOpenAlerts(stage.pool), [])
  await round(stage)
  assert.equal(stage.chat.calls.length, 2)
  assert.match(told(stage, 1).title, /^Over: /)
  assert.equal(stage.lines.filter((line) => line.includes('alert.closed')).length, 1)
})

test('over two processes each opening and closing is told once', async () => {
  await using stage = await deliveryStage({ alertsTo: 'chat' })
  const { contact } = await stage.submit()
  stage.crm.answers(rejected)
  await stage.attempt(contact)
  const tellers = [1, 2, 3, 4].map(() => createTeller(stage.delivering, going))
  await Promise.all(tellers.map(({ tell }) => tell()))
  await replayDelivery(stage.delivering, contact ?? '', { mapping: 'same' })
  await stage.attempt(contact)
  await Promise.all([1, 2, 3].map(() => reconcileAlerts(stage.delivering)))
  await Promise.all(tellers.map(({ tell }) => tell()))
  assert.deepEqual(
    stage.chat.calls.map(({ call }) => call.idempotencyKey.split('.')[1]),
    ['open', 'close'],
  )
})

test('a process that dies while it tells leaves the message to another, which asks whether it has landed', async () => {
  await using stage = await deliveryStage({ alertsTo: 'chat' })
  const { contact } = await stage.submit()
  stage.crm.answers(rejected)
  await stage.attempt(contact)
  const dying = new AbortController()
  stage.chat.answers((_, { signal }) => {
    dying.abort()
    return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  })
  await createTeller(stage.delivering, dying.signal).tell()
  await round(stage)
  assert.equal(stage.chat.calls.length, 1, 'the lease of the first try still runs')
  stage.clock.advance(15_000)
  await round(stage)
  const [first, second] = stage.chat.calls.map(({ call }) => call)
  assert.equal(second?.idempotencyKey, first?.idempotencyKey)
  assert.deepEqual([first?.uncertain, second?.uncertain], [false, true])
})

test('a channel that fails is tried again for a while and then left alone, and opens no alert of its own', async () => {
  await using stage = await deliveryStage({ alertsTo: 'chat' })
  const { contact } = await stage.submit()
  stage.crm.answers(rejected)
  await stage.attempt(contact)
  stage.chat.answers(new Error('down'), limited(7_200), ...Array.from({ length: 20 }, () => revoked))
  for (let hours = 0; hours < 72; hours += 1) {
    stage.clock.advance(3_600_000)
    await round(stage)
  }
  assert.equal(stage.chat.calls.length, 9)
  assert.equal((await readOpenAlerts(stage.pool)).length, 1)
  assert.equal(stage.lines.filter((line) => line.includes('alert.untold')).length, 9)
})

test('a message that may have arrived is not sent again', async () => {
  await using stage = await deliveryStage({ alertsTo: 'chat' })
  const { contact } = await stage.submit()
  stage.crm.answers(rejected)
  await stage.attempt(contact)
  stage.chat.answers(lost)
  await round(stage)
  stage.clock.advance(86_400_000)
  await round(stage)
  assert.equal(stage.chat.calls.length, 1)
})

test('a destination for alerts that cannot be set up stops nothing', async () => {
  await using stage = await deliveryStage({ alertsTo: 'crm' })
  const { contact } = await stage.submit()
  stage.crm.answers(rejected)
  await stage.attempt(contact)
  await round(stage)
  assert.ok(stage.lines.some((line) => line.includes('FG_DESTINATION_WRONG_KIND')))
})

test('a paused destination is one alert, which closes once something was delivered again', async () => {
  await using stage = await deliveryStage()
  const { contact } = await stage.submit()
  const second = await stage.submit()
  const both = Promise.withResolvers<void>()
  const refuse = async () => {
    if (stage.crm.calls.length === 2) both.resolve()
    await both.promise
    throw new FailureError(revoked)
  }
  stage.crm.answers(refuse, refuse)
  await Promise.all([stage.attempt(contact), stage.attempt(second['contact'])])
  const [alert, ...others] = await readOpenAlerts(stage.pool)
  assert.deepEqual([alert?.condition, alert?.count, others], ['destination.paused:crm', 1, []])
  assert.match(alert?.text ?? '', /flowgate destinations resume crm/)
  stage.clock.advance(5_000)
  await stage.sweep()
  await round(stage)
  assert.equal((await readOpenAlerts(stage.pool)).length, 1, 'its health is good, but nothing has passed yet')
  await stage.attempt(contact)
  await round(stage)
  assert.deepEqual(await readOpenAlerts(stage.pool), [])
})

test('a paused destination that nothing waits for is over as soon as its health is good', async () => {
  await using stage = await deliveryStage()
  const { contact } = await stage.submit()
  stage.crm.answers(revoked)
  await stage.attempt(contact)
  await stage.pool.query(`update deliveries set state = 'skipped'`)
  stage.clock.advance(5_000)
  await stage.sweep()
  await round(stage)
  assert.deepEqual(await readOpenAlerts(stage.pool), [])
})

test('an open circuit is one alert, closed by the first success', async () => {
  await using stage = await deliveryStage({ alertsTo: 'chat' })
  const ids: (string | undefined)[] = []
  for (let index = 0; index < 5; index += 1) ids.push((await stage.submit())['contact'])
  stage.crm.answers(...ids.map(() => unavailable))
  for (const id of ids) await stage.attempt(id)
  await round(stage)
  assert.deepEqual(
    (await readOpenAlerts(stage.pool)).map(({ condition }) => condition),
    ['circuit.open:crm'],
  )
  stage.clock.advance(120_000)
  await stage.attempt(ids[0])
  await round(stage)
  assert.deepEqual(await readOpenAlerts(stage.pool), [])
  assert.deepEqual(
    [told(stage, 0).title, told(stage, 1).title],
    ['crm does not answer: UNAVAILABLE', 'Over: crm does not answer: UNAVAILABLE'],
  )
})

test('a delivery that stands unknown is told of, until somebody has decided', async () => {
  await using stage = await deliveryStage({ destinations: { chat: { onUnknown: 'hold' } } })
  const { contact, tell = '' } = await stage.submit()
  await stage.attempt(contact)
  stage.chat.answers(lost)
  await stage.attempt(tell)
  await round(stage)
  assert.deepEqual(
    (await readOpenAlerts(stage.pool)).map(({ condition }) => condition),
    ['delivery.unknown:chat:LOST'],
  )
  await replayDelivery(stage.delivering, tell, { mapping: 'same' })
  await stage.attempt(tell)
  await round(stage)
  assert.deepEqual(await readOpenAlerts(stage.pool), [])
})

test('an alert whose trouble comes back while it is being closed stays open', async () => {
  await using stage = await deliveryStage()
  const [first = '', second] = await failTwo(stage)
  await stage.pool.query(`update deliveries set state = 'delivered'`)
  const { condition, ...content } = (await readOpenAlerts(stage.pool))[0] ?? assert.fail('no alert')
  const closing = await inTransaction(stage.pool, async (sql) => {
    await sql.query(`update deliveries set state = 'failed' where id = $1`, [second])
    await stage.alerts.open({ kind: 'delivery.failed', destination: 'crm', code: 'INVALID' }, content, sql)
    const reconciling = reconcileAlerts(stage.delivering)
    await eventually(async () => (await stage.pool.query(WAITING)).rowCount === 1)
    return { reconciling }
  })
  await closing.reconciling
  assert.deepEqual(
    (await readOpenAlerts(stage.pool)).map((alert) => alert.condition),
    [condition],
  )
  await stage.pool.query(`update deliveries set state = 'delivered' where id <> $1`, [first])
  await round(stage)
  assert.deepEqual(await readOpenAlerts(stage.pool), [])
})

test('a rejected answer is over after an hour without another', async () => {
  await using stage = await deliveryStage()
  const condition = { kind: 'answer.rejected', flow: 'lead', screen: 'CONTACT' } as const
  const content = { severity: 'error', title: 'An answer was rejected', text: 'Correct flow.yaml.' } as const
  const reject = () => stage.alerts.open(condition, content, stage.pool)
  await reject()
  stage.clock.advance(3_000_000)
  await reject()
  await round(stage)
  stage.clock.advance(3_000_000)
  await round(stage)
  const [alert] = await readOpenAlerts(stage.pool)
  assert.deepEqual([alert?.condition, alert?.count], ['answer.rejected:lead:CONTACT', 2])
  stage.clock.advance(600_000)
  await round(stage)
  assert.deepEqual(await readOpenAlerts(stage.pool), [])
})

test('an alert that is over before anybody was told of it is passed over in silence', async () => {
  await using stage = await deliveryStage({ alertsTo: 'chat' })
  const condition = { kind: 'answer.rejected', flow: 'lead', screen: 'CONTACT' } as const
  await stage.alerts.open(condition, { severity: 'warning', title: 'x', text: 'y' }, stage.pool)
  await stage.alerts.close(condition, stage.pool)
  await round(stage)
  assert.equal(stage.chat.calls.length, 0)
})

test('an alert opened in a transaction that is rolled back does not exist', async () => {
  await using stage = await deliveryStage({ alertsTo: 'chat' })
  const condition = { kind: 'circuit.open', destination: 'crm' } as const
  const rolledBack = inTransaction(stage.pool, async (sql) => {
    await stage.alerts.open(condition, { severity: 'warning', title: 'x', text: 'y' }, sql)
    throw new Error('no')
  })
  await assert.rejects(rolledBack, /no/)
  assert.deepEqual(await readOpenAlerts(stage.pool), [])
})

test('an alert of a kind this version does not know stays open', async () => {
  await using stage = await deliveryStage()
  await stage.pool.query(
    `insert into alerts (id, condition, severity, title, text, opened_at, last_seen_at) values ('alr_1', 'moon.full', 'warning', 't', 't', now(), now())`,
  )
  await round(stage)
  assert.equal((await readOpenAlerts(stage.pool)).length, 1)
})

async function failTwo(stage: DeliveryStage): Promise<readonly (string | undefined)[]> {
  const submitted = [await stage.submit(), await stage.submit()]
  stage.crm.answers(rejected, rejected)
  for (const { contact } of submitted) await stage.attempt(contact)
  return submitted.map(({ contact }) => contact)
}

/** What a worker does about alerts once a second. */
async function round(stage: DeliveryStage): Promise<void> {
  await reconcileAlerts(stage.delivering)
  await createTeller(stage.delivering, going).tell()
}

function told(stage: DeliveryStage, index: number): Message {
  const input = stage.chat.calls[index]?.input
  if (input === undefined || !('title' in input)) throw new Error(`message ${index} was not told`)
  return input
}

test('the alert of a message that failed leads to the record it is about, and its code is explained', async () => {
  await using stage = await deliveryStage()
  stage.configure({ alertsTo: 'ops', destinations: { ops: { plugin: './chat', config: { vendor: stage.chat } } } })
  const { contact, tell } = await stage.submit()
  await stage.attempt(contact)
  stage.chat.answers({ ...rejected, code: 'FG_DELIVERY_ITEM_GONE' })
  await stage.attempt(tell)
  await round(stage)
  const { text, link, facts } = told(stage, 1)
  assert.deepEqual(link, { label: 'Open the record', url: 'https://crm.example/crm-1' })
  assert.match(text ?? '', /flowgate error FG_DELIVERY_ITEM_GONE/)
  assert.ok(facts.every(({ label }) => label !== 'link'))
})
