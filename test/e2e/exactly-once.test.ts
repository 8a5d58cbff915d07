import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { ActiveFault, Fault, StandInRequest } from 'flowgate/plugin/testing'
import { eventually } from '../support/eventually.ts'
import type { GatewayProcess } from '../support/gateway-process.ts'
import { type Lead, lead } from '../support/lead.ts'
import { type LeadGenStage, leadGenStage } from '../support/lead-gen-stage.ts'

const CONTACT = 'POST /crm/v3/objects/contacts/batch/upsert'
const DEAL = 'POST /crm/v3/objects/deals/batch/upsert'
const MESSAGE = 'POST /api/chat.postMessage'

interface Trouble {
  readonly name: string
  readonly route?: string
  readonly fault?: Fault
}

const conflict = { status: 'error', category: 'CONFLICT', message: 'Contact already exists. Existing ID: 1' }
const limited = { status: 'error', errorType: 'RATE_LIMIT', policyName: 'TEN_SECONDLY_ROLLING', message: 'limit' }
const inner = { status: 'error', category: 'CONFLICT', message: 'conflict', context: {} }

const troubles: readonly Trouble[] = [
  { name: 'Untroubled' },
  { name: 'Contactlost', route: CONTACT, fault: { kind: 'lose-after' } },
  { name: 'Deallost', route: DEAL, fault: { kind: 'lose-after' } },
  { name: 'Messagelost', route: MESSAGE, fault: { kind: 'lose-after' } },
  {
    name: 'Toomany',
    route: DEAL,
    fault: { kind: 'status', status: 429, body: limited, headers: { 'retry-after': '1' } },
  },
  { name: 'Conflicting', route: CONTACT, fault: { kind: 'status', status: 409, body: conflict } },
  { name: 'Badgateway', route: DEAL, fault: { kind: 'status', status: 502, body: '<html>Bad gateway</html>' } },
  { name: 'Hanging', route: CONTACT, fault: { kind: 'hang' } },
  {
    name: 'Multistatus',
    route: DEAL,
    fault: {
      kind: 'answer',
      answer: () => ({ status: 207, body: { status: 'COMPLETE', results: [], numErrors: 1, errors: [inner] } }),
    },
  },
  {
    name: 'Emptyresults',
    route: DEAL,
    fault: { kind: 'answer', answer: () => ({ status: 200, body: { status: 'COMPLETE', results: [] } }) },
  },
  {
    name: 'Slacklimited',
    route: MESSAGE,
    fault: { kind: 'status', status: 429, body: {}, headers: { 'retry-after': '1' } },
  },
]

const mentions = (name: string) => (request: StandInRequest) => request.bytes.toString().includes(name)

let stage: LeadGenStage
let gateways: readonly GatewayProcess[] = []
const faults = new Map<string, ActiveFault>()

before(async () => {
  stage = await leadGenStage()
  gateways = await Promise.all([stage.start('all'), stage.start('all')])
  for (const { name, route, fault } of troubles) {
    if (route === undefined || fault === undefined) continue
    const standIn = route === MESSAGE ? stage.slack.standIn : stage.hubspot
    faults.set(name, standIn.misbehave({ route, fault, times: 1, when: mentions(name) }))
  }
})

after(() => stage[Symbol.asyncDispose]())

/** 200 identical requests at once, half through each gateway. */
function press(person: Lead): Promise<unknown[]> {
  const request = person.finish(`token-${person.name}`)
  const requests = Array.from({ length: 200 }, async (_, index) => {
    const reply = await gateways[index % 2]?.lead.exchange(request)
    assert.equal(reply?.status, 200)
    return reply?.answer
  })
  return Promise.all(requests)
}

const ONCE = { contacts: 1, deals: 1, messages: 1 }

describe('200 identical submissions at once through two gateways on one database', () => {
  for (const { name, fault } of troubles) {
    const when =
      fault === undefined ? 'with every vendor well' : `although a vendor answers with "${fault.kind}" (${name})`
    test(`leave one contact, one deal and one message ${when}`, async () => {
      const person = lead(name)
      const answers = await press(person)
      for (const answer of answers) assert.deepEqual(answer, answers[0])
      await eventually(() => assert.deepEqual(stage.traces(person), ONCE) ?? true, { withinMs: 60_000 })
    })
  }

  test('and nothing follows once all is delivered', async () => {
    await eventually(
      async () =>
        assert.equal(await stage.count("select count(*) from deliveries where state <> 'delivered'"), 0) ?? true,
      { withinMs: 60_000 },
    )
    assert.equal(await stage.count('select count(*) from submissions'), troubles.length)
    for (const { name } of troubles) assert.deepEqual(stage.traces(lead(name)), ONCE)
    for (const [name, fault] of faults) assert.equal(fault.struck, 1, `${name} never came`)
    assert.equal(stage.hubspot.deals().length, troubles.length)
    assert.equal(stage.hubspot.contacts().length, troubles.length)
    assert.equal(stage.slack.workspace.messages('C0SALES').length, troubles.length)
  })

  test('and no name, address, token or credential is in any log line', () => {
    const logged = gateways.flatMap(({ lines }) => lines).join('\n')
    assert.match(logged, /"event":"delivery.attempted"/u)
    for (const { name } of troubles) assert.doesNotMatch(logged, new RegExp(`${name}|${lead(name).email}`, 'u'))
    assert.doesNotMatch(logged, /token-|test-app-secret|test-hubspot-token|xoxb-test|PRIVATE KEY/u)
  })
})
