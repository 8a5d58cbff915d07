import assert from 'node:assert/strict'
import { Agent } from 'node:http'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createLog } from '../../src/log.ts'
import { createRateLimiter } from '../../src/receive/rate-limiter.ts'
import { testClock } from '../support/clock.ts'
import { startEdge } from './edge.ts'
import { open, seal, send } from './meta.ts'
import { mutantOf, seededRandom } from './mutation.ts'

const REQUESTS = 10_000
const CONNECTIONS = 8
const MEBIBYTE = 1024 * 1024

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

function heapMebibytes(): number {
  collectGarbage()
  return process.memoryUsage().heapUsed / MEBIBYTE
}

test('10,000 damaged requests each get exactly the status they deserve, from one process whose memory stays level', async () => {
  const clock = testClock()
  const rateLimiter = createRateLimiter({
    perMinute: 1e9,
    unsignedPerMinute: 1e9,
    clock,
    log: createLog({ level: 'silent' }),
  })
  let asked = 0
  await using edge = await startEdge({
    clock,
    quiet: true,
    endpoint: {
      rateLimiter,
      answerExchange: async () => {
        asked += 1
        return { status: 200, plaintext: { screen: 'NEXT', data: {} }, sealed: true }
      },
    },
  })
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  const random = seededRandom(20_260_302)
  const good = Array.from({ length: 20 }, (_, index) =>
    seal({ version: '3.0', action: 'INIT', screen: '', data: {}, flow_token: `token-${index}` }),
  )
  const seen = new Map<string, number>()
  let next = 0
  let settled = Number.NaN

  const work = async () => {
    while (next < REQUESTS) {
      next += 1
      const index = next
      const sealed = good[index % good.length] ?? assert.fail()
      const { kind, body, headers, status } = mutantOf(index, sealed, random)
      const answer = await send(edge.flowUrl, { body, headers, agent })
      assert.equal(answer.status, status, `request ${index}, ${kind}`)
      if (status === 200) assert.deepEqual(open(answer.body, sealed), { screen: 'NEXT', data: {} })
      else assert.equal(answer.body, '', kind)
      seen.set(`${status} ${kind}`, (seen.get(`${status} ${kind}`) ?? 0) + 1)
      if (index === REQUESTS / 5) settled = heapMebibytes()
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, work))

  const grown = heapMebibytes() - settled
  assert.ok(grown < 8, `the heap grew by ${grown.toFixed(1)} MiB over the last ${(REQUESTS * 4) / 5} requests`)
  // Every kind was tried, and some damage left the meaning as it was.
  assert.equal(new Set([...seen.keys()].map((key) => key.slice(4))).size, 18)
  assert.ok((seen.get('200 last characters of base64 changed') ?? 0) > 0)
  assert.ok((seen.get('200 huge and within the limit') ?? 0) > 0)
  const answered = [...seen].filter(([key]) => key.startsWith('200')).reduce((sum, [, count]) => sum + count, 0)
  assert.equal(asked, answered)
  const last = seal({ action: 'ping' })
  assert.deepEqual(open((await send(edge.flowUrl, { body: last.body, agent })).body, last), {
    data: { status: 'active' },
  })
  agent.destroy()
})
