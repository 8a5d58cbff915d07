import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { FlowFile } from '../../src/config/schema/flow.ts'
import type { Question, Reply } from '../../src/flow/asking.ts'
import { Course, sends } from '../support/course.ts'
import { flowJsonOf, flowOf } from '../support/flow.ts'
import { worldOf } from '../support/world.ts'

const list = {
  type: 'array',
  items: { type: 'object', properties: { id: { type: 'string' }, title: { type: 'string' } } },
  __example__: [],
}
const choice = (name: string, key: string) => ({
  type: 'Dropdown',
  name,
  label: name,
  'data-source': `\${data.${key}}`,
})

const flowJson = flowJsonOf(
  {
    BOOK: {
      data: {
        towns: list,
        times: list,
        times_open: { type: 'boolean', __example__: true },
        answers: { type: 'object', __example__: {} },
      },
      sends: ['town', 'time', 'note'],
      children: [choice('town_list', 'towns'), choice('time_list', 'times')],
      initValues: 'answers',
    },
    DONE: { sends: ['more'], data: { summary: { type: 'string', __example__: '' } }, terminal: true },
  },
  { BOOK: ['DONE'], DONE: [] },
)

const file: FlowFile = {
  flow: 'book',
  title: 'Book',
  version: '1',
  first_screen: 'BOOK',
  asks: {
    towns: { source: 'calendar', query: 'towns' },
    times: { source: 'calendar', query: 'times', with: { town: { from: 'form.town' } } },
  },
  screens: {
    BOOK: {
      fields: {
        town: { type: 'choice', required: true },
        time: { type: 'choice', required: true },
        note: { type: 'text', max_length: 3 },
      },
      data: {
        towns: { from: 'asked.towns' },
        times: { from: 'asked.times' },
        times_open: { that: { 'form.town': { exists: true } } },
      },
      triggers: [{ when: { 'sent.trigger': 'town_selected' }, clear: ['time'] }],
      next: [{ show: 'DONE' }],
    },
    DONE: {
      data: { summary: { from: 'form.time', pick: { in: 'asked.times' }, default: '?' } },
      next: [{ submit: true }],
    },
  },
}

const towns = [
  { id: 'ber', title: 'Berlin' },
  { id: 'sao', title: 'São Paulo' },
]
const timesIn: Record<string, Reply> = {
  ber: { kind: 'answered', value: [{ id: 'b9', title: '09:00 Berlin' }] },
  sao: { kind: 'answered', value: [{ id: 's9', title: '09:00 São Paulo' }] },
}
const answer = ({ query, parameters }: Question): Reply =>
  query === 'towns'
    ? { kind: 'answered', value: towns }
    : (timesIn[String(parameters['town'])] ?? { kind: 'answered', value: [] })
const flow = flowOf(file, flowJson)
const select = (town: string, more = {}) => sends('data_exchange', 'BOOK', { trigger: 'town_selected', town, ...more })

describe('a selection', () => {
  test('is answered on the same screen with data that depends on it, and requires no other answer', async () => {
    const world = worldOf({ answer })
    const course = new Course(flow, world)
    const opened = await course.open()
    assert.deepEqual([opened.answer.data['times'], opened.answer.data['times_open']], [[], false])
    assert.deepEqual(
      world.asked.map(({ query }) => query),
      ['towns'],
    )
    const selected = await course.take(select('ber'))
    assert.equal(selected.kind, 'move')
    assert.equal(selected.answer.screen, 'BOOK')
    assert.deepEqual(selected.answer.data['times'], [{ id: 'b9', title: '09:00 Berlin' }])
    assert.equal(selected.answer.data['times_open'], true)
    assert.deepEqual(selected.answer.data['answers'], { town: 'ber' })
    assert.deepEqual(course.session.form, { town: 'ber' })
    assert.deepEqual(course.session.path, ['BOOK'])
  })

  test('takes answers out of the form that depended on what has changed, and keeps the others', async () => {
    const course = new Course(flow, worldOf({ answer }))
    await course.open()
    await course.take(select('ber', { time: 'b9', note: 'hi' }))
    assert.deepEqual(course.session.form, { town: 'ber', note: 'hi' })
    await course.take(select('sao'))
    assert.deepEqual(course.session.form, { town: 'sao', note: 'hi' })
  })

  test('of the same thing again moves nothing, and back and forth shows what belongs to each', async () => {
    const course = new Course(flow, worldOf({ answer }))
    await course.open()
    await course.take(select('ber'))
    assert.equal((await course.take(select('ber'))).kind, 'stay')
    const other = await course.take(select('sao'))
    const again = await course.take(select('ber'))
    assert.deepEqual(other.answer.data['times'], [{ id: 's9', title: '09:00 São Paulo' }])
    assert.deepEqual(again.answer.data['times'], [{ id: 'b9', title: '09:00 Berlin' }])
  })

  test('with an answer that is no good is refused, and nothing of it is kept', async () => {
    const course = new Course(flow, worldOf({ answer }))
    await course.open()
    const step = await course.take(select('ber', { note: 'too long' }))
    assert.deepEqual([step.kind, step.refused], ['stay', ['note']])
    assert.deepEqual(course.session.form, {})
  })

  test('that the button overtook changes nothing any more, and leads where the button led', async () => {
    const course = new Course(flow, worldOf({ answer }))
    await course.open()
    const done = await course.submit('BOOK', { town: 'ber', time: 'b9', note: 'hi' })
    const late = await course.take(select('ber'), { raced: true })
    assert.deepEqual([late.kind, late.answer], ['stay', done.answer])
    assert.deepEqual(course.session.form, { town: 'ber', time: 'b9', note: 'hi' })
  })

  test('is heard from whoever went back, or opened the form again', async () => {
    const course = new Course(flow, worldOf({ answer }))
    await course.open()
    await course.submit('BOOK', { town: 'ber', time: 'b9' })
    assert.deepEqual((await course.take(select('sao'))).answer.data['answers'], { town: 'sao' })
    await course.submit('BOOK', { town: 'sao', time: 's9' })
    await course.open()
    assert.deepEqual((await course.take(select('ber'), { raced: true })).answer.data['answers'], { town: 'ber' })
  })

  test('is no submit: what it left open is required there', async () => {
    const course = new Course(flow, worldOf({ answer }))
    await course.open()
    await course.take(select('ber'))
    assert.deepEqual((await course.submit('BOOK', { town: 'ber' })).refused, ['time'])
    const done = await course.submit('BOOK', { town: 'ber', time: 'b9' })
    assert.deepEqual(done.answer, { screen: 'DONE', data: { summary: '09:00 Berlin' } })
  })

  test('asks a question once, however many values refer to its answer', async () => {
    const world = worldOf({ answer })
    const course = new Course(flow, world)
    await course.open()
    await course.take(select('ber'))
    world.asked.splice(0)
    await course.submit('BOOK', { town: 'ber', time: 'b9' })
    assert.deepEqual(
      world.asked.map(({ query }) => query),
      ['times'],
    )
  })
})
