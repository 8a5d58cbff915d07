import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { navigates } from './flow-json-parts.ts'
import { flowFrom, madeFlow, steps } from './new-flow-stage.ts'
import * as odd from './odd-flow-jsons.ts'
import { CONFIG } from './seed.ts'
import * as selecting from './selecting-flow-jsons.ts'

const shipped = globSync([join(CONFIG, 'flows/*/flow.json'), join(CONFIG, 'examples/flows/*/flow.json')])

test('there are Flow JSONs to try', () => {
  assert.ok(shipped.some((file) => file.includes('lead-gen')))
})

for (const file of shipped) {
  test(`the Flow JSON of ${file.split('/').at(-2)} becomes a flow that passes check and test, and is copied unchanged`, async () => {
    const made = await madeFlow(['--from', file])
    assert.equal(made.text('flow.json'), readFileSync(file, 'utf8'))
    assert.equal(steps(made).at(-1)?.endsWith('→ submitted'), true)
  })
}

test('the fields, rules and walk of the shipped form are those it has, but for what only its owner knows', async () => {
  const made = await madeFlow(['--from', join(CONFIG, 'flows/lead-gen/flow.json'), '--title', 'Lead generation'])
  assert.deepEqual(made.flow, {
    flow: 'visit',
    title: 'Lead generation',
    version: '1',
    first_screen: 'CONTACT',
    screens: {
      CONTACT: {
        fields: {
          full_name: { type: 'text', required: true, max_length: 80 },
          email: { type: 'email', required: true },
          company_size: { type: 'number' },
        },
        next: [{ when: { 'form.company_size': { gte: 50 } }, show: 'NEEDS' }, { show: 'ENTERPRISE' }],
      },
      ENTERPRISE: {
        fields: { budget: { type: 'choice', required: true, of: ['under_10k', '10k_50k', 'over_50k'] } },
        next: [{ submit: true }],
      },
      NEEDS: {
        fields: { interests: { type: 'choices', of: ['crm', 'automation', 'support'] } },
        next: [{ submit: true }],
      },
    },
  })
  assert.deepEqual(steps(made), ['CONTACT → ENTERPRISE', 'ENTERPRISE → submitted'])
  assert.match(made.text('flow.yaml'), /# replace: when does CONTACT lead to NEEDS\?\n/)
})

test('every input becomes a field of the type it answers with, within its limits', async () => {
  const { flow, tests } = await flowFrom(odd.EVERY_INPUT)
  assert.deepEqual(flow.screens['TEXTS']?.fields, {
    plain: { type: 'text', required: true, min_length: 3, max_length: 40 },
    mail: { type: 'email', required: true },
    call: { type: 'phone' },
    count: { type: 'number', required: true },
    code: { type: 'text', min_length: 4, max_length: 6 },
    secret: { type: 'text' },
    story: { type: 'text', max_length: 300 },
  })
  assert.deepEqual(flow.screens['DAYS']?.fields, {
    day: { type: 'date', required: true, min: '2020-01-01', max: '2020-12-31' },
    old_day: { type: 'date' },
    visit: { type: 'date', required: true },
    stay: { type: 'json', required: true },
  })
  assert.deepEqual(flow.screens['CHOICES']?.fields, {
    city: { type: 'choice', required: true },
    size: { type: 'choice', of: ['1', '2'] },
    extras: { type: 'choices', required: true, of: ['x', 'y', 'z'], min: 2, max: 3 },
    tags: { type: 'choices', required: true },
    agreed: { type: 'boolean', required: true },
    news: { type: 'boolean' },
  })
  assert.deepEqual(flow.screens['FILES']?.fields, { papers: { type: 'json', required: true } })
  const [texts, days, choices, files] = tests.tests[0]?.steps ?? []
  assert.equal(texts?.fill?.['code'], '1234')
  assert.equal(days?.fill?.['day'], '2020-12-31')
  assert.deepEqual(Object.keys(days?.fill?.['stay'] ?? {}), ['start-date', 'end-date'])
  assert.deepEqual([choices?.fill?.['city'], choices?.fill?.['extras']], ['a', ['x', 'y']])
  assert.deepEqual(files?.fill, { papers: [{ file_name: 'document.pdf' }] })
})

test('answers that travel from screen to screen have the type of where they are given', async () => {
  const made = await flowFrom(odd.CARRIED)
  const { screens, version } = made.flow
  assert.equal(version, '3')
  assert.deepEqual(screens['WHO'], {})
  assert.deepEqual(screens['CHECK'], {
    fields: {
      full_name: { type: 'text' },
      city: { type: 'text' },
      email: { type: 'email' },
      ok: { type: 'boolean', required: true },
      greeting: { type: 'text' },
      step: { type: 'text' },
    },
    data: { name: { template: '{form.full_name}' }, city: { template: '{form.city}' } },
    next: [{ submit: true, show: 'THANKS' }],
  })
  assert.deepEqual(screens['THANKS'], { data: { city: { template: '{form.city}' }, number: 7 } })
  assert.deepEqual(steps(made), ['WHO → WHERE', 'WHERE → CHECK', 'CHECK → THANKS', 'THANKS → submitted'])
  const page = made.text('flow.yaml')
  assert.match(page, /full_name: .* # answered on WHO\n/)
  assert.match(page, /greeting: .* # put together on the phone\n/)
  assert.match(page, /step: .* # the Flow JSON always sends "check"\n/)
  assert.match(page, /number: 7 # replace with what is shown here\n/)
  assert.match(page, /# "WHO" leads on without asking the gateway\n {2}WHO: \{\}\n/)
})

test('a selection is known by what it says of itself, and depends on nothing else', async () => {
  const made = await flowFrom(selecting.MARKED_SELECTION)
  const { triggers, fields } = made.flow.screens['BOOK'] ?? {}
  assert.deepEqual(triggers, [{ when: { 'sent.trigger': 'department_selected' } }])
  assert.deepEqual(fields, { department: { type: 'choice', required: true }, time: { type: 'choice' } })
  assert.match(made.text('flow.yaml'), /# selecting "department"\n +# where it changes .*: clear: \[time\]\n/)
  assert.deepEqual(steps(made), ['BOOK {"trigger":"department_selected","department":"a"} → BOOK', 'BOOK → submitted'])
})

test('a selection that says nothing is known by the answer that only the button must send', async () => {
  const made = await flowFrom(selecting.BARE_SELECTION)
  assert.deepEqual(made.flow.screens['BOOK']?.triggers, [{ when: { 'sent.time': { exists: false } } }])
  assert.deepEqual(steps(made), ['BOOK {"department":"a"} → BOOK', 'BOOK → submitted'])
})

test('a selection that only sends more than the button is known by that', async () => {
  const made = await flowFrom(selecting.LARGER_SELECTION)
  assert.deepEqual(made.flow.screens['BOOK']?.triggers, [{ when: { 'sent.day': { exists: true } } }])
})

test('a selection that may look like an empty form is told apart as well as can be, and reported', async () => {
  const { flow, said } = await flowFrom(selecting.VAGUE_SELECTION)
  assert.deepEqual(flow.screens['BOOK']?.triggers, [
    { when: { all: [{ 'sent.time': { exists: false } }, { 'sent.note': { exists: false } }] } },
  ])
  assert.match(said.out, /selecting "department" on BOOK looks like the button with nothing answered: add a key/)
})

test('a selection that nobody can tell from the button counts as the button, and is reported', async () => {
  const { flow, said } = await flowFrom(selecting.BLIND_SELECTION)
  assert.equal(flow.screens['BOOK']?.triggers, undefined)
  assert.match(said.out, /sends the same as the button, so it counts as the button: add a key such as "trigger"/)
})

test('a walk that no test can play to its end is cut short, and the reason is told', async () => {
  const made = await flowFrom(selecting.COMPUTED_SELECTION)
  assert.deepEqual(made.flow.screens['BOOK']?.triggers, [{ when: { 'sent.hint': { exists: true } } }])
  assert.deepEqual(steps(made), ['FIRST → BOOK'])
  assert.match(made.said.out, /The test in tests\.yaml is cut short\. The whole way: step 2: /)
})

test('where only selections and links ask, every request is a trigger and the button leads on', async () => {
  const made = await flowFrom(selecting.SELECTION_AND_WAY)
  assert.deepEqual(made.flow.screens['PICK']?.triggers, [{ when: { 'flow.name': 'visit' } }])
  assert.equal(made.flow.screens['PICK']?.next, undefined)
  assert.deepEqual(made.flow.screens['DONE']?.triggers, [{ when: { 'sent.action': 'resend' } }])
  assert.deepEqual(Object.keys(made.flow.screens['DONE']?.fields ?? {}), ['code', 'department'])
  assert.deepEqual(made.flow.screens['DONE']?.data, { department: { template: '{form.department}' } })
})

test('a link beside a button that never asks shows its screen again', async () => {
  const made = await flowFrom(selecting.LINK_AND_WAY)
  assert.deepEqual(made.flow.screens['PICK']?.next, [{ show: 'PICK' }])
})

test('links lead on where there is no button, and so do selections where there is nothing else', async () => {
  const { flow } = await flowFrom(selecting.WITHOUT_BUTTONS)
  assert.deepEqual(flow.screens['LINKS']?.fields, { way: { type: 'choice', of: ['left', 'right'] } })
  assert.equal(flow.screens['LINKS']?.triggers, undefined)
  assert.deepEqual(flow.screens['LINKS']?.next, [{ show: 'PICK' }])
  assert.deepEqual(flow.screens['PICK']?.fields, { department: { type: 'choice', required: true } })
  assert.deepEqual(flow.screens['PICK']?.next, [{ show: 'END' }])
})

test('inputs and buttons of branches are merged, none of them is required, and each further way has a condition', async () => {
  const made = await flowFrom(odd.BRANCHED)
  const { fields, next, data } = made.flow.screens['ASK'] ?? {}
  assert.deepEqual(fields, {
    company: { type: 'text' },
    kind: { type: 'choice', of: ['company', 'person'] },
    term: { type: 'choice', of: ['y', 'm'] },
    age: { type: 'number' },
  })
  assert.deepEqual(next, [
    { when: { 'form.kind': 'person' }, show: 'TWO' },
    { when: { 'form.age': { gte: 50 } }, show: 'THREE' },
    { show: 'ONE' },
  ])
  assert.deepEqual(data, { is_company: true, plan: 'pro' })
  assert.deepEqual(steps(made), ['ASK → ONE', 'ONE → submitted'])
})

test('items of lists are choices; what only data leads to is kept reachable', async () => {
  const made = await flowFrom(odd.LISTS)
  assert.deepEqual(made.flow.screens['MENU']?.fields, { chosen: { type: 'choice', of: ['one', 'two'] } })
  // The example in the data leads to END by itself.
  assert.deepEqual(made.flow.screens['ITEMS']?.next, [{ show: 'OTHER_END' }])
  assert.deepEqual(steps(made), ['MENU → ITEMS'])
  assert.match(made.said.out, /The way through ends on ITEMS before the form is submitted/)
})

test('items that data brings are what their example sends, and their taps are left to whoever writes the test', async () => {
  const asking = JSON.stringify(odd.LISTS).replace(
    JSON.stringify(navigates('END')),
    JSON.stringify({ name: 'data_exchange', payload: { item: 'x' } }),
  )
  const made = await flowFrom(JSON.parse(asking))
  assert.deepEqual(made.flow.screens['ITEMS']?.fields, { item: { type: 'text' } })
  assert.match(made.said.out, /The test in tests\.yaml ends on ITEMS: what is tapped in its list is yours to write/)
})

test('a form that never asks the gateway says so', async () => {
  for (const [flowJson, walk] of [
    [odd.NEVER_ASKS, ['FIRST → LAST', 'LAST → submitted']],
    [odd.ONE_SCREEN, ['ONLY → submitted']],
    [odd.NOTHING_TO_DO, ['reopen → ONLY']],
  ] as const) {
    const made = await flowFrom(flowJson)
    assert.deepEqual(steps(made), walk)
    assert.match(made.said.out, /No screen asks the gateway: give the last Footer the action data_exchange/)
  }
})

test('a form whose last screens do not ask is told never to be submitted', async () => {
  const { said } = await flowFrom(odd.NEVER_SUBMITTED)
  assert.match(said.out, /The way through ends on LAST before the form is submitted/)
})

test('each data key without a binding has a value of its type: its example where that fits, else a plain one', async () => {
  const made = await flowFrom(odd.DATA_OF_EVERY_TYPE)
  const { picture, ...data } = made.flow.screens['START']?.data ?? {}
  assert.match(String(picture), /^iVBORw0KGgo/)
  assert.deepEqual(data, {
    headline: 'Replace me',
    plans: [{ title: 'Replace me', id: 'replace_me' }],
    ways: { value: [{ from: 'a', template: '{x}' }] },
    numbers: [0],
    price: 12.5,
    places: 3,
    open: true,
    address: { street: 'Rua A', number: 0 },
    nothing: 'Replace me',
    photo: picture,
    menu: [{ title: 'Replace me', 'main-content': { title: 'Replace me' }, id: 'replace_me' }],
  })
  assert.deepEqual(made.flow.screens['END']?.data, {
    plan: { template: '{form.plan}' },
    agreed: { from: 'form.agreed' },
  })
  assert.deepEqual(made.flow.also_opens_at, ['ALSO'])
})

test('keys that no field can take are reported', async () => {
  const { said, flow } = await flowFrom(odd.DATA_OF_EVERY_TYPE)
  assert.deepEqual(flow.screens['ALSO']?.fields, { note: { type: 'text' } })
  assert.match(said.out, /ALSO: `error` is how phones report errors/)
  assert.match(said.out, /ALSO: `two words` cannot be the name of a field/)
})
