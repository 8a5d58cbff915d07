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

describe('a list that is full', () => {
  const first = flowJsonOf(
    {
      MEAL: {
        sends: ['meal', 'meals'],
        data: { round: { type: 'number', __example__: 1 }, typed: { type: 'object', __example__: {} } },
        initValues: 'typed',
      },
      END: { sends: ['note'], terminal: true },
    },
    { MEAL: ['END'], END: [] },
  )
  const fields = { meal: { type: 'text', required: true }, meals: { type: 'json' } } as const
  const flowWith = (times: number | { readonly expr: string }): typeof flow =>
    flowOf(
      {
        flow: 'guests',
        title: 'Guests',
        version: '1',
        first_screen: 'MEAL',
        screens: {
          MEAL: {
            fields,
            data: { round: { from: 'session.round' } },
            triggers: [{ when: { 'sent.trigger': 'looked' } }],
            repeat: { into: 'meals', times },
            next: [{ show: 'END' }],
          },
          END: { next: [{ submit: true }] },
        },
      },
      first,
    )
  async function filled(times: number | { readonly expr: string } = 2): Promise<Course> {
    const course = new Course(flowWith(times))
    await course.open()
    await course.submit('MEAL', { meal: 'veg' })
    assert.equal((await course.submit('MEAL', { meal: 'fish' })).answer.screen, 'END')
    return course
  }
  const list = [{ meal: 'veg' }, { meal: 'fish' }]
  const lastRound = { round: 2, typed: { meal: 'fish' } }

  test('opens with its last round, however often the form is opened again', async () => {
    for (const times of [2, { expr: "form.meal = 'fish' ? 2 : 9" }]) {
      const course = await filled(times)
      for (const seconds of [600, 1200]) {
        assert.deepEqual((await course.take(sends('INIT'), after(seconds))).answer.data, lastRound)
      }
      assert.equal((await course.submit('MEAL', { meal: 'fish' })).answer.screen, 'END')
      assert.deepEqual(course.session.form, { meals: list })
    }
  })

  test('opens its last round however often somebody goes back to it, and one left in the middle the round it was in', async () => {
    const course = await atSecondRound()
    await course.take(meal, after(5))
    for (const seconds of [600, 1200]) {
      const step = await course.take(sends('BACK', 'END'), after(seconds))
      assert.deepEqual(step.answer.data, { round: 2, typed: { meal: 'veg' } })
    }
    const inTheMiddle = await atSecondRound()
    assert.deepEqual((await inTheMiddle.back('END')).answer.data, { round: 2, typed: {} })
  })

  test('is in its last round for a phone that went back by itself', async () => {
    const refused = await (await filled()).submit('MEAL', { meal: '' })
    assert.deepEqual([refused.refused, refused.answer.data['round']], [['meal'], 2])
    const course = await filled()
    const selected = await course.take(sends('data_exchange', 'MEAL', { trigger: 'looked' }), after(60))
    assert.deepEqual(selected.answer.data, lastRound)
    assert.equal((await course.submit('MEAL', { meal: 'fish' })).answer.screen, 'END')
    assert.deepEqual(course.session.form, { meals: list })
  })

  test('is the session’s own, whatever a selection of a phone sends by its name', async () => {
    for (const meals of [[], [{ meal: 'forged' }]]) {
      const course = new Course(flowWith(3))
      await course.open()
      await course.submit('MEAL', { meal: 'veg' })
      await course.take(sends('data_exchange', 'MEAL', { trigger: 'looked', meal: 'fish', meals }), after(60))
      assert.deepEqual(course.session.form, { meal: 'fish', meals: [{ meal: 'veg' }] })
    }
  })

  test('is what a form is accepted with: one whose last round was opened again is incomplete until it is pressed', async () => {
    const course = await atSecondRound()
    await course.take(meal, after(5))
    await course.back('END')
    const step = await course.submit('END', { note: 'the answer to going back was lost' })
    assert.deepEqual([step.kind, step.incomplete], ['stay', ['meals']])
    await course.submit('MEAL', { meal: 'veg' })
    assert.equal((await course.submit('END', { note: '' })).kind, 'submit')
    assert.deepEqual(course.session.form['meals'], [{ meal: 'veg' }, { meal: 'veg' }])
  })
})
