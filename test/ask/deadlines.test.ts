import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually } from '../support/eventually.ts'
import { askingStage, question } from './asking-stage.ts'
import { down } from './scripted-source.ts'

const unavailable = { kind: 'unavailable', fallback: undefined }

/** Notes what ends in which order. Deadlines of one process pass in their order, however busy the machine is. */
function finishLine() {
  const ended: string[] = []
  const note = async <Result>(name: string, work: Promise<Result>): Promise<Result> => {
    const result = await work
    ended.push(name)
    return result
  }
  return { ended, note }
}

test('a source that hangs, even one that ignores its signal, is waited for until its deadline and holds nobody else up', async () => {
  await using stage = await askingStage({
    calendar: { answerWithinMs: 300, ifUnavailable: ['stale', 'accept_and_flag'] },
    crm: { answerWithinMs: 300 },
    members: {},
    patient: { answerWithinMs: 900 },
  })
  stage.source('calendar').always = 'hangs on, whatever its signal says'
  for (const name of ['crm', 'patient']) stage.source(name).always = 'hangs'
  const { asker, asked } = stage.process()
  // It is set up beforehand, so that its answer takes nothing that others could make slow.
  await asker.forExchange().ask(question({ source: 'members', parameters: {} }))
  asked.length = 0
  const asking = asker.forExchange()
  const { ended, note } = finishLine()
  const from = performance.now()
  const hanging = asking.ask(question())
  const [stubborn, aborting, quick] = await Promise.all([
    note('its deadline', hanging),
    note('its deadline', asking.ask(question({ source: 'crm' }))),
    note('its answer', asking.ask(question({ source: 'members' }))),
    note('a later deadline', asking.ask(question({ source: 'patient' }))),
    hanging.then(() => assert.ok(performance.now() - from >= 290)),
  ])
  assert.deepEqual(stubborn, { kind: 'unavailable', fallback: 'accept_and_flag' })
  assert.deepEqual(aborting, unavailable)
  assert.deepEqual(quick, { kind: 'answered', value: [{ id: 'a' }] })
  assert.deepEqual(ended, ['its answer', 'its deadline', 'its deadline', 'a later deadline'])
  assert.deepEqual(asked.map(({ source, outcome }) => `${source} ${outcome}`).sort(), [
    'calendar failed',
    'crm failed',
    'members fresh',
    'patient failed',
  ])
})

test('all questions of an exchange share one budget: side by side they take as long as the slowest, in turn they end together', async () => {
  await using stage = await askingStage({ one: {}, two: {}, three: {}, other: {} })
  const { asker } = stage.process()
  for (const name of ['one', 'two', 'three', 'other']) stage.source(name).always = 'hangs'
  const { ended, note } = finishLine()
  const from = performance.now()
  const beside = asker.forExchange(300)
  const together = ['one', 'two', 'three'].map((source) => note('beside', beside.ask(question({ source }))))
  const later = note('a budget half as long again', asker.forExchange(450).ask(question({ source: 'other' })))
  assert.deepEqual(await Promise.all(together), [unavailable, unavailable, unavailable])
  assert.ok(performance.now() - from >= 290)
  await later
  assert.deepEqual(ended, ['beside', 'beside', 'beside', 'a budget half as long again'])

  ended.length = 0
  const inTurn = asker.forExchange(500)
  const parameters = { day: 'another' }
  await inTurn.ask(question({ source: 'one', parameters }))
  const brief = note('a brief budget', asker.forExchange(100).ask(question({ source: 'three', parameters })))
  const second = await note('the second in turn', inTurn.ask(question({ source: 'two', parameters })))
  await brief
  assert.deepEqual(ended, ['the second in turn', 'a brief budget'])
  assert.deepEqual(second, unavailable)
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
  await using stage = await askingStage({
    calendar: { atOnce: 2 },
    hasty: { atOnce: 2, answerWithinMs: 500 },
    members: { answerWithinMs: 900 },
  })
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

  for (const name of ['hasty', 'members']) stage.source(name).always = 'hangs'
  const { ended, note } = finishLine()
  const crowd = Array.from({ length: 7 }, (_, day) =>
    note('in the crowd', asking.ask(question({ source: 'hasty', parameters: { day } }))),
  )
  const alone = note('a later deadline', asking.ask(question({ source: 'members' })))
  for (const { kind } of await Promise.all(crowd)) assert.equal(kind, 'unavailable')
  await alone
  assert.equal(ended.indexOf('a later deadline'), crowd.length)
  const failures = () =>
    new Set(told('source.failed').flatMap(({ source: name, code }) => (name === 'hasty' ? [code] : [])))
  await eventually(() => failures().size === 2)
  assert.deepEqual(failures(), new Set(['FG_SOURCE_CROWDED', 'FG_SOURCE_DEADLINE']))
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
  // Their deadlines are a minute away: only the end of the process ends them.
  await using stage = await askingStage({ calendar: { breaker: { failures: 1, restMs: 10_000 } } })
  stage.source('calendar').always = 'hangs'
  const { asker, told } = stage.process()
  const asked = asker.forExchange().ask(question())
  await eventually(() => stage.source('calendar').calls.length === 1)
  await asker.close()
  await asker.close()
  assert.deepEqual(await asked, unavailable)
  assert.deepEqual([...told('source.failed'), ...told('source.opened')], [])
})
