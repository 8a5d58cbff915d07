import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Pool } from 'pg'
import { NO_PROGRESS, type Progress } from '../../src/flow/session.ts'
import { createPool } from '../../src/store/pool.ts'
import { loadSessions, saveSessions } from '../../src/store/sessions.ts'
import { insertToken } from '../../src/store/tokens.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { aSession } from './stored-session.ts'

let database: TestDatabase
let pool: Pool

before(async () => {
  database = await testDatabase()
  pool = createPool({ url: database.url, max: 4, name: 'test' })
})

after(async () => {
  await pool.end()
  await database[Symbol.asyncDispose]()
})

test('a process that goes on while a newer one migrates still reads and writes sessions', async () => {
  await using own = await testDatabase()
  const apart = createPool({ url: own.url, max: 2, name: 'test' })
  const session = aSession('in the middle')
  const older = await apart.connect()
  const key = { flow: session.flow, token: session.token }
  await saveSessions(older, [{ session, expectedRevision: 0 }])
  await loadSessions(older, [key])
  await apart.query('alter table sessions add column of_a_later_version text')
  await apart.query('alter table tokens add column of_a_later_version text')
  const [loaded] = await loadSessions(older, [key])
  assert.deepEqual(loaded?.session, { ...session, revision: 1 })
  const [further] = await loadSessions(older, [{ ...key, resumePerson: true }])
  assert.deepEqual(further, loaded)
  assert.deepEqual(await saveSessions(older, [{ session, expectedRevision: 1 }]), [true])
  older.release()
  await apart.end()
})

test('all that a session remembers comes back as it was stored', async () => {
  const reservation = {
    key: 'k',
    source: 'calendar',
    reserve: 'take',
    release: 'give',
    parameters: { slot: 9, list: [1] },
  }
  const progress: Progress = {
    checks: { coupon: { ok: true, message: 'You save 5 %', value: { percent: 5 }, basis: 'b' } },
    flags: ['stock'],
    refusals: { CONTACT: 2 },
    reservations: { slot: reservation },
    choices: 3,
    left: ['CONTACT', 'NEEDS'],
    queue: 'enterprise',
  }
  const session = aSession('full', {
    version: undefined,
    personKey: 'hash',
    variant: 'short',
    language: 'pt_BR',
    source: { campaign: 'spring' },
    lastRequest: 'print',
    lastAnswer: { screen: 'NEEDS', data: { a: [1] } },
    submissionId: 'sub_1',
    progress,
  })
  const plain = aSession('plain')
  const writes = [session, plain].map((each) => ({ session: each, expectedRevision: 0 }))
  assert.deepEqual(await saveSessions(pool, writes), [true, true])
  const loaded = await loadSessions(pool, [plain, session, aSession('nobody')])
  assert.deepEqual(
    loaded.map((each) => each.session),
    [{ ...plain, revision: 1 }, { ...session, revision: 1 }, undefined],
  )
})

test('a session from before there was progress has made none', async () => {
  await saveSessions(pool, [
    { session: aSession('old', { progress: { ...NO_PROGRESS, choices: 1 } }), expectedRevision: 0 },
  ])
  await pool.query(`update sessions set progress = '{}' where token = 'old'`)
  const [loaded] = await loadSessions(pool, [aSession('old')])
  assert.deepEqual(loaded?.session?.progress, NO_PROGRESS)
})

test('of two writes for one run the first is stored, and only over the revision it was computed from', async () => {
  const one = aSession('twice', { form: { n: 1 } })
  const two = aSession('twice', { form: { n: 2 } })
  const both = [one, two].map((session) => ({ session, expectedRevision: 0 }))
  assert.deepEqual(await saveSessions(pool, both), [true, false])
  assert.deepEqual(await saveSessions(pool, [{ session: two, expectedRevision: 0 }]), [false])
  assert.deepEqual((await loadSessions(pool, [one]))[0]?.session?.form, { n: 1 })
  assert.deepEqual(await saveSessions(pool, [{ session: two, expectedRevision: 1 }]), [true])
  assert.deepEqual((await loadSessions(pool, [one]))[0]?.session?.form, { n: 2 })
})

test('what a token was bound to comes with it, its version and person included', async () => {
  const createdAt = new Date('2026-01-31T12:00:00Z')
  const expiresAt = new Date('2026-02-03T12:00:00Z')
  const bound = { flow: 'lead', version: '2', person: { phone: '+1' }, personKey: 'hash', source: { campaign: 'x' } }
  const token = { token: 'bound', ...bound, language: 'de', prefill: { email: 'a@b.c' }, createdAt, expiresAt }
  assert.equal(await insertToken(pool, token), true)
  const bare = { token: 'bare', flow: 'lead', version: undefined, person: {}, personKey: undefined, source: {} }
  assert.equal(await insertToken(pool, { ...bare, language: undefined, prefill: {}, createdAt, expiresAt }), true)
  const loaded = await loadSessions(pool, [aSession('bare'), aSession('bound')])
  assert.deepEqual(
    loaded.map(({ binding }) => binding),
    [
      {
        flow: 'lead',
        version: undefined,
        person: {},
        personKey: undefined,
        source: {},
        language: undefined,
        prefill: {},
        expiresAt,
        revokedAt: undefined,
      },
      { ...bound, language: 'de', prefill: { email: 'a@b.c' }, expiresAt, revokedAt: undefined },
    ],
  )
})
