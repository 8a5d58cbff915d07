import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { FlowFile } from '../../src/config/schema/flow.ts'
import { Course, NOW, sends } from '../support/course.ts'
import { flowJsonOf, flowOf } from '../support/flow.ts'

const flowJsonWith = (sent: Readonly<Record<string, string>> = {}) =>
  flowJsonOf(
    {
      START: { sends: ['guests'] },
      MEAL: {
        sends: ['meal'],
        data: { round: { type: 'number', __example__: 1 }, typed: { type: 'object', __example__: {} } },
        initValues: 'typed',
        refreshOnBack: true,
        children: [
          { type: 'EmbeddedLink', text: 'x', 'on-click-action': { name: 'data_exchange', payload: { ...sent } } },
        ],
      },
      END: { sends: ['note'], terminal: true, refreshOnBack: true },
    },
    { START: ['MEAL', 'END'], MEAL: ['END'], END: [] },
  )
const file: FlowFile = {
  flow: 'guests',
  title: 'Guests',
  version: '1',
  first_screen: 'START',
  sessions: { resume: 'offer' },
  screens: {
    START: {
      fields: { guests: { type: 'integer', required: true } },
      next: [{ when: { 'sent.go': 'resume' }, resume: true }, { show: 'MEAL' }],
    },
    MEAL: {
      fields: { meal: { type: 'text', required: true } },
      data: { round: { from: 'session.round' } },
      repeat: { into: 'meals', times: { from: 'form.guests' } },
      next: [{ show: 'END' }],
    },
    END: { next: [{ submit: true }] },
  },
}
const flow = flowOf(file, flowJsonWith())
const meal = sends('data_exchange', 'MEAL', { meal: 'veg' })
const after = (seconds: number) => ({ now: new Date(NOW.getTime() + seconds * 1000) })

async function atSecondRound(course = new Course(flow), guests = 2): Promise<Course> {
  await course.open()
  await course.submit('START', { guests })
  await course.take(meal)
  return course
}

describe('two rounds with the same answers', () => {
  test('are two rounds, where there was time to give them twice', async () => {
    const course = await atSecondRound()
    assert.equal((await course.take(meal, after(5))).answer.screen, 'END')
    assert.deepEqual(course.session.form['meals'], [{ meal: 'veg' }, { meal: 'veg' }])
  })

  test('are one round pressed twice, where there was not or both came at once', async () => {
    const course = await atSecondRound(undefined, 3)
    assert.equal((await course.take(meal, after(1))).kind, 'stay')
    assert.equal((await course.take(meal, { ...after(5), raced: true })).kind, 'stay')
    assert.deepEqual(course.session.form['meals'], [{ meal: 'veg' }])
  })

  test('are one round whenever they come, where the payload says of which round they are', async () => {
    const telling = flowOf(file, flowJsonWith({ round: `\${data.round}` }))
    const course = await atSecondRound(new Course(telling))
    assert.equal((await course.take(meal, after(600))).kind, 'stay')
  })
})

describe('a repeated screen', () => {
  test('that was left in the middle goes on with the rounds it has', async () => {
    const course = await atSecondRound()
    await course.take(sends('INIT'), after(3600))
    const step = await course.submit('START', { guests: 2, go: 'resume' })
    assert.deepEqual([step.answer.screen, step.answer.data['round']], ['MEAL', 2])
    assert.deepEqual(course.session.form['meals'], [{ meal: 'veg' }])
  })

  test('that was done opens its last round when somebody goes on there', async () => {
    const near = flowJsonOf(
      {
        START: { sends: ['guests'] },
        MEAL: { sends: ['meal'], data: { round: { type: 'number', __example__: 1 } } },
        END: { sends: ['note'], terminal: true },
      },
      { START: ['MEAL'], MEAL: ['END'], END: [] },
    )
    const course = await atSecondRound(new Course(flowOf(file, near)))
    await course.take(meal, after(5))
    await course.take(sends('INIT'), after(3600))
    const step = await course.submit('START', { guests: 2, go: 'resume' })
    assert.deepEqual([step.answer.screen, step.answer.data['round']], ['MEAL', 2])
  })

  test('that is entered anew begins with empty fields', async () => {
    const course = await atSecondRound()
    await course.take(meal, after(5))
    await course.back('END')
    await course.back('MEAL')
    const step = await course.submit('START', { guests: 3 })
    assert.deepEqual(step.answer.data, { round: 1, typed: {} })
  })
})
