import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { FlowFile } from '../../src/config/schema/flow.ts'
import type { Question, Reply, Reserved } from '../../src/flow/asking.ts'
import { beginSession } from '../../src/flow/begin-session.ts'
import { NO_PROGRESS, sessionScope } from '../../src/flow/session.ts'
import { Course, NOW, sends } from '../support/course.ts'
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
    assert.deepEqual(course.session.progress.reservations, { slot: { ...held, value: {} } })
  })

  test('keeps what the source said of it for later screens and the mapping, unless that is long', async () => {
    for (const [value, kept] of [
      [{ number: 'A 17' }, { number: 'A 17' }],
      [null, undefined],
      ['x'.repeat(5000), undefined],
    ] as const) {
      const course = new Course(flow, worldOf({ answer: () => free, reserve: () => ({ kind: 'held', value }) }))
      await course.open()
      await course.submit('SLOT', { slot: 'a' })
      const held = course.session.progress.reservations['slot']
      assert.deepEqual([held?.value, typeof held?.key], [kept, 'string'])
      const scope = sessionScope(course.session)['reservations']
      assert.deepEqual(scope, { slot: kept === undefined ? { key: held?.key } : { key: held?.key, value: kept } })
    }
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
    assert.deepEqual(other.givesBack, [{ ...world.reserved[0], value: {} }])
    await course.back('DONE')
    const first = await course.submit('SLOT', { slot: 'a' })
    assert.deepEqual(first.givesBack, [{ ...world.reserved[1], value: {} }])
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

  test('whose parameter cannot be worked out keeps the person where they are, and the operator hears of it', async () => {
    const id = { from: 'form.slot', apply: ['number'] }
    const calendar = { source: 'calendar', reserve: 'hold', release: 'give_back', taken: 'Just taken.' }
    const SLOT = { ...file.screens['SLOT'], reserves: { slot: { ...calendar, with: { id } } } }
    const numbered = flowOf({ ...file, screens: { ...file.screens, SLOT } }, flowJson)
    const world = worldWith()
    const course = new Course(numbered, world)
    await course.open()
    const step = await course.submit('SLOT', { slot: 'a' })
    assert.deepEqual([step.kind, step.answer.screen, step.rejected?.screen], ['stay', 'SLOT', 'SLOT'])
    assert.deepEqual(world.reserved, [])
  })
})

describe('what is held', () => {
  const text = { type: 'string', __example__: '' }
  const json = flowJsonOf(
    {
      NAME: { sends: ['name'] },
      SLOT: { sends: ['slot'], data: { known: { type: 'boolean', __example__: true } } },
      PAY: { sends: ['card'], data: { price: text }, terminal: true },
      HELP: { sends: ['phone'], terminal: true },
    },
    { NAME: ['SLOT'], SLOT: ['PAY', 'HELP'], PAY: ['HELP'], HELP: [] },
  )
  const withSlot = (next: NonNullable<FlowFile['screens'][string]['next']>) =>
    flowOf(
      {
        ...file,
        first_screen: 'NAME',
        asks: { price: { source: 'shop', query: 'price', if_unavailable: { show: 'HELP' } } },
        screens: {
          NAME: { fields: { name: { type: 'text', required: true } }, next: [{ show: 'SLOT' }] },
          SLOT: {
            fields: { slot: { type: 'choice', required: true } },
            data: { known: { from: 'checks.known.ok', default: false } },
            checks: [{ id: 'known', that: { 'form.slot': { exists: true } }, message: 'No.' }],
            reserves: file.screens['SLOT']?.reserves ?? {},
            next,
          },
          PAY: { data: { price: { from: 'asked.price' } }, next: [{ submit: true }] },
          HELP: { next: [{ submit: true }] },
        },
      },
      json,
    )
  const held = { key: 'k', source: 'calendar', reserve: 'hold', release: 'give_back', parameters: { id: 'a' } }
  const holding = (course: Course) => {
    const progress = { ...NO_PROGRESS, reservations: { slot: held } }
    course.session = { ...course.session, revision: 3, path: ['NAME', 'SLOT', 'PAY'], form: { slot: 'a' }, progress }
    return course
  }

  test('is not given back for a form that is not accepted', async () => {
    const step = await holding(new Course(withSlot([{ submit: true }]), worldWith())).submit('SLOT', { slot: 'b' })
    assert.deepEqual([step.kind, step.incomplete, step.givesBack], ['stay', ['name'], undefined])
  })

  test('goes along where a source’s trouble leads elsewhere, and what it replaces is given back', async () => {
    const down = () => ({ kind: 'unavailable', fallback: undefined }) as const
    const course = holding(new Course(withSlot([{ show: 'PAY' }]), worldWith('held', down)))
    const step = await course.submit('SLOT', { slot: 'b' })
    assert.deepEqual([step.kind, step.answer.screen, step.givesBack], ['move', 'HELP', [held]])
    assert.deepEqual(course.session.progress.reservations['slot']?.parameters, { id: 'b' })
  })

  test('by somebody else leaves what checks came to on the screen', async () => {
    const course = new Course(withSlot([{ show: 'PAY' }]), worldWith('taken'))
    assert.equal((await course.submit('SLOT', { slot: 'a' })).answer.data['known'], true)
  })
})

describe('what was held on a way that its person left', () => {
  const screens: FlowFile['screens'] = {
    WAY: {
      fields: { way: { type: 'text', required: true }, name: { type: 'text' } },
      next: [
        { when: { 'form.way': 'call' }, show: 'CALL' },
        { when: { 'form.way': 'done' }, show: 'DONE' },
        { show: 'SLOT' },
      ],
    },
    SLOT: {
      fields: { slot: { type: 'choice', required: true }, name: { type: 'text' } },
      keep: { price: { expr: '9' } },
      reserves: file.screens['SLOT']?.reserves ?? {},
      next: [{ show: 'DONE' }],
    },
    CALL: { fields: { phone: { type: 'text' } }, next: [{ show: 'DONE' }] },
    DONE: { triggers: [{ when: { 'sent.go': 'change' }, show: 'WAY' }], next: [{ submit: true }] },
  }
  const json = flowJsonOf(
    {
      WAY: { sends: ['way', 'name'] },
      SLOT: { sends: ['slot', 'name'], refreshOnBack: true },
      CALL: { sends: ['phone'] },
      DONE: { sends: ['note'], terminal: true, refreshOnBack: true },
    },
    { WAY: ['SLOT', 'CALL', 'DONE'], SLOT: ['DONE'], CALL: ['DONE'], DONE: [] },
  )
  async function holdingA(screensOf = screens) {
    const world = worldWith()
    const course = new Course(flowOf({ ...file, first_screen: 'WAY', screens: screensOf }, json), world)
    await course.open()
    await course.submit('WAY', { way: 'book', name: 'Ana' })
    await course.submit('SLOT', { slot: 'a', name: 'Ana' })
    return { course, held: { ...world.reserved[0], value: {} } }
  }

  test('is given back when the form ends on another way, with the answers of its screen alone', async () => {
    const { course, held } = await holdingA({ ...screens, DONE: { next: [{ submit: true }] } })
    await course.back('DONE')
    await course.back('SLOT')
    assert.equal((await course.submit('WAY', { way: 'call', name: 'Ana' })).answer.screen, 'CALL')
    await course.submit('CALL', { phone: '1' })
    assert.deepEqual(course.session.progress.reservations, { slot: held })
    const end = await course.submit('DONE')
    assert.deepEqual([end.kind, end.givesBack], ['submit', [held]])
    assert.deepEqual(course.session.form, { way: 'call', name: 'Ana', phone: '1' })
    assert.deepEqual(course.session.progress.reservations, {})
  })

  test('must be what the form says: a slot that was only selected since is none', async () => {
    const selecting = { ...screens, SLOT: { ...screens['SLOT'], triggers: [{ when: { 'sent.trigger': 'slot' } }] } }
    const { course, held } = await holdingA({ ...selecting, DONE: { next: [{ submit: true }] } })
    await course.back('DONE')
    await course.submit('SLOT', { trigger: 'slot', slot: 'b' })
    const early = await course.submit('DONE')
    assert.deepEqual([early.kind, early.incomplete], ['stay', ['slot']])
    await course.submit('SLOT', { slot: 'a', name: 'Ana' })
    assert.equal((await course.submit('DONE')).kind, 'submit')
    assert.deepEqual(course.session.progress.reservations, { slot: held })
  })

  test('stays where one way passes both, for then it may still be meant', async () => {
    const { course, held } = await holdingA()
    await course.take(sends('data_exchange', 'DONE', { go: 'change' }))
    assert.equal((await course.submit('WAY', { way: 'done', name: 'Bo' })).answer.screen, 'DONE')
    const end = await course.submit('DONE')
    assert.deepEqual([end.kind, end.givesBack, course.session.path], ['submit', undefined, ['WAY', 'DONE']])
    assert.deepEqual(course.session.progress.reservations, { slot: held })
    assert.equal(course.session.form['slot'], 'a')
  })
})

test('what is held without a session is forgotten with its request, and the operator hears of it', async () => {
  const nobody = beginSession(flow, undefined, '', 'ses_1', NOW)
  const step = await new Course(flow, worldWith(), nobody).submit('SLOT', { slot: 'a' })
  assert.deepEqual(step.remarks, [
    'what is reserved as slot is given back in a minute: only forms opened with a token hold it',
  ])
  const known = new Course(flow, worldWith())
  assert.equal((await known.submit('SLOT', { slot: 'a' })).remarks, undefined)
})
