import assert from 'node:assert/strict'
import { test } from 'node:test'
import { declared, footer, layout, parsedScreen } from './flow-json-text.ts'

const text = declared('string')
const object = declared('object')

test('bindings of errors and first values are found in a Form and below If and Switch', () => {
  const then = [
    {
      type: 'TextInput',
      name: 'email',
      'error-message': `\${data.mail_problem}`,
      'init-value': `\${data.mail}`,
    },
  ]
  const screen = parsedScreen({
    data: { problems: object, before: object, mail_problem: text, mail: text, plan_problem: text, odd: text },
    layout: layout({
      type: 'Form',
      name: 'form',
      'error-messages': `\${data.problems}`,
      'init-values': `\${data.before}`,
      children: [
        {
          type: 'If',
          condition: `\`\${data.odd} == ""\``,
          then,
          else: [
            {
              type: 'Switch',
              value: `\${data.odd}`,
              cases: {
                a: [{ type: 'Dropdown', name: 'plan', 'error-message': `\${data.plan_problem}`, 'data-source': [] }],
              },
            },
          ],
        },
        footer({ email: `\${form.email}`, plan: `\${form.plan}` }),
      ],
    }),
  })
  assert.deepEqual([...screen.errorMessagesKeys], ['problems'])
  assert.deepEqual(
    [...screen.errorMessageKeys],
    [
      ['mail_problem', 'email'],
      ['plan_problem', 'plan'],
    ],
  )
  assert.deepEqual([...screen.initValuesKeys], ['before'])
  assert.deepEqual([...screen.initValueKeys], [['mail', 'email']])
  assert.deepEqual([...screen.textInputs], ['email', 'plan'])
  assert.deepEqual([...screen.payloadKeys], ['email', 'plan'])
})

test('a Form may write its bindings out field by field', () => {
  const screen = parsedScreen({
    data: { mail_problem: text, mail: text },
    layout: layout({
      type: 'Form',
      'error-messages': { email: `\${data.mail_problem}`, other: 'always wrong' },
      'init-values': { email: `\${data.mail}` },
      children: [footer()],
    }),
  })
  assert.deepEqual([...screen.errorMessageKeys], [['mail_problem', 'email']])
  assert.deepEqual([...screen.initValueKeys], [['mail', 'email']])
})

test('payload keys of every action that asks the endpoint are collected', () => {
  const ask = (key: string) => ({ name: 'data_exchange', payload: { [key]: 'x' } })
  const asking = layout(
    { type: 'EmbeddedLink', text: 'Check', 'on-click-action': ask('link') },
    { type: 'OptIn', name: 'terms', 'on-click-action': ask('terms') },
    { type: 'DatePicker', name: 'day', 'on-select-action': ask('day') },
    { type: 'NavigationList', name: 'list', 'list-items': [{ id: 'a', 'on-click-action': ask('item') }] },
    {
      type: 'Dropdown',
      name: 'd',
      'data-source': [],
      'on-unselect-action': { name: 'update_data', payload: { no: 1 } },
    },
  )
  const end = { id: 'END', terminal: true, layout: layout(footer()) }
  const screens = [{ id: 'ONLY', layout: asking }, end]
  const screen = parsedScreen({}, { screens, routing_model: { ONLY: ['END'], END: [] } })
  assert.deepEqual([...screen.payloadKeys], ['link', 'terms', 'day', 'item'])
  assert.equal(screen.asksEndpoint, true)
  const at = (...path: (string | number)[]) => ['screens', 0, 'layout', 'children', ...path, 'payload']
  assert.deepEqual(screen.exchanges, [
    { attribute: 'on-click-action', payload: { link: 'x' }, path: at(0, 'on-click-action') },
    { attribute: 'on-click-action', payload: { terms: 'x' }, path: at(1, 'on-click-action') },
    { attribute: 'on-select-action', payload: { day: 'x' }, path: at(2, 'on-select-action') },
    { attribute: 'on-click-action', payload: { item: 'x' }, path: at(3, 'list-items', 0, 'on-click-action') },
  ])
})

test('items that a list takes from data act as the example there shows', () => {
  const example = [
    { id: 'a', 'main-content': {}, 'on-click-action': { name: 'data_exchange', payload: { product: 'a' } } },
    { id: 'b', 'on-click-action': { name: 'navigate', next: { type: 'screen', name: 'END' }, payload: {} } },
    'no item',
  ]
  const list = { type: 'NavigationList', name: 'list', 'list-items': `\${data.products}` }
  const end = { id: 'END', terminal: true, layout: layout(footer()) }
  const data = { products: { ...declared('array'), __example__: example }, unused: declared('array') }
  const screens = [{ id: 'ONLY', data, layout: layout(list) }, end]
  const screen = parsedScreen({}, { screens, routing_model: { ONLY: ['END'], END: [] } })
  const path = ['screens', 0, 'data', 'products', '__example__', 0, 'on-click-action', 'payload']
  assert.deepEqual(screen.exchanges, [{ attribute: 'on-click-action', payload: { product: 'a' }, path }])
  assert.deepEqual([screen.asksEndpoint, [...screen.payloadKeys]], [true, ['product']])
  assert.deepEqual([...screen.navigatesTo], ['END'])
})

test('a screen that only navigates or completes does not ask the endpoint', () => {
  const screen = parsedScreen({
    layout: layout({ type: 'Footer', label: 'x', 'on-click-action': { name: 'complete', payload: { a: 1 } } }),
  })
  assert.equal(screen.asksEndpoint, false)
  assert.deepEqual([...screen.payloadKeys], [])
})

test("lists are limited to what Meta's components show", () => {
  const list = (properties = {}) => declared('array', { items: { type: 'object', properties } })
  const screen = parsedScreen({
    data: {
      radio: list(),
      check: list(),
      drop: list(),
      drop_images: list({ image: { type: 'string' } }),
      chips: list(),
      images: list(),
      shared: list(),
    },
    layout: layout(
      { type: 'RadioButtonsGroup', name: 'a', 'data-source': `\${data.radio}` },
      { type: 'CheckboxGroup', name: 'b', 'data-source': `\${data.check}` },
      { type: 'Dropdown', name: 'c', 'data-source': `\${data.drop}` },
      { type: 'Dropdown', name: 'd', 'data-source': `\${data.drop_images}` },
      { type: 'ChipsSelector', name: 'e', 'data-source': `\${data.chips}` },
      { type: 'ImageCarousel', images: `\${data.images}` },
      { type: 'Dropdown', name: 'f', 'data-source': `\${data.shared}` },
      { type: 'RadioButtonsGroup', name: 'g', 'data-source': `\${data.shared}` },
      footer(),
    ),
  })
  assert.deepEqual(Object.fromEntries(screen.listLimits), {
    radio: 20,
    check: 20,
    drop: 200,
    drop_images: 100,
    chips: 20,
    images: 3,
    shared: 20,
  })
})

test('flags and types of a screen are read', () => {
  const screen = parsedScreen({
    refresh_on_back: true,
    data: { a: text, b: declared('array'), c: declared('boolean') },
  })
  assert.equal(screen.terminal, true)
  assert.equal(screen.refreshOnBack, true)
  assert.deepEqual([...screen.dataKeys], ['a', 'b', 'c'])
  assert.deepEqual(Object.fromEntries(screen.dataTypes), { a: 'string', b: 'array', c: 'boolean' })
})
