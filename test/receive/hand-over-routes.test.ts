import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Pool } from 'pg'
import { newId } from '../../src/id.ts'
import type { ApiOptions } from '../../src/receive/options.ts'
import { createPool } from '../../src/store/pool.ts'
import { seedHandOver } from '../store/seed-hand-over.ts'
import { testClock } from '../support/clock.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { keptLog } from '../support/log.ts'
import { type Edge, startEdge } from './edge.ts'
import { type Answer, send } from './meta.ts'

const TOKEN = 'a-token-of-the-company'
const NOW = new Date('2026-03-02T09:00:00.000Z')
const { log, lines } = keptLog()
const clock = testClock(NOW)

let database: TestDatabase
let pool: Pool
let edge: Edge

before(async () => {
  database = await testDatabase()
  pool = createPool({ url: database.url, max: 4, name: 'test' })
  edge = await startEdge({ api: api() })
})

after(async () => {
  await edge[Symbol.asyncDispose]()
  await pool.end()
  await database[Symbol.asyncDispose]()
})

function api(): ApiOptions {
  const mintToken = () => Promise.reject(new Error('no token is minted here'))
  return { token: TOKEN, mintToken, handOvers: { sql: pool, clock, log } }
}

const authorization = `Bearer ${TOKEN}`

const list = (query = ''): Promise<Answer> =>
  send(`${edge.url}/api/v1/hand-overs${query}`, {
    method: 'GET',
    headers: { authorization, 'content-type': undefined },
  })

const close = (id: string, body?: string): Promise<Answer> =>
  send(`${edge.url}/api/v1/hand-overs/${id}/close`, {
    ...(body === undefined ? {} : { body }),
    headers: { authorization, ...(body === undefined ? { 'content-type': undefined } : {}) },
  })

const idsOf = ({ body }: Answer): string[] => JSON.parse(body).hand_overs.map(({ id }: { id: string }) => id)

test('Who waits is listed without a word of their answers, and closing says who has helped', async () => {
  const id = await seedHandOver(pool, NOW, 'sales')
  const answer = await list()
  assert.equal(answer.status, 200)
  const { hand_overs: listed } = JSON.parse(answer.body)
  const mine = listed.find((one: { id: string }) => one.id === id)
  const { submission_id, ...rest } = mine
  assert.match(submission_id, /^sub_/)
  assert.deepEqual(rest, { id, flow: 'lead', screen: 'TALK', queue: 'sales', opened_at: NOW.toISOString() })
  assert.doesNotMatch(answer.body, /Ana|99999/)
  clock.advance(90_000)
  const closed = await close(id, '{"by":" maria "}')
  assert.equal(closed.status, 200)
  const { hand_over: after } = JSON.parse(closed.body)
  assert.deepEqual(after, { ...mine, closed_at: '2026-03-02T09:01:30.000Z', closed_by: 'maria' })
  assert.ok(!idsOf(await list()).includes(id))
  assert.ok(idsOf(await list('?state=closed')).includes(id))
  const line = lines.find((each) => each.includes('hand_over.closed'))
  assert.ok(line?.includes(id) && !line.includes('maria'))
})

test('A second press is 409, says who was first and changes nothing', async () => {
  const id = await seedHandOver(pool, NOW)
  assert.equal((await close(id)).status, 200)
  clock.advance(1_000)
  const again = await close(id, '{"by":"joana"}')
  assert.equal(again.status, 409)
  const { code, message } = JSON.parse(again.body).error
  assert.equal(code, 'FG_API_HAND_OVER_CLOSED')
  assert.match(message, /was closed at 2026-03-02T.* already; it stays as it is/)
  const { rows } = await pool.query('select closed_by from hand_overs where id = $1', [id])
  assert.deepEqual(rows, [{ closed_by: null }])
  const named = await seedHandOver(pool, NOW)
  await close(named, '{"by":"joana"}')
  assert.match(JSON.parse((await close(named)).body).error.message, /was closed by joana at 2026/)
})

test('One that is not there is 404, whatever stands in its place', async () => {
  for (const id of [newId('hov', NOW), 'hov_1', 'a%00b', '%F0%9F%98%80', "x'--"]) {
    const answer = await close(id, '{}')
    assert.equal(answer.status, 404, id)
    assert.equal(JSON.parse(answer.body).error.code, 'FG_API_HAND_OVER', id)
  }
})

test('A list is as long as asked for and of the state asked for', async () => {
  for (let index = 0; index < 3; index += 1) await seedHandOver(pool, NOW)
  assert.equal(idsOf(await list('?limit=2')).length, 2)
  const all = idsOf(await list('?state=all&limit=1000'))
  const parts = [...idsOf(await list('?state=open')), ...idsOf(await list('?state=closed'))]
  assert.deepEqual(all.toSorted(), parts.toSorted())
})

test('What cannot be understood is 400 and names the key', async () => {
  const id = await seedHandOver(pool, NOW)
  const bad: readonly [Promise<Answer>, RegExp][] = [
    [list('?state=waiting'), /query\/state/],
    [list('?limit=0'), /query\/limit/],
    [list('?limit=1001'), /query\/limit/],
    [list('?stat=open'), /query has the unknown key "stat" \(known are state, limit\)/],
    [close(id, '{"by":""}'), /body\/by/],
    [close(id, '{"by":"  "}'), /body\/by/],
    [close(id, `{"by":"${'x'.repeat(101)}"}`), /body\/by/],
    [close(id, '{"from":"maria"}'), /body has the unknown key "from" \(known are by\)/],
    [close(id, '[]'), /JSON object/],
  ]
  for (const [asked, why] of bad) {
    const answer = await asked
    assert.equal(answer.status, 400, answer.body)
    const { code, message } = JSON.parse(answer.body).error
    assert.equal(code, 'FG_API_BAD_REQUEST')
    assert.match(message, why)
  }
  assert.ok(idsOf(await list('?limit=1000')).includes(id))
})

test('Without the bearer token nobody sees or closes anything', async () => {
  const id = await seedHandOver(pool, NOW)
  const url = `${edge.url}/api/v1/hand-overs`
  assert.equal((await send(url, { method: 'GET' })).status, 401)
  assert.equal((await send(`${url}/${id}/close`, { body: '{}' })).status, 401)
  assert.ok(idsOf(await list('?limit=1000')).includes(id))
})
