import assert from 'node:assert/strict'
import { test } from 'node:test'
import { resumeDestination } from '../../src/deliver/pause.ts'
import { readOpenAlerts } from '../../src/store/alerts.ts'
import { startTeams } from '../stand-ins/teams.ts'
import { secretOf, startReceiver } from '../stand-ins/webhook-receiver.ts'
import { anotherProcess } from './another-process.ts'
import { type DeliveryStage, deliveryStage } from './delivery-stage.ts'
import { doDue, letPass } from './let-pass.ts'

const secret = secretOf(1)

/** A stage whose contacts go to a webhook. The receiver's clock is the stage's. */
async function webhookStage() {
  let now = () => new Date()
  const receiver = await startReceiver(secret, () => now())
  const settings = (url: string) => ({ crm: { plugin: 'webhook', config: { url, secrets: [secret] } } })
  const stage = await deliveryStage({ destinations: settings(receiver.url) })
  now = () => stage.clock.now()
  return {
    stage,
    receiver,
    settings,
    async [Symbol.asyncDispose]() {
      await stage[Symbol.asyncDispose]()
      await receiver[Symbol.asyncDispose]()
    },
  }
}

test('a webhook that answers 410 is asked nothing more, over a restart too, until its URL is another', async () => {
  await using at = await webhookStage()
  const { stage, receiver, settings } = at
  const gone = { route: 'POST /hooks/flowgate', fault: { kind: 'status', status: 410 } } as const
  receiver.standIn.misbehave(gone)
  const { contact } = await stage.submit()
  await stage.attempt(contact)
  const others = [await stage.submit(), await stage.submit()]
  await letPass(stage, { minutes: 60, stepMs: 60_000 })
  await using restarted = anotherProcess(stage, settings(receiver.url))
  for (let hour = 0; hour < 24; hour += 1) {
    stage.clock.advance(3_600_000)
    await restarted.sweep()
  }
  assert.equal(receiver.standIn.requests.length, 1, 'not even its health was asked')
  const [alert, ...more] = await readOpenAlerts(stage.pool)
  assert.match(alert?.text ?? '', /wants no more events \(410\).*flowgate destinations resume crm\.$/)
  assert.deepEqual([alert?.count, more], [1, []])
  const waiting = [contact, ...others.map((each) => each['contact'])]
  await using mended = anotherProcess(stage, settings(`${receiver.standIn.url}/hooks/elsewhere`))
  stage.clock.advance(60_000)
  await mended.sweep()
  for (const id of waiting) await mended.attempt(id)
  for (const id of waiting) {
    const { state, counted } = await stage.delivery(id)
    assert.deepEqual([state, counted], ['delivered', 0])
  }
  assert.equal(receiver.standIn.requestsTo('POST /hooks/flowgate').length, 1)
  assert.equal(receiver.events.length, waiting.length)
})

test('a webhook that answered 410 has what waited for it when a person resumes it', async () => {
  await using at = await webhookStage()
  const { stage, receiver } = at
  receiver.standIn.misbehave({ route: 'POST /hooks/*', times: 1, fault: { kind: 'status', status: 410 } })
  const { contact } = await stage.submit()
  await stage.attempt(contact)
  await letPass(stage, { minutes: 60, stepMs: 60_000 })
  assert.deepEqual([receiver.events.length, receiver.standIn.requests.length], [0, 1])
  await resumeDestination(stage.delivering, 'crm', 'operator')
  await doDue(stage)
  assert.equal(receiver.events[0]?.id, `msg_${(await stage.delivery(contact)).submissionId}-2e-contact`)
})

test('a workflow of Teams that is switched off is posted nothing until a person resumes it, and then each message once', async () => {
  await using teams = await startTeams()
  const workflow = teams.workflow()
  const chat = { plugin: 'teams', config: { url: workflow.url }, budget: new Map([['all', 'unlimited' as const]]) }
  await using stage = await deliveryStage({ destinations: { chat } })
  workflow.state = 'off'
  const tells = [await told(stage), await told(stage)]
  await letPass(stage, { minutes: 24 * 60, stepMs: 3_600_000 })
  assert.equal(teams.standIn.requests.length, 1)
  const [alert, ...more] = await readOpenAlerts(stage.pool)
  assert.match(alert?.text ?? '', /is switched off or was deleted.*run: flowgate destinations resume chat\.$/)
  assert.deepEqual([alert?.count, more], [1, []])
  workflow.state = 'on'
  await resumeDestination(stage.delivering, 'chat', 'operator')
  await doDue(stage)
  assert.equal(workflow.posted.length, 2)
  for (const id of tells) assert.equal((await stage.delivery(id)).counted, 0)
})

/** A submission whose contact is written and whose message was attempted. */
async function told(stage: DeliveryStage): Promise<string | undefined> {
  const { contact, tell } = await stage.submit()
  await stage.attempt(contact)
  await stage.attempt(tell)
  return tell
}
