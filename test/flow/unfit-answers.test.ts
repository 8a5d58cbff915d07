import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { DEFAULT_MESSAGES } from '../../src/config/schema/defaults.ts'
import { beginSession } from '../../src/flow/begin-session.ts'
import { exchange } from '../../src/flow/exchange.ts'
import { sends as ask, NOW } from '../support/course.ts'
import { flowJsonOf, flowOf } from '../support/flow.ts'
import { QUIET } from '../support/world.ts'

describe('an answer that is too much', () => {
  const json = flowJsonOf(
    {
      LIST: {
        sends: [],
        data: {
          slots: {
            type: 'array',
            items: { type: 'object', properties: { id: { type: 'string' }, title: { type: 'string' } } },
            __example__: [{ id: '1', title: '9:00' }],
          },
          story: { type: 'string', __example__: 'Once' },
        },
        terminal: true,
        children: [{ type: 'RadioButtonsGroup', name: 'slot', label: 'When', 'data-source': `\${data.slots}` }],
      },
    },
    { LIST: [] },
  )
  const slots = Array.from({ length: 25 }, (_, index) => ({ id: `${index}`, title: `Slot ${index}` }))
  const flowWith = (story: string) =>
    flowOf(
      {
        flow: 'list',
        title: 'List',
        version: '1',
        first_screen: 'LIST',
        screens: { LIST: { data: { slots, story: { value: story } }, next: [{ submit: true }] } },
      },
      json,
    )

  test('has its lists cut to what the component shows, and the operator is told', async () => {
    const long = flowWith('x'.repeat(70_000))
    const step = await exchange(long, beginSession(long, undefined, 't', 'ses_5', NOW), ask('INIT', ''), QUIET)
    const shown = step.answer.data['slots']
    assert.ok(Array.isArray(shown))
    assert.equal(shown.length, 20)
    assert.equal(step.session.lastAnswer, step.answer)
    assert.match(step.remarks?.[0] ?? '', /data\.slots has 25 items and its component shows at most 20/u)
    assert.match(step.remarks?.[1] ?? '', /the answer has \d{5} characters/u)
  })

  test('is not sent at all above a megabyte', async () => {
    const huge = flowWith('x'.repeat(1_100_000))
    const step = await exchange(huge, beginSession(huge, undefined, 't', 'ses_6', NOW), ask('INIT', ''), QUIET)
    assert.match(step.rejected?.faults.at(-1)?.message ?? '', /at most 1048576/u)
    const { slots: shown, ...others } = step.answer.data
    assert.deepEqual(others, { story: '', error_message: DEFAULT_MESSAGES.sorry })
    assert.equal((shown as unknown[]).length, 20, 'what fits is shown')
  })
})

describe('an answer that breaks the Flow JSON', () => {
  const json = flowJsonOf(
    {
      FIRST: { sends: ['a'], data: { count: { type: 'string', __example__: '1' } } },
      SECOND: { sends: ['b'], terminal: true },
    },
    { FIRST: ['SECOND'], SECOND: [] },
  )
  const file = {
    flow: 'broken',
    title: 'Broken',
    version: '1',
    first_screen: 'FIRST',
    screens: {
      FIRST: {
        fields: { a: { type: 'text' as const } },
        data: { count: { from: 'form.a', default: 'none' } },
        next: [{ show: 'SECOND' }],
      },
      SECOND: { fields: { b: { type: 'text' as const } }, data: {}, next: [{ submit: true as const }] },
    },
  }
  const broken = flowOf(file, json)

  test('is not sent: the person stays with an apology, the operator hears which key is wrong', async () => {
    const session = { ...beginSession(broken, undefined, 't', 'ses_2', NOW), form: { a: { not: 'text' } } }
    const step = await exchange(broken, session, ask('INIT', ''), QUIET)
    assert.equal(step.kind, 'stay')
    assert.equal(step.rejected?.screen, 'FIRST')
    assert.equal(step.rejected?.faults[0]?.path, 'count')
    assert.deepEqual(step.answer, { screen: 'FIRST', data: { count: '', error_message: DEFAULT_MESSAGES.sorry } })
    assert.deepEqual(broken.flowJson.screens.get('FIRST')?.check(step.answer.data), [])
  })

  test('with a key that the screen does not declare is not sent, and its line is named', async () => {
    const FIRST = { ...file.screens.FIRST, data: { ...file.screens.FIRST.data, extra: 'x' } }
    const undeclared = flowOf({ ...file, screens: { ...file.screens, FIRST } }, json)
    const session = beginSession(undeclared, undefined, 't', 'ses_5', NOW)
    const step = await exchange(undeclared, session, ask('INIT', ''), QUIET)
    const place = 'flow.yaml:screens.FIRST.data.extra'
    assert.deepEqual(step.rejected, {
      screen: 'FIRST',
      faults: [{ path: 'extra', message: "is not declared in the screen's data", place }],
    })
    assert.deepEqual(undeclared.flowJson.screens.get('FIRST')?.check(step.answer.data), [])
  })

  test('a transition the routing model has no edge for is not sent either', async () => {
    const request = ask('data_exchange', 'SECOND', { b: 'x' })
    const lost = flowOf({ ...file, screens: { ...file.screens } }, json)
    const sideways = {
      ...lost,
      flowJson: {
        ...lost.flowJson,
        routing: new Map([
          ['FIRST', new Set<string>()],
          ['SECOND', new Set<string>()],
        ]),
      },
    }
    const first = await exchange(
      sideways,
      beginSession(lost, undefined, 't', 'ses_3', NOW),
      ask('data_exchange', 'FIRST', { a: 'x' }),
      QUIET,
    )
    assert.match(first.rejected?.faults[0]?.message ?? '', /no edge between FIRST and SECOND/)
    assert.equal(first.answer.data['error_message'], DEFAULT_MESSAGES.sorry)
    assert.equal(
      (await exchange(sideways, beginSession(lost, undefined, 't', 'ses_4', NOW), request, QUIET)).kind,
      'submit',
    )
  })
})
