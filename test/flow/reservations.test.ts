import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { FlowFile } from '../../src/config/schema/flow.ts'
import type { Question, Reply, Reserved } from '../../src/flow/asking.ts'
import { Course } from '../support/course.ts'
import { flowJsonOf, flowOf } from '../support/flow.ts'
import { worldOf } from '../support/world.ts'

const list = {
  type: 'array',
  items: { type: 'object', properties: { id: { type: 'string' }, title: { type: 'string' } } },
  __example__: [],
}
const flowJson = flowJsonOf(
  {
    SLOT: {
      sends: ['slot'],
      data: { slots: list, problems: { type: 'object', __example__: {} } },
      errorMessages: 'problems',
      children: [{ type: 'Dropdown', name: 'list', label: 'x', 'data-source': `\${data.slots}` }],
    },
    DONE: { sends: ['note'], terminal: true, refreshOnBack: true },
  },
  { SLOT: ['DONE'], DONE: [] },
)
const file: FlowFile = {
  flow: 'book',
  title: 'Book',
  version: '1',
  first_screen: 'SLOT',
  asks: { slots: { source: 'calendar', query: 'free' } },
  screens: {
    SLOT: {
      fields: { slot: { type: 'choice', required: true } },
      data: { slots: { from: 'asked.slots' } },
      reserves: {
        slot: {
          source: 'calendar',
          reserve: 'hold',
          release: 'give_back',
          with: { id: { from: 'form.slot' } },
          field: 'slot',
          taken: 'Just taken.',
        },
      },
      next: [{ show: 'DONE' }],
    },
    DONE: { next: [{ submit: true }] },
  },
}
const flow = flowOf(file, flowJson)
const free: Reply = { kind: 'answered', value: [{ id: 'a', title: '09:00' }] }
const worldWith = (reserved: Reserved['kind'] = 'held', answer: (question: Question) => Reply = () => free) =>
  worldOf({
    answer,
    reserve: () =>
      reserved === 'held'
        ? { kind: 'held', value: {} }
        : reserved === 'taken'
          ? { kind: 'taken' }
          : { kind: 'unavailable', fallback: undefined },
  })

describe('a reservation', () => {
  test('is held when the screen is left, under a key of this run and choice', async () => {
    const world = worldWith()
    const course = new Course(flow, world)
    await course.open()
    const step = await course.submit('SLOT', { slot: 'a' })
    assert.equal(step.answer.screen, 'DONE')
    const [held] = world.reserved
    assert.deepEqual(
      [held?.source, held?.reserve, held?.release, held?.parameters],
      ['calendar', 'hold', 'give_back', { id: 'a' }],
    )
    assert.match(held?.key ?? '', /^[\w-]{43}$/u)
    assert.deepEqual(course.session.progress.reservations, { slot: held })
  })

  test('that somebody else has is told at its field, with a list that is asked for anew', async () => {
    const world = worldWith('taken')
    const course = new Course(flow, world)
    await course.open()
    const step = await course.submit('SLOT', { slot: 'a' })
    assert.deepEqual(step.answer, {
      screen: 'SLOT',
      data: { slots: free.kind === 'answered' ? free.value : [], problems: { slot: 'Just taken.' } },
    })
    assert.deepEqual(
      world.asked.map(({ fresh }) => fresh),
      [false, true],
    )
    assert.deepEqual([step.kind, course.session.progress.reservations], ['stay', {}])
  })

  test('stays when the same thing is chosen again, and is given back for another one', async () => {
    const world = worldWith()
    const course = new Course(flow, world)
    await course.open()
    await course.submit('SLOT', { slot: 'a' })
    await course.back('DONE')
    const same = await course.submit('SLOT', { slot: 'a' })
    assert.deepEqual([world.reserved.length, same.givesBack], [1, undefined])
    await course.back('DONE')
    const other = await course.submit('SLOT', { slot: 'b' })
    assert.deepEqual(other.givesBack, [world.reserved[0]])
    await course.back('DONE')
    const first = await course.submit('SLOT', { slot: 'a' })
    assert.deepEqual(first.givesBack, [world.reserved[1]])
    assert.equal(
      new Set(world.reserved.map(({ key }) => key)).size,
      3,
      'a late release must not take what is held anew',
    )
  })

  test('whose source cannot answer keeps the person where they are', async () => {
    const course = new Course(flow, worldWith('unavailable'))
    await course.open()
    const step = await course.submit('SLOT', { slot: 'a' })
    assert.deepEqual([step.kind, step.answer.screen, step.unavailable], ['stay', 'SLOT', ['slot']])
  })
})
