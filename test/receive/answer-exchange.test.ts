import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { DEFAULT_MESSAGES } from '../../src/config/schema/defaults.ts'
import type { JsonObject } from '../../src/plugin/json.ts'
import { createTokenMint } from '../../src/receive/mint-token.ts'
import type { ExchangeReply } from '../../src/receive/ports.ts'
import { testClock } from '../support/clock.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { flowOf, leadFlowFile, leadFlowJson, leadMappingFile, mappingOf } from '../support/flow.ts'
import { type GatewayCore, SECRET, startGatewayCore } from '../support/gateway-core.ts'

const clock = testClock()
const flow = flowOf(leadFlowFile, leadFlowJson)
const mapping = mappingOf(leadMappingFile)
let database: TestDatabase
let one: GatewayCore
let two: GatewayCore

before(async () => {
  database = await testDatabase()
  one = await startGatewayCore({ url: database.url, clock, flow, mapping })
  two = await startGatewayCore({ url: database.url, clock, flow, mapping })
})

after(async () => {
  await one[Symbol.asyncDispose]()
  await two[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
})

const ask = (token: string, action: string, screen = '', data: JsonObject = {}): JsonObject => ({
  version: '4.0',
  action,
  screen,
  data,
  flow_token: token,
})
const contact = (email: string): JsonObject => ({ full_name: 'Ana', email, company_size: '3' })

function screenOf({ plaintext }: ExchangeReply): unknown {
  return plaintext['screen']
}

async function count(sql: string, values: unknown[] = []): Promise<number> {
  const { rows } = await one.pool.query<{ n: number }>(`select count(*) as n from ${sql}`, values)
  return rows[0]?.n ?? -1
}

describe('a person walking through a flow', () => {
  test('is led from screen to screen and accepted at the end, with the version echoed', async () => {
    const opened = await one.ask(ask('walk', 'INIT'))
    assert.deepEqual(opened, {
      status: 200,
      sealed: true,
      plaintext: { version: '4.0', screen: 'CONTACT', data: { greeting: 'Hello', problems: {}, before: {} } },
    })
    assert.equal(screenOf(await two.ask(ask('walk', 'data_exchange', 'CONTACT', contact('walk@acme.com')))), 'NEEDS')
    const done = await one.ask(ask('walk', 'data_exchange', 'NEEDS', { interests: ['crm'] }))
    assert.deepEqual(done.plaintext, {
      version: '4.0',
      screen: 'SUCCESS',
      data: { extension_message_response: { params: { flow_token: 'walk', outcome: 'received' } } },
    })
    assert.deepEqual(
      (await two.ask(ask('walk', 'data_exchange', 'NEEDS', { interests: ['crm'] }))).plaintext,
      done.plaintext,
    )
    assert.equal(await count("submissions where form->>'email' = 'walk@acme.com'"), 1)
  })

  test('asks the database at most twice per exchange that does not submit', async () => {
    await one.ask(ask('statements', 'INIT'))
    const statements: unknown[] = []
    const query = one.pool.query
    const counting = new Proxy(query, {
      apply(target, self, parameters) {
        statements.push(parameters[0])
        return Reflect.apply(target, self, parameters)
      },
    })
    Object.assign(one.pool, { query: counting })
    try {
      await one.ask(ask('statements', 'data_exchange', 'CONTACT', contact('s@acme.com')))
      assert.equal(statements.length, 2)
      await one.ask(ask('statements', 'BACK', 'NEEDS'))
      assert.equal(statements.length, 4)
      await one.ask(ask('statements', 'data_exchange', 'CONTACT', { ...contact('s@acme.com'), email: 'no' }))
      assert.equal(statements.length, 5)
    } finally {
      Object.assign(one.pool, { query })
    }
  })
})

describe('requests at once', () => {
  test('twenty identical ones move the session once and get one answer', async () => {
    await one.ask(ask('same', 'INIT'))
    const request = ask('same', 'data_exchange', 'CONTACT', contact('same@acme.com'))
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? one : two).ask(request)),
    )
    for (const reply of replies) assert.deepEqual(reply, replies[0])
    const { rows } = await one.pool.query("select revision, path from sessions where token = 'same'")
    assert.deepEqual(rows, [{ revision: 2, path: ['CONTACT', 'NEEDS'] }])
  })

  test('twenty conflicting ones leave one consistent session', async () => {
    await one.ask(ask('clash', 'INIT'))
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, index) => {
        const data = { ...contact(`clash${index}@acme.com`), company_size: index % 2 === 0 ? '3' : '300' }
        return (index % 2 === 0 ? one : two).ask(ask('clash', 'data_exchange', 'CONTACT', data))
      }),
    )
    for (const [index, reply] of replies.entries())
      assert.equal(screenOf(reply), index % 2 === 0 ? 'NEEDS' : 'ENTERPRISE')
    const { rows } = await one.pool.query("select screen, form, path from sessions where token = 'clash'")
    const expected = rows[0].form.company_size === 3 ? 'NEEDS' : 'ENTERPRISE'
    assert.equal(rows[0].screen, expected)
    assert.deepEqual(rows[0].path, ['CONTACT', expected])
  })

  test('two hundred identical last ones through two processes make one submission and get one answer', async () => {
    await one.ask(ask('burst', 'INIT'))
    await one.ask(ask('burst', 'data_exchange', 'CONTACT', contact('burst@acme.com')))
    const request = ask('burst', 'data_exchange', 'NEEDS', { interests: ['crm'] })
    const replies = await Promise.all(
      Array.from({ length: 200 }, (_, index) => (index % 2 === 0 ? one : two).ask(request)),
    )
    for (const reply of replies) assert.deepEqual(reply, replies[0])
    assert.equal(screenOf(replies[0] ?? assert.fail('no reply')), 'SUCCESS')
    assert.equal(await count("submissions where form->>'email' = 'burst@acme.com'"), 1)
    assert.equal(
      await count("deliveries join submissions s on s.id = submission_id where s.form->>'email' = 'burst@acme.com'"),
      3,
    )
  })

  test('the same form under two tokens of one person is one submission, each answered with its own token', async () => {
    const finish = (token: string) =>
      one.ask(ask(token, 'data_exchange', 'NEEDS', { ...contact('twin@acme.com'), interests: ['crm'] }))
    const replies = await Promise.all([finish('twin-1'), finish('twin-2')])
    const tokens = replies.map((reply) => JSON.stringify(reply.plaintext).match(/twin-\d/u)?.[0])
    assert.deepEqual(tokens, ['twin-1', 'twin-2'])
    assert.equal(await count("submissions where form->>'email' = 'twin@acme.com'"), 1)
    const again = await finish('twin-2')
    assert.match(JSON.stringify(again.plaintext), /twin-2/u)
  })
})

describe('a person without a token', () => {
  test('shares nothing with another', async () => {
    const opened = await one.ask(ask('unused', 'INIT'))
    assert.equal(screenOf(opened), 'CONTACT')
    assert.equal(screenOf(await one.ask(ask('unused', 'data_exchange', 'CONTACT', contact('u1@acme.com')))), 'NEEDS')
    assert.equal(screenOf(await one.ask(ask('', 'BACK', 'NEEDS'))), 'CONTACT')
    const finish = (email: string) =>
      one.ask(ask('unused', 'data_exchange', 'NEEDS', { interests: ['crm'], email, full_name: 'Ana' }))
    assert.equal(screenOf(await finish('u1@acme.com')), 'SUCCESS')
    assert.equal(screenOf(await finish('u2@acme.com')), 'SUCCESS')
    assert.equal(
      await count("submissions where form->>'email' in ('u1@acme.com', 'u2@acme.com') and session_id is null"),
      2,
    )
    assert.equal(await count("sessions where token in ('unused', '')"), 0)
  })
})

test('a form that lacks what earlier screens require is not accepted, whoever sends it', async () => {
  for (const token of ['unused', 'skipper']) {
    const reply = await one.ask(ask(token, 'data_exchange', 'NEEDS', { interests: ['crm'], email: 'skip@acme.com' }))
    assert.deepEqual(reply.plaintext['data'], { error_message: DEFAULT_MESSAGES.incomplete })
  }
  assert.equal(await count("submissions where form->>'email' = 'skip@acme.com'"), 0)
  assert.deepEqual(
    one.events.filter(({ name }) => name === 'incomplete').map(({ event }) => event['fields']),
    [['full_name'], ['full_name']],
  )
})

describe('tokens', () => {
  test('of ours bind person and prefilled answers, expire and are revoked', async () => {
    const mint = createTokenMint({ pool: one.pool, clock, secret: SECRET, knowsFlow: (name) => name === 'lead' })
    const order = { flow: 'lead', person: { name: 'Ana' }, source: {}, prefill: { email: 'pre@acme.com' } }
    const { token } = await mint.mint({ ...order, expiresInSeconds: 3600 })
    assert.ok(token.length <= 64)
    const opened = await one.ask(ask(token, 'INIT'))
    assert.deepEqual(opened.plaintext['data'], {
      greeting: 'Hello Ana',
      problems: {},
      before: { email: 'pre@acme.com' },
    })
    const forged = `${token.slice(0, -2)}xx`
    assert.equal((await one.ask(ask(forged, 'INIT'))).status, 427)
    const revoked = await mint.mint(order)
    assert.equal(await mint.revoke(revoked.token), true)
    assert.deepEqual(await one.ask(ask(revoked.token, 'INIT')), {
      status: 427,
      sealed: true,
      plaintext: { error_msg: 'This form is no longer available.' },
    })
    clock.advance(3_600_000)
    assert.equal((await one.ask(ask(token, 'data_exchange', 'CONTACT', contact('pre@acme.com')))).status, 427)
    await assert.rejects(mint.mint({ ...order, flow: 'nowhere' }), { code: 'FG_TOKEN_FLOW' })
    await assert.rejects(mint.mint({ ...order, token: 'short' }), { code: 'FG_TOKEN_INVALID' })
    await mint.mint({ ...order, token: 'their-own-token' })
    await assert.rejects(mint.mint({ ...order, token: 'their-own-token' }), { code: 'FG_TOKEN_KNOWN' })
    const fieldsOf = () => new Set(['email'])
    const strict = createTokenMint({ pool: one.pool, clock, secret: SECRET, knowsFlow: () => true, fieldsOf })
    assert.ok((await strict.mint(order)).token)
    await assert.rejects(strict.mint({ ...order, prefill: { email: 'pre@acme.com', emial: 'x' } }), {
      code: 'FG_TOKEN_PREFILL',
      message: 'prefill: flow lead has no field "emial"; it has email',
    })
    const unsigned = createTokenMint({ pool: one.pool, clock, secret: undefined, knowsFlow: () => true })
    await assert.rejects(unsigned.mint(order), { code: 'FG_TOKEN_SECRET' })
  })

  test('are the only way in where a flow says so', async () => {
    const strict = flowOf({ ...leadFlowFile, tokens: 'minted', expired_body: 'plain' }, leadFlowJson)
    await using core = await startGatewayCore({ url: database.url, clock, flow: strict, mapping })
    assert.deepEqual(await core.ask(ask('somebody-elses', 'INIT')), {
      status: 427,
      sealed: false,
      plaintext: { error_msg: 'This form is no longer available.' },
    })
    assert.equal((await core.ask(ask('unused', 'INIT'))).status, 427)
  })
})

describe('trouble', () => {
  test('over the limit the person stays where they are, with what they saw and a snackbar', async () => {
    await one.ask(ask('busy', 'INIT'))
    await one.ask(ask('busy', 'data_exchange', 'CONTACT', { ...contact('busy@acme.com'), company_size: '500' }))
    const reply = await one.ask(ask('busy', 'data_exchange', 'ENTERPRISE', { budget: 'over_50k' }), { limited: true })
    assert.deepEqual(reply.plaintext, {
      version: '4.0',
      screen: 'ENTERPRISE',
      data: { title: 'Budget of Ana', error_message: DEFAULT_MESSAGES.busy },
    })
    const { rows } = await one.pool.query("select screen, revision from sessions where token = 'busy'")
    assert.deepEqual(rows, [{ screen: 'ENTERPRISE', revision: 2 }])
    assert.equal(screenOf(await one.ask(ask('unused', 'INIT'), { limited: true })), 'CONTACT')
  })

  test('a database out of reach asks the person to try again and tells the operator', async () => {
    const core = await startGatewayCore({ url: database.url, clock, flow, mapping })
    await core[Symbol.asyncDispose]()
    const reply = await core.ask(ask('lost', 'data_exchange', 'CONTACT', contact('lost@acme.com')))
    assert.equal(reply.status, 200)
    assert.deepEqual(reply.plaintext['data'], {
      greeting: 'Hello',
      problems: {},
      before: contact('lost@acme.com'),
      error_message: DEFAULT_MESSAGES.sorry,
    })
    assert.deepEqual(
      core.events.map(({ name }) => name),
      ['failed'],
    )
  })

  test('a database that is stuck gets the person an apology in time, and pressing again goes on', async () => {
    const blocker = await one.pool.connect()
    await blocker.query('begin; lock table sessions')
    // In time, whatever the machine does besides: deadlines of one process pass in their order.
    const tooLate = delay(4_500, undefined, { ref: false })
    const reply = (await Promise.race([one.ask(ask('stuck', 'INIT')), tooLate])) ?? assert.fail('later than 4.5 s')
    assert.deepEqual([reply.status, reply.plaintext['screen']], [200, 'CONTACT'])
    assert.equal((reply.plaintext['data'] as JsonObject)['error_message'], DEFAULT_MESSAGES.sorry)
    await blocker.query('rollback')
    blocker.release()
    assert.equal(screenOf(await one.ask(ask('stuck', 'data_exchange', 'CONTACT', contact('stuck@acme.com')))), 'NEEDS')
  })

  test('what happened is told once, without answers', async () => {
    await one.ask(ask('events', 'INIT'))
    one.events.length = 0
    await one.ask(ask('events', 'data_exchange', 'CONTACT', { ...contact('e@acme.com'), email: 'secret-typo' }))
    const told = one.events.map(({ name, event }) => [name, event['fields']])
    assert.deepEqual(told, [['refused', ['email']]])
    assert.doesNotMatch(JSON.stringify(one.events), /secret-typo/u)
  })
})
