import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Pool } from 'pg'
import { createPool, inTransaction } from '../../src/store/pool.ts'
import { createQueue, installQueue, type Job, type Queue } from '../../src/store/queue.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { keptLog } from '../support/log.ts'

describe('the queue', () => {
  const { log, lines } = keptLog()
  let database: TestDatabase
  let pool: Pool
  let sender: Queue

  before(async () => {
    database = await testDatabase()
    pool = createPool({ url: database.url, max: 4, name: 'test' })
    sender = await createQueue({ url: database.url, log, mode: 'send' })
  })

  after(async () => {
    await sender.stop({ withinMs: 1_000 })
    await pool.end()
    await database[Symbol.asyncDispose]()
  })

  const job = (deliveryId: string, destination: string, further: Partial<Job> = {}): Job => ({
    deliveryId,
    destination,
    hintedAt: new Date(),
    ...further,
  })

  async function working(destinations: Readonly<Record<string, number>>, handler: (id: string) => Promise<void>) {
    const queue = await createQueue({ url: database.url, log, mode: 'work' })
    await queue.work(
      Object.entries(destinations).map(([name, atOnce]) => ({ name, atOnce })),
      handler,
    )
    return { queue, [Symbol.asyncDispose]: () => queue.stop({ withinMs: 2_000 }) }
  }

  test('is installed by several at once without harm', async () => {
    await Promise.all([installQueue(database.url), installQueue(database.url), installQueue(database.url)])
  })

  test('a job exists once its transaction commits, and not if it is rolled back', async () => {
    const done: string[] = []
    await using _worker = await working({ tx: 1 }, async (id) => void done.push(id))
    const rolledBack = inTransaction(pool, async (sql) => {
      await sender.send([job('rolled-back', 'tx')], sql)
      throw new Error('no')
    })
    await assert.rejects(rolledBack, /no/)
    await inTransaction(pool, (sql) => sender.send([job('committed', 'tx')], sql))
    await eventually(() => done.length > 0)
    assert.deepEqual(done, ['committed'])
  })

  test('a committed job wakes a worker at once', async () => {
    const started: number[] = []
    await using _worker = await working({ wake: 1 }, async () => void started.push(performance.now()))
    const waits: number[] = []
    for (let index = 0; index < 9; index += 1) {
      const sent = performance.now()
      await inTransaction(pool, (sql) => sender.send([job(`wake-${index}`, 'wake')], sql))
      await eventually(() => started.length === index + 1)
      waits.push((started.at(-1) ?? 0) - sent)
    }
    const median = waits.sort((a, b) => a - b)[4] ?? Number.POSITIVE_INFINITY
    assert.ok(median < 500, `median ${median} ms, where polling alone takes 500 to 1000`)
  })

  test('a destination that is slow and busy does not hold up another, and neither exceeds its own number', async () => {
    const slow = { now: 0, most: 0 }
    const fast = { now: 0, most: 0, done: 0 }
    const release = Promise.withResolvers<void>()
    const run = async (counted: { now: number; most: number }, work: () => Promise<void>) => {
      counted.now += 1
      counted.most = Math.max(counted.most, counted.now)
      await work()
      counted.now -= 1
    }
    await using _worker = await working({ slow: 1, fast: 4 }, async (id) => {
      if (id.startsWith('slow')) await run(slow, () => release.promise)
      else
        await run(fast, async () => {
          fast.done += 1
        })
    })
    const jobs = (name: string, count: number) =>
      Array.from({ length: count }, (_, index) => job(`${name}-${index}`, name))
    await sender.send([...jobs('slow', 200), ...jobs('fast', 100)], pool)
    await eventually(() => fast.done === 100)
    assert.deepEqual([slow.now, slow.most], [1, 1])
    assert.ok(fast.most <= 4)
    release.resolve()
  })

  test('a job waits for its time', async () => {
    const done: string[] = []
    await using _worker = await working({ later: 1 }, async (id) => void done.push(id))
    await sender.send([job('tomorrow', 'later', { startAfter: new Date(Date.now() + 86_400_000) })], pool)
    await sender.send([job('today', 'later')], pool)
    await eventually(() => done.length > 0)
    assert.deepEqual(done, ['today'])
  })

  test('a handler that rejects is given its job again', async () => {
    let tries = 0
    await using _worker = await working({ again: 1 }, async () => {
      tries += 1
      if (tries === 1) throw new Error('the database is away')
    })
    await sender.send([job('again', 'again')], pool)
    await eventually(() => tries === 2)
  })

  test('knows which jobs nobody will run any more', async () => {
    const waiting = job('waiting', 'lost', { startAfter: new Date(Date.now() + 60_000) })
    const never = job('never', 'lost')
    await sender.send([waiting], pool)
    assert.deepEqual(await sender.lost([waiting, never], pool), [never])
    assert.deepEqual(await sender.lost([], pool), [])
    await pool.query(`update pgboss.job set state = 'completed' where data->>'deliveryId' = 'waiting'`)
    assert.deepEqual(await sender.lost([waiting], pool), [waiting])
  })

  test('the same hint sent twice is one job', async () => {
    const twice = job('twice', 'twice')
    await sender.send([twice], pool)
    await sender.send([twice], pool)
    const { rows } = await pool.query(`select count(*) as n from pgboss.job where data->>'deliveryId' = 'twice'`)
    assert.deepEqual(rows, [{ n: 1 }])
  })

  test('a lost connection is logged, survived, and work goes on', async () => {
    const done: string[] = []
    await using _worker = await working({ robust: 1 }, async (id) => void done.push(id))
    const { rowCount } = await pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'flowgate-queue-%' and datname = current_database()`,
    )
    assert.ok((rowCount ?? 0) > 0)
    await eventually(() => lines.some((line) => line.includes('queue.failed')))
    await eventually(async () => {
      await sender.send([job('after', 'robust')], pool)
      return true
    })
    await eventually(() => done.length > 0)
  })
})
