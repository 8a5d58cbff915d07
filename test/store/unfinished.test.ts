import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import type { Pool } from 'pg'
import type { Session } from '../../src/flow/session.ts'
import { createPool, type Sql } from '../../src/store/pool.ts'
import { loadSessions, type SessionKey, saveSessions } from '../../src/store/sessions.ts'
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

beforeEach(() => pool.query('truncate sessions, tokens'))

async function bind(token: string, personKey: string | undefined): Promise<void> {
  const [createdAt, expiresAt] = [new Date('2026-01-31T12:00:00Z'), new Date('2026-03-31T12:00:00Z')]
  const bound = { flow: 'lead', version: undefined, person: {}, source: {}, language: undefined, prefill: {} }
  await insertToken(pool, { token, personKey, ...bound, createdAt, expiresAt })
}

async function store(token: string, different: Partial<Session>): Promise<Session> {
  const session = aSession(token, different)
  assert.deepEqual(await saveSessions(pool, [{ session, expectedRevision: 0 }]), [true])
  return { ...session, revision: 1 }
}

const asked = (token: string, resumePerson = true): SessionKey => ({ flow: 'lead', token, resumePerson })
const unfinishedOf = async (key: SessionKey) => (await loadSessions(pool, [key]))[0]?.unfinished?.token

test("a new token's person finds the newest run left unfinished under another token, however long ago it expired", async () => {
  await bind('new', 'ana')
  await store('older', { personKey: 'ana', updatedAt: new Date('2026-01-01T00:00:00Z') })
  const newest = await store('newest', { personKey: 'ana', updatedAt: new Date('2026-01-02T00:00:00Z') })
  await store('done', { personKey: 'ana', updatedAt: new Date('2026-01-03T00:00:00Z'), submissionId: 'sub_1' })
  await store('of-bob', { personKey: 'bob', updatedAt: new Date('2026-01-04T00:00:00Z') })
  await store('elsewhere', { flow: 'other', personKey: 'ana', updatedAt: new Date('2026-01-05T00:00:00Z') })
  await store('nobody', { updatedAt: new Date('2026-01-06T00:00:00Z') })
  const [loaded] = await loadSessions(pool, [asked('new')])
  assert.deepEqual([loaded?.session, loaded?.unfinished], [undefined, newest])
  assert.equal(loaded?.binding?.personKey, 'ana')
})

test('nothing is looked for where the flow does not ask for it, or where nobody can be told apart', async () => {
  await bind('new', 'ana')
  await bind('nameless', undefined)
  await store('left', { personKey: 'ana' })
  await store('left-too', {})
  assert.equal(await unfinishedOf(asked('new', false)), undefined)
  assert.equal(await unfinishedOf({ flow: 'lead', token: 'new' }), undefined)
  assert.equal(await unfinishedOf(asked('nameless')), undefined)
  assert.equal(await unfinishedOf(asked('never-bound')), undefined)
  assert.equal(await unfinishedOf(asked('new')), 'left')
})

test('an unfinished run of its own keeps a token from another, a finished one does not', async () => {
  await bind('new', 'ana')
  await store('left', { personKey: 'ana' })
  const own = await store('new', { personKey: 'ana' })
  const [going] = await loadSessions(pool, [asked('new')])
  assert.deepEqual([going?.session, going?.unfinished], [own, undefined])
  await saveSessions(pool, [{ session: { ...own, submissionId: 'sub_1' }, expectedRevision: 1 }])
  const [finished] = await loadSessions(pool, [asked('new')])
  assert.deepEqual([finished?.session?.token, finished?.unfinished?.token], ['new', 'left'])
})

test('many are loaded in one statement, each with what is its own', async () => {
  for (const name of ['ana', 'bob', 'eve']) {
    await bind(`new-${name}`, name)
    await store(`left-${name}`, { personKey: name })
  }
  const own = await store('own', {})
  let statements = 0
  const counting: Sql = {
    query: (statement, values) => {
      statements += 1
      return pool.query(statement, values)
    },
  }
  const keys = [asked('new-eve'), asked('new-bob', false), asked('own', false), asked('new-ana'), asked('unknown')]
  const loaded = await loadSessions(counting, keys)
  assert.equal(statements, 1)
  assert.deepEqual(
    loaded.map(({ unfinished }) => unfinished?.token),
    ['left-eve', undefined, undefined, 'left-ana', undefined],
  )
  assert.deepEqual(
    loaded.map(({ session }) => session),
    [undefined, undefined, own, undefined, undefined],
  )
  assert.deepEqual(
    loaded.map(({ binding }) => binding?.personKey),
    ['eve', 'bob', undefined, 'ana', undefined],
  )
})

interface Plan {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Index Name'?: string
  readonly 'Actual Loops': number
  readonly Plans?: readonly Plan[]
}

test('among many sessions it reads by index, and does not look at all for those that did not ask', async () => {
  await pool.query(
    `insert into sessions (flow, token, id, version, revision, screen, form, path, person, person_key, source,
                           created_at, updated_at, expires_at, purge_at)
     select 'lead', 'token-' || n, 'ses_' || n, '1', 1, 'CONTACT', '{}', '{}', '{}', 'person-' || n % 4000, '{}',
            now(), now() - n * interval '1 s', now(), now()
     from generate_series(1, 8000) as n`,
  )
  await pool.query(
    `insert into tokens (token, flow, person_key, created_at, expires_at)
     select 'new-' || n, 'lead', 'person-' || n, now(), now() from generate_series(1, 4000) as n`,
  )
  await pool.query('analyze sessions, tokens')
  const plans: Plan[] = []
  const explaining: Sql = {
    query: async (statement, values) => {
      if (typeof statement !== 'string') throw new Error('the statement has a name, and so a plan that stays')
      const { rows } = await pool.query(`explain (analyze, format json) ${statement}`, values)
      plans.push(rows[0]['QUERY PLAN'][0].Plan)
      return pool.query(statement, values)
    },
  }
  const keys = Array.from({ length: 32 }, (_, n) => asked(`new-${n + 1}`, n % 2 === 0))
  const loaded = await loadSessions(explaining, keys)
  assert.deepEqual(
    loaded.map(({ unfinished }) => unfinished?.token),
    keys.map(({ resumePerson }, n) => (resumePerson ? `token-${n + 1}` : undefined)),
  )
  const nodes = flat(plans[0])
  const scans = nodes.filter((node) => node['Relation Name'] === 'sessions' || node['Index Name'] !== undefined)
  assert.deepEqual(
    scans.filter((node) => node['Node Type'] === 'Seq Scan'),
    [],
  )
  const looks = nodes.filter((node) => node['Index Name'] === 'sessions_of_person')
  assert.deepEqual(
    looks.map((node) => node['Actual Loops']),
    [16],
  )
  await loadSessions(
    explaining,
    keys.map(({ flow, token }) => ({ flow, token })),
  )
  assert.equal(
    flat(plans[1]).some((node) => node['Index Name'] === 'sessions_of_person'),
    false,
  )
})

function flat(plan: Plan | undefined): readonly Plan[] {
  return plan === undefined ? [] : [plan, ...(plan.Plans ?? []).flatMap(flat)]
}
