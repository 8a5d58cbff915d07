import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { JsonObject } from '../../src/plugin/json.ts'
import { createTokenMint } from '../../src/receive/mint-token.ts'
import { testClock } from '../support/clock.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { flowJsonOf, flowOf, leadFlowFile, leadMappingFile, mappingOf } from '../support/flow.ts'
import { type GatewayCore, SECRET, startGatewayCore } from '../support/gateway-core.ts'

const clock = testClock()
const flow = flowOf(
  {
    flow: 'lead',
    title: 'Lead',
    version: '1',
    first_screen: 'CONTACT',
    messages: { expired: { en: 'This form is over.', pt_BR: 'Este formulário expirou.' } },
    screens: {
      CONTACT: {
        fields: { ...leadFlowFile.screens['CONTACT']?.fields },
        next: [
          { when: { 'form.company_size': { gte: 500 } }, escalate: 'AGENT', queue: 'enterprise' },
          { submit: true },
        ],
      },
      AGENT: {},
    },
  },
  flowJsonOf(
    { CONTACT: { sends: ['full_name', 'email', 'company_size'] }, AGENT: { sends: ['ok'], terminal: true } },
    { CONTACT: ['AGENT'], AGENT: [] },
  ),
)
const message = (id: string, title: string) => ({ id, to: 'chat', title })
const mapping = mappingOf({
  ...leadMappingFile,
  hand_over: { notifications: [message('tell-agents', 'For {session.queue}: {form.full_name}')] },
  expired: { notifications: [message('send-again', 'Send {person.phone} a new form')] },
})

let database: TestDatabase
let core: GatewayCore

before(async () => {
  database = await testDatabase()
  core = await startGatewayCore({ url: database.url, clock, flow, mapping })
})

after(async () => {
  await core[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
})

const ask = (token: string, action: string, screen = '', data: JsonObject = {}) =>
  core.ask({ version: '4.0', action, screen, data, flow_token: token })
const contact = (size: string): JsonObject => ({ full_name: 'Ana', email: 'ana@acme.com', company_size: size })

async function deliveriesOf(occasion: string): Promise<readonly string[]> {
  const { rows } = await core.pool.query<{ item: string }>(
    'select item from deliveries join submissions on submissions.id = submission_id where occasion = $1 order by item',
    [occasion],
  )
  return rows.map(({ item }) => item)
}

describe('a person whom a form hands over', () => {
  test('sees the screen that says so, and people are told once with the queue, however often it is pressed', async () => {
    await ask('big', 'INIT')
    const replies = await Promise.all(
      Array.from({ length: 20 }, () => ask('big', 'data_exchange', 'CONTACT', contact('900'))),
    )
    for (const { plaintext } of replies) assert.equal(plaintext['screen'], 'AGENT')
    assert.deepEqual(await deliveriesOf('handed_over'), ['tell-agents'])
    const { rows } = await core.pool.query('select queue, closed_at from hand_overs')
    assert.deepEqual(rows, [{ queue: 'enterprise', closed_at: null }])
    assert.deepEqual(await deliveriesOf('submitted'), [])
  })
})

describe('a form opened after its end', () => {
  const mint = (person: JsonObject, language?: string) =>
    createTokenMint({ pool: core.pool, clock, secret: SECRET, knowsFlow: () => true }).mint({
      flow: 'lead',
      person,
      source: {},
      prefill: {},
      expiresInSeconds: 60,
      ...(language === undefined ? {} : { language }),
    })

  test('is answered 427 in the person’s language, and somebody is told once', async () => {
    const { token } = await mint({ phone: '+5511999990000' }, 'pt_BR')
    clock.advance(61_000)
    for (let times = 0; times < 3; times += 1) {
      const reply = await ask(token, 'INIT')
      assert.deepEqual(
        [reply.status, reply.sealed, reply.plaintext],
        [427, true, { error_msg: 'Este formulário expirou.' }],
      )
    }
    assert.deepEqual(await deliveriesOf('expired'), ['send-again'])
  })

  test('tells nobody where the form was finished, or where nobody knows whose it was', async () => {
    const before = await deliveriesOf('expired')
    const { token } = await mint({ phone: '+5511999991111' })
    await ask(token, 'INIT')
    await ask(token, 'data_exchange', 'CONTACT', contact('3'))
    clock.advance(61_000)
    assert.equal((await ask(token, 'INIT')).status, 427)
    assert.equal((await ask('fg1.forged.forged', 'INIT')).status, 427)
    assert.deepEqual(await deliveriesOf('expired'), before)
  })
})
