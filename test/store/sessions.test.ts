import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Session } from '../../src/flow/session.ts'
import { createPool } from '../../src/store/pool.ts'
import { loadSessions, saveSessions } from '../../src/store/sessions.ts'
import { testDatabase } from '../support/database.ts'

test('a process that goes on while a newer one migrates still reads and writes sessions', async () => {
  await using database = await testDatabase()
  const pool = createPool({ url: database.url, max: 2, name: 'test' })
  const session = aSession('lead', 'in the middle')
  const older = await pool.connect()
  const key = { flow: session.flow, token: session.token }
  await saveSessions(older, [{ session, expectedRevision: 0 }])
  await loadSessions(older, [key])
  await pool.query('alter table sessions add column of_a_later_version text')
  await pool.query('alter table tokens add column of_a_later_version text')
  const [loaded] = await loadSessions(older, [key])
  assert.deepEqual(loaded?.session, { ...session, revision: 1 })
  assert.deepEqual(await saveSessions(older, [{ session, expectedRevision: 1 }]), [true])
  older.release()
  await pool.end()
})

function aSession(flow: string, token: string): Session {
  const now = new Date('2026-01-31T12:00:00Z')
  return {
    id: `ses_${token}`,
    flow,
    token,
    version: '1',
    revision: 0,
    screen: 'CONTACT',
    form: { full_name: 'Ana' },
    path: ['CONTACT'],
    person: {},
    source: {},
    language: undefined,
    lastRequest: undefined,
    lastAnswer: undefined,
    submissionId: undefined,
    createdAt: now,
    updatedAt: now,
    expiresAt: now,
    purgeAt: now,
  }
}
