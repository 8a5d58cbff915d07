import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Pool } from 'pg'
import { newId } from '../../src/id.ts'
import { closeHandOver, insertHandOvers, listHandOvers } from '../../src/store/hand-overs.ts'
import { createPool } from '../../src/store/pool.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { seedHandOver } from './seed-hand-over.ts'

const NOW = new Date('2026-03-02T09:00:00Z')
const at = (minutes: number): Date => new Date(NOW.getTime() + minutes * 60_000)

let database: TestDatabase
let pool: Pool
const ids: string[] = []

before(async () => {
  database = await testDatabase()
  pool = createPool({ url: database.url, max: 8, name: 'test' })
  for (const minutes of [0, 1, 2, 3]) ids.push(await seedHandOver(pool, at(minutes)))
})

after(async () => {
  await pool.end()
  await database[Symbol.asyncDispose]()
})

const listed = async (state: 'open' | 'closed' | 'all', limit = 100) =>
  (await listHandOvers(pool, { state, limit })).map(({ id }) => ids.indexOf(id))

test('open ones are listed with the longest wait first, others with the newest first', async () => {
  assert.deepEqual(await listed('open'), [0, 1, 2, 3])
  assert.deepEqual(await listed('open', 2), [0, 1])
  assert.deepEqual(await listed('closed'), [])
  await closeHandOver(pool, ids[1] ?? '', undefined, at(10))
  await closeHandOver(pool, ids[2] ?? '', 'maria', at(9))
  assert.deepEqual(
    [await listed('open'), await listed('closed'), await listed('all')],
    [
      [0, 3],
      [2, 1],
      [3, 2, 1, 0],
    ],
  )
  assert.deepEqual([await listed('closed', 1), await listed('all', 1)], [[2], [3]])
})

test('of 20 who close one at once the first does, and the others are told who it was', async () => {
  const id = await seedHandOver(pool, at(20))
  const results = await Promise.all(
    Array.from({ length: 20 }, (_, index) => closeHandOver(pool, id, `agent-${index}`, at(21 + index))),
  )
  const closed = results.filter(({ kind }) => kind === 'closed')
  assert.equal(closed.length, 1)
  const winner = closed[0]?.kind === 'closed' ? closed[0].handOver : undefined
  assert.match(winner?.closedBy ?? '', /^agent-/)
  for (const result of results) assert.deepEqual(result.kind !== 'not-found' && result.handOver, winner)
  assert.equal(results.filter(({ kind }) => kind === 'already').length, 19)
})

test('one that is not there is not found', async () => {
  assert.deepEqual(await closeHandOver(pool, newId('hov', NOW), 'maria', NOW), { kind: 'not-found' })
})

test('a submission is handed over once, and none is handed over without one', async () => {
  const of = (submissionId: string) => ({
    id: newId('hov', NOW),
    submissionId,
    flow: 'lead',
    screen: 'TALK',
    queue: undefined,
    openedAt: NOW,
  })
  const { rows } = await pool.query<{ submission_id: string }>('select submission_id from hand_overs limit 1')
  await assert.rejects(insertHandOvers(pool, [of(rows[0]?.submission_id ?? '')]), /unique/)
  await assert.rejects(insertHandOvers(pool, [of('sub_none')]), /foreign key/)
})
