import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { StandIn } from 'flowgate/plugin/testing'
import { eventually } from '../support/eventually.ts'
import { type Lead, lead } from '../support/lead.ts'
import { leadGenStage } from '../support/lead-gen-stage.ts'

const ONCE = { contacts: 1, deals: 1, messages: 1 }

describe('kill -9', () => {
  for (const [vendor, route] of [
    ['the contact', 'POST /crm/v3/objects/contacts/batch/upsert'],
    ['the deal', 'POST /crm/v3/objects/deals/batch/upsert'],
    ['the message', 'POST /api/chat.postMessage'],
  ] as const) {
    test(`of the worker after the vendor took ${vendor} and before we know it doubles nothing`, async () => {
      await using stage = await leadGenStage()
      const web = await stage.start('web')
      const worker = await stage.start('worker')
      const standIn: StandIn = route.includes('/api/') ? stage.slack.standIn : stage.hubspot
      const held = standIn.misbehave({ route, fault: { kind: 'hang-after' }, times: 1 })
      const person = lead('Killed')
      assert.equal((await web.lead.exchange(person.finish('token-killed'))).status, 200)
      await eventually(() => held.struck === 1)
      worker.process.kill('SIGKILL')
      assert.equal(await worker.ended, 'SIGKILL')
      await stage.start('worker')
      await eventually(() => assert.deepEqual(stage.traces(person), ONCE) ?? true, { withinMs: 60_000 })
      await eventually(
        async () => (await stage.count("select count(*) from deliveries where state <> 'delivered'")) === 0,
        {
          withinMs: 60_000,
        },
      )
      assert.deepEqual(stage.traces(person), ONCE)
      assert.equal(await stage.count('select count(*) from attempts where ended_at is null'), 0)
    })
  }

  test('of the web process during a burst loses nothing that was answered and doubles nothing', async () => {
    await using stage = await leadGenStage()
    await stage.start('worker')
    const first = await stage.start('web')
    const people: readonly Lead[] = Array.from({ length: 120 }, (_, index) =>
      lead(`Burst${String.fromCharCode(97 + Math.floor(index / 26), 97 + (index % 26))}`),
    )
    let answered = 0
    const finish = async (gateway: typeof first, person: Lead): Promise<boolean> => {
      const reply = await gateway.lead.exchange(person.finish(`token-${person.name}`)).catch(() => undefined)
      if (reply?.status !== 200) return false
      answered += 1
      if (answered === 40) first.process.kill('SIGKILL')
      return true
    }
    const done = await Promise.all(people.map((person) => finish(first, person)))
    assert.equal(await first.ended, 'SIGKILL')
    const unanswered = people.filter((_, index) => done[index] !== true)
    assert.ok(unanswered.length > 0, 'the process was killed after the burst, not during it')
    const second = await stage.start('web')
    const again = await Promise.all(people.map((person) => finish(second, person)))
    assert.ok(again.every(Boolean))
    await eventually(
      async () => (await stage.count("select count(*) from deliveries where state = 'delivered'")) === 360,
      {
        withinMs: 90_000,
      },
    )
    assert.equal(await stage.count('select count(*) from submissions'), people.length)
    for (const person of people) assert.deepEqual(stage.traces(person), ONCE, person.name)
  })
})

describe('SIGTERM', () => {
  test('under load answers every exchange that was accepted and ends with 0 within 20 s', async () => {
    await using stage = await leadGenStage()
    const gateway = await stage.start('all')
    const people = Array.from({ length: 200 }, (_, index) =>
      lead(`Term${String.fromCharCode(97 + Math.floor(index / 26), 97 + (index % 26))}`),
    )
    let sent = 0
    let answered = 0
    const outcomes = { answered: 0, refused: 0 }
    const press = async (person: Lead): Promise<void> => {
      sent += 1
      try {
        const reply = await gateway.lead.exchange(person.finish(`token-${person.name}`))
        assert.equal(reply.status, 200)
        assert.equal(reply.answer?.['screen'], 'SUCCESS')
        outcomes.answered += 1
        answered += 1
        if (answered === 50) gateway.process.kill('SIGTERM')
      } catch (error) {
        // Not accepted: the port was closed already, or closed while the connection still waited to be taken. Had the
        // exchange been accepted, there would be more submissions than answers below.
        if (!(error instanceof Error && /ECONNREFUSED|ECONNRESET|UND_ERR_SOCKET/u.test(error.message))) throw error
        outcomes.refused += 1
      }
    }
    const waves = Array.from({ length: 20 }, async (_, lane) => {
      for (const person of people.slice(lane * 10, lane * 10 + 10)) await press(person)
    })
    await Promise.all(waves)
    const started = performance.now()
    assert.equal(await gateway.ended, 0)
    assert.ok(performance.now() - started < 20_000)
    assert.equal(outcomes.answered + outcomes.refused, sent)
    assert.ok(outcomes.answered >= 50)
    assert.equal(await stage.count('select count(*) from submissions'), outcomes.answered)
    assert.equal(await stage.count('select count(*) from attempts where ended_at is null'), 0)
  })
})
