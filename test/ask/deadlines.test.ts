import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually } from '../support/eventually.ts'
import { askingStage, question } from './asking-stage.ts'
import { down } from './scripted-source.ts'

const unavailable = { kind: 'unavailable', fallback: undefined }

async function timed<Result>(work: Promise<Result>): Promise<{ readonly result: Result; readonly ms: number }> {
  const from = performance.now()
  return { result: await work, ms: performance.now() - from }
}

test('a source that hangs, even one that ignores its signal, is waited for until its deadline and holds nobody else up', async () => {
  await using stage = await askingStage({
    calendar: { answerWithinMs: 300, ifUnavailable: ['stale', 'accept_and_flag'] },
    crm: { answerWithinMs: 300 },
    members: {},
  })
  stage.source('calendar').always = 'hangs on, whatever its signal says'
  stage.source('crm').always = 'hangs'
  const { asker, asked } = stage.process()
  const asking = asker.forExchange()
  const [hanging, aborting, quick] = await Promise.all([
    timed(asking.ask(question())),
    timed(asking.ask(question({ source: 'crm' }))),
    timed(asking.ask(question({ source: 'members' }))),
  ])
  assert.deepEqual(hanging.result, { kind: 'unavailable', fallback: 'accept_and_flag' })
  assert.deepEqual(aborting.result, unavailable)
  assert.deepEqual(quick.result, { kind: 'answered', value: [{ id: 'a' }] })
  for (const { ms } of [hanging, aborting]) assert.ok(ms >= 295 && ms < 750, `${ms} ms`)
  assert.ok(quick.ms < 290, `${quick.ms} ms`)
  assert.deepEqual(asked.map(({ source, outcome }) => `${source} ${outcome}`).sort(), [
    'calendar failed',
    'crm failed',
    'members fresh',
  ])
})

test('all questions of an exchange share one budget: side by side they take as long as the slowest, in turn they end together', async () => {
  await using stage = await askingStage({ one: {}, two: {}, three: {} })
  const { asker } = stage.process()
  for (const name of ['one', 'two', 'three']) stage.source(name).always = 'hangs'
  // The budget begins before the clock of this test does, so only most of it is seen.
  const beside = asker.forExchange(300)
  const together = await timed(Promise.all(['one', 'two', 'three'].map((source) => beside.ask(question({ source })))))
  assert.deepEqual(together.result, [unavailable, unavailable, unavailable])
  assert.ok(together.ms >= 200 && together.ms < 850, `${together.ms} ms`)

  const inTurn = asker.forExchange(500)
  const other = { parameters: { day: 'another' } }
  const first = await timed(inTurn.ask(question({ source: 'one', ...other })))
  const second = await timed(inTurn.ask(question({ source: 'two', ...other })))
  assert.ok(first.ms + second.ms < 950, `${first.ms} ms and ${second.ms} ms`)
  assert.deepEqual(second.result, unavailable)
  assert.equal(stage.source('two').calls.length, 1, 'nobody could have waited for an answer')
})

test('a caller whose budget runs out leaves the call to the others that wait for it', async () => {
  await using stage = await askingStage({ calendar: {} })
  let answer: (() => void) | undefined
  stage.source('calendar').next(async () => {
    await new Promise<void>((resolve) => {
      answer = resolve
    })
    return ['kept on']
  })
  const { asker, told } = stage.process()
  const patient = asker.forExchange().ask(question())
  assert.deepEqual(await asker.forExchange(30).ask(question()), unavailable)
  answer?.()
  assert.deepEqual(await patient, { kind: 'answered', value: ['kept on'] })
  assert.equal(stage.source('calendar').calls.length, 1)
  assert.deepEqual(told('source.failed'), [])
})

test('an exchange asks the same question once, whatever becomes of it', async () => {
  await using stage = await askingStage({ calendar: {} })
  const { asker, asked } = stage.process()
  const asking = asker.forExchange()
  stage.source('calendar').next({ fails: down })
  assert.deepEqual(await asking.ask(question()), unavailable)
  assert.deepEqual(await asking.ask(question()), unavailable)
  assert.deepEqual(await asking.ask(question({ parameters: { day: 'other' } })), {
    kind: 'answered',
    value: [{ id: 'a' }],
  })
  assert.equal(stage.source('calendar').calls.length, 2)
  assert.deepEqual(
    asked.map(({ outcome }) => outcome),
    ['failed', 'fresh'],
  )
  const { call } = stage.source('calendar').calls[0] ?? {}
  assert.match(call?.idempotencyKey ?? '', /^[\w-]{43}$/)
})

test('no more questions at once than the source is given, and those in line wait within their deadline', async () => {
  await using stage = await askingStage({ calendar: { atOnce: 2, answerWithinMs: 250 } })
  const source = stage.source('calendar')
  const { asker, told } = stage.process()
  const endings: (() => void)[] = []
  let most = 0
  let underWay = 0
  source.always = async () => {
    underWay += 1
    most = Math.max(most, underWay)
    await new Promise<void>((resolve) => endings.push(resolve))
    underWay -= 1
    return []
  }
  const asking = asker.forExchange()
  const asks = Array.from({ length: 4 }, (_, day) => asking.ask(question({ parameters: { day } })))
  await eventually(() => endings.length === 2)
  for (const end of endings.splice(0)) end()
  await eventually(() => endings.length === 2)
  for (const end of endings.splice(0)) end()
  assert.deepEqual(
    (await Promise.all(asks)).map(({ kind }) => kind),
    ['answered', 'answered', 'answered', 'answered'],
  )
  assert.equal(most, 2)

  source.always = 'hangs'
  const crowd = Array.from({ length: 7 }, (_, day) => asking.ask(question({ parameters: { other: day } })))
  const { result, ms } = await timed(Promise.all(crowd))
  assert.ok(result.every(({ kind }) => kind === 'unavailable'))
  assert.ok(ms < 900, `${ms} ms`)
  await eventually(() => told('source.failed').length === 2)
  assert.deepEqual(
    told('source.failed')
      .map(({ code }) => code)
      .sort(),
    ['FG_SOURCE_CROWDED', 'FG_SOURCE_DEADLINE'],
  )
  assert.deepEqual(told('source.opened'), [], 'those that waited in vain do not speak against the source')
})

test('what a plugin must not answer is a failure of that question alone', async () => {
  await using stage = await askingStage({ calendar: { breaker: { failures: 1, restMs: 10_000 } } })
  const { asker, told } = stage.process()
  const circle: unknown[] = []
  circle.push(circle)
  stage
    .source('calendar')
    .next(
      { answers: 'x'.repeat(256 * 1024) },
      { answers: circle as never },
      { answers: undefined as never },
      { answers: new Date(0) as never },
    )
  const reply = (day: number) => asker.forExchange().ask(question({ parameters: { day } }))
  assert.deepEqual(await reply(1), unavailable)
  assert.deepEqual(await reply(2), unavailable)
  assert.deepEqual(await reply(3), { kind: 'answered', value: null })
  assert.deepEqual(await reply(4), { kind: 'answered', value: '1970-01-01T00:00:00.000Z' })
  assert.deepEqual(
    told('source.failed').map(({ code }) => code),
    ['FG_SOURCE_ANSWER_TOO_LARGE', 'FG_SOURCE_ANSWER_NOT_JSON'],
  )
})

test('a source that is not configured, or whose plugin does not start, is unavailable and nothing worse', async () => {
  await using stage = await askingStage({ calendar: { plugin: './gone', ifUnavailable: ['accept_and_flag'] } })
  const { asker, told } = stage.process()
  assert.deepEqual(await asker.forExchange().ask(question({ source: 'never' })), unavailable)
  assert.deepEqual(await asker.forExchange().ask(question()), { kind: 'unavailable', fallback: 'accept_and_flag' })
  assert.deepEqual(
    told('source.failed').map(({ source, code }) => [source, code]),
    [
      ['never', 'FG_SOURCE_UNKNOWN'],
      ['calendar', 'FG_SOURCE_PLUGIN_UNKNOWN'],
    ],
  )
})

test('a process that stops ends the calls under way, and holds that against nobody', async () => {
  await using stage = await askingStage({
    calendar: { answerWithinMs: 3_000, breaker: { failures: 1, restMs: 10_000 } },
  })
  stage.source('calendar').always = 'hangs'
  const { asker, told } = stage.process()
  const asked = asker.forExchange().ask(question())
  await eventually(() => stage.source('calendar').calls.length === 1)
  const { ms } = await timed(asker.close())
  await asker.close()
  assert.ok(ms < 1_500, `${ms} ms`)
  assert.deepEqual(await asked, unavailable)
  assert.deepEqual([...told('source.failed'), ...told('source.opened')], [])
})
