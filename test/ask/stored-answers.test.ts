import assert from 'node:assert/strict'
import { test } from 'node:test'
import { purgeSourceAnswers } from '../../src/store/source-answers.ts'
import { eventually } from '../support/eventually.ts'
import { type AskingProcess, askingStage, CACHE, question } from './asking-stage.ts'
import { down } from './scripted-source.ts'

const SHARED = { ...CACHE, shared: true }

async function ask({ asker }: AskingProcess, different: Parameters<typeof question>[0] = {}) {
  const reply = await asker.forExchange().ask(question(different))
  return reply.kind === 'answered' ? reply.value : reply.kind
}

test('two processes share answers through the database, renew them for each other, and purge them', async () => {
  await using stage = await askingStage({ calendar: { cache: SHARED, ifUnavailable: ['stale'] } })
  const source = stage.source('calendar')
  const count = async () => (await stage.pool.query('select from source_answers')).rowCount
  const [one, two] = [stage.process(), stage.process()]
  source.next({ answers: ['first \u0000\ud800'] })
  await ask(one)
  await eventually(async () => (await count()) === 1)
  assert.deepEqual(await ask(two), ['first \ufffd'])
  assert.equal(source.calls.length, 1)
  assert.equal(two.asked[0]?.outcome, 'cached')

  // Stale in both: one renews it, and a third process gets what was renewed.
  stage.clock.advance(SHARED.ttlMs)
  source.next({ answers: ['second'] })
  assert.deepEqual(await ask(one), ['first \u0000\ud800'])
  const renewed = `select from source_answers where answer = '["second"]'`
  await eventually(async () => (await stage.pool.query(renewed)).rowCount === 1)
  assert.deepEqual(await ask(stage.process()), ['second'])
  assert.deepEqual(await ask(two), ['first \ufffd'], 'a stale answer is used at once')
  await eventually(async () => ((await ask(two)) as readonly unknown[])[0] === 'second')
  assert.equal(source.calls.length, 2)

  // A process that begins while the source is down finds an old answer to stand in.
  source.always = { fails: down }
  stage.clock.advance(3_600_000)
  assert.deepEqual(await ask(stage.process(), { staleIfUnavailable: true }), ['second'])

  assert.equal(await purgeSourceAnswers(stage.pool, stage.clock.now()), false)
  assert.equal(await count(), 1)
  stage.clock.advance(24 * 3_600_000)
  assert.equal(await purgeSourceAnswers(stage.pool, stage.clock.now()), false)
  assert.equal(await count(), 0)
})

test('a stale answer of another process is used at once and renewed', async () => {
  await using stage = await askingStage({ calendar: { cache: SHARED } })
  const source = stage.source('calendar')
  source.next({ answers: 'first' }, { answers: 'second' })
  await ask(stage.process())
  await eventually(async () => (await stage.pool.query('select from source_answers')).rowCount === 1)
  stage.clock.advance(SHARED.ttlMs)
  const late = stage.process()
  assert.equal(await ask(late), 'first')
  await eventually(async () => (await ask(late)) === 'second')
  assert.equal(source.calls.length, 2)
})

test('an older row does not take the place of a newer answer that is not written yet', async () => {
  await using stage = await askingStage({ calendar: { cache: SHARED, ifUnavailable: ['stale'] } })
  const source = stage.source('calendar')
  const process = stage.process()
  source.next({ answers: 'older' }, { answers: 'newer' })
  await ask(process)
  await eventually(async () => (await stage.pool.query('select from source_answers')).rowCount === 1)
  const blocking = await stage.pool.connect()
  await blocking.query('begin')
  await blocking.query('lock table source_answers in share mode')
  stage.clock.advance(SHARED.ttlMs + SHARED.staleMs)
  const asked = await ask(process)
  stage.clock.advance(SHARED.ttlMs + SHARED.staleMs)
  source.always = { fails: down }
  const stoodIn = await ask(process, { staleIfUnavailable: true })
  await blocking.query('rollback')
  blocking.release()
  assert.deepEqual([asked, stoodIn], ['newer', 'newer'])
})

test('the table holds no parameter, and a question that must be fresh passes it by', async () => {
  await using stage = await askingStage({ calendar: { cache: SHARED } })
  const source = stage.source('calendar')
  await ask(stage.process(), { parameters: { email: 'ana@example.com' } })
  const rows = await eventually(async () => {
    const found = await stage.pool.query('select source, key from source_answers')
    return found.rowCount === 1 && found.rows
  })
  assert.match(JSON.stringify(rows), /^\[\{"source":"calendar","key":"[\w-]{43}"\}\]$/)
  await ask(stage.process(), { parameters: { email: 'ana@example.com' }, fresh: true })
  assert.equal(source.calls.length, 2)
})

test('a database that does not answer keeps nobody from the source', async () => {
  await using stage = await askingStage({ calendar: { cache: SHARED }, members: { cache: SHARED } })
  const process = stage.process({})
  const blocking = await stage.pool.connect()
  await blocking.query('begin')
  await blocking.query('lock table source_answers in access exclusive mode')
  // The lock outlasts the answer, so whoever waited for it would wait without an end.
  assert.deepEqual(await ask(process), [{ id: 'a' }])
  await blocking.query('rollback')
  blocking.release()
  await stage.pool.query('drop table source_answers')
  assert.deepEqual(await ask(process, { source: 'members' }), [{ id: 'a' }])
  await eventually(() => process.told('source.unshared').some(({ doing }) => doing === 'writing'))
})
