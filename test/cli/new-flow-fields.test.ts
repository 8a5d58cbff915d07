import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Json, JsonObject } from '../../src/plugin/json.ts'
import { madeFlow, type NewFlow, steps } from './new-flow-stage.ts'
import { CONFIG } from './seed.ts'
import { run } from './terminal.ts'

/** A screen of a made Flow JSON, as far as these tests look at it. */
interface MadeScreen {
  readonly terminal?: boolean
  readonly success?: boolean
  readonly refresh_on_back?: boolean
  readonly data: { readonly error_messages: Json; readonly init_values: { readonly properties: JsonObject } }
  readonly layout: { readonly children: readonly [MadeForm] }
}

interface MadeForm {
  readonly 'error-messages': string
  readonly 'init-values': string
  readonly children: readonly JsonObject[]
}

function screensOf({ flowJson }: NewFlow): readonly MadeScreen[] {
  return flowJson['screens'] as unknown as readonly MadeScreen[]
}

/** The components that ask, without the Footer. */
function inputsOf(screen: MadeScreen | undefined): readonly JsonObject[] {
  return screen?.layout.children[0].children.filter(({ type }) => type !== 'Footer') ?? []
}

function footerOf(screen: MadeScreen | undefined): JsonObject {
  return screen?.layout.children[0].children.at(-1) ?? {}
}

test('six fields become two screens that pass check and test at once', async () => {
  const made = await madeFlow([
    '--fields',
    'full_name:text!, email:email!, company_size:integer, interests:choices(crm|automation|support), start:date, consent:boolean!',
  ])
  const { flow, flowJson } = made
  assert.deepEqual([flowJson['version'], flowJson['data_api_version']], ['7.3', '4.0'])
  assert.deepEqual(flowJson['routing_model'], { STEP_A: ['STEP_B'], STEP_B: [] })
  assert.deepEqual(flow, {
    flow: 'visit',
    title: 'Visit',
    version: '1',
    first_screen: 'STEP_A',
    screens: {
      STEP_A: {
        fields: {
          full_name: { type: 'text', required: true, max_length: 80 },
          email: { type: 'email', required: true },
          company_size: { type: 'integer' },
        },
        next: [{ show: 'STEP_B' }],
      },
      STEP_B: {
        fields: {
          interests: { type: 'choices', of: ['crm', 'automation', 'support'] },
          start: { type: 'date' },
          consent: { type: 'boolean', required: true },
        },
        next: [{ submit: true }],
      },
    },
  })
  assert.deepEqual(steps(made), ['STEP_A → STEP_B', 'STEP_B → submitted'])
  assert.match(String(made.tests.tests[0]?.today), /^\d{4}-\d{2}-\d{2}$/)
  assert.deepEqual(made.tests.tests[0]?.expect, { contact: { email: 'ana@example.com' } })
})

test('only the last screen is terminal, going back asks again, and errors and first values are bound', async () => {
  const [first, last] = screensOf(await madeFlow(['--fields', 'a, b, c', '--per-screen', '2']))
  assert.deepEqual([first?.terminal, first?.refresh_on_back], [undefined, undefined])
  assert.deepEqual([last?.terminal, last?.success, last?.refresh_on_back], [true, true, true])
  assert.deepEqual([footerOf(first)['label'], footerOf(last)['label']], ['Continue', 'Send'])
  assert.deepEqual(footerOf(first)['on-click-action'], {
    name: 'data_exchange',
    payload: { a: `\${form.a}`, b: `\${form.b}` },
  })
  const form = first?.layout.children[0]
  assert.equal(form?.['error-messages'], `\${data.error_messages}`)
  assert.equal(form?.['init-values'], `\${data.init_values}`)
  const text = { type: 'string' }
  assert.deepEqual(first?.data, {
    error_messages: { type: 'object', properties: { a: text, b: text }, __example__: { a: 'Please answer this.' } },
    init_values: { type: 'object', properties: { a: text, b: text }, __example__: { a: 'A', b: 'B' } },
  })
})

const SHORT = [{ id: 'x', title: 'X' }]

const components: readonly [string, JsonObject, string][] = [
  ['f:text!', { type: 'TextInput', 'input-type': 'text', required: true, 'max-chars': 80 }, 'string'],
  ['f', { type: 'TextInput', 'input-type': 'text', required: false, 'max-chars': 80 }, 'string'],
  ['f:long_text', { type: 'TextArea', required: false, 'max-length': 600 }, 'string'],
  ['f:email', { type: 'TextInput', 'input-type': 'email', required: false }, 'string'],
  ['f:phone', { type: 'TextInput', 'input-type': 'phone', required: false }, 'string'],
  ['f:integer', { type: 'TextInput', 'input-type': 'number', required: false }, 'string'],
  ['f:number!', { type: 'TextInput', 'input-type': 'number', required: true }, 'string'],
  ['f:date', { type: 'DatePicker', required: false }, 'string'],
  ['f:boolean!', { type: 'OptIn', required: true }, 'boolean'],
  [
    'f:boolean',
    {
      type: 'RadioButtonsGroup',
      required: false,
      'data-source': [
        { id: 'true', title: 'Yes' },
        { id: 'false', title: 'No' },
      ],
    },
    'string',
  ],
  ['f:choice(x)!', { type: 'RadioButtonsGroup', required: true, 'data-source': SHORT }, 'string'],
  ['f:choices(x)', { type: 'CheckboxGroup', required: false, 'data-source': SHORT }, 'array'],
]

for (const [list, component, initial] of components) {
  test(`${list} becomes a ${component['type']}${component['required'] === true ? ' that must be answered' : ''}`, async () => {
    const [only] = screensOf(await madeFlow(['--fields', list]))
    assert.deepEqual(inputsOf(only), [{ ...component, name: 'f', label: 'F' }])
    const schema = only?.data.init_values.properties['f']
    assert.deepEqual(schema, initial === 'array' ? { type: 'array', items: { type: 'string' } } : { type: initial })
  })
}

test('what is known of a field beyond its component stands in flow.yaml', async () => {
  const { flow } = await madeFlow(['--fields', 'size:integer!, weight:number, news:boolean, pick:choice(a|b)!'])
  assert.deepEqual(flow.screens['STEP_A']?.fields, {
    size: { type: 'integer', required: true },
    weight: { type: 'number' },
    news: { type: 'boolean' },
    pick: { type: 'choice', required: true, of: ['a', 'b'] },
  })
})

test('a long list to choose one of unfolds, a short one stands on the screen', async () => {
  const options = (count: number): string => Array.from({ length: count }, (_, index) => `o${index}`).join('|')
  const made = await madeFlow(['--fields', `short:choice(${options(7)}), long:choice(${options(8)})`])
  assert.deepEqual(
    inputsOf(screensOf(made)[0]).map(({ type }) => type),
    ['RadioButtonsGroup', 'Dropdown'],
  )
})

test('words in quotes are what people read; options without words of their own get some, and words get an id', async () => {
  const made = await madeFlow([
    '--fields',
    'name: text "Your name, please"',
    '--fields',
    `plan:choice(basic "A (small) one"|pro_plus|"São Paulo, now"|New York) 'Which of these?'`,
  ])
  const [name, plan] = inputsOf(screensOf(made)[0])
  assert.equal(name?.['label'], 'Your name, please')
  assert.equal(plan?.['label'], 'Which of these?')
  assert.deepEqual(plan?.['data-source'], [
    { id: 'basic', title: 'A (small) one' },
    { id: 'pro_plus', title: 'Pro plus' },
    { id: 'sao_paulo_now', title: 'São Paulo, now' },
    { id: 'new_york', title: 'New York' },
  ])
})

test('a label made of a name fits where it stands', async () => {
  const made = await madeFlow(['--fields', 'how_many_people_work_in_your_company:integer, abcdefghijklmnopqrstuvwxyz'])
  assert.deepEqual(
    inputsOf(screensOf(made)[0]).map(({ label }) => label),
    ['How many people work', 'Abcdefghijklmnopqrst'],
  )
})

test('fields are spread evenly over as few screens as hold them, and five consents at most stand on one', async () => {
  const counts = async (fields: readonly string[], perScreen: number): Promise<readonly number[]> => {
    const options = ['--fields', fields.join(','), '--per-screen', String(perScreen)]
    return screensOf(await madeFlow(options)).map((screen) => inputsOf(screen).length)
  }
  const names = (count: number, rest: string): readonly string[] =>
    Array.from({ length: count }, (_, index) => `f${index}${rest}`)
  assert.deepEqual(await counts(names(11, ''), 5), [4, 4, 3])
  assert.deepEqual(await counts(names(6, ':boolean!'), 10), [5, 1])
  assert.equal((await counts(names(28, ''), 1)).length, 28)
})

const mistakes: readonly [string, number, RegExp][] = [
  ['full_name:txt!', 11, /there is no type `txt`: did you mean `text`\?/],
  ['f:', 3, /a type belongs behind the colon: there is text, long_text, email/],
  ['f:text g:text', 8, /a comma belongs between two fields/],
  ['f:text, f:text', 9, /`f` is named twice/],
  ['1f:text', 1, /`1f` cannot be a name/],
  ['full name:text', 1, /`full name` cannot be a name/],
  ['error:text', 1, /`error` has a meaning of its own/],
  ['f:text, flow_version:text', 9, /`flow_version` has a meaning of its own/],
  [', f', 1, /a field begins with its name/],
  ['  ', 1, /no field is named/],
  ['f:choice', 9, /choice needs its options/],
  ['f:choices()', 11, /an option is empty/],
  ['f:choice(a||b)', 12, /an option is empty/],
  ['f:choice(a|a)', 12, /the option `a` is named twice/],
  ['f:choice(a,b)', 11, /options are separated by \| and end with \)/],
  ['f:choice(a|b', 9, /this bracket is never closed/],
  ['f:text(a)', 7, /only choice and choices have options, text has none/],
  ['f:text "Name', 8, /this " is never closed/],
  ['f:text ""', 8, /no words between the quotes/],
  ['f:text "Costs $5"', 8, /neither \$ nor `/],
  ['f:text "A label that is far too long"', 8, /has 28 characters: WhatsApp shows 20 here/],
  ['f:choice(a "A title that is far too long for it")', 10, /has 35 characters: WhatsApp shows 30 here/],
  [`f:choices(${Array.from({ length: 21 }, (_, index) => index).join('|')})`, 10, /21 options: WhatsApp shows 20/],
]

for (const [list, character, said] of mistakes) {
  test(`the list ${JSON.stringify(list).slice(0, 60)} is refused with a mark at character ${character}`, async () => {
    const { code, out, err } = await run(['new-flow', 'visit', '--fields', list, '--config', CONFIG])
    assert.deepEqual([code, out], [2, ''])
    const [message = '', text, mark = ''] = err.split('\n')
    assert.match(message, said)
    assert.ok(message.startsWith(`--fields, character ${character}: `), message)
    assert.equal(text, `  ${list}`)
    assert.equal(mark, `${' '.repeat(character + 1)}^`)
  })
}

test('of several lists the message names the one that is wrong', async () => {
  const argv = ['new-flow', 'visit', '--fields', 'a', '--fields', 'b:nothing', '--config', CONFIG]
  const { code, err } = await run(argv)
  assert.equal(code, 2)
  assert.match(err, /^--fields number 2, character 3: there is no type `nothing`/)
})
