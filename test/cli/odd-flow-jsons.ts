import type { Json, JsonObject } from '../../src/plugin/json.ts'
import { data, flowJson, footer, form, LAST, navigates, OPTIONS, screen, sends } from './flow-json-parts.ts'

/** For a key that linters mistake for a promise's. */
const named = (key: string, value: Json): JsonObject => Object.fromEntries([[key, value]])

/** Every component a person answers, on one screen each where Meta wants it so. */
export const EVERY_INPUT = flowJson({ TEXTS: ['DAYS'], DAYS: ['CHOICES'], CHOICES: ['FILES'], FILES: [] }, [
  screen('TEXTS', [
    { type: 'TextInput', name: 'plain', label: 'Plain', required: true, 'min-chars': 3, 'max-chars': '40' },
    { type: 'TextInput', name: 'mail', label: 'Mail', 'input-type': 'email', required: true },
    { type: 'TextInput', name: 'call', label: 'Call', 'input-type': 'phone' },
    { type: 'TextInput', name: 'count', label: 'Count', 'input-type': 'number', required: true, 'min-chars': 1 },
    { type: 'TextInput', name: 'code', label: 'Code', 'input-type': 'passcode', 'min-chars': 4, 'max-chars': 6 },
    { type: 'TextInput', name: 'secret', label: 'Secret', 'input-type': 'password' },
    { type: 'TextArea', name: 'story', label: 'Story', 'max-length': 300 },
    footer(
      sends(Object.fromEntries(['plain', 'mail', 'call', 'count', 'code', 'secret', 'story'].map((n) => [n, form(n)]))),
    ),
  ]),
  screen('DAYS', [
    {
      type: 'DatePicker',
      name: 'day',
      label: 'Day',
      required: true,
      'min-date': '2020-01-01',
      'max-date': '2020-12-31',
    },
    { type: 'DatePicker', name: 'old_day', label: 'Old', 'min-date': '1577836800000' },
    { type: 'CalendarPicker', name: 'visit', label: 'Visit', mode: 'single', required: true },
    { type: 'CalendarPicker', name: 'stay', label: 'Stay', mode: 'range', required: true },
    footer(sends({ day: form('day'), old_day: form('old_day'), visit: form('visit'), stay: form('stay') })),
  ]),
  screen(
    'CHOICES',
    [
      {
        type: 'Dropdown',
        name: 'city',
        label: 'City',
        required: true,
        'data-source': data('cities'),
      },
      {
        type: 'RadioButtonsGroup',
        name: 'size',
        label: 'Size',
        'data-source': [
          { id: '1', title: 'One' },
          { id: '2', title: 'Two' },
        ],
      },
      {
        type: 'CheckboxGroup',
        name: 'extras',
        label: 'Extras',
        'min-selected-items': 2,
        'max-selected-items': 3,
        'data-source': ['x', 'y', 'z'].map((id) => ({ id, title: id.toUpperCase() })),
      },
      { type: 'ChipsSelector', name: 'tags', label: 'Tags', required: true, 'data-source': data('tag_list') },
      { type: 'OptIn', name: 'agreed', label: 'I agree', required: true },
      { type: 'OptIn', name: 'news', label: 'News' },
      footer(sends(Object.fromEntries(['city', 'size', 'extras', 'tags', 'agreed', 'news'].map((n) => [n, form(n)])))),
    ],
    { data: { cities: OPTIONS, tag_list: OPTIONS } },
  ),
  screen(
    'FILES',
    [
      { type: 'DocumentPicker', name: 'papers', label: 'Papers', 'min-uploaded-documents': 1 },
      footer(sends({ papers: form('papers') })),
    ],
    LAST,
  ),
])

/** Nothing asks the gateway: the phone finishes by itself. */
export const NEVER_ASKS: JsonObject = {
  version: '7.3',
  screens: [
    screen('FIRST', [
      { type: 'TextInput', name: 'full_name', label: 'Name' },
      footer(navigates('LAST', { full_name: form('full_name') })),
    ]),
    screen('LAST', [footer({ name: 'complete', payload: { full_name: data('full_name') } })], {
      ...LAST,
      data: { full_name: { type: 'string', __example__: 'Ana' } },
    }),
  ],
}

/** One screen that only finishes. */
export const ONE_SCREEN: JsonObject = {
  version: '7.3',
  screens: [screen('ONLY', [footer({ name: 'complete', payload: {} })], LAST)],
}

/** Answers travel over two screens to the one that asks, renamed on the way; the last screen thanks. */
export const CARRIED = flowJson({ WHO: ['WHERE'], WHERE: ['CHECK'], CHECK: ['THANKS'], THANKS: [] }, [
  screen('WHO', [
    { type: 'TextInput', name: 'your_name', label: 'Name', required: true },
    { type: 'TextInput', name: 'mail', label: 'Mail', 'input-type': 'email', required: true },
    footer(navigates('WHERE', { who: form('your_name') })),
  ]),
  screen(
    'WHERE',
    [
      { type: 'TextInput', name: 'city', label: 'City', required: true },
      footer(navigates('CHECK', { name: data('who'), city: form('city') })),
    ],
    { data: { who: { type: 'string', __example__: 'Ana' } } },
  ),
  screen(
    'CHECK',
    [
      { type: 'TextBody', text: data('name') },
      { type: 'OptIn', name: 'ok', label: 'All right', required: true },
      footer(
        sends({
          full_name: data('name'),
          city: data('city'),
          email: `\${screen.WHO.form.mail}`,
          ok: form('ok'),
          greeting: `\`'Hello ' ${data('name')}\``,
          step: 'check',
          campaign: 'spring',
          flow_version: 3,
        }),
      ),
    ],
    { data: { name: { type: 'string', __example__: 'Ana' }, city: { type: 'string', __example__: 'Recife' } } },
  ),
  screen('THANKS', [{ type: 'TextBody', text: data('city') }, footer({ name: 'complete', payload: {} }, 'Done')], {
    ...LAST,
    data: { city: { type: 'string', __example__: 'Recife' }, number: { type: 'number', __example__: 7 } },
  }),
])

/** One screen with nothing to press. */
export const NOTHING_TO_DO: JsonObject = {
  version: '7.3',
  screens: [screen('ONLY', [footer({ name: 'open_url', url: 'https://example.com' })], LAST)],
}

/** The gateway is asked in the middle, and the phone finishes by itself two screens later. */
export const NEVER_SUBMITTED = flowJson({ ASK: ['READ'], READ: ['LAST'], LAST: [] }, [
  screen('ASK', [footer(sends({}))]),
  screen('READ', [footer(navigates('LAST'))]),
  screen('LAST', [footer({ name: 'complete', payload: {} })], LAST),
])

/** Branches of a screen have inputs and buttons of their own, and the way leads to three screens. */
export const BRANCHED = flowJson({ ASK: ['ONE', 'TWO', 'THREE'], ONE: [], TWO: [], THREE: [] }, [
  screen(
    'ASK',
    [
      {
        type: 'If',
        condition: data('is_company'),
        ...named('then', [
          { type: 'TextInput', name: 'company', label: 'Company', required: true },
          footer(sends({ company: form('company'), kind: 'company', term: form('term') })),
        ]),
        else: [
          { type: 'TextInput', name: 'age', label: 'Age', 'input-type': 'number', required: true },
          footer(sends({ age: form('age'), kind: 'person', term: form('term') })),
        ],
      },
      {
        type: 'Switch',
        value: data('plan'),
        cases: {
          basic: [
            { type: 'RadioButtonsGroup', name: 'term', label: 'Term', 'data-source': [{ id: 'y', title: 'Year' }] },
          ],
          pro: [
            { type: 'RadioButtonsGroup', name: 'term', label: 'Term', 'data-source': [{ id: 'm', title: 'Month' }] },
          ],
        },
      },
    ],
    { data: { is_company: { type: 'boolean', __example__: true }, plan: { type: 'string', __example__: 'pro' } } },
  ),
  ...['ONE', 'TWO', 'THREE'].map((id) =>
    screen(id, [{ type: 'TextArea', name: 'note', label: 'Note' }, footer(sends({ note: form('note') }))], LAST),
  ),
])

/** A list whose items lead on, written out and brought by data. */
export const LISTS = flowJson({ MENU: ['ITEMS'], ITEMS: ['END', 'OTHER_END'], END: [], OTHER_END: [] }, [
  screen('MENU', [
    {
      type: 'NavigationList',
      name: 'menu',
      'list-items': [
        {
          id: 'one',
          'main-content': { title: 'One' },
          'on-click-action': sends({ chosen: 'one' }),
        },
        {
          id: 'two',
          'main-content': { title: 'Two' },
          'on-click-action': sends({ chosen: 'two' }),
        },
      ],
    },
  ]),
  screen('ITEMS', [{ type: 'NavigationList', name: 'items', 'list-items': data('items') }], {
    data: {
      items: {
        type: 'array',
        items: { type: 'object', properties: { id: { type: 'string' } } },
        __example__: [{ id: 'x', 'main-content': { title: 'X' }, 'on-click-action': navigates('END') }],
      },
    },
  }),
  screen('END', [footer(sends({}))], LAST),
  screen('OTHER_END', [footer(sends({ note: 'x' }))], LAST),
])

/** Terms beside a form, two places to begin, and data of every type with examples that do not fit. */
export const DATA_OF_EVERY_TYPE = flowJson({ START: ['TERMS', 'END'], TERMS: [], ALSO: ['END'], END: [] }, [
  screen(
    'START',
    [
      { type: 'TextBody', text: data('headline') },
      { type: 'Image', src: data('picture') },
      { type: 'Image', src: data('photo') },
      { type: 'NavigationList', name: 'menu', 'list-items': data('menu') },
      { type: 'OptIn', name: 'agreed', label: 'I agree', 'on-click-action': navigates('TERMS') },
      {
        type: 'RadioButtonsGroup',
        name: 'plan',
        label: 'Plan',
        required: true,
        'data-source': data('plans'),
      },
      footer(sends({ agreed: form('agreed'), plan: form('plan') })),
    ],
    {
      data: {
        headline: { type: 'string', __example__: 5 },
        picture: { type: 'string', __example__: 'https://example.com/a.png' },
        plans: { type: 'array', items: { type: 'object', properties: { id: { type: 'string' } } }, __example__: [] },
        ways: { type: 'array', __example__: [{ from: 'a', template: '{x}' }] },
        numbers: { type: 'array', items: { type: 'number' }, __example__: ['x'] },
        price: { type: 'number', __example__: 12.5 },
        places: { type: 'integer', __example__: 3 },
        open: { type: 'boolean', __example__: true },
        address: {
          type: 'object',
          properties: { street: { type: 'string', __example__: 'Rua A' }, number: { type: 'number' } },
          required: ['street', 'number'],
          __example__: { street: 'Rua A' },
        },
        nothing: { type: 'string' },
        photo: { type: 'string', __example__: `/9j/${'A'.repeat(500)}` },
        menu: { type: 'array', __example__: [] },
      },
    },
  ),
  screen('TERMS', [{ type: 'TextBody', text: 'Terms' }]),
  screen('ALSO', [footer(sends({ error: 'x', 'two words': 'y', note: 'z' }))]),
  screen('END', [{ type: 'TextInput', name: 'plan', label: 'Plan' }, footer(sends({ plan: form('plan') }))], {
    ...LAST,
    refresh_on_back: true,
    data: { plan: { type: 'string', __example__: 'a' }, agreed: { type: 'boolean', __example__: true } },
  }),
])

/** Only one of two ways asks for an address, and both ask for a size of their own. */
export const TWO_WAYS = flowJson({ START: ['WITH', 'WITHOUT'], WITH: [], WITHOUT: [] }, [
  screen('START', [{ type: 'OptIn', name: 'news', label: 'News' }, footer(sends({ news: form('news') }))]),
  ...['WITH', 'WITHOUT'].map((id) =>
    screen(
      id,
      [
        ...(id === 'WITH'
          ? [{ type: 'TextInput', name: 'email', label: 'Mail', 'input-type': 'email', required: true }]
          : []),
        {
          type: 'RadioButtonsGroup',
          name: 'size',
          label: 'Size',
          'data-source': [{ id: id.toLowerCase(), title: `${id} it` }],
        },
        footer(sends({ ...(id === 'WITH' ? { email: form('email') } : {}), size: form('size') })),
      ],
      LAST,
    ),
  ),
])
