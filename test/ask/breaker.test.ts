import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually } from '../support/eventually.ts'
import { type AskingStage, askingStage, question } from './asking-stage.ts'
import { down, refused } from './scripted-source.ts'

/** Each time another question, so that nothing else keeps it from the source. */
function inquirer(stage: AskingStage) {
  const { asker, told, asked, lines } = stage.process()
  let day = 0
  const ask = async () => {
    day += 1
    return (await asker.forExchange().ask(question({ parameters: { day: `day ${day}` } }))).kind
  }
  return { asker, ask, told, asked, lines }
}

test('five failures in a row open the breaker: nothing is asked until it has rested, then one question tries', async () => {
  await using stage = await askingStage({ calendar: {} })
  const source = stage.source('calendar')
  const { asker, ask, told, asked } = inquirer(stage)
  source.always = { fails: down }
  for (let time = 0; time < 4; time += 1) await ask()
  assert.deepEqual(told('source.opened'), [])
  await ask()
  assert.equal(source.calls.length, 5)
  assert.deepEqual(
    told('source.opened').map(({ source, restSeconds, code }) => ({ source, restSeconds, code })),
    [{ source: 'calendar', restSeconds: 10, code: 'DOWN' }],
  )
  for (let time = 0; time < 20; time += 1) assert.equal(await ask(), 'unavailable')
  assert.equal(source.calls.length, 5)
  assert.equal(asked.at(-1)?.outcome, 'open')

  stage.clock.advance(9_999)
  await ask()
  assert.equal(source.calls.length, 5)
  stage.clock.advance(1)
  let answer: (() => void) | undefined
  source.next(async () => {
    await new Promise<void>((resolve) => {
      answer = resolve
    })
    throw new Error('still down')
  })
  const trying = ask()
  await eventually(() => answer !== undefined)
  assert.equal(await ask(), 'unavailable', 'one question tries, the others do not wait for it')
  assert.equal(source.calls.length, 6)
  answer?.()
  assert.equal(await trying, 'unavailable')
  assert.equal(await ask(), 'unavailable')
  assert.equal(source.calls.length, 6, 'it rests again after the question that tried has failed')

  stage.clock.advance(10_000)
  source.always = { answers: [] }
  assert.equal(await ask(), 'answered')
  assert.equal(await ask(), 'answered')
  assert.equal(told('source.closed').length, 1)
  assert.equal(told('source.opened').length, 1)
  await asker.close()
})

test('a refused question is no failure of the source, and an answer in between begins the count anew', async () => {
  await using stage = await askingStage({ calendar: { breaker: { failures: 2, restMs: 10_000 } } })
  const source = stage.source('calendar')
  const { ask, told } = inquirer(stage)
  source.next({ fails: refused }, { fails: refused }, { fails: refused })
  for (let time = 0; time < 3; time += 1) await ask()
  source.next({ fails: down }, { answers: [] }, { fails: down }, { fails: refused }, { fails: down })
  for (let time = 0; time < 5; time += 1) await ask()
  assert.deepEqual(told('source.opened'), [])
  source.next({ fails: down })
  await ask()
  assert.equal(told('source.opened').length, 1)
})

test('deadlines open the breaker too, and a hanging source costs its callers nothing from then on', async () => {
  await using stage = await askingStage({
    calendar: { answerWithinMs: 400, breaker: { failures: 3, restMs: 10_000 } },
    crm: { answerWithinMs: 400 },
  })
  const source = stage.source('calendar')
  source.always = 'hangs'
  stage.source('crm').always = 'hangs'
  const { asker, ask, told } = inquirer(stage)
  await Promise.all([ask(), ask(), ask()])
  await eventually(() => told('source.opened').length === 1)
  const ended: string[] = []
  const waiting = asker
    .forExchange()
    .ask(question({ source: 'crm' }))
    .then(() => ended.push('waited for its deadline'))
  assert.equal(await ask(), 'unavailable')
  ended.push('waited for nothing')
  await waiting
  assert.deepEqual(ended, ['waited for nothing', 'waited for its deadline'])
  assert.equal(source.calls.length, 3)
})

test('the log hears of a change, not of every call, and never a parameter, an answer or the words of an unknown error', async () => {
  await using stage = await askingStage({ calendar: { breaker: { failures: 100, restMs: 10_000 } } })
  const source = stage.source('calendar')
  const { asker, told, lines } = stage.process()
  const personal = 'ana.souza@example.com'
  source.always = { throws: new Error(`no row for ${personal}`) }
  const ask = () => asker.forExchange().ask(question({ parameters: { email: personal } }))
  for (let time = 0; time < 5; time += 1) await ask()
  source.next({ throws: new RangeError('x') }, { throws: new RangeError('x') })
  for (let time = 0; time < 5; time += 1) await ask()
  source.next({ answers: [personal] }, { fails: down }, { answers: [personal] }, { fails: down })
  for (let time = 0; time < 4; time += 1) await ask()
  assert.deepEqual(
    told('source.failed').map(({ source, code }) => [source, code]),
    [
      ['calendar', 'FG_SOURCE_UNCLASSIFIED'],
      ['calendar', 'RANGE'],
      ['calendar', 'FG_SOURCE_UNCLASSIFIED'],
      ['calendar', 'DOWN'],
    ],
  )
  assert.match(String(told('source.failed')[0]?.['stack']), /breaker\.test\.ts|scripted-source\.ts/)
  assert.deepEqual(
    lines.filter((line) => line.includes('ana.souza')),
    [],
  )
})
