import assert from 'node:assert/strict'
import { test } from 'node:test'
import { attemptDelivery } from '../../src/deliver/attempt.ts'
import type { Delivering } from '../../src/deliver/delivering.ts'
import { createSweeper } from '../../src/deliver/sweeper.ts'
import { FailureError } from '../../src/plugin/failure.ts'
import { startSlack } from '../stand-ins/slack.ts'
import { shownLines } from '../stand-ins/slack-shown.ts'
import type { SlackMessage } from '../stand-ins/slack-workspace.ts'
import { type DeliveryStage, deliveryStage } from './delivery-stage.ts'
import { dyingAfter } from './dying.ts'
import { doDue, letPass } from './let-pass.ts'
import { unavailable } from './scripted-vendor.ts'

const channel = 'C0SALES'
const going = new AbortController().signal

/** A stage whose messages go to a Slack channel. */
async function slackStage() {
  const slack = await startSlack({ channels: [channel] })
  const config = { bot_token: slack.workspace.token, channel, api_url: slack.apiUrl }
  // The account's pace is real time, which the test's clock does not move.
  const budget = new Map([`post:${channel}`, 'update', 'history'].map((each) => [each, 'unlimited' as const]))
  const stage = await deliveryStage({ destinations: { chat: { plugin: 'slack', config, budget } } })
  return {
    stage,
    slack,
    messages: () => slack.workspace.messages(channel),
    async [Symbol.asyncDispose]() {
      await stage[Symbol.asyncDispose]()
      await slack[Symbol.asyncDispose]()
    },
  }
}

/** From now on the CRM answers 503, for so many minutes. */
function answers503(stage: DeliveryStage, minutes: number): void {
  const until = stage.clock.now().getTime() + minutes * 60_000
  const answer = async () => {
    if (stage.clock.now().getTime() < until) throw new FailureError(unavailable)
    return stage.crm.created()
  }
  stage.crm.answers(...Array.from({ length: 1_000 }, () => answer))
}

function isLate(message: SlackMessage | undefined): boolean {
  return message !== undefined && shownLines(message).some((line) => line.includes('has not confirmed'))
}

function hasLink(message: SlackMessage | undefined): boolean {
  return message !== undefined && shownLines(message).some((line) => line.startsWith('Open (https://crm.example/'))
}

test('while the CRM answers 503 for 20 minutes sales get one late notice, which is then completed with the link', async () => {
  await using at = await slackStage()
  const { stage } = at
  answers503(stage, 20)
  await stage.submit()
  await doDue(stage)
  await letPass(stage, { minutes: 14.5 })
  assert.equal(at.messages().length, 0)
  await letPass(stage, { minutes: 5 })
  const [late] = at.messages()
  assert.deepEqual([isLate(late), hasLink(late)], [true, false])
  await letPass(stage, { minutes: 3 })
  const [message, ...others] = at.messages()
  assert.deepEqual(others, [])
  assert.equal(message?.ts, late?.ts)
  assert.deepEqual([isLate(message), hasLink(message)], [false, true])
  await letPass(stage, { minutes: 30, stepMs: 60_000 })
  assert.equal(at.slack.standIn.requestsTo('POST /api/chat.postMessage').length, 1)
  assert.equal(at.slack.standIn.requestsTo('POST /api/chat.update').length, 1)
})

/** From the late notice to the whole message, as one process does it. */
async function deliverLate(delivering: Delivering, ids: Readonly<Record<string, string>>): Promise<false> {
  await createSweeper(delivering, going).sweep()
  for (const item of ['tell', 'contact', 'tell']) await attemptDelivery(delivering, ids[item] ?? '', going)
  return false
}

test('a process killed at any of its waits leaves one message, completed, to the next process', async () => {
  await using at = await slackStage()
  const { stage } = at
  let killed = 0
  for (let statements = 0; ; statements += 1) {
    const ids = await stage.submit()
    stage.clock.advance(15 * 60_000 + 1)
    const dying = dyingAfter(stage.delivering, statements)
    const died = await Promise.race([dying.died, deliverLate(dying.delivering, ids)])
    for (let round = 0; round < 10 && (await stage.delivery(ids['tell'])).state !== 'delivered'; round += 1) {
      await letPass(stage, { minutes: 1, stepMs: 20_000 })
    }
    assert.equal((await stage.delivery(ids['tell'])).state, 'delivered', `killed after ${statements} statements`)
    assert.equal(at.messages().length, statements + 1, `killed after ${statements} statements`)
    const last = at.messages().at(-1)
    assert.deepEqual([isLate(last), hasLink(last)], [false, true], `killed after ${statements} statements`)
    if (!died) break
    killed += 1
  }
  assert.ok(killed > 30, `${killed} waits`)
})
