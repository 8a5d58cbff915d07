import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { FlowFile } from '../../src/config/schema/flow.ts'
import { type StandIn, startStandIn } from '../../src/plugin/testing/index.ts'
import { testClock } from '../support/clock.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { flowJsonOf, flowOf } from '../support/flow.ts'
import { type GatewayCore, startGatewayCore } from '../support/gateway-core.ts'
import { type SourceStage, sourceSettings, sourceStage } from '../support/source-stage.ts'

const item = { type: 'object', properties: { id: { type: 'string' }, title: { type: 'string' } } }
const flowJson = flowJsonOf(
  {
    START: { sends: ['day'] },
    PICK: {
      sends: ['slot'],
      data: { slots: { type: 'array', items: item, __example__: [] } },
      children: [{ type: 'Dropdown', name: 'list', label: 'Time', 'data-source': `\${data.slots}` }],
    },
    NEXT: { sends: ['name'], terminal: true },
  },
  { START: ['PICK', 'NEXT'], PICK: ['NEXT'], NEXT: [] },
)
const file: FlowFile = {
  flow: 'book',
  title: 'Book',
  version: '1',
  first_screen: 'START',
  asks: {
    slots: {
      source: 'calendar',
      query: 'free',
      with: { day: { from: 'form.day' } },
      if_unavailable: { message: 'Our calendar is busy.' },
    },
  },
  screens: {
    START: {
      fields: { day: { type: 'text' } },
      next: [{ when: { 'form.day': 'none' }, show: 'NEXT' }, { show: 'PICK' }],
    },
    PICK: { data: { slots: { from: 'asked.slots' } }, next: [{ submit: true }] },
    NEXT: { next: [{ submit: true }] },
  },
}

const clock = testClock()
let database: TestDatabase
let calendar: StandIn
let core: GatewayCore
let stage: SourceStage

before(async () => {
  database = await testDatabase()
  calendar = await startStandIn({
    routes: {
      'GET /free': ({ query }) => ({ status: 200, body: [{ id: 'a', title: `09:00 ${query.get('day')}` }] }),
    },
  })
  core = await startGatewayCore({
    url: database.url,
    clock,
    flow: flowOf(file, flowJson),
    asking: () => stage.asker.forExchange(),
  })
})

beforeEach(async () => {
  await stage?.[Symbol.asyncDispose]()
  calendar.behave()
  const config = { base_url: calendar.url, queries: { free: { path: '/free', query: { day: '{day}' } } } }
  const cache = { ttlMs: 60_000, staleMs: 0, nothingFoundMs: 60_000, entries: 100, shared: false }
  stage = await sourceStage({
    pool: core.pool,
    clock,
    sources: [sourceSettings('calendar', 'http-source', config, { cache, atOnce: 100 })],
  })
})

after(async () => {
  await stage[Symbol.asyncDispose]()
  await core[Symbol.asyncDispose]()
  await calendar.close()
  await database[Symbol.asyncDispose]()
})

const leaveStart = (person: string, day: string) =>
  core.ask({ version: '4.0', action: 'data_exchange', screen: 'START', data: { day }, flow_token: person })

const percentile = (times: readonly number[], share: number): number =>
  [...times].sort((one, other) => one - other)[Math.floor(times.length * share)] ?? Number.NaN

/** Of the tenths of these times, in the order measured, the median of the quickest. */
function bestMedian(times: readonly number[]): number {
  const size = Math.ceil(times.length / 10)
  const tenths = Array.from({ length: 10 }, (_, index) => times.slice(index * size, (index + 1) * size))
  return Math.min(...tenths.map((tenth) => percentile(tenth, 0.5)))
}

describe('a source that hangs', () => {
  test('gets the person the declared fallback in time, and slows nobody else', async (context) => {
    calendar.misbehave({ route: 'GET /free', fault: { kind: 'hang' } })
    let heard = 0
    let servedMeanwhile = 0
    const others = async (tag: string): Promise<readonly number[]> => {
      const times: number[] = []
      for (let index = 0; index < 100; index += 1) {
        const from = performance.now()
        const { plaintext } = await leaveStart(`${tag}-${index}`, 'none')
        times.push(performance.now() - from)
        assert.equal(plaintext['screen'], 'NEXT')
        if (tag === 'beside' && heard === 0) servedMeanwhile += 1
      }
      return times
    }
    const alone = await others('alone')
    const from = performance.now()
    const waiting = Array.from({ length: 30 }, async (_, index) => {
      const { plaintext } = await leaveStart(`waiter-${index}`, `day ${index}`)
      heard += 1
      return { ms: performance.now() - from, plaintext }
    })
    const beside = await others('beside')
    // Whoever waited for the source would be served after those who do, who are heard after 1.5 s. All others were before,
    // unless the machine is so slow that they need a good part of that time even alone.
    const aloneMs = alone.reduce((sum, ms) => sum + ms, 0)
    const expected = Math.max(10, Math.min(100, Math.floor((100 * 500) / aloneMs)))
    assert.ok(servedMeanwhile >= expected, `${servedMeanwhile} of ${expected} were served before those who wait`)
    context.diagnostic(`${servedMeanwhile} of at least ${expected} were served before those who wait`)
    const answers = await Promise.all(waiting)
    for (const { ms, plaintext } of answers) {
      assert.ok(ms < 4_500, `a person waited ${ms} ms`)
      assert.deepEqual([plaintext['screen'], plaintext['data']], ['START', { error_message: 'Our calendar is busy.' }])
    }
    // What the machine does besides slows some of them at times; what waits for the source would slow all of them.
    const [best, bestAlone] = [bestMedian(beside), bestMedian(alone)]
    assert.ok(best < 5 * bestAlone, `${best} ms beside, ${bestAlone} ms alone`)
    const p99 = (times: readonly number[]) => percentile(times, 0.99).toFixed(1)
    context.diagnostic(`p99 of unrelated exchanges: ${p99(alone)} ms alone, ${p99(beside)} ms beside`)
  })
})

describe('a source that fails', () => {
  test('five times in a row is left alone, and tried again by one question after its rest', async () => {
    calendar.misbehave({ route: 'GET /free', fault: { kind: 'status', status: 503 } })
    const asked = () => calendar.requestsTo('GET /free').length
    const before = asked()
    for (let index = 0; index < 20; index += 1) {
      const { plaintext } = await leaveStart(`failing-${index}`, `failing ${index}`)
      assert.deepEqual(plaintext['data'], { error_message: 'Our calendar is busy.' })
    }
    assert.equal(asked() - before, 5)
    calendar.behave()
    clock.advance(10_001)
    assert.equal((await leaveStart('healed', 'healed')).plaintext['screen'], 'PICK')
    assert.equal((await leaveStart('healed-too', 'healed too')).plaintext['screen'], 'PICK')
    assert.equal(asked() - before, 7)
    assert.ok(stage.lines().some(({ event }) => event === 'source.opened'))
  })
})

describe('a hundred people who ask the same at once', () => {
  test('cause one request', async () => {
    const before = calendar.requestsTo('GET /free').length
    const answers = await Promise.all(Array.from({ length: 100 }, (_, index) => leaveStart(`same-${index}`, 'monday')))
    for (const { plaintext } of answers) {
      assert.deepEqual(
        [plaintext['screen'], plaintext['data']],
        ['PICK', { slots: [{ id: 'a', title: '09:00 monday' }] }],
      )
    }
    assert.equal(calendar.requestsTo('GET /free').length - before, 1)
    await leaveStart('later', 'monday')
    assert.equal(calendar.requestsTo('GET /free').length - before, 1)
  })
})
