import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { AskFile } from '../../src/config/schema/ask.ts'
import type { FlowFile } from '../../src/config/schema/flow.ts'
import type { Reply } from '../../src/flow/asking.ts'
import { compileWords } from '../../src/flow/words.ts'
import { Course } from '../support/course.ts'
import { flowJsonOf, flowOf } from '../support/flow.ts'
import { worldOf } from '../support/world.ts'

const text = { type: 'string', __example__: '' }
const list = {
  type: 'array',
  items: { type: 'object', properties: { id: { type: 'string' }, title: { type: 'string' } } },
  __example__: [],
}
const flowJson = flowJsonOf(
  {
    START: { sends: ['code'], data: { hello: text } },
    PICK: {
      sends: ['slot'],
      data: { slots: list },
      children: [{ type: 'Dropdown', name: 'list', label: 'x', 'data-source': `\${data.slots}` }],
    },
    CALL_US: { sends: ['phone'], terminal: true },
  },
  { START: ['PICK', 'CALL_US'], PICK: ['CALL_US'], CALL_US: [] },
)

const flowWith = (ask: Partial<AskFile>, start: Partial<FlowFile['screens'][string]> = {}) =>
  flowOf(
    {
      flow: 'f',
      title: 'F',
      version: '1',
      first_screen: 'START',
      messages: { sorry: 'Sorry.' },
      asks: { slots: { source: 'calendar', query: 'slots', with: { code: { from: 'form.code' } }, ...ask } },
      screens: {
        START: { fields: { code: { type: 'text' } }, data: { hello: 'Hi' }, next: [{ show: 'PICK' }], ...start },
        PICK: {
          fields: { slot: { type: 'choice' } },
          data: { slots: { from: 'asked.slots' } },
          next: [{ submit: true }],
        },
        CALL_US: { next: [{ submit: true }] },
      },
    },
    flowJson,
  )

async function leaveStart(flow: ReturnType<typeof flowOf>, reply: Reply, code = 'A') {
  const world = worldOf({ answer: () => reply })
  const course = new Course(flow, world)
  await course.open()
  return { course, world, step: await course.submit('START', { code }) }
}

const down: Reply = { kind: 'unavailable', fallback: undefined }

describe('a source that cannot answer', () => {
  test('keeps the person on their screen with the declared words, and moves nothing', async () => {
    const { step, course } = await leaveStart(
      flowWith({ if_unavailable: { message: 'No calendar for {form.code}.' } }),
      down,
    )
    assert.deepEqual(step.answer, { screen: 'START', data: { hello: 'Hi', error_message: 'No calendar for A.' } })
    assert.deepEqual([step.kind, step.unavailable, course.session.form], ['stay', ['slots'], {}])
  })

  test('says sorry where nothing is declared, and what its own settings declare otherwise', async () => {
    assert.equal((await leaveStart(flowWith({}), down)).step.answer.data['error_message'], 'Sorry.')
    const words = compileWords('The calendar rests.', [], () => assert.fail())
    const resting: Reply = { kind: 'unavailable', fallback: { message: words } }
    assert.equal((await leaveStart(flowWith({}), resting)).step.answer.data['error_message'], 'The calendar rests.')
  })

  test('leads to the declared screen with the answers of this exchange', async () => {
    const { step, course } = await leaveStart(flowWith({ if_unavailable: { show: 'CALL_US' } }), down)
    assert.deepEqual([step.kind, step.answer.screen, step.unavailable], ['move', 'CALL_US', ['slots']])
    assert.deepEqual([course.session.form, course.session.path], [{ code: 'A' }, ['START', 'CALL_US']])
  })

  test('is passed over where the flow accepts that, and the run is flagged', async () => {
    const flow = flowWith(
      { if_unavailable: 'accept_and_flag' },
      {
        checks: [{ id: 'known', that: { 'asked.slots': { exists: true } }, message: 'Unknown code.' }],
        next: [{ show: 'CALL_US' }],
      },
    )
    const { step, course } = await leaveStart(flow, down)
    assert.equal(step.answer.screen, 'CALL_US')
    assert.deepEqual(course.session.progress.flags, ['slots'])
    const refused = await leaveStart(flow, { kind: 'answered', value: null })
    assert.equal(refused.step.answer.data['error_message'], 'Unknown code.')
  })

  test('is told whether an older answer may stand in: the ask decides, else the source', async () => {
    const asked = async (ask: Partial<AskFile>) =>
      (await leaveStart(flowWith(ask), down)).world.asked[0]?.staleIfUnavailable
    assert.equal(await asked({ if_unavailable: ['stale', { message: 'No.' }] }), true)
    assert.equal(await asked({ if_unavailable: { message: 'No.' } }), false)
    assert.equal(await asked({}), undefined)
  })
})

describe('a question about what cannot be worked out', () => {
  const code = { from: 'form.code', apply: ['number'] }
  const checks = [{ id: 'known', that: { 'asked.slots': { exists: true } }, message: 'Unknown code.' }]

  test('is not put, and the operator hears of it', async () => {
    const flow = flowWith({ with: { code } }, { checks })
    const { step, world } = await leaveStart(flow, { kind: 'answered', value: [] }, 'abc')
    assert.deepEqual([step.answer.screen, step.answer.data['error_message']], ['START', 'Unknown code.'])
    assert.deepEqual(world.asked, [])
    assert.match(step.remarks?.[0] ?? '', /^ask slots was not put: number: /u)
    assert.doesNotMatch(step.remarks?.join() ?? '', /abc/u)
  })
})

describe('an attribute of the person', () => {
  test('whose source cannot answer does not keep what is declared for that from the first screen', async () => {
    const flow = flowOf(
      {
        flow: 'f',
        title: 'F',
        version: '1',
        first_screen: 'START',
        asks: { customer: { source: 'crm', query: 'c', if_unavailable: { message: 'Back soon.' } } },
        person: { tier: { from: 'asked.customer.tier' } },
        screens: {
          START: { data: { hello: { from: 'asked.customer.name', default: '' } }, next: [{ show: 'PICK' }] },
          PICK: { data: { slots: [] }, next: [{ submit: true }] },
          CALL_US: {},
        },
      },
      flowJson,
    )
    const world = worldOf({})
    const step = await new Course(flow, world).open()
    assert.deepEqual([step.answer.data, step.unavailable], [{ hello: '', error_message: 'Back soon.' }, ['customer']])
    assert.equal(world.asked.length, 1)
  })
})

describe('a list of choices', () => {
  test('that its source came back without breaks the answer, which is caught before it goes out', async () => {
    const { step } = await leaveStart(flowWith({}), { kind: 'answered', value: null })
    assert.equal(step.answer.screen, 'START')
    assert.equal(step.answer.data['error_message'], 'Sorry.')
    assert.deepEqual(step.rejected, {
      screen: 'PICK',
      faults: [{ path: 'slots', message: 'is missing', place: 'flow.yaml:screens.PICK.data.slots' }],
    })
  })

  test('on the first screen is empty rather than missing, with an apology', async () => {
    const json = flowJsonOf(
      {
        PICK: {
          sends: ['slot'],
          data: { slots: list, hello: text },
          children: [{ type: 'Dropdown', name: 'list', label: 'x', 'data-source': `\${data.slots}` }],
          terminal: true,
        },
      },
      { PICK: [] },
    )
    const flow = flowOf(
      {
        flow: 'f',
        title: 'F',
        version: '1',
        first_screen: 'PICK',
        messages: { sorry: 'Sorry.' },
        asks: { slots: { source: 'calendar', query: 'slots' } },
        screens: { PICK: { data: { slots: { from: 'asked.slots' }, hello: 'Hi' }, next: [{ submit: true }] } },
      },
      json,
    )
    for (const value of [null, [{ id: 'a' }]]) {
      const step = await new Course(flow, worldOf({ answer: () => ({ kind: 'answered', value }) })).open()
      assert.deepEqual(step.answer, { screen: 'PICK', data: { slots: [], hello: 'Hi', error_message: 'Sorry.' } })
      assert.equal(step.rejected?.screen, 'PICK')
    }
  })

  test('may be empty where its source says so, or where there is nothing to ask yet', async () => {
    const empty = await leaveStart(flowWith({}), { kind: 'answered', value: [] })
    assert.deepEqual(empty.step.answer, { screen: 'PICK', data: { slots: [] } })
    const { step, world } = await leaveStart(flowWith({}), down, '')
    assert.deepEqual([step.answer, world.asked], [{ screen: 'PICK', data: { slots: [] } }, []])
  })

  test('with items of the wrong shape is caught as well, with the line that leads to it', async () => {
    const { step } = await leaveStart(flowWith({}), { kind: 'answered', value: [{ id: 'a' }, { id: 2, title: 'Two' }] })
    assert.deepEqual(
      step.rejected?.faults.map(({ path, place }) => [path, place]),
      [
        ['slots.0.title', 'flow.yaml:screens.PICK.data.slots'],
        ['slots.1.id', 'flow.yaml:screens.PICK.data.slots'],
      ],
    )
  })
})

describe('questions', () => {
  const questionsOf = async (flow: ReturnType<typeof flowOf>, reply: Reply) => {
    const { world } = await leaveStart(flow, reply)
    return world.asked.map(({ query, parameters }) => [query, parameters])
  }

  test('that need the answer of another one come after it, with the first row where one is meant', async () => {
    const flow = flowOf(
      {
        flow: 'f',
        title: 'F',
        version: '1',
        first_screen: 'START',
        asks: {
          customer: { source: 'crm', query: 'customer', with: { code: { from: 'form.code' } }, take: 'first' },
          slots: { source: 'calendar', query: 'slots', with: { tier: { from: 'asked.customer.tier' } } },
          never: { source: 'calendar', query: 'never' },
        },
        screens: {
          START: { fields: { code: { type: 'text' } }, data: { hello: 'Hi' }, next: [{ show: 'PICK' }] },
          PICK: { data: { slots: { from: 'asked.slots' } }, next: [{ submit: true }] },
          CALL_US: {},
        },
      },
      flowJson,
    )
    assert.deepEqual(await questionsOf(flow, { kind: 'answered', value: [{ tier: 'gold', id: 'a', title: 'A' }] }), [
      ['customer', { code: 'A' }],
      ['slots', { tier: 'gold' }],
    ])
  })

  test('are not put while their condition does not hold', async () => {
    const flow = flowWith({ when: { 'form.code': 'B' } })
    assert.deepEqual(await questionsOf(flow, { kind: 'answered', value: [] }), [])
  })
})
