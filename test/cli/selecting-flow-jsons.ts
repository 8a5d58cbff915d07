import { data, flowJson, footer, form, LAST, navigates, OPTIONS, screen, sends } from './flow-json-parts.ts'

const department = { type: 'Dropdown', name: 'department', label: 'Department', required: true }

const time = { type: 'Dropdown', name: 'time', label: 'Time', required: true, 'data-source': data('times') }

/** A selection that says of itself what it is, beside a button that says nothing. */
export const MARKED_SELECTION = flowJson({ BOOK: [] }, [
  screen(
    'BOOK',
    [
      {
        ...department,
        'data-source': data('departments'),
        'on-select-action': sends({ trigger: 'department_selected', department: form('department') }),
      },
      { ...time, enabled: data('has_times') },
      footer(sends({ department: form('department'), time: form('time') })),
    ],
    { ...LAST, data: { departments: OPTIONS, times: OPTIONS, has_times: { type: 'boolean', __example__: false } } },
  ),
])

/** A selection that is known only by what it does not send. */
export const BARE_SELECTION = flowJson({ BOOK: [] }, [
  screen(
    'BOOK',
    [
      {
        ...department,
        'data-source': data('departments'),
        'on-select-action': sends({ department: form('department') }),
      },
      time,
      footer(sends({ department: form('department'), time: form('time') })),
    ],
    { ...LAST, data: { departments: OPTIONS, times: OPTIONS } },
  ),
])

/** A selection that sends one thing more than the button. */
export const LARGER_SELECTION = flowJson({ BOOK: [] }, [
  screen(
    'BOOK',
    [
      {
        type: 'DatePicker',
        name: 'day',
        label: 'Day',
        'on-select-action': sends({ day: form('day'), note: form('note') }),
      },
      { type: 'TextInput', name: 'note', label: 'Note' },
      footer(sends({ note: form('note') })),
    ],
    LAST,
  ),
])

/** A selection that sends less than the button, but nothing that the button must have. */
export const VAGUE_SELECTION = flowJson({ BOOK: [] }, [
  screen(
    'BOOK',
    [
      {
        ...department,
        'data-source': data('departments'),
        'on-select-action': sends({ department: form('department') }),
      },
      { type: 'TextInput', name: 'time', label: 'Time' },
      { type: 'TextInput', name: 'note', label: 'Note' },
      footer(sends({ department: form('department'), time: form('time'), note: form('note') })),
    ],
    { ...LAST, data: { departments: OPTIONS } },
  ),
])

/** A selection nobody can tell from the button. */
export const BLIND_SELECTION = flowJson({ BOOK: [] }, [
  screen(
    'BOOK',
    [
      {
        ...department,
        'data-source': data('departments'),
        'on-select-action': sends({ department: form('department') }),
      },
      footer(sends({ department: form('department') })),
    ],
    { ...LAST, data: { departments: OPTIONS } },
  ),
])

/** A link asks, and the button leads on by itself. */
export const LINK_AND_WAY = flowJson({ PICK: ['DONE'], DONE: [] }, [
  screen('PICK', [
    { type: 'EmbeddedLink', text: 'Tell me more', 'on-click-action': sends({}) },
    footer(navigates('DONE')),
  ]),
  screen('DONE', [footer(sends({}))], LAST),
])

/** Two links and no button, then a selection and nothing else. */
export const WITHOUT_BUTTONS = flowJson({ LINKS: ['PICK'], PICK: ['END'], END: [] }, [
  screen('LINKS', [
    { type: 'EmbeddedLink', text: 'Left', 'on-click-action': sends({ way: 'left' }) },
    { type: 'EmbeddedLink', text: 'Right', 'on-click-action': sends({ way: 'right' }) },
  ]),
  screen(
    'PICK',
    [
      {
        ...department,
        'data-source': data('departments'),
        'on-select-action': sends({ department: form('department') }),
      },
    ],
    { data: { departments: OPTIONS } },
  ),
  screen('END', [footer(sends({}))], LAST),
])

/** Only the selection asks; the button leads on by itself, and a link verifies something. */
export const SELECTION_AND_WAY = flowJson({ PICK: ['DONE'], DONE: [] }, [
  screen(
    'PICK',
    [
      {
        ...department,
        'data-source': data('departments'),
        'on-select-action': sends({ department: form('department') }),
      },
      footer(navigates('DONE', { department: form('department') })),
    ],
    { data: { departments: OPTIONS } },
  ),
  screen(
    'DONE',
    [
      { type: 'TextInput', name: 'code', label: 'Code', required: true },
      { type: 'EmbeddedLink', text: 'Send it again', 'on-click-action': sends({ action: 'resend' }) },
      footer(sends({ action: 'done', code: form('code'), department: data('department') })),
    ],
    { ...LAST, data: { department: { type: 'string', __example__: 'a' } } },
  ),
])

/** A selection that differs from the button only by what the phone computes: no test can play it. */
export const COMPUTED_SELECTION = flowJson({ FIRST: ['BOOK'], BOOK: [] }, [
  screen('FIRST', [footer(sends({}))]),
  screen(
    'BOOK',
    [
      {
        type: 'DatePicker',
        name: 'day',
        label: 'Day',
        'on-select-action': sends({ day: form('day'), hint: `\`'On ' ${form('day')}\`` }),
      },
      footer(sends({ day: form('day') })),
    ],
    LAST,
  ),
])
