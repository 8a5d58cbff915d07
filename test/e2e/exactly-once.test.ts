import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Fault, StandInRequest } from 'flowgate/plugin/testing'
import { type HubspotStandIn, startHubspotStandIn } from '../stand-ins/hubspot.ts'
import { type SlackStandIn, startSlack } from '../stand-ins/slack.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import {
  type GatewayProcess,
  HUBSPOT_TOKEN,
  SLACK_TOKEN,
  startGatewayProcess,
  type TestConfiguration,
  testConfiguration,
} from '../support/gateway-process.ts'
import { type Lead, lead } from '../support/lead.ts'

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
  { name: 'Gateway', route: DEAL, fault: { kind: 'status', status: 502, body: '<html>Bad gateway</html>' } },
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

let database: TestDatabase
let configuration: TestConfiguration
let hubspot: HubspotStandIn
let slack: SlackStandIn
const gateways: GatewayProcess[] = []

before(async () => {
  database = await testDatabase()
  configuration = await testConfiguration()
  hubspot = await startHubspotStandIn({ token: HUBSPOT_TOKEN })
  slack = await startSlack({ token: SLACK_TOKEN, channels: ['C0SALES'] })
  const shared = {
    databaseUrl: database.url,
    configFolder: configuration.folder,
    hubspotUrl: hubspot.url,
    slackApiUrl: slack.apiUrl,
  }
  gateways.push(
    ...(await Promise.all([
      startGatewayProcess({ ...shared, role: 'all' }),
      startGatewayProcess({ ...shared, role: 'all' }),
    ])),
  )
  for (const { name, route, fault } of troubles) {
    if (route === undefined || fault === undefined) continue
    const standIn = route === MESSAGE ? slack.standIn : hubspot
    standIn.misbehave({ route, fault, times: 1, when: mentions(name) })
  }
})

after(async () => {
  for (const gateway of gateways) await gateway[Symbol.asyncDispose]()
  await slack[Symbol.asyncDispose]()
  await hubspot.close()
  await configuration[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
})

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

function traces(person: Lead) {
  return {
    contacts: hubspot.contacts().filter(({ properties }) => properties['email'] === person.email).length,
    deals: hubspot.deals().filter(({ properties }) => properties['dealname']?.startsWith(person.name)).length,
    messages: slack.workspace.messages('C0SALES').filter((message) => JSON.stringify(message).includes(person.name))
      .length,
  }
}

describe('200 identical submissions at once through two gateways on one database', () => {
  for (const { name, fault } of troubles) {
    const when =
      fault === undefined ? 'with every vendor well' : `although a vendor answers with "${fault.kind}" (${name})`
    test(`leave one contact, one deal and one message ${when}`, async () => {
      const person = lead(name)
      const answers = await press(person)
      for (const answer of answers) assert.deepEqual(answer, answers[0])
      const once = { contacts: 1, deals: 1, messages: 1 }
      await eventually(() => assert.deepEqual(traces(person), once) ?? true, { withinMs: 60_000 })
    })
  }

  test('and nothing follows once all is delivered', async () => {
    const { default: pg } = await import('pg')
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    try {
      await eventually(
        async () => {
          const { rows } = await client.query("select count(*)::int as open from deliveries where state <> 'delivered'")
          assert.equal(rows[0].open, 0)
          return true
        },
        { withinMs: 60_000 },
      )
      const { rows } = await client.query('select count(*)::int as stored from submissions')
      assert.equal(rows[0].stored, troubles.length)
    } finally {
      await client.end()
    }
    for (const { name } of troubles) assert.deepEqual(traces(lead(name)), { contacts: 1, deals: 1, messages: 1 })
    const associations = hubspot.associations().length
    assert.ok(associations >= troubles.length, `only ${associations} associations`)
  })
})
