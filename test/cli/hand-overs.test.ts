import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPool } from '../../src/store/pool.ts'
import { seedHandOver } from '../store/seed-hand-over.ts'
import { testDatabase } from '../support/database.ts'
import { run } from './terminal.ts'

/** A database in which two people were handed over, a minute apart. */
async function desk() {
  const database = await testDatabase()
  const pool = createPool({ url: database.url, max: 2, name: 'test' })
  const first = await seedHandOver(pool, new Date('2026-03-02T09:00:00Z'), 'sales')
  const second = await seedHandOver(pool, new Date('2026-03-02T09:01:00Z'))
  return {
    first,
    second,
    env: { DATABASE_URL: database.url },
    async [Symbol.asyncDispose]() {
      await pool.end()
      await database[Symbol.asyncDispose]()
    },
  }
}

test('hand-overs list shows who waits, the longest first, and nothing of what they answered', async () => {
  await using at = await desk()
  for (const argv of [
    ['hand-overs', 'list'],
    ['hand-overs', 'list', '--open'],
  ]) {
    const { code, out, err } = await run(argv, at.env)
    assert.equal(code, 0, err)
    const [heading, first, second] = out.split('\n')
    assert.match(heading ?? '', /^HAND-OVER +FLOW +SCREEN +QUEUE +SINCE +SUBMISSION$/)
    assert.match(first ?? '', new RegExp(`^${at.first} +lead +TALK +sales +2026-03-02 09:00:00 +sub_`))
    assert.match(second ?? '', new RegExp(`^${at.second} +lead +TALK +– +2026-03-02 09:01:00 +sub_`))
    assert.doesNotMatch(out, /Ana|99999/)
  }
  const limited = await run(['hand-overs', 'list', '--limit', '1'], at.env)
  assert.match(limited.out, /The first 1; --limit shows more\.\n$/)
  const both = await run(['hand-overs', 'list', '--open', '--all'], at.env)
  assert.deepEqual([both.code, both.out], [2, ''])
})

test('hand-overs close is harmless when said twice, and list --all says who it was', async () => {
  await using at = await desk()
  const closed = await run(['hand-overs', 'close', at.first, '--by', 'maria'], at.env)
  assert.deepEqual([closed.code, closed.out], [0, `${at.first} is closed.\n`], closed.err)
  const again = await run(['hand-overs', 'close', at.first, '--by', 'joana', '--json'], at.env)
  assert.equal(again.code, 0)
  const { ok, result, hand_over: handOver } = JSON.parse(again.out)
  assert.deepEqual([ok, result, handOver.id, handOver.closed_by], [true, 'already', at.first, 'maria'])
  const open = await run(['hand-overs', 'list', '--json'], at.env)
  assert.deepEqual(
    JSON.parse(open.out).hand_overs.map(({ id, queue }: Record<string, string>) => ({ id, queue })),
    [{ id: at.second, queue: undefined }],
  )
  const all = await run(['hand-overs', 'list', '--all'], at.env)
  const [, newest, oldest] = all.out.split('\n')
  assert.ok(newest?.startsWith(at.second))
  assert.match(oldest ?? '', /closed by maria at 20\d\d-/)
  const told = await run(['hand-overs', 'close', at.first], at.env)
  assert.match(told.out, /was closed by maria at .* already\.\n$/)
})

test('hand-overs close exits with 1 for an id that is none, and nobody waiting is good news', async () => {
  await using at = await desk()
  const none = await run(['hand-overs', 'close', 'hov_none', '--json'], at.env)
  assert.equal(none.code, 1)
  assert.equal(JSON.parse(none.out).error.code, 'FG_CLI_HAND_OVER')
  for (const id of [at.first, at.second]) await run(['hand-overs', 'close', id], at.env)
  const empty = await run(['hand-overs', 'list'], at.env)
  assert.deepEqual([empty.code, empty.out], [0, 'Nobody waits.\n'])
})
