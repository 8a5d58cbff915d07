import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually } from '../support/eventually.ts'
import { type AskingStage, askingStage, CACHE, question } from './asking-stage.ts'
import { down } from './scripted-source.ts'

/** Asks as so many people would: each in an exchange of its own. */
function people(stage: AskingStage) {
  const { asker, asked } = stage.process()
  const ask = async (parameters: Readonly<Record<string, string | number>> = {}, staleIfUnavailable = false) => {
    const reply = await asker.forExchange().ask(question({ parameters, staleIfUnavailable }))
    return reply.kind === 'answered' ? reply.value : reply.kind
  }
  return { asker, ask, asked, outcomes: () => asked.splice(0).map(({ outcome }) => outcome) }
}

test('a hundred people who ask the same at once cause one call, with a cache and without', async () => {
  await using stage = await askingStage({ calendar: {}, members: { cache: CACHE } })
  const { asker, asked } = stage.process()
  for (const source of ['calendar', 'members']) {
    const endings: (() => void)[] = []
    stage.source(source).always = async () => {
      await new Promise<void>((resolve) => endings.push(resolve))
      return [{ id: 'b' }]
    }
    const asks = Array.from({ length: 100 }, () => asker.forExchange().ask(question({ source })))
    await eventually(() => endings.length === 1)
    endings[0]?.()
    for (const reply of await Promise.all(asks)) assert.deepEqual(reply, { kind: 'answered', value: [{ id: 'b' }] })
    assert.equal(stage.source(source).calls.length, 1)
  }
  assert.equal(asked.length, 200)
  stage.source('calendar').always = { answers: 'anew' }
  const again = await asker.forExchange().ask(question())
  assert.deepEqual(again, { kind: 'answered', value: 'anew' }, 'without a cache nothing is kept')
})

test('the same question is the same whatever the order of its parameters, and no other one is', async () => {
  await using stage = await askingStage({ calendar: { cache: CACHE } })
  const { ask } = people(stage)
  await ask({ day: 'x', city: 'y' })
  await ask({ city: 'y', day: 'x' })
  await ask({ city: 'x', day: 'y' })
  await ask({ day: 1 })
  await ask({ day: '1' })
  assert.equal(stage.source('calendar').calls.length, 4)
})

test('an answer is used while it is fresh, then at once while a fresh one is fetched aside, then no more', async () => {
  await using stage = await askingStage({ calendar: { cache: CACHE } })
  const source = stage.source('calendar')
  const { ask, outcomes } = people(stage)
  source.next({ answers: 'first' })
  assert.equal(await ask(), 'first')
  stage.clock.advance(CACHE.ttlMs - 1)
  assert.equal(await ask(), 'first')
  assert.equal(source.calls.length, 1)

  stage.clock.advance(1)
  let answer: (() => void) | undefined
  source.next(async () => {
    await new Promise<void>((resolve) => {
      answer = resolve
    })
    return 'second'
  })
  assert.equal(await ask(), 'first')
  assert.equal(await ask(), 'first', 'nobody waits while it is renewed')
  await eventually(() => answer !== undefined)
  answer?.()
  await eventually(async () => (await ask()) === 'second')
  assert.equal(source.calls.length, 2)
  assert.equal(outcomes().slice(0, 4).join(' '), 'fresh cached stale stale')

  stage.clock.advance(CACHE.ttlMs + CACHE.staleMs)
  source.next({ answers: 'third' })
  assert.equal(await ask(), 'third')
  assert.equal(source.calls.length, 3)
})

test('"nothing found" is kept for its own time, is not used beyond it, and does not stand in', async () => {
  await using stage = await askingStage({ calendar: { cache: CACHE, ifUnavailable: ['stale'] } })
  const source = stage.source('calendar')
  const { ask } = people(stage)
  for (const nothing of [[], null]) {
    const before = source.calls.length
    source.next({ answers: nothing })
    assert.deepEqual(await ask({ nothing: String(nothing) }), nothing)
    stage.clock.advance(CACHE.nothingFoundMs - 1)
    assert.deepEqual(await ask({ nothing: String(nothing) }), nothing)
    assert.equal(source.calls.length, before + 1)
    stage.clock.advance(1)
    source.next({ fails: down })
    assert.equal(await ask({ nothing: String(nothing) }, true), 'unavailable')
    source.next({ answers: [{ id: 'new' }] })
    assert.deepEqual(await ask({ nothing: String(nothing) }), [{ id: 'new' }])
  }
})

test('an older answer stands in for a day where the source cannot answer and somebody declared so', async () => {
  await using stage = await askingStage({
    calendar: { cache: CACHE, ifUnavailable: ['stale', 'accept_and_flag'] },
    members: { cache: CACHE },
  })
  const { asker, outcomes } = people(stage)
  const ask = (source: string, staleIfUnavailable: boolean) =>
    asker.forExchange().ask(question({ source, staleIfUnavailable }))
  await ask('calendar', true)
  await ask('members', true)
  for (const source of ['calendar', 'members']) stage.source(source).always = { fails: down }
  stage.clock.advance(24 * 3_600_000 - 1)
  outcomes()
  assert.deepEqual(await ask('calendar', true), { kind: 'answered', value: [{ id: 'a' }] })
  assert.deepEqual(outcomes(), ['stale'])
  assert.deepEqual(await ask('members', false), { kind: 'unavailable', fallback: undefined })
  assert.deepEqual(await asker.forExchange().ask(question({ parameters: {}, staleIfUnavailable: true })), {
    kind: 'unavailable',
    fallback: 'accept_and_flag',
  })
  for (let time = 0; time < 6; time += 1) await ask('calendar', true)
  assert.deepEqual(await ask('calendar', true), { kind: 'answered', value: [{ id: 'a' }] }, 'with an open breaker too')
  assert.equal(stage.source('calendar').calls.length, 6)
  stage.clock.advance(1)
  assert.equal((await ask('calendar', true)).kind, 'unavailable')
})

test('a question that must be fresh is asked anew, and nothing stands in for it', async () => {
  await using stage = await askingStage({ calendar: { cache: CACHE, ifUnavailable: ['stale'] } })
  const source = stage.source('calendar')
  const { asker } = people(stage)
  source.next({ answers: 'old' }, { answers: 'new' }, { fails: down })
  const ask = (fresh: boolean) => asker.forExchange().ask(question({ fresh, staleIfUnavailable: true }))
  assert.deepEqual(await ask(false), { kind: 'answered', value: 'old' })
  assert.deepEqual(await ask(true), { kind: 'answered', value: 'new' })
  assert.deepEqual(await ask(false), { kind: 'answered', value: 'new' })
  assert.equal((await ask(true)).kind, 'unavailable')
})

test('the cache holds no more answers than it is given, and those not used for longest go', async () => {
  await using stage = await askingStage({ calendar: { cache: { ...CACHE, entries: 10 } } })
  const source = stage.source('calendar')
  const { ask } = people(stage)
  for (let day = 0; day < 100; day += 1) await ask({ day })
  assert.equal(source.calls.length, 100)
  for (let day = 90; day < 100; day += 1) await ask({ day })
  assert.equal(source.calls.length, 100)
  await ask({ day: 0 })
  await ask({ day: 90 })
  assert.equal(source.calls.length, 102)
})

test('nor more than 32 MiB of large ones', async () => {
  await using stage = await askingStage({ calendar: { cache: { ...CACHE, entries: 1_000 } } })
  const source = stage.source('calendar')
  source.always = { answers: 'x'.repeat(255 * 1024) }
  const { ask } = people(stage)
  for (let day = 0; day < 140; day += 1) await ask({ day })
  await ask({ day: 139 })
  assert.equal(source.calls.length, 140)
  await ask({ day: 0 })
  assert.equal(source.calls.length, 141)
})

test('what a plugin does to an answer it gave is nobody’s affair', async () => {
  await using stage = await askingStage({ calendar: { cache: CACHE } })
  const rows = [{ id: 'a' }]
  stage.source('calendar').always = { answers: rows }
  const { ask } = people(stage)
  await ask()
  rows.push({ id: 'b' })
  assert.deepEqual(await ask(), [{ id: 'a' }])
})
