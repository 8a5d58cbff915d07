import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createAlerts } from '../../src/alert/alerts.ts'
import { newId } from '../../src/id.ts'
import { createIdentifySubmissions } from '../../src/identify/identify-submissions.ts'
import { createPool } from '../../src/store/pool.ts'
import { insertSubmissions } from '../../src/store/submissions.ts'
import { testClock } from '../support/clock.ts'
import { testDatabase } from '../support/database.ts'
import { keptLog } from '../support/log.ts'
import { run } from './terminal.ts'

/** A database in which two people gave one address. */
async function desk() {
  const database = await testDatabase()
  const pool = createPool({ url: database.url, max: 2, name: 'test' })
  const clock = testClock()
  const submit = async (userId: string) => {
    const id = newId('sub', clock.now())
    const submission = {
      ...({ id, flow: 'lead', version: '1', occasion: 'submitted', variant: undefined, sessionId: undefined } as const),
      ...{ key: id, possibleRepeat: false, form: { email: 'office@acme.com' }, person: { user_id: userId } },
      ...{ session: {}, answer: { screen: 'SUCCESS', data: {} }, mappingHash: undefined, requestId: 'req_1' },
      acceptedAt: clock.now(),
    }
    await insertSubmissions(pool, [submission], [])
    clock.advance(1_000)
    return id
  }
  const submissions = [await submit('BR.ana'), await submit('BR.bia')]
  await createIdentifySubmissions({ pool, clock, log: keptLog().log, alerts: createAlerts(clock) })()
  return {
    submissions,
    env: { DATABASE_URL: database.url },
    async [Symbol.asyncDispose]() {
      await pool.end()
      await database[Symbol.asyncDispose]()
    },
  }
}

test('people questions names who may be one, and decide settles it once', async () => {
  await using at = await desk()
  const listed = await run(['people', 'questions', '--json'], at.env)
  const { questions } = JSON.parse(listed.out)
  assert.deepEqual([questions.length, questions[0].because, questions[0].submission], [1, 'email', at.submissions[1]])
  assert.doesNotMatch(listed.out, /acme|BR\./)
  const text = await run(['people', 'questions'], at.env)
  assert.match(text.out, new RegExp(`^QUESTION .*\n${questions[0].id} +per_\\w+ per_\\w+ +email`))
  assert.match(text.out, /\nPERSON .*\nper_\w+ +user_id +B•••/)
  assert.match(text.out, /--reveal shows them/)
  const revealed = await run(['people', 'questions', '--reveal', '--json'], at.env)
  const { keys } = JSON.parse(revealed.out).questions[0]
  assert.deepEqual(Object.keys(keys), questions[0].persons)
  assert.deepEqual(
    Object.keys(keys)
      .map((id: string) => keys[id].map(({ value }: { value: string }) => value))
      .toSorted(),
    [['BR.ana', 'office@acme.com'], ['BR.bia']],
  )
  assert.match((await run(['people', 'questions', '--reveal'], at.env)).out, / user_id +BR\.bia/)
  const decided = await run(['people', 'decide', questions[0].id, 'same', '--by', 'maria'], at.env)
  assert.equal(decided.code, 0, decided.err)
  assert.match(decided.out, /^They are one person now: per_/)
  const again = await run(['people', 'decide', questions[0].id, 'different'], at.env)
  assert.deepEqual([again.code, again.out], [0, `${questions[0].id} was decided already: same.\n`])
  assert.match((await run(['people', 'questions'], at.env)).out, /nothing to decide/)
})

test('people show finds a person by each key, masked unless told otherwise', async () => {
  await using at = await desk()
  const masked = await run(['people', 'show', 'BR.ana'], at.env)
  assert.equal(masked.code, 0, masked.err)
  assert.doesNotMatch(masked.out, /office@acme.com|BR\.ana/)
  assert.match(masked.out, new RegExp(`${at.submissions[0]} +lead`))
  const shown = await run(['people', 'show', 'Office@Acme.com', '--reveal', '--json'], at.env)
  const { person } = JSON.parse(shown.out)
  assert.deepEqual(
    person.keys.map(({ kind, value }: Record<string, string>) => [kind, value]),
    [
      ['user_id', 'BR.ana'],
      ['email', 'office@acme.com'],
    ],
  )
  const byId = await run(['people', 'show', person.id, '--json'], at.env)
  assert.equal(JSON.parse(byId.out).person.id, person.id)
})

test('people that there are not, and decisions that there are not, are said so', async () => {
  await using at = await desk()
  const nobody = await run(['people', 'show', 'nobody@acme.com', '--json'], at.env)
  assert.deepEqual([nobody.code, JSON.parse(nobody.out).error.code], [1, 'FG_CLI_PERSON'])
  const none = await run(['people', 'decide', 'pqs_x', 'same', '--json'], at.env)
  assert.deepEqual([none.code, JSON.parse(none.out).error.code], [1, 'FG_CLI_PERSON_QUESTION'])
  const maybe = await run(['people', 'decide', 'pqs_x', 'maybe'], at.env)
  assert.deepEqual([maybe.code, maybe.out], [2, ''])
})
