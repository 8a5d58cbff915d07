import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import type { Pool } from 'pg'
import { NO_PROGRESS, type Session } from '../../src/flow/session.ts'
import { createPool, inTransaction } from '../../src/store/pool.ts'
import { holdReservation } from '../../src/store/reservations.ts'
import { loadSessions, type SessionWrite, saveSessions } from '../../src/store/sessions.ts'
import { insertToken } from '../../src/store/tokens.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { aSession } from './stored-session.ts'

let database: TestDatabase
let pool: Pool

before(async () => {
  database = await testDatabase()
  pool = createPool({ url: database.url, max: 8, name: 'test' })
})

after(async () => {
  await pool.end()
  await database[Symbol.asyncDispose]()
})

beforeEach(() => pool.query('truncate sessions, tokens, reservations'))

const LATER = new Date('2026-02-01T09:00:00Z')

async function store(token: string, different: Partial<Session> = {}): Promise<Session> {
  const session = aSession(token, { personKey: 'ana', ...different })
  assert.deepEqual(await saveSessions(pool, [{ session, expectedRevision: 0 }]), [true])
  return { ...session, revision: 1 }
}

async function stored(token: string): Promise<Session | undefined> {
  return (await loadSessions(pool, [{ flow: 'lead', token }]))[0]?.session
}

/** A run under `token` that goes on with the answers of `left`. */
function takingOver(token: string, left: Session, expectedRevision = 0): SessionWrite {
  const session = aSession(token, { personKey: 'ana', form: left.form, updatedAt: LATER, expiresAt: LATER })
  return { session, expectedRevision, takesOver: left }
}

test('a run that goes on with the answers of another ends it in the same moment: they live once', async () => {
  const left = await store('left', {
    form: { email: 'ana@acme.com' },
    path: ['CONTACT', 'NEEDS'],
    lastRequest: 'print',
    lastAnswer: { screen: 'NEEDS', data: { email: 'ana@acme.com' } },
    progress: { ...NO_PROGRESS, choices: 2 },
  })
  const write = takingOver('new', left)
  const beside = aSession('beside')
  assert.deepEqual(await saveSessions(pool, [{ session: beside, expectedRevision: 0 }, write]), [true, true])
  assert.deepEqual(await stored('new'), { ...write.session, revision: 1 })
  assert.deepEqual(await stored('beside'), { ...beside, revision: 1 })
  const { rows } = await pool.query(`select * from sessions where token = 'left'`)
  assert.doesNotMatch(JSON.stringify(rows), /ana@acme/)
  assert.deepEqual(await stored('left'), {
    ...left,
    revision: 2,
    form: {},
    path: [],
    personKey: undefined,
    progress: NO_PROGRESS,
    lastRequest: undefined,
    lastAnswer: undefined,
    updatedAt: LATER,
    expiresAt: LATER,
  })
})

test('once taken over, answers are found under the newer token alone, also by the message they began with', async () => {
  const left = await store('left')
  for (const token of ['left', 'new', 'third']) await bind(token)
  const find = async (token: string) => (await loadSessions(pool, [{ flow: 'lead', token, resumePerson: true }]))[0]
  const write = takingOver('new', left)
  await saveSessions(pool, [write])
  assert.equal((await find('left'))?.unfinished?.token, 'new')
  assert.equal((await find('third'))?.unfinished?.token, 'new')
  await saveSessions(pool, [{ session: { ...write.session, submissionId: 'sub_1' }, expectedRevision: 1 }])
  assert.equal((await find('left'))?.unfinished, undefined)
  assert.equal((await find('third'))?.unfinished, undefined)
})

test('a run that has moved or ended meanwhile is not taken over, and what would have is not stored', async () => {
  const left = await store('left')
  await saveSessions(pool, [{ session: { ...left, form: { more: 1 } }, expectedRevision: 1 }])
  assert.deepEqual(await saveSessions(pool, [takingOver('new', left)]), [false])
  assert.equal(await stored('new'), undefined)
  assert.deepEqual((await stored('left'))?.form, { more: 1 })
  await saveSessions(pool, [{ session: { ...left, submissionId: 'sub_1' }, expectedRevision: 2 }])
  assert.deepEqual(await saveSessions(pool, [takingOver('new', { ...left, revision: 3 })]), [false])
  assert.deepEqual(await saveSessions(pool, [takingOver('new', { ...left, token: 'never-was' })]), [false])
  assert.equal(await stored('new'), undefined)
})

test('where the new run itself has moved meanwhile the old one keeps its answers', async () => {
  const left = await store('left')
  const begun = await store('new')
  assert.deepEqual(await saveSessions(pool, [takingOver('new', left)]), [false])
  assert.deepEqual(await saveSessions(pool, [takingOver('new', left, 7)]), [false])
  assert.deepEqual([await stored('left'), await stored('new')], [left, begun])
  assert.deepEqual(await saveSessions(pool, [takingOver('new', left, 1)]), [true])
})

test('of several that would take over one run only one does, together or at once', async () => {
  const left = await store('left')
  const together = ['one', 'two', 'three'].map((token) => takingOver(token, left))
  const itself: SessionWrite = { session: { ...left, form: { more: 1 } }, expectedRevision: 1 }
  assert.deepEqual(await saveSessions(pool, [...together, itself]), [true, false, false, false])
  for (let round = 0; round < 20; round += 1) {
    const wanted = await store(`left-${round}`)
    const writes = Array.from({ length: 6 }, (_, n) => takingOver(`round-${round}-${n}`, wanted))
    writes.push({ session: { ...wanted, form: { more: 1 } }, expectedRevision: 1 })
    const saved = await Promise.all(writes.map((write) => saveSessions(pool, [write])))
    assert.equal(saved.flat().filter(Boolean).length, 1)
    const { rows } = await pool.query('select token from sessions where token like $1', [`round-${round}-%`])
    assert.ok(rows.length <= 1)
  }
})

test('runs that take over each other crosswise, on many connections, never wait for each other in a circle', async () => {
  const tokens = Array.from({ length: 24 }, (_, n) => `cross-${n}`)
  for (const token of tokens) await store(token)
  let moved = 0
  const rounds = Array.from({ length: 8 }, async (_, connection) => {
    for (let step = 0; step < 40; step += 1) {
      const loaded = await loadSessions(
        pool,
        tokens.map((token) => ({ flow: 'lead', token })),
      )
      const sessions = loaded.flatMap(({ session }) => (session === undefined ? [] : [session]))
      // Each batch begins elsewhere and goes through the runs in steps of its own: two of three take over the next.
      const order = sessions.map((_, n) => sessions[(connection * 5 + n * (step % 2 === 0 ? 5 : 7)) % sessions.length])
      const writes: SessionWrite[] = []
      for (let n = 0; n + 1 < 12; n += 2) {
        const [mine, other] = [order[n], order[n + 1]]
        if (mine === undefined || other === undefined) continue
        const write = { session: mine, expectedRevision: mine.revision }
        writes.push(n % 3 === 0 || step % 3 === 0 ? write : { ...write, takesOver: other })
      }
      moved += (await inTransaction(pool, (sql) => saveSessions(sql, writes))).filter(Boolean).length
    }
  })
  await Promise.all(rounds)
  // Whichever batch was the first, nothing had changed before it.
  assert.ok(moved >= 6, `${moved} were stored`)
})

test('what the old run had reserved belongs to the new one', async () => {
  const left = await store('left')
  const reserved = { flow: 'lead', source: 'calendar', release: 'give', parameters: {}, reservedAt: LATER }
  await holdReservation(pool, { ...reserved, key: 'mine', token: 'left', sessionId: left.id })
  await holdReservation(pool, { ...reserved, key: 'other', token: 'else', sessionId: 'ses_else' })
  await saveSessions(pool, [takingOver('new', { ...left, revision: 7 })])
  const owners = async () => (await pool.query('select key, token, session_id from reservations order by key')).rows
  const other = { key: 'other', token: 'else', session_id: 'ses_else' }
  assert.deepEqual(await owners(), [{ key: 'mine', token: 'left', session_id: 'ses_left' }, other])
  await saveSessions(pool, [takingOver('new', left)])
  assert.deepEqual(await owners(), [{ key: 'mine', token: 'new', session_id: 'ses_new' }, other])
})

async function bind(token: string): Promise<void> {
  const bound = { flow: 'lead', version: undefined, person: {}, source: {}, language: undefined, prefill: {} }
  await insertToken(pool, { token, personKey: 'ana', ...bound, createdAt: LATER, expiresAt: LATER })
}
