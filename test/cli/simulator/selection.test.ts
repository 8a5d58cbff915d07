import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { notOffered, offeredIn } from '../../../src/cli/simulator/choices.ts'
import { type PhoneScreen, readFlowOnPhone } from '../../../src/cli/simulator/flow-on-phone.ts'
import { newMemory, pressButton } from '../../../src/cli/simulator/person.ts'
import { findSelection } from '../../../src/cli/simulator/selection.ts'
import type { Json, JsonObject } from '../../../src/plugin/json.ts'

const form = (name: string): string => `\${form.${name}}`
const asks = (payload: JsonObject): JsonObject => ({ name: 'data_exchange', payload })

/** A screen with these components, shown with this data. */
function shown(children: readonly Json[], data: JsonObject = {}) {
  const flow = readFlowOnPhone({ screens: [{ id: 'HERE', layout: { type: 'SingleColumnLayout', children } }] })
  const screen = flow.screens.get('HERE')
  assert.ok(screen)
  const memory = newMemory()
  memory.shown.set('HERE', data)
  return { screen, memory }
}

/** What is sent for a selection, or why nothing is. */
function sent({ screen, memory }: ReturnType<typeof shown>, select: JsonObject): JsonObject | string {
  const found = findSelection(screen, select, memory)
  return found.ok ? found.payload : found.reason
}

describe('a selection', () => {
  const inputs = [
    {
      type: 'DatePicker',
      name: 'day',
      'on-select-action': asks({ trigger: 'changed', day: form('day'), room: form('room') }),
    },
    {
      type: 'Dropdown',
      name: 'room',
      'data-source': `\${data.rooms}`,
      'on-select-action': asks({ trigger: 'changed', day: form('day'), room: form('room') }),
    },
    { type: 'OptIn', name: 'terms', 'on-click-action': asks({ trigger: 'terms' }) },
    { type: 'Footer', 'on-click-action': asks({ day: form('day'), room: form('room') }) },
  ]

  test('is made on the input it names, sends what stands in the others, and constants need not be named', () => {
    const here = shown(inputs, { rooms: [{ id: 'a' }] })
    here.memory.selected.set('HERE', { day: '2026-05-04' })
    const found = findSelection(here.screen, { room: 'a' }, here.memory)
    assert.ok(found.ok)
    assert.equal(found.action.input, 'room')
    assert.deepEqual(found.payload, { trigger: 'changed', day: '2026-05-04', room: 'a' })
  })

  test('is told from others by a constant, and an empty input may be named', () => {
    const here = shown(inputs)
    assert.deepEqual(sent(here, { trigger: 'terms' }), { trigger: 'terms' })
    assert.deepEqual(sent(here, { trigger: 'changed', day: '2026-05-04', room: '' }), {
      trigger: 'changed',
      day: '2026-05-04',
    })
  })

  test('that would be the button alone is none, and what there is instead is said', () => {
    const plain = shown([
      { type: 'TextInput', name: 'who' },
      { type: 'Footer', 'on-click-action': asks({ who: form('who') }) },
    ])
    assert.equal(
      sent(plain, { who: 'Ana' }),
      'nothing on HERE sends that: it has no selection or link that asks the gateway',
    )
    const marked = shown([{ type: 'Footer', 'on-click-action': asks({ step: 'check' }) }])
    assert.deepEqual(sent(marked, { step: 'check' }), { step: 'check' })
    assert.equal(
      sent(shown(inputs), { trigger: 'changed', flavour: 'mint' }),
      'nothing on HERE sends that: there is DatePicker day { trigger: changed, day, room }, Dropdown room { trigger: changed, day, room }, OptIn terms { trigger: terms }',
    )
  })

  test('can be an item of a list: written, brought by the gateway, or the list as a whole', () => {
    const item = (id: string) => ({ id, 'main-content': { title: id }, 'on-click-action': asks({ pick: id }) })
    const list = { type: 'NavigationList', name: 'plans' }
    assert.deepEqual(sent(shown([{ ...list, 'list-items': [item('a'), item('b')] }]), { pick: 'b' }), { pick: 'b' })
    const brought = shown([{ ...list, 'list-items': `\${data.plans}` }], { plans: [item('a'), item('c')] })
    assert.deepEqual(sent(brought, { pick: 'c' }), { pick: 'c' })
    assert.match(String(sent(brought, { pick: 'b' })), /there is NavigationList plans \{ pick: a \}, .* \{ pick: c \}$/)
    const whole = { ...list, 'list-items': `\${data.plans}`, 'on-click-action': asks({ plan: form('plans') }) }
    assert.deepEqual(sent(shown([whole], { plans: [{ id: 'a' }] }), { plan: 'a' }), { plan: 'a' })
  })
})

describe('what can be chosen', () => {
  const group = { type: 'CheckboxGroup', name: 'tags', 'data-source': `\${data.tags}` }
  const tags = [{ id: 'a' }, { id: 'b', enabled: false }, { id: 3 }]
  const only = (screen: PhoneScreen) => screen.inputs[0] ?? assert.fail('the screen has an input')

  test('is what the screen shows and does not disable', () => {
    const { screen, memory } = shown([group], { tags })
    assert.deepEqual(offeredIn(screen, only(screen), memory), ['a', '3'])
    const [wrong] = notOffered(screen, { tags: ['a', 'b', 'z', 3] }, memory)
    assert.deepEqual(wrong?.missing, ['b', 'z'])
    assert.deepEqual(notOffered(screen, { tags: ['a'], other: 'b' }, memory), [])
  })

  test('is not known where the phone changes lists by itself, or where nothing was shown', () => {
    const action = { name: 'update_data', payload: { tags: [] } }
    const changing = shown([{ ...group, 'on-select-action': action }], { tags })
    assert.equal(offeredIn(changing.screen, only(changing.screen), changing.memory), undefined)
    const empty = shown([group])
    assert.equal(offeredIn(empty.screen, only(empty.screen), empty.memory), undefined)
  })
})

describe('a button', () => {
  const screenOf = (...children: readonly Json[]) =>
    shown([
      ...children,
      {
        type: 'Footer',
        'on-click-action': asks({ who: form('who'), total: `\`${form('who')} + 1\``, at: { who: form('who') } }),
      },
    ])

  test('sends text inputs empty, choices not at all, and what the phone works out as it is told', () => {
    const { screen, memory } = screenOf({ type: 'TextInput', name: 'who' })
    assert.deepEqual(pressButton(screen, {}, memory).payload, { who: '', at: { who: '' } })
    assert.deepEqual(pressButton(screen, { who: 5, total: 6 }, memory).payload, {
      who: '5',
      total: 6,
      at: { who: '5' },
    })
    const choice = screenOf({ type: 'Dropdown', name: 'who' })
    assert.deepEqual(pressButton(choice.screen, { who: '' }, choice.memory).payload, { at: {} })
  })

  test('sends what its Flow JSON says, unless anybody sends it', () => {
    const { screen, memory } = shown([{ type: 'Footer', 'on-click-action': asks({ version: '1' }) }])
    assert.deepEqual(pressButton(screen, { version: '2' }, memory), {
      payload: { version: '1' },
      unsent: ['version'],
      form: {},
    })
    assert.deepEqual(pressButton(screen, { version: '2', more: 1 }, memory, 'anybody'), {
      payload: { version: '2' },
      unsent: ['more'],
      form: {},
    })
  })
})
