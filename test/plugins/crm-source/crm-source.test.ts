import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Call, Crm, Failure, JsonObject, LookUp, Source } from 'flowgate/plugin'
import { FailureError } from 'flowgate/plugin'
import { configSchema } from '../../../plugins/crm-source/config.ts'
import crmSource from '../../../plugins/crm-source/index.ts'
import hubspot from '../../../plugins/hubspot/index.ts'
import { checkSettings } from '../../../src/config/schema-check.ts'
import { startHubspotStandIn } from '../../stand-ins/hubspot.ts'
import { pluginContext } from '../../support/plugin-context.ts'

const config = {
  destination: 'books',
  queries: {
    customer: { object: 'people', by: 'email', fields: ['stage', 'owner'] },
    order: { object: 'orders', by: 'number', fields: ['state'] },
  },
}

const call: Call = {
  signal: new AbortController().signal,
  idempotencyKey: 'asked',
  attempt: 1,
  uncertain: false,
  resend: false,
}

/** A CRM of one's own: records in memory, by object, and nothing of any vendor. */
class CardIndex implements Crm {
  readonly looks: LookUp[] = []
  closed = 0
  readonly #cards: Readonly<Record<string, readonly JsonObject[]>>

  constructor(cards: Readonly<Record<string, readonly JsonObject[]>>) {
    this.#cards = cards
  }

  async health() {
    return { ok: true, account: 'card index' } as const
  }

  async deliver() {
    return { outcome: 'created', id: '1' } as const
  }

  async find(look: LookUp) {
    this.looks.push(look)
    const card = (this.#cards[look.object] ?? []).find((one) => one[look.field] === look.value)
    if (card === undefined) return null
    return Object.fromEntries(Object.entries(card).filter(([name]) => name === 'id' || look.fields.includes(name)))
  }

  async close() {
    this.closed += 1
  }
}

const cards = () =>
  new CardIndex({
    people: [{ id: '7', email: 'ana@acme.com', stage: 'customer', owner: 'Rui', phone: '1' }],
    orders: [{ id: '9', number: '42', state: 'sent' }],
  })

async function sourceOn(crm: Crm): Promise<Source> {
  const context = pluginContext({
    crm: async (name) => {
      assert.equal(name, 'books')
      return crm
    },
  })
  return crmSource.configure(config, context)
}

async function failureOf(reading: Promise<unknown>): Promise<Failure> {
  const error = await reading.then(
    () => assert.fail('It was answered'),
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof FailureError)
  return error.failure
}

describe('a look-up', () => {
  test('answers the one record in a list, with its id and the fields asked for, from whatever CRM it is', async () => {
    const crm = cards()
    const source = await sourceOn(crm)
    assert.deepEqual(await source.read('customer', { email: 'ana@acme.com' }, call), [
      { id: '7', stage: 'customer', owner: 'Rui' },
    ])
    assert.deepEqual(await source.read('order', { number: 42 }, call), [{ id: '9', state: 'sent' }])
    assert.deepEqual(crm.looks[1], { object: 'orders', field: 'number', value: '42', fields: ['state'] })
  })

  test('answers an empty list where nobody is', async () => {
    assert.deepEqual(await (await sourceOn(cards())).read('customer', { email: 'rui@acme.com' }, call), [])
  })

  test('of an unknown query fails for good, names those there are, and asks nobody', async () => {
    const crm = cards()
    const source = await sourceOn(crm)
    for (const query of ['costumer', '__proto__', 'toString']) {
      const failure = await failureOf(source.read(query, { email: 'ana@acme.com' }, call))
      assert.deepEqual([failure.kind, failure.code], ['permanent', 'FG_CRM_SOURCE_UNKNOWN_QUERY'])
      assert.match(failure.message, /It has: customer, order\./)
    }
    assert.equal(crm.looks.length, 0)
  })

  test('without one value to find by fails for good, and the value is not said', async () => {
    const source = await sourceOn(cards())
    for (const parameters of [{}, { email: null }, { email: ['ana@acme.com'] }, { Email: 'ana@acme.com' }]) {
      const failure = await failureOf(source.read('customer', parameters, call))
      assert.deepEqual([failure.kind, failure.code], ['permanent', 'FG_CRM_SOURCE_PARAMETER'])
      assert.doesNotMatch(failure.message, /acme/)
    }
  })

  test('in a CRM that has none stops the source, and health says so', async () => {
    const { health, deliver, close } = cards()
    const source = await sourceOn({ health, deliver, close })
    const failure = await failureOf(source.read('customer', { email: 'ana@acme.com' }, call))
    assert.deepEqual([failure.kind, failure.code], ['permanent', 'FG_CRM_SOURCE_CANNOT_FIND'])
    assert.equal(failure.kind === 'permanent' && failure.scope, 'destination')
    assert.match(failure.message, /books/)
    assert.deepEqual(await source.health(call), { ok: false, failure })
  })

  test('in a destination that is not there ends as the registry says, and health says so', async () => {
    const source = await crmSource.configure(config, pluginContext())
    const failure = await failureOf(source.read('customer', { email: 'ana@acme.com' }, call))
    assert.equal(failure.code, 'no_such_destination')
    assert.deepEqual(await source.health(call), { ok: false, failure })
  })
})

test('a destination that starts late is asked as soon as it is there', async () => {
  const starts: (() => Crm)[] = [
    () => {
      throw new FailureError({ kind: 'permanent', scope: 'destination', code: 'down', message: 'down' })
    },
    cards,
  ]
  const context = pluginContext({ crm: async () => (starts.shift() ?? cards)() })
  const source = await crmSource.configure(config, context)
  assert.equal((await failureOf(source.read('customer', { email: 'ana@acme.com' }, call))).code, 'down')
  const found = await source.read('customer', { email: 'ana@acme.com' }, call)
  assert.deepEqual(found, [{ id: '7', stage: 'customer', owner: 'Rui' }])
})

test('its health is the CRM’s, and closing it leaves the CRM open', async () => {
  const crm = cards()
  const source = await sourceOn(crm)
  assert.deepEqual(await source.health(call), { ok: true, account: 'card index' })
  await source.close()
  await source.close()
  assert.equal(crm.closed, 0)
})

test('an error that no plugin classified is passed on, not claimed', async () => {
  const crm = Object.assign(cards(), {
    find: async () => {
      throw new TypeError('x')
    },
  })
  const source = await sourceOn(crm)
  await assert.rejects(source.read('customer', { email: 'ana@acme.com' }, call), TypeError)
  assert.equal(crmSource.classify(new TypeError('x')), undefined)
})

test('its queries are told with the one parameter each needs', async () => {
  const { readFile } = pluginContext()
  assert.deepEqual(await crmSource.queries?.(config, { readFile }), [
    { name: 'customer', parameters: ['email'], purpose: 'read' },
    { name: 'order', parameters: ['number'], purpose: 'read' },
  ])
})

test('settings that lead nowhere are refused before anybody asks', () => {
  const refusals = (settings: object) => {
    const found: string[] = []
    checkSettings(configSchema, settings, ({ message }) => found.push(message))
    return found
  }
  assert.deepEqual(refusals(config), [])
  const query = config.queries.customer
  for (const settings of [
    { queries: config.queries },
    { destination: 'books' },
    { destination: 'books', queries: {} },
    { destination: 'books', queries: { customer: { ...query, fields: [] } } },
    { destination: 'books', queries: { customer: { ...query, by: '' } } },
    { destination: 'books', queries: { customer: { ...query, field: ['stage'] } } },
  ]) {
    assert.equal(refusals(settings).length, 1, JSON.stringify(settings))
  }
})

test('a customer in HubSpot is found by the HubSpot plugin, through its own destination', async () => {
  const token = 'pat-eu1-test-token'
  await using standIn = await startHubspotStandIn({ token })
  const crm = await hubspot.configure({ access_token: token, base_url: standIn.url }, pluginContext())
  const fields = { email: 'ana@acme.com', lifecyclestage: 'customer' }
  const { id } = await crm.deliver(
    { id: 'contact', object: 'contacts', operation: 'upsert', match: 'email', fields, links: [] },
    call,
  )
  const queries = { customer: { object: 'contacts', by: 'email', fields: ['lifecyclestage', 'hs_lead_status'] } }
  const context = pluginContext({ crm: async () => crm })
  const source = await crmSource.configure({ destination: 'hubspot', queries }, context)
  assert.deepEqual(await source.read('customer', { email: 'ANA@acme.com' }, call), [{ id, lifecyclestage: 'customer' }])
})
