import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLog } from '../../src/log.ts'
import {
  createRateLimiter,
  type RateLimiter,
  type RateLimiterOptions,
  requestKey,
} from '../../src/receive/rate-limiter.ts'
import { RequestCounter } from '../../src/receive/request-counter.ts'
import { createPool } from '../../src/store/pool.ts'
import { settleRequestCounts } from '../../src/store/request-counts.ts'
import { testClock } from '../support/clock.ts'
import { testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { type Edge, startEdge } from './edge.ts'
import { open, seal, send } from './meta.ts'

const log = createLog({ level: 'silent' })

function limiterOf(options: Partial<RateLimiterOptions> & Pick<RateLimiterOptions, 'clock'>): RateLimiter {
  return createRateLimiter({ perMinute: 5, log, ...options })
}

/** Sends exchanges one after another and tells of each whether it was limited. Every answer must be a sealed 200. */
async function limitedOf(edge: Edge, times: number, payload: Record<string, unknown>): Promise<boolean[]> {
  const limited: boolean[] = []
  for (let index = 0; index < times; index += 1) {
    const sealed = seal({ action: 'data_exchange', screen: 'A', ...payload })
    const answer = await send(edge.flowUrl, { body: sealed.body })
    assert.equal(answer.status, 200)
    const { data } = open(answer.body, sealed) as { data: { limited?: boolean } }
    limited.push(data.limited === true)
  }
  return limited
}

const yes = (times: number) => Array.from({ length: times }, () => true)
const no = (times: number) => Array.from({ length: times }, () => false)

test('Over the limit a signed request is told so and still gets its sealed 200, until the minute ends', async () => {
  const clock = testClock('2026-03-02T09:00:10.000Z')
  await using edge = await startEdge({ clock, endpoint: { rateLimiter: limiterOf({ clock }) } })
  assert.deepEqual(await limitedOf(edge, 8, { flow_token: 'ana' }), [...no(5), ...yes(3)])
  assert.equal(edge.events.filter(({ kind }) => kind === 'exchange-limited').length, 3)
  assert.match(await edge.metrics.registry.metrics(), /flowgate_rate_limited_total\{flow="lead"\} 3/)
  clock.advance(49_999)
  assert.deepEqual(await limitedOf(edge, 1, { flow_token: 'ana' }), yes(1))
  clock.advance(1)
  assert.deepEqual(await limitedOf(edge, 1, { flow_token: 'ana' }), no(1))
})

test('Each token has its own limit; all who came without one share that of the flow', async () => {
  const clock = testClock()
  await using edge = await startEdge({ clock, endpoint: { rateLimiter: limiterOf({ clock }) } })
  assert.deepEqual(await limitedOf(edge, 6, { flow_token: 'ana' }), [...no(5), ...yes(1)])
  assert.deepEqual(await limitedOf(edge, 1, { flow_token: 'bo' }), no(1))
  assert.deepEqual(await limitedOf(edge, 3, { flow_token: 'unused' }), no(3))
  assert.deepEqual(await limitedOf(edge, 2, {}), no(2))
  assert.deepEqual(await limitedOf(edge, 1, { flow_token: '' }), yes(1))
  assert.deepEqual(await limitedOf(edge, 1, { flow_token: 7 }), yes(1))
})

test('A ping and an error notification are never limited nor counted', async () => {
  const clock = testClock()
  await using edge = await startEdge({ clock, endpoint: { rateLimiter: limiterOf({ clock, perMinute: 1 }) } })
  await limitedOf(edge, 3, { flow_token: 'ana' })
  for (let index = 0; index < 10; index += 1) {
    const sealed = seal({ action: 'ping', flow_token: 'ana' })
    const answer = await send(edge.flowUrl, { body: sealed.body })
    assert.deepEqual(open(answer.body, sealed), { data: { status: 'active' } })
  }
  await limitedOf(edge, 3, { flow_token: 'bo', data: { error: 'timeout_error' } })
  assert.deepEqual(await limitedOf(edge, 1, { flow_token: 'bo' }), no(1))
})

test('Without a limiter nothing is limited', async () => {
  await using edge = await startEdge()
  assert.deepEqual(await limitedOf(edge, 20, { flow_token: 'ana' }), no(20))
})

test('Whoever keeps sending unsigned requests gets 429, and signed requests from there still pass', async () => {
  const clock = testClock('2026-03-02T09:00:50.000Z')
  await using edge = await startEdge({ clock, endpoint: { rateLimiter: limiterOf({ clock, unsignedPerMinute: 3 }) } })
  const unsigned = () => send(edge.flowUrl, { body: '{}', headers: { 'x-hub-signature-256': undefined } })
  for (let index = 0; index < 3; index += 1) assert.equal((await unsigned()).status, 432)
  const answer = await unsigned()
  assert.equal(answer.status, 429)
  assert.equal(answer.headers['retry-after'], '10')
  assert.equal(answer.body, '')
  assert.deepEqual(await limitedOf(edge, 1, { flow_token: 'ana' }), no(1))
  clock.advance(10_000)
  assert.equal((await unsigned()).status, 432)
})

test('Two processes on one database share a limit once they have settled', async () => {
  await using database = await testDatabase()
  const pool = createPool({ url: database.url, max: 2, name: 'test' })
  try {
    const clock = testClock()
    const settleCounts: RateLimiterOptions['settleCounts'] = (own) => settleRequestCounts(pool, own)
    const limiters = [limiterOf({ clock, settleCounts }), limiterOf({ clock, settleCounts })] as const
    await using left = await startEdge({ clock, endpoint: { rateLimiter: limiters[0] } })
    await using right = await startEdge({ clock, endpoint: { rateLimiter: limiters[1] } })
    const ana = { flow_token: 'ana' }
    assert.deepEqual(await limitedOf(left, 3, ana), no(3))
    await limiters[0].settle()
    await limiters[1].settle()
    assert.deepEqual(await limitedOf(right, 3, ana), [...no(2), ...yes(1)])
    assert.deepEqual(await limitedOf(right, 1, { flow_token: 'bo' }), no(1))
    // By itself as well, once a second.
    await eventually(async () => (await pool.query('select from request_counts where count = 3')).rowCount === 2)
    await limiters[0].settle()
    assert.deepEqual(await limitedOf(left, 1, ana), yes(1))
    clock.advance(60_000)
    assert.deepEqual(await limitedOf(left, 1, ana), no(1))
    assert.deepEqual(await limitedOf(right, 1, ana), no(1))
    clock.advance(120_000)
    await eventually(async () => {
      await limiters[0].settle()
      return (await pool.query('select from request_counts')).rowCount === 0
    })
  } finally {
    await pool.end()
  }
})

test('While the database is away each process counts for itself, and that is said once', async () => {
  const clock = testClock()
  const lines: string[] = []
  const loud = createLog({ level: 'info', destination: { write: (line) => void lines.push(line) } })
  let away = true
  const settleCounts = async () => {
    if (away) throw new Error('connection refused')
    return new Map<string, number>()
  }
  const limiter = limiterOf({ clock, settleCounts, log: loud })
  for (let index = 0; index < 3; index += 1) await limiter.settle()
  assert.equal(lines.filter((line) => line.includes('request_counts.not_settled')).length, 1)
  assert.equal(limiter.counter.increment('x').current, 1)
  away = false
  await limiter.settle()
  await limiter.settle()
  assert.equal(lines.filter((line) => line.includes('request_counts.settled_again')).length, 1)
})

test('Only keys on their way to the limit are shared with other processes', () => {
  const clock = testClock()
  const counter = new RequestCounter(clock, 300)
  for (let index = 0; index < 14; index += 1) counter.increment('ordinary')
  for (let index = 0; index < 15; index += 1) counter.increment('busy')
  const untold = counter.untold()
  assert.deepEqual([...untold.counts], [['busy', 15]])
  counter.settle(
    untold,
    new Map([
      ['busy', 100],
      ['elsewhere', 40],
    ]),
  )
  assert.equal(counter.untold().counts.size, 0)
  assert.equal(counter.increment('busy').current, 116)
  assert.equal(counter.increment('elsewhere').current, 41)
  assert.deepEqual([...counter.untold().counts], [['busy', 16]])
})

test('What was settled for a minute that is over is forgotten', () => {
  const clock = testClock()
  const counter = new RequestCounter(clock, 10)
  counter.increment('a')
  const untold = counter.untold()
  clock.advance(60_000)
  counter.settle(untold, new Map([['a', 100]]))
  assert.deepEqual(counter.increment('a'), { current: 1, ttl: 60_000 })
})

test('Keys tell flows and tokens apart, have one length and give away no token', () => {
  const keys = [
    requestKey('a', 'b'),
    requestKey('a', 'c'),
    requestKey('b', 'b'),
    requestKey('a', undefined),
    requestKey('b', 'unused'),
  ]
  assert.equal(new Set(keys).size, keys.length)
  assert.equal(requestKey('a', 'unused'), requestKey('a', ''))
  for (const key of [...keys, requestKey('a', 'x'.repeat(100_000))]) assert.match(key, /^[A-Za-z0-9_-]{22}$/)
})
