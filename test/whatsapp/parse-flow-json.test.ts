import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import type { Json, JsonObject } from '../../src/plugin/json.ts'
import { declared, footer, layout, oneScreen, parsed, said } from './flow-json-text.ts'

test('the shipped Flow JSON is read without a word', async () => {
  const file = new URL('../../config/flows/lead-gen/flow.json', import.meta.url)
  const flowJson = parsed(JSON.parse(await readFile(file, 'utf8')))
  assert.equal(flowJson.version, '7.3')
  assert.equal(flowJson.dataApiVersion, '4.0')
  assert.deepEqual([...flowJson.entryScreens], ['CONTACT'])
  assert.deepEqual([...(flowJson.routing.get('CONTACT') ?? [])], ['ENTERPRISE', 'NEEDS'])
  assert.deepEqual([...flowJson.screens.keys()], ['CONTACT', 'ENTERPRISE', 'NEEDS'])
})

test('whatever stands in the file, nothing throws', () => {
  const odd: readonly Json[] = [
    null,
    1,
    'x',
    [],
    {},
    { screens: {} },
    { screens: [null, 1, {}, { id: 1 }] },
    oneScreen({ layout: null }),
    oneScreen({ data: [] }),
    oneScreen({ data: { a: null } }),
    { ...oneScreen({}), routing_model: [] },
    { ...oneScreen({}), routing_model: { ONLY: 'x' } },
  ]
  for (const json of odd)
    assert.ok(
      said(json).some((line) => line.includes(' error ')),
      JSON.stringify(json),
    )
})

const screens = (...ids: readonly string[]) => ids.map((id) => ({ id, layout: layout(footer()) }))
const end = { id: 'END', terminal: true, layout: layout(footer()) }

function routed(routing_model: JsonObject, ...ids: readonly string[]): JsonObject {
  return { version: '7.3', data_api_version: '4.0', routing_model, screens: [...screens(...ids), end] }
}

/** What is wrong → the Flow JSON, and every line that is said about it. */
const cases: Readonly<Record<string, readonly [Json, ...string[]]>> = {
  'the version is missing': [
    { ...oneScreen({}), version: 7.3 },
    'version error FG_CONFIG_FLOW_JSON_VERSION a Flow JSON needs a version such as "7.3"',
  ],
  'the version is no longer published': [
    oneScreen({}, { version: '4.0' }),
    'version advice FG_CONFIG_FLOW_JSON_VERSION Meta no longer publishes version 4.0: such a flow keeps running, a new one needs 7.3',
  ],
  'the version is unheard of': [
    oneScreen({}, { version: '9.9' }),
    'version advice FG_CONFIG_FLOW_JSON_VERSION version 9.9 is not one this gateway knows (5.1, 6.0, 6.1, 6.2, 6.3, 7.0, 7.1, 7.2, 7.3): it is read as the latest',
  ],
  'the data API version is missing or unknown': [
    oneScreen({}, { data_api_version: '2.0' }),
    'data_api_version error FG_CONFIG_FLOW_JSON_ENDPOINT data_api_version must be one of "3.0", "4.0"',
  ],
  'a flow with an endpoint has neither data API version nor routing model': [
    { version: '7.3', screens: [end] },
    ' error FG_CONFIG_FLOW_JSON_ENDPOINT screen END asks the endpoint, so the Flow JSON needs `data_api_version`',
    ' error FG_CONFIG_FLOW_JSON_ENDPOINT screen END asks the endpoint, so the Flow JSON needs `routing_model`',
  ],
  'a screen id has a digit': [
    { ...oneScreen({ id: 'STEP_1' }), routing_model: { STEP_1: [] } },
    'screens.0.id error FG_CONFIG_FLOW_JSON_SCREEN_ID screen id `STEP_1` may hold only letters and underscores',
  ],
  'a screen takes the reserved id': [
    { ...oneScreen({ id: 'SUCCESS' }), routing_model: { SUCCESS: [] } },
    'screens.0.id error FG_CONFIG_FLOW_JSON_SCREEN_ID `SUCCESS` is reserved: give the screen another id',
  ],
  'two screens have one id': [
    routed({ A: ['END'], END: [] }, 'A', 'A'),
    'screens.1.id error FG_CONFIG_FLOW_JSON_SCREEN_ID two screens have the id `A`',
  ],
  'the routing model names SUCCESS and screens that do not exist': [
    routed({ A: ['END', 'B'], END: ['SUCCESS'], C: [] }, 'A'),
    'routing_model.A.1 error FG_CONFIG_FLOW_JSON_ROUTING routing_model names screen `B`, which does not exist',
    'routing_model.END.0 error FG_CONFIG_FLOW_JSON_ROUTING `SUCCESS` is reserved: leave it out of routing_model',
    'routing_model.C error FG_CONFIG_FLOW_JSON_ROUTING routing_model names screen `C`, which does not exist',
  ],
  'a screen leads to itself': [
    routed({ A: ['A', 'END'], END: [] }, 'A'),
    'routing_model.A.0 error FG_CONFIG_FLOW_JSON_ROUTING screen `A` leads to itself: leave that out, a screen may always be shown again',
  ],
  'routes make a loop': [
    routed({ A: ['B'], B: ['C', 'END'], C: ['B'], END: [] }, 'A', 'B', 'C'),
    'routing_model.C.0 error FG_CONFIG_FLOW_JSON_ROUTING the edge from `C` to `B` closes a loop: routes only go forward, back is implied',
  ],
  'a route ends at a screen that is not terminal': [
    routed({ A: ['B', 'END'], B: [], END: [] }, 'A', 'B'),
    'routing_model.B advice FG_CONFIG_FLOW_JSON_ROUTING the route ends at `B`, which is not terminal: give it a next screen or "terminal": true',
  ],
  'the routing model leaves a screen out': [
    routed({ A: ['END'] }, 'A', 'B'),
    'routing_model error FG_CONFIG_FLOW_JSON_ROUTING routing_model leaves out B: every screen must be in it',
  ],
  'a screen leads to more than ten others': [
    routed(
      {
        A: 'BCDEFGHIJKL'.split(''),
        ...Object.fromEntries('BCDEFGHIJKL'.split('').map((id) => [id, ['END']])),
        END: [],
      },
      ...'ABCDEFGHIJKL',
    ),
    'routing_model.A error FG_CONFIG_FLOW_JSON_ROUTING screen `A` leads to 11 screens: Meta allows 10',
  ],
  'no screen is terminal': [
    { ...oneScreen({ terminal: false }), routing_model: { ONLY: ['ONLY'] } },
    'routing_model.ONLY.0 error FG_CONFIG_FLOW_JSON_ROUTING screen `ONLY` leads to itself: leave that out, a screen may always be shown again',
    'routing_model.ONLY advice FG_CONFIG_FLOW_JSON_ROUTING the route ends at `ONLY`, which is not terminal: give it a next screen or "terminal": true',
    'screens error FG_CONFIG_FLOW_JSON_SHAPE no screen is terminal: mark the last one with "terminal": true',
  ],
  'a screen navigates to nowhere, and along no route': [
    {
      ...routed({ A: ['END'], B: ['END'], END: [] }, 'B'),
      screens: [
        {
          id: 'A',
          layout: layout(
            { type: 'EmbeddedLink', 'on-click-action': { name: 'navigate', next: { type: 'screen', name: 'B' } } },
            { type: 'Footer', 'on-click-action': { name: 'navigate', next: { type: 'screen', name: 'GONE' } } },
          ),
        },
        ...screens('B'),
        end,
      ],
    },
    'screens.0.layout.children.0.on-click-action.next.name error FG_CONFIG_FLOW_JSON_ROUTING screen `A` navigates to `B`, but routing_model has no edge from `A` to `B`',
    'screens.0.layout.children.1.on-click-action.next.name error FG_CONFIG_FLOW_JSON_ROUTING screen `A` navigates to `GONE`, which does not exist',
  ],
  'a terminal screen has no Footer but a NavigationList': [
    { ...oneScreen({ layout: layout({ type: 'NavigationList', name: 'l', 'list-items': [] }) }) },
    'screens.0.terminal error FG_CONFIG_FLOW_JSON_COMPONENT terminal screen `ONLY` needs a Footer',
    'screens.0.layout.children.0 error FG_CONFIG_FLOW_JSON_COMPONENT terminal screen `ONLY` cannot have a NavigationList',
  ],
  'a screen has more than 50 components': [
    oneScreen({ layout: layout(...Array.from({ length: 50 }, () => ({ type: 'TextBody', text: 'x' })), footer()) }),
    'screens.0.layout error FG_CONFIG_FLOW_JSON_COMPONENT screen `ONLY` has 51 components: Meta allows 50',
  ],
  'a list that is written out is too long': [
    oneScreen({
      layout: layout(
        {
          type: 'RadioButtonsGroup',
          name: 'r',
          'data-source': Array.from({ length: 21 }, (_, id) => ({ id: `${id}`, title: 'x' })),
        },
        footer(),
      ),
    }),
    'screens.0.layout.children.0.data-source error FG_CONFIG_FLOW_JSON_COMPONENT this RadioButtonsGroup has 21 items: Meta shows 20 at most',
  ],
  'data has no example, no type, an unheard-of type': [
    oneScreen({
      data: {
        a: { type: 'string' },
        b: { __example__: 1 },
        c: declared('date'),
        d: declared('array', { items: { type: 'object', properties: { at: { type: 'time' } } } }),
      },
    }),
    'screens.0.data.a advice FG_CONFIG_FLOW_JSON_DATA data key `a` of screen `ONLY` has no __example__: Meta refuses to publish it',
    'screens.0.data.b error FG_CONFIG_FLOW_JSON_DATA data key `b` of screen `ONLY` has no `type`',
    'screens.0.data.c error FG_CONFIG_FLOW_JSON_DATA data key `c` of screen `ONLY` has the type "date": Flow JSON knows string, number, integer, boolean, array, object',
    'screens.0.data.d error FG_CONFIG_FLOW_JSON_DATA data key `d` of screen `ONLY` has the type "time": Flow JSON knows string, number, integer, boolean, array, object',
  ],
  'data takes the name of the snackbar': [
    oneScreen({ data: { error_message: declared('string') } }),
    'screens.0.data.error_message advice FG_CONFIG_FLOW_JSON_DATA `error_message` has a meaning of its own (a snackbar): name the data key of screen `ONLY` differently',
  ],
  'a component refers to undeclared data and to no input': [
    oneScreen({ layout: layout({ type: 'TextBody', text: `\${data.greeting}` }, footer({ email: `\${form.email}` })) }),
    'screens.0.layout.children.0.text error FG_CONFIG_FLOW_JSON_REFERENCE screen `ONLY` uses `data.greeting`, which its data does not declare',
    'screens.0.layout.children.1.on-click-action.payload.email error FG_CONFIG_FLOW_JSON_REFERENCE screen `ONLY` uses `form.email`, but no component of it has the name `email`',
  ],
  'many selections ask the endpoint': [
    oneScreen({
      layout: layout(
        ...['a', 'b', 'c', 'd'].map((name) => ({
          type: 'DatePicker',
          name,
          'on-select-action': { name: 'data_exchange', payload: {} },
        })),
        footer(),
      ),
    }),
    'screens.0.id advice FG_CONFIG_FLOW_JSON_MANY_SELECTS screen `ONLY` asks the endpoint on 4 different selections: people wait at each one',
  ],
}

for (const [name, [json, ...expected]] of Object.entries(cases)) {
  test(`it is named when ${name}`, () => assert.deepEqual(said(json), expected))
}

test('a flow without a routing model opens at its first screen', () => {
  const complete = layout({ type: 'Footer', label: 'x', 'on-click-action': { name: 'complete', payload: {} } })
  const flowJson = parsed({
    version: '7.3',
    screens: [
      { id: 'A', terminal: true, layout: complete },
      { id: 'B', terminal: true, layout: complete },
    ],
  })
  assert.deepEqual([...flowJson.entryScreens], ['A'])
})
