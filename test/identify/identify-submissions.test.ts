import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import type { Pool } from 'pg'
import { createAlerts } from '../../src/alert/alerts.ts'
import { reconcileAlerts } from '../../src/alert/reconcile.ts'
import { newId } from '../../src/id.ts'
import { decideQuestion } from '../../src/identify/decide-question.ts'
import { createIdentifySubmissions } from '../../src/identify/identify-submissions.ts'
import { askAboutPersons, openPersonQuestions } from '../../src/store/person-questions.ts'
import { lockIdentifying, readPerson, setPerson } from '../../src/store/persons.ts'
import { createPool } from '../../src/store/pool.ts'
import { insertSubmissions } from '../../src/store/submissions.ts'
import { type TestClock, testClock } from '../support/clock.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { keptLog } from '../support/log.ts'

let database: TestDatabase
let pool: Pool
let clock: TestClock

before(async () => {
  database = await testDatabase()
  pool = createPool({ url: database.url, max: 6, name: 'test' })
})

after(async () => {
  await pool.end()
  await database[Symbol.asyncDispose]()
})

beforeEach(async () => {
  await pool.query('truncate submissions, persons, person_keys, person_questions, alerts cascade')
  clock = testClock()
})

async function submit(person: Record<string, string>, form: Record<string, string> = {}): Promise<string> {
  const acceptedAt = clock.now()
  const id = newId('sub', acceptedAt)
  const rest = { flow: 'lead', version: '1', occasion: 'submitted', variant: undefined, sessionId: undefined } as const
  const answer = { screen: 'SUCCESS', data: {} }
  const known = { key: id, possibleRepeat: false, session: {}, mappingHash: undefined, requestId: 'req_1' }
  await insertSubmissions(pool, [{ id, ...rest, ...known, form, person, answer, acceptedAt }], [])
  clock.advance(1_000)
  return id
}

function identify(): Promise<void> {
  return createIdentifySubmissions({ pool, clock, log: keptLog().log, alerts: createAlerts(clock) })()
}

async function personOf(submissionId: string): Promise<string | null> {
  const { rows } = await pool.query('select person_id, identified_at from submissions where id = $1', [submissionId])
  assert.notEqual(rows[0]?.identified_at, null)
  return rows[0]?.person_id
}

test('an id without a number, then both, then the number alone are one person', async () => {
  const ids = [
    await submit({ user_id: 'BR.1a2b' }),
    await submit({ user_id: 'BR.1a2b', phone: '5511987654321' }),
    await submit({ phone: '+5511987654321' }),
  ]
  await identify()
  const people = await Promise.all(ids.map(personOf))
  assert.equal(new Set(people).size, 1)
  const person = await readPerson(pool, people[0] ?? '')
  assert.deepEqual(
    person?.keys.map(({ kind, value }) => [kind, value]),
    [
      ['user_id', 'BR.1a2b'],
      ['phone', '+5511987654321'],
    ],
  )
  assert.deepEqual(
    person?.submissions.map(({ id }) => id),
    ids.toReversed(),
  )
})

test('two known apart become one when a submission carries a verified key of each', async () => {
  const apart = [await submit({ user_id: 'BR.1a2b' }), await submit({ phone: '5511987654321' })]
  await identify()
  const before = await Promise.all(apart.map(personOf))
  assert.notEqual(before[0], before[1])
  await submit({ user_id: 'BR.1a2b', phone: '5511987654321' })
  await identify()
  assert.deepEqual(await Promise.all(apart.map(personOf)), [before[0], before[0]])
  assert.equal((await readPerson(pool, before[1] ?? ''))?.id, before[0], 'the old id leads to the person')
})

test('a number is found in another spelling, and kept as it came', async () => {
  const ids = [await submit({ phone: '+551187654321' }), await submit({ phone: '+5511987654321' })]
  await identify()
  const people = await Promise.all(ids.map(personOf))
  assert.equal(people[0], people[1])
  const { keys = [] } = (await readPerson(pool, people[0] ?? '')) ?? {}
  assert.deepEqual(
    keys.map(({ value }) => value),
    ['+551187654321', '+5511987654321'],
  )
})

test('a typed address of somebody else merges nobody: one question, one alert, until somebody decides', async () => {
  const theirs = await submit({ user_id: 'BR.ana' }, { email: 'office@acme.com' })
  const mine = await submit({ user_id: 'BR.bia' }, { email: 'office@acme.com' })
  const again = await submit({ user_id: 'BR.bia' }, { email: 'office@acme.com' })
  await identify()
  const [ana, bia, biaAgain] = await Promise.all([theirs, mine, again].map(personOf))
  assert.notEqual(ana, bia)
  assert.equal(bia, biaAgain)
  const questions = await openPersonQuestions(pool, 10)
  assert.deepEqual(
    questions.map(({ persons, because }) => [persons, because]),
    [[[ana, bia].toSorted(), 'email']],
  )
  const alerts = () => pool.query('select condition, text from alerts where closed_at is null')
  const open = (await alerts()).rows
  assert.deepEqual(
    open.map(({ condition }) => condition),
    ['persons.unclear'],
  )
  assert.doesNotMatch(JSON.stringify(open), /office|acme|BR\./)
  const id = questions[0]?.id ?? ''
  const decided = await decideQuestion({ pool, clock }, { id, decision: 'same', by: 'maria' })
  assert.equal(decided.kind, 'decided')
  const twice = await decideQuestion({ pool, clock }, { id, decision: 'different', by: undefined })
  assert.deepEqual(twice, { kind: 'already', decision: 'same' })
  const people = await Promise.all([theirs, mine, again].map(personOf))
  assert.equal(new Set(people).size, 1)
  await reconcileAlerts({ pool, clock })
  assert.equal((await alerts()).rowCount, 0)
})

test('who stay apart by decision are not asked about again', async () => {
  await submit({ user_id: 'BR.ana' }, { email: 'office@acme.com' })
  await submit({ user_id: 'BR.bia' }, { email: 'office@acme.com' })
  await identify()
  const [question] = await openPersonQuestions(pool, 10)
  await decideQuestion({ pool, clock }, { id: question?.id ?? '', decision: 'different', by: undefined })
  await submit({ user_id: 'BR.bia' }, { email: 'office@acme.com' })
  await identify()
  assert.deepEqual(await openPersonQuestions(pool, 10), [])
})

test('a submission without any key is looked at once and nobody’s', async () => {
  const id = await submit({}, { name: 'Ana' })
  await identify()
  assert.equal(await personOf(id), null)
})

test('several processes at once give each person one id', async () => {
  const ids = []
  for (let index = 0; index < 60; index += 1) ids.push(await submit({ user_id: `BR.p${index % 6}` }))
  await Promise.all([identify(), identify(), identify()])
  await identify()
  const people = await Promise.all(ids.map(personOf))
  assert.equal(new Set(people).size, 6)
  assert.equal((await pool.query('select from persons')).rowCount, 6)
})

test('who stay apart by decision raise no alert when they come again', async () => {
  await submit({ user_id: 'BR.ana' }, { email: 'office@acme.com' })
  await submit({ user_id: 'BR.bia' }, { email: 'office@acme.com' })
  await identify()
  const [question] = await openPersonQuestions(pool, 10)
  await decideQuestion({ pool, clock }, { id: question?.id ?? '', decision: 'different', by: undefined })
  await reconcileAlerts({ pool, clock })
  await submit({ user_id: 'BR.bia' }, { email: 'office@acme.com' })
  await identify()
  assert.equal((await pool.query('select from alerts where closed_at is null')).rowCount, 0)
})

/** People known by one key each, in the order of their ids, with the submissions that brought them. */
async function acquainted(...keys: readonly Record<string, string>[]) {
  const submissions: string[] = []
  for (const key of keys) {
    submissions.push(await submit(key))
    await identify()
  }
  return { submissions, people: await Promise.all(submissions.map(personOf)) }
}

/** A question whether these people are one. */
async function ask(persons: readonly (string | null)[]): Promise<string> {
  const submissionId = await submit({})
  const id = newId('pqs', clock.now())
  const known = persons.filter((person) => person !== null)
  await askAboutPersons(pool, { id, submissionId, persons: known, because: 'email', openedAt: clock.now() })
  return id
}

test('questions about people who were merged meanwhile are about whom they were merged into', async () => {
  const { submissions, people } = await acquainted({ email: 'b@x.com' }, { user_id: 'BR.a' }, { email: 'c@x.com' })
  const [b = null, a = null, c = null] = people
  const questions = [await ask([b, c]), await ask([b, a]), await ask([a, c])]
  // By a submission that carries both, the first of the question is somebody else's by now.
  await submit({ user_id: 'BR.a', email: 'b@x.com' })
  await identify()
  for (const id of questions) await decideQuestion({ pool, clock }, { id, decision: 'same', by: 'maria' })
  assert.deepEqual(await Promise.all(submissions.map(personOf)), [a, a, a])
  const { keys = [] } = (await readPerson(pool, c ?? '')) ?? {}
  assert.deepEqual(
    keys.map(({ value }) => value),
    ['BR.a', 'b@x.com', 'c@x.com'],
  )
  const { rows } = await pool.query('select id, merged_into from persons order by id')
  assert.deepEqual(
    rows,
    people.map((id) => ({ id, merged_into: id === a ? null : a })),
  )
})

test('a decision waits for people being identified at the same moment, and nobody is left with who is no more', async () => {
  const { submissions, people } = await acquainted({ user_id: 'BR.a' }, { email: 'b@x.com' })
  const [a = null, b = null] = people
  const question = await ask([a, b])
  const late = await submit({ email: 'b@x.com' })
  let decided: Promise<unknown> | undefined
  const client = await pool.connect()
  try {
    await client.query('begin')
    assert.equal(await lockIdentifying(client), true)
    await setPerson(client, late, b ?? undefined, clock.now())
    decided = decideQuestion({ pool, clock }, { id: question, decision: 'same', by: undefined })
    const waits = `select from pg_locks join pg_database on oid = database
      where locktype = 'advisory' and not granted and datname = current_database()`
    await eventually(async () => (await pool.query(waits)).rowCount === 1)
    await client.query('commit')
  } finally {
    client.release()
  }
  await decided
  assert.deepEqual(await Promise.all([...submissions, late].map(personOf)), [a, a, a])
})

test('a round ends however much there is to look through, and the next one goes on', async () => {
  await pool.query(
    `insert into submissions (id, flow, version, key, form, person, session, answer, request_id, accepted_at)
     select 'sub_' || n, 'lead', '1', n, '{}', '{}', '{}', '{}', 'req_1', now() from generate_series(1, 2100) n`,
  )
  const left = async () => (await pool.query('select from submissions where identified_at is null')).rowCount
  await identify()
  assert.equal(await left(), 100)
  await identify()
  assert.equal(await left(), 0)
})
